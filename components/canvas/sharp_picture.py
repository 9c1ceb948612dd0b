"""The picture with the pixels of the screen: the canvas has fewer, and is shown larger on a large window."""

import base64
from pathlib import Path

import streamlit as st

from studio.pictures.source_image import SourceImage

MAX_PX = (1440, 1080)
_picture = st.components.v2.component(
    "motion_studio_sharp_picture", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show(source: SourceImage) -> None:
    """Lay it over the canvas's own picture, under all paint; the browser keeps it over runs."""
    jpeg = base64.b64encode(source.display_jpeg(*MAX_PX)).decode("ascii")
    _picture(key="sharp-picture", data={"jpeg": jpeg}, height="content")
