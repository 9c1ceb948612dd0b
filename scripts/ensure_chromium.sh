#!/usr/bin/env bash
# The browser tests drive the system's Chromium; on Debian it is installed when none is found.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
echo "Chromium is needed for what runs in a browser, and was not found. Installing it (about 300 MB) …"
"$(dirname "$0")/apt_install.sh" chromium fonts-dejavu-core
