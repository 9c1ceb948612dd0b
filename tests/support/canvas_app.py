"""A page with the canvas alone: its tool and seed come by the address, its JSON is shown as text."""

import json

import streamlit as st
from streamlit_drawable_canvas import st_canvas

WIDTH_PX, HEIGHT_PX = 600, 400

asked = st.query_params
result = st_canvas(
    width=WIDTH_PX,
    height=HEIGHT_PX,
    drawing_mode=asked.get("mode", "freedraw"),
    stroke_color=asked.get("colour", "#e5484d80"),
    fill_color=asked.get("colour", "#e5484d80"),
    stroke_width=int(asked.get("width", "20")),
    background_color="",
    initial_drawing=json.loads(asked["seed"]) if "seed" in asked else None,
    key="canvas",
)
st.code(json.dumps((result.json_data or {}).get("objects", [])))
