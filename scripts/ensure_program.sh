#!/usr/bin/env bash
# Installs Debian packages unless a program is there that they bring; ends with 1 and says so where it is
# missing afterwards.
#
# ensure_program.sh WHAT_NEEDS_IT "PACKAGE …" PROGRAM…   (one is enough; a name, or a pattern of a path)
set -euo pipefail

needed_by=$1
read -ra packages <<<"$2"
programs=("${@:3}")

is_there() {
  local program
  for program in "${programs[@]}"; do
    if [[ $program == */* ]]; then
      if compgen -G "$program" >/dev/null; then return 0; fi
    elif command -v "$program" >/dev/null; then return 0; fi
  done
  return 1
}
if is_there; then exit 0; fi
echo "${programs[0]} was not found, and $needed_by needs it. Installing ${packages[*]} …"
"$(dirname "$0")/apt_install.sh" "${packages[@]}" || true
# Not by apt's exit code: where Debian's own server cannot start, the program is there all the same.
if is_there; then exit 0; fi
echo "${programs[0]} is missing: $needed_by needs it. Please install it, and run this again." >&2
exit 1
