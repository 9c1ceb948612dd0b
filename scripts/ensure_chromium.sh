#!/usr/bin/env bash
# The browser tests drive the system's Chromium (about 300 MB).
exec "$(dirname "$0")/ensure_program.sh" "what runs in a browser" "chromium fonts-dejavu-core" \
  chromium chromium-browser google-chrome google-chrome-stable
