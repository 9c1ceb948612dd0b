#!/usr/bin/env bash
# The browser tests drive the system's Chromium; on Debian it is installed when none is found.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if ! command -v apt-get >/dev/null; then
  echo "Chromium is needed for the browser tests and was not found; install it with your system's package manager." >&2
  exit 1
fi
as_root=""
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Chromium is needed for the browser tests. Run as root: apt-get install chromium" >&2
    exit 1
  fi
  as_root="sudo"
fi
echo "Installing Chromium for the browser tests (about 300 MB) …"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
