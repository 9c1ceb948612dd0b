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
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  echo "$python has no venv module. Installing $package …"
  "$(dirname "$0")/apt_install.sh" "$package"
fi
rm -rf .venv
"$python" -m venv .venv || { rm -rf .venv; exit 1; }
