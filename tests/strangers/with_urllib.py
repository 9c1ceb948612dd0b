"""A stranger's client, from CometAPI's page and the standard library alone: image and prompt to a video.

python with_urllib.py BASE_URL KEY PICTURE OUT.mp4
"""

import base64
import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any


def call(method: str, url: str, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The `data` of an answer; an error's words end the program."""
    request = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    if answer["code"] != 0:
        sys.exit(answer["message"])
    data: dict[str, Any] = answer["data"]
    return data


def main(base_url: str, key: str, picture: str, out: str) -> None:
    tasks = f"{base_url}/kling/v1/videos/image2video"
    image = base64.b64encode(Path(picture).read_bytes()).decode()
    body = {"model_name": "kling-v2-master", "image": image, "prompt": "The wind rises", "duration": "5"}
    task = call("POST", tasks, key, body)
    while task["task_status"] in {"submitted", "processing"}:
        time.sleep(0.2)
        task = call("GET", f"{tasks}/{task['task_id']}", key)
    if task["task_status"] != "succeed":
        sys.exit(str(task["task_status_msg"]))
    url = task["task_result"]["videos"][0]["url"]
    with urllib.request.urlopen(url, timeout=60) as video:
        Path(out).write_bytes(video.read())


if __name__ == "__main__":
    main(*sys.argv[1:])
