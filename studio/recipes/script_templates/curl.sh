#!/usr/bin/env bash
# Sends request.json to Kling's image-to-video API at CometAPI, waits, and downloads the video, with curl alone.
#
#   export COMETAPI_KEY=…      your key; it is read from the environment only
#   bash curl.sh               makes one task, which costs money
#   bash curl.sh TASK_ID       follows a task that exists already; costs nothing
set -euo pipefail
: "${COMETAPI_KEY:?Set COMETAPI_KEY to your key first.}"
base_url="${COMETAPI_BASE_URL:-https://api.cometapi.com}"
tasks_url="${base_url%/}/kling/v1/videos/image2video"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
look_every_s=10

# The key goes in by standard input: an argument could be read by every user of the machine.
call() { printf 'header = "Authorization: Bearer %s"\n' "$COMETAPI_KEY" | curl --config - --silent --show-error --max-time 120 "$@"; }
# Puts what comes back into "answer" and "http_status"; fails when nothing comes.
ask() {
  answer="$(call --write-out '\n%{http_code}' "$@")" || return 1
  http_status="${answer##*$'\n'}" answer="${answer%$'\n'*}"
}
# The value of a name in an answer.
value() { sed -n 's/.*"'"$1"'" *: *"\([^"]*\)".*/\1/p' | head -n 1; }

may_exist() {
  echo "A paid task may exist all the same. Before sending again, look:"
  echo "bash curl.sh followed by the external_task_id in request.json."
  exit 1
}

task_id="${1:-}"
if [ -z "$task_id" ]; then
  # Sent once and never repeated: each accepted request is paid.
  ask --header 'Content-Type: application/json' --data-binary "@$here/request.json" "$tasks_url" || {
    echo "No answer came."
    may_exist
  }
  task_id="$(value task_id <<<"$answer")"
  if [ -z "$task_id" ]; then
    echo "HTTP $http_status: ${answer:0:500}"
    case "$http_status" in
      4*) ;;
      200) grep -q '"code" *: *[1-9]' <<<"$answer" || may_exist ;;
      *) may_exist ;;
    esac
    echo "The service made no task."
    exit 1
  fi
fi
echo "Task $task_id"

while true; do
  ask "$tasks_url/$task_id" || http_status="nothing" answer=""
  status="$(value task_status <<<"$answer")"
  echo "$(date +%T) ${status:-HTTP $http_status: ${answer:0:200}}"
  case "$http_status" in
    429) ;;
    4*) exit 1 ;;
  esac
  case "$status" in
    succeed) break ;;
    failed)
      echo "The service gave up: $(value task_status_msg <<<"$answer")"
      exit 1
      ;;
  esac
  sleep "$look_every_s"
done

# Without the key: the video may lie on another host.
curl --silent --show-error --fail --location --output "motion-$task_id.mp4" "$(value url <<<"$answer" | sed 's/\\u0026/\&/g; s#\\/#/#g')"
echo "Saved motion-$task_id.mp4"
