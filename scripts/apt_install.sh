#!/usr/bin/env bash
# Installs Debian packages, as root or with sudo, asking nothing; ends with 1 and says why where it cannot.
set -uo pipefail

fail() {
  echo "$1" >&2
  exit 1
}
command -v apt-get >/dev/null || fail "Please install $* with your system's package manager: there is no apt-get here."
as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || fail "Please run as root: apt-get install $*"
  as_root=(sudo)
fi
# Through env: sudo hands on no variable of its caller. A machine that has just started may hold the lock.
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
"${apt[@]}" update || echo "The lists of packages could not be refreshed; trying with those that are here." >&2
"${apt[@]}" install -y --no-install-recommends "$@" || fail "apt-get could not install $*; see above why."
