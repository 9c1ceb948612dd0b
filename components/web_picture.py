"""A picture by its address, which the browser loads: `st.image` would open a path as a file of the server."""

from html import escape

import streamlit as st

from studio.pictures.picture_url import PictureUrl


def show(url: PictureUrl, alt: str) -> None:
    """Show the picture at a checked address."""
    st.html(
        f'<img src="{escape(url)}" alt="{escape(alt)}" referrerpolicy="no-referrer" style="max-width: 100%">'
    )
