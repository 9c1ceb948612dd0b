#!/usr/bin/env bash
# The script that the app exports for curl is run as it is.
exec "$(dirname "$0")/ensure_program.sh" "a test of the exported scripts" curl curl
