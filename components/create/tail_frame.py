"""The last frame of the video, if one is wanted."""

import streamlit as st

from components import session, web_picture
from components.create import picture_picker
from studio.request.draft import Picture


def show() -> Picture | None:
    """Show the tail frame's picker, folded away until it is wanted."""
    with st.expander(
        "Tail frame", icon=":material/last_page:", expanded="tail" in session.current().pictures
    ):
        picture = session.current().pictures.get("tail")
        if picture is None:
            st.caption(
                "The picture that the video ends on. It takes the place of a last frame made from your "
                "drawing, and cannot be sent with masks."
            )
            return picture_picker.show("tail", "The last frame", samples=False)
        show_picture(picture)
        picture_picker.chosen("tail")
        return picture


def show_picture(picture: Picture) -> None:
    """Show it small."""
    if picture.source:
        st.image(picture.source.display_jpeg(400, 300), alt="The tail frame", width=200)
    elif picture.url:
        web_picture.show(picture.url, "The tail frame")
