#!/usr/bin/env bash
# The tests of the journal also run on a PostgreSQL server of their own; on Debian it is installed when none
# is found. Without it those tests are skipped, and say so.
set -euo pipefail

if command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then exit 0; fi
missing() {
  echo "PostgreSQL was not found: the tests on it will be skipped. $1" >&2
  exit 0
}
command -v apt-get >/dev/null || missing "Install it with your system's package manager."
as_root=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || missing "Run as root: apt-get install postgresql"
  as_root="sudo"
fi
echo "Installing PostgreSQL for the tests (about 50 MB) …"
$as_root apt-get update -qq &&
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends postgresql ||
  missing "Its installation failed."
