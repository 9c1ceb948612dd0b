#!/usr/bin/env bash
# The tests of the journal also run on a PostgreSQL server of their own; on Debian it is installed when none
# is found. Without it those tests are skipped, and say so.
set -euo pipefail

found() {
  command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null
}
if found; then exit 0; fi
echo "Installing PostgreSQL for the tests (about 50 MB). Debian also starts an empty server, which they do not use …"
"$(dirname "$0")/apt_install.sh" postgresql || true
# Not by its exit code: where Debian's own server cannot start, what the tests need is there all the same.
found || echo "PostgreSQL was not found: the tests on it will be skipped." >&2
