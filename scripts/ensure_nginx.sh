#!/usr/bin/env bash
# The proxy's configuration is tested in an nginx of the tests' own. Debian starts one beside it, which they do not
# use, and keeps the program where only root looks.
exec "$(dirname "$0")/ensure_program.sh" "a test of the proxy" nginx nginx "/usr/sbin/nginx"
