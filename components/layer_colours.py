"""One colour a layer: on the canvas, in its buttons and in the review."""

from typing import Literal

import streamlit as st

from studio.drawing.model import Layer

# The theme's named colours (.streamlit/config.toml), so that a label and its strokes agree.
NAME = {
    Layer.STATIC: "blue",
    Layer.MOTION_1: "red",
    Layer.MOTION_2: "orange",
    Layer.MOTION_3: "yellow",
    Layer.MOTION_4: "green",
    Layer.MOTION_5: "violet",
    Layer.MOTION_6: "gray",
}
HEX = {
    Layer.STATIC: "#0090ff",
    Layer.MOTION_1: "#e5484d",
    Layer.MOTION_2: "#f76b15",
    Layer.MOTION_3: "#e2a300",
    Layer.MOTION_4: "#30a46c",
    Layer.MOTION_5: "#8e4ec6",
    Layer.MOTION_6: "#60646c",
}
RGB = {layer: (int(h[1:3], 16), int(h[3:5], 16), int(h[5:7], 16)) for layer, h in HEX.items()}
# How strongly a painted region covers the picture: one must still see what is under it.
REGION_ALPHA = "80"


def dot(layer: Layer) -> str:
    """The layer's name with its colour, in Markdown."""
    return f":{NAME[layer]}[●] {layer.label}"


def main_button() -> Literal["primary", "secondary"]:
    """Type of a page's main button.

    Streamlit writes white on the primary colour. A colour dark enough for that is too dark for the chosen
    options of a dark page (contrast under 4.5), so there the button is a plain one.
    """
    return "secondary" if st.context.theme.type == "dark" else "primary"
