"""Another stranger's client: httpx, asynchronous, with a motion brush, its own id, the list, and ranges.

python with_httpx.py BASE_URL KEY PICTURE OUT.mp4 MASK
"""

import asyncio
import sys
import uuid
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx

PATH = "/kling/v1/videos/image2video"


def base64_of(path: str) -> str:
    return b64encode(Path(path).read_bytes()).decode("ascii")


async def wait_for(client: httpx.AsyncClient, our_id: str) -> dict[str, Any]:
    """Asks by our own id until the task is over."""
    while True:
        answer = (await client.get(f"{PATH}/{our_id}")).raise_for_status().json()
        match answer["data"]:
            case {"task_status": "succeed", "task_result": {"videos": [video, *_]}}:
                return dict(video)
            case {"task_status": "failed", "task_status_msg": reason}:
                sys.exit(reason)
        await asyncio.sleep(0.2)


async def download(url: str) -> bytes:
    """In two halves, as a player or a download manager does; without the key."""
    async with httpx.AsyncClient() as client:
        first = (await client.get(url, headers={"Range": "bytes=0-999"})).raise_for_status()
        rest = (await client.get(url, headers={"Range": "bytes=1000-"})).raise_for_status()
    assert (first.status_code, rest.status_code) == (206, 206)
    return first.content + rest.content


async def main(base_url: str, key: str, picture: str, mask: str) -> bytes:
    our_id = f"stranger-{uuid.uuid4()}"
    way = [{"x": 150, "y": 180}, {"x": 200, "y": 220}, {"x": 260, "y": 220}]
    body = {
        "model_name": "kling-v1",
        "mode": "std",
        "image": base64_of(picture),
        "dynamic_masks": [{"mask": base64_of(mask), "trajectories": way}],
        "external_task_id": our_id,
        "cfg_scale": 0.5,
        "negative_prompt": "",
        "callback_url": "",
    }
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as client:
        made = (await client.post(PATH, json=body)).raise_for_status().json()["data"]
        listed = (await client.get(PATH, params={"pageNum": 1, "pageSize": 5})).json()["data"]
        assert made["task_id"] in {task["task_id"] for task in listed}
        video = await wait_for(client, our_id)
    return await download(video["url"])


if __name__ == "__main__":
    base_url, key, picture, out, mask = sys.argv[1:]
    Path(out).write_bytes(asyncio.run(main(base_url, key, picture, mask)))
