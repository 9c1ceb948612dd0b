#!/usr/bin/env bash
# Makes .venv with the first Python found that is 3.11 or later; on Debian it installs what venv needs.
set -euo pipefail

python=""
for name in python3 python3.13 python3.12 python3.11; do
  if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 or later is needed and was not found. On Debian 12 or later: apt-get install python3" >&2
  exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  echo "$python has no venv module; trying Debian's package manager."
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  if ! command -v apt-get >/dev/null; then
    echo "Please install the venv module of $python with your system's package manager." >&2
    exit 1
  fi
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq --no-install-recommends python3-venv
fi
# Made aside and moved when whole, so that an interrupted run leaves nothing half made.
rm -rf .venv
"$python" -m venv .venv || { rm -rf .venv; exit 1; }
