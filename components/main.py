"""The frame of every page: navigation, sign-in, service badge.

A shared link shows its one task and nothing of this.
"""

import streamlit as st

from components import page_paths, session
from components.frame import lost_key, resumption, service_badge, sign_in

st.set_page_config(page_title="Motion Studio", page_icon=":material/gesture:", layout="wide")
if page_paths.SHARE in st.query_params:
    shared = st.Page(page_paths.SHARED, title="A shared video", icon=":material/movie:", default=True)
    st.navigation([shared], position="hidden").run()
    st.stop()
page = st.navigation(
    [
        st.Page(page_paths.CREATE, title="Create", icon=":material/brush:", default=True),
        st.Page(page_paths.TASKS, title="Tasks", icon=":material/movie:"),
        st.Page(page_paths.GUIDE, title="Guide", icon=":material/school:"),
        st.Page(page_paths.SETTINGS, title="Settings", icon=":material/key:"),
    ],
    position="top",
)
resumption.begin()
session.current().arrive(page_paths.at(page.url_path))
with st.container(horizontal=True, vertical_alignment="center"):
    service_badge.show()
    sign_in.show()
lost_key.show()
page.run()
resumption.end()
