"""The player of moving pictures, which go on playing whatever the page does.

`st.video` makes the page jump and go blank with every new video, and a video that it mounts a second time
stands still: Streamlit lets each play by itself only once.
"""

import base64
import hashlib
import secrets
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
    mp4: bytes | None,
    size_px: SizePx,
    alt: str,
    *,
    still: bytes | None = None,
    width_px: int | None = None,
    ask_again_ms: int = 0,
) -> None:
    """Play a video over and over without sound, with the browser's own controls; a still beside it.

    Args:
        key: of this player; no other one on the page has it.
        mp4: the video; None while it is being made: what is to be seen stays, and the player runs the
            fragment that it is in again.
        size_px: (width, height), or any of that shape.
        alt: of the video.
        still: JPEG beside it.
        width_px: of the player; without, it takes all the width that there is.
        ask_again_ms: after which the player does that.
    """
    data: dict[str, str | int | None] = {"still": _text(still) if still else None}
    if mp4 is None:
        data |= {"ask": secrets.token_hex(4), "ask_ms": ask_again_ms}
    else:
        data |= {"id": _hash(mp4), "video": _text(mp4)}
    _show(key, data, size_px, alt, width_px or "stretch")


def show_picture(key: str, jpeg: bytes, size_px: SizePx, alt: str) -> None:
    """Show a picture in the video's place."""
    _show(key, {"id": _hash(jpeg), "picture": _text(jpeg)}, size_px, alt)


def _show(
    key: str,
    data: dict[str, str | int | None],
    size_px: SizePx,
    alt: str,
    width: int | Literal["stretch"] = "stretch",
) -> None:
    width_px, height_px = size_px
    shape = {"width": width_px, "height": height_px}
    told = {**data, **shape, "alt": alt}
    _player(key=f"video-{key}", data=told, width=width, on_asked_change=lambda: None)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
