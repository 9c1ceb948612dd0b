"""The checks of a request with pictures of 10 MB, per picture, against decoding one such picture's base64.

They run at every rerun of the page, so only headers are decoded. The best of interleaved runs counts.
"""

import base64

from bench.rows import Row, row, timed_s
from kling import ImageToVideoRequest, check
from tests.support.make import heavy_png_text

PICTURE_BYTES = 9_999_999
PICTURES = 3
TARGET_RATIO = 0.5
RUNS = 10


def run() -> list[Row]:
    """The checks and what they are compared with."""
    text = heavy_png_text(PICTURE_BYTES)
    request = ImageToVideoRequest(
        image=text, image_tail=text, static_mask=text, model_name="kling-v1", mode="std"
    )
    ours, floor = [], []
    for _ in range(RUNS):
        floor.append(timed_s(lambda: base64.b64decode(text)))
        ours.append(timed_s(lambda: check(request)) / PICTURES)
    ratio = min(ours) / min(floor)
    return [
        row("checks of a picture of 10 MB", min(ours) * 1000, "ms", ratio=ratio, target=TARGET_RATIO),
        row("floor: its base64 decoded", min(floor) * 1000, "ms"),
    ]


if __name__ == "__main__":
    for result in run():
        print(result)
