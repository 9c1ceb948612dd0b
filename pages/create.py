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

TOOLS_WIDTH_PX, SIDE_WIDTH_PX = 216, 320

picture, drawing = picture_column.read()
# Where each part has its place and how large it may be is in components/frame/look.css.
with st.container(horizontal=True, wrap=False, gap="medium", key="desk"):
    tools = st.container(width=TOOLS_WIDTH_PX, key="tools")
    stage = st.container(key="stage", gap="xsmall")
    side = st.container(width=SIDE_WIDTH_PX, key="side", gap="xsmall")

with stage:
    if picture is None:
        tour.show(drawing)
        about_picture = st.container()
    picture_column.show(picture, drawing, tools)
    if picture is not None:
        about_picture = st.container()
with side:
    if picture is not None:
        tour.show(drawing)
    moving = st.container(key="moving")
    chosen, slots = parameters.show()
    tail = tail_frame.show()
    slots.add("image_tail")
    draft = carrier.show(Draft(picture=picture, tail=tail, drawing=drawing, parameters=chosen), slots)
    draft_autosave.keep(draft)
    draft_autosave.go_along()
    recipe_menu.show(draft)
    with st.container(key="send-bar", gap="xsmall"):
        composed, findings = check_and_send.show(draft, slots, about_picture)
# Last: all else that changed with a stroke is already on the screen while this is being made.
with moving:
    preview_panel.show(draft, composed, findings)
