"""One picture in: paint, direct, choose, send."""

import streamlit as st

from components import (
    canvas_panel,
    draft_keeper,
    parameters,
    preview,
    recipe_menu,
    send_bar,
    tail_frame,
    tour,
)
from studio.draft import Draft

picture_column, choices_column = st.columns([2, 1], gap="medium")

with picture_column:
    picture, drawing = canvas_panel.read()
    tour.show(drawing)
    canvas_panel.show(picture, drawing)
    about_picture = st.container()
with choices_column:
    seen_moving = st.container()
    chosen, places = parameters.show()
    tail = tail_frame.show()
    places.add("image_tail")
    draft = Draft(picture=picture, tail=tail, drawing=drawing, parameters=chosen)
    draft_keeper.keep(draft)
    draft_keeper.go_along()
    composed, findings = send_bar.show(draft, places, about_picture)
    recipe_menu.show(draft)
# Last: whatever else changed with a stroke is already on the screen while this is being made.
with seen_moving:
    preview.show(draft, composed, findings)
