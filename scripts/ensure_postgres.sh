#!/usr/bin/env bash
# The tests of the journal also run on a PostgreSQL server of their own (about 50 MB). Debian starts an empty one
# beside it, which they do not use.
exec "$(dirname "$0")/ensure_program.sh" "a test of the journal" postgresql \
  initdb "/usr/lib/postgresql/*/bin/initdb"
