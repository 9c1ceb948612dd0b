"""The player of moving pictures, which go on playing whatever the page does.

`st.video` makes the page jump and go blank with every new video, and a video that it mounts a second time
stands still: Streamlit lets each play by itself only once.
"""

import base64
import hashlib
from pathlib import Path
from typing import Literal

import streamlit as st

from studio.drawing.arrays import SizePx

_FOLDER = Path(__file__).parent / "player"
_player = st.components.v2.component(
    "motion_studio_video",
    html='<div class="frame"><img class="still" alt="The still"><div class="stage"></div></div>',
    css=(_FOLDER / "player.css").read_text("utf-8"),
    js=(_FOLDER / "player.js").read_text("utf-8"),
)


def show_video(
    key: str,
    mp4: bytes,
    size_px: SizePx,
    alt: str,
    *,
    still: bytes | None = None,
    width_px: int | None = None,
) -> None:
    """Play a video over and over without sound, with the browser's own controls; a still beside it.

    No other player on the page has this key. Without `width_px` it takes all the width that there is.
    """
    data = {"id": _hash(mp4), "video": _text(mp4), "still": _text(still) if still else None}
    _show(key, data, size_px, alt, width_px or "stretch")


def show_picture(key: str, jpeg: bytes, size_px: SizePx, alt: str) -> None:
    """Show a picture in the video's place."""
    _show(key, {"id": _hash(jpeg), "picture": _text(jpeg)}, size_px, alt)


def _show(
    key: str,
    data: dict[str, str | None],
    size_px: SizePx,
    alt: str,
    width: int | Literal["stretch"] = "stretch",
) -> None:
    width_px, height_px = size_px
    shape = {"width": width_px, "height": height_px}
    _player(key=f"video-{key}", data={**data, **shape, "alt": alt}, width=width)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
