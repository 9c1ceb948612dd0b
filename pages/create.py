"""One picture in: paint, direct, choose, send."""

import streamlit as st

from components.create import (
    carrier,
    check_and_send,
    parameters,
    picture_column,
    preview_panel,
    recipe_menu,
    tail_frame,
    tour,
)
from components.frame import draft_autosave
from studio.request.draft import Draft

left, right = st.columns([2, 1], gap="medium")

with left:
    picture, drawing = picture_column.read()
    tour.show(drawing)
    picture_column.show(picture, drawing)
    about_picture = st.container()
with right:
    moving = st.container()
    chosen, slots = parameters.show()
    tail = tail_frame.show()
    slots.add("image_tail")
    draft = carrier.show(Draft(picture=picture, tail=tail, drawing=drawing, parameters=chosen), slots)
    draft_autosave.keep(draft)
    draft_autosave.go_along()
    composed, findings = check_and_send.show(draft, slots, about_picture)
    recipe_menu.show(draft)
# Last: all else that changed with a stroke is already on the screen while this is being made.
with moving:
    preview_panel.show(draft, composed, findings)
