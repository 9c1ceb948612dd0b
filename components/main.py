"""What every page has: its frame, the way to the others, who is here, and who is at the far end.

A shared link shows its one task and nothing of this.
"""

import streamlit as st

from components import far_end_badge, places, session, who

st.set_page_config(page_title="Motion Studio", page_icon=":material/gesture:", layout="wide")
if places.SHARE in st.query_params:
    shared = st.Page(places.SHARED, title="A shared video", icon=":material/movie:", default=True)
    st.navigation([shared], position="hidden").run()
    st.stop()
page = st.navigation(
    [
        st.Page(places.CREATE, title="Create", icon=":material/brush:", default=True),
        st.Page(places.TASKS, title="Tasks", icon=":material/movie:"),
        st.Page(places.GUIDE, title="Guide", icon=":material/school:"),
        st.Page(places.SETTINGS, title="Settings", icon=":material/key:"),
    ],
    position="top",
)
session.current().arrive(places.at(page.url_path))
with st.container(horizontal=True, vertical_alignment="center"):
    far_end_badge.show()
    who.show()
page.run()
