"""The player of previews: with `st.video` the page would jump and go blank with every stroke."""

import base64
import hashlib
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent / "player"
_player = st.components.v2.component(
    "motion_studio_preview",
    html='<div class="frame"><img class="still" alt="The still"><div class="stage"></div></div>',
    css=(_FOLDER / "player.css").read_text("utf-8"),
    js=(_FOLDER / "player.js").read_text("utf-8"),
)


def show_video(mp4: bytes, size_px: tuple[int, int], alt: str, still: bytes | None = None) -> None:
    """Play a video over and over without sound, with the browser's own controls; a still beside it."""
    _show("video", mp4, size_px, alt, still)


def show_picture(jpeg: bytes, size_px: tuple[int, int], alt: str) -> None:
    """Show a picture in the video's place."""
    _show("picture", jpeg, size_px, alt, None)


def _show(kind: str, content: bytes, size_px: tuple[int, int], alt: str, still: bytes | None) -> None:
    width, height = size_px
    data = {
        "id": hashlib.sha256(content).hexdigest(),
        kind: _text(content),
        "alt": alt,
        "width": width,
        "height": height,
        "still": _text(still) if still else None,
    }
    _player(key="preview-player", data=data)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
