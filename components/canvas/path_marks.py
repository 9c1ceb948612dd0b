"""Halo, arrow head and number of each part's path, over the canvas, which draws a bare line."""

import json
from pathlib import Path

import streamlit as st

from components import layer_colours
from studio.drawing.layers import newest_path
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer

_marks = st.components.v2.component(
    "motion_studio_path_marks", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show(drawing: Drawing, hidden: frozenset[Layer]) -> None:
    """Mark the path of each layer that is shown: which way it goes, and whose it is."""
    paths = [
        {"points": points, "colour": layer_colours.HEX[layer], "number": layer.value}
        for layer in MOTION_LAYERS
        if layer not in hidden and len(points := newest_path(drawing, layer)) > 1
    ]
    # As JSON: for a list Streamlit would load 70 MB of tables into the process.
    told = json.dumps({"size": drawing.canvas_size_px, "paths": paths})
    _marks(key="path-marks", data={"told": told}, height="content")
