"""Sends request.json to Kling's image-to-video API at CometAPI, waits, and downloads the video.

pip install requests
export COMETAPI_KEY=…            # your key; it is read from the environment only
python make_video.py             # makes one task, which costs money
python make_video.py TASK_ID     # follows a task that exists already; costs nothing
"""

import logging
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

HERE = Path(__file__).parent
BASE_URL = os.environ.get("COMETAPI_BASE_URL", "https://api.cometapi.com").rstrip("/")
TASKS_URL = f"{BASE_URL}/kling/v1/videos/image2video"
TIMEOUT_S = (10, 60)
LOOK_EVERY_S = 10
MAY_EXIST = (
    "A paid task may exist all the same. Before sending again, look: python make_video.py followed by"
    " the external_task_id in request.json."
)
log = logging.getLogger("make_video")


def main() -> None:
    """Creates the task unless its id is given, waits for its end, and keeps the video."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    key = os.environ.get("COMETAPI_KEY", "").strip()
    if not key:
        sys.exit("Set COMETAPI_KEY to your key first.")
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {key}"
        task_id = sys.argv[1] if len(sys.argv) > 1 else create(session)
        log.info("Task %s", task_id)
        url = wait(session, task_id)
    log.info("Saved %s", download(url, Path(f"motion-{Path(task_id).name}.mp4")))


def create(session: requests.Session) -> str:
    """Sends the request, once. Never repeat it blindly: each accepted one is paid."""
    headers = {"Content-Type": "application/json"}
    body = (HERE / "request.json").read_bytes()
    try:
        answer = session.post(TASKS_URL, data=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as failure:
        sys.exit(f"No answer came ({type(failure).__name__}). {MAY_EXIST}")
    is_json = answer.text.lstrip().startswith("{")
    if answer.status_code >= 500 or (answer.ok and not is_json):
        sys.exit(f"HTTP {answer.status_code}: {answer.text[:500]}\n{MAY_EXIST}")
    task_id = data_of(answer).get("task_id")
    if not task_id:
        sys.exit(f"The answer names no task. {MAY_EXIST}")
    return str(task_id)


def wait(session: requests.Session, task_id: str) -> str:
    """Looks at the task until it is over; the address of its video."""
    seen = None
    while True:
        task = look(session, task_id)
        status = task.get("task_status") if task else seen
        if status != seen:
            log.info("%s %s", time.strftime("%H:%M:%S"), status)
            seen = status
        if task and status == "succeed":
            return str(task["task_result"]["videos"][0]["url"])
        if task and status == "failed":
            sys.exit(f"The service gave up: {task.get('task_status_msg') or 'it gave no reason'}")
        time.sleep(LOOK_EVERY_S)


def look(session: requests.Session, task_id: str) -> dict[str, Any] | None:
    """The service's answer on the task; None when it could not be asked just now."""
    try:
        answer = session.get(
            f"{TASKS_URL}/{quote(task_id, safe='')}", timeout=TIMEOUT_S, allow_redirects=False
        )
    except requests.RequestException as failure:
        log.info("Could not look (%s); trying again.", type(failure).__name__)
        return None
    if answer.status_code == requests.codes.too_many_requests or answer.status_code >= 500:
        log.info("The service is busy (HTTP %s); trying again.", answer.status_code)
        return None
    return data_of(answer)


def data_of(answer: requests.Response) -> dict[str, Any]:
    """The `data` of an answer, or the end with what the service says."""
    try:
        body = answer.json()
    except ValueError:
        sys.exit(f"HTTP {answer.status_code}, and not the API's answer. Is {BASE_URL} right?")
    data = body.get("data") if isinstance(body, dict) else None
    if answer.status_code != requests.codes.ok or not isinstance(data, dict) or body.get("code") != 0:
        sys.exit(f"HTTP {answer.status_code}: {answer.text[:500]}")
    while isinstance(data.get("data"), dict):  # an older gateway wraps the answer once more
        data = data["data"]
    return data


def download(url: str, target: Path) -> Path:
    """Fetches the video, without the key: its address may lie on another host."""
    part = target.with_suffix(".part")
    with requests.get(url, stream=True, timeout=TIMEOUT_S) as answer, part.open("wb") as file:
        answer.raise_for_status()
        for piece in answer.iter_content(1 << 20):
            file.write(piece)
    return part.replace(target)


if __name__ == "__main__":
    main()
