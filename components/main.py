"""The frame of every page: navigation, sign-in, service badge.

A shared link shows its one task and nothing of this.
"""

from pathlib import Path

import streamlit as st

from components import page_paths, session
from components.frame import done_signs, lost_key, resumption, service_badge, sign_in

# drawn here: for one of Streamlit's own icons every browser would ask a server of Google's
_ICON = (
    '<svg viewBox="0 0 24 24"><path d="M3 18C6 2 11 3 11 10s4 9 10-3" fill="none" stroke="#5b5bd6" '
    'stroke-width="3" stroke-linecap="round"/></svg>'
)
st.set_page_config(page_title="Motion Studio", page_icon=_ICON, layout="wide")
if page_paths.SHARE in st.query_params:
    shared = st.Page(page_paths.SHARED, title="A shared video", icon=":material/movie:", default=True)
    st.navigation([shared], position="hidden").run()
    st.stop()
page = st.navigation(
    [
        st.Page(page_paths.CREATE, title="Create", icon=":material/brush:", default=True),
        st.Page(page_paths.TASKS, title="Tasks", icon=":material/movie:"),
        st.Page(page_paths.LEDGER, title="Ledger", icon=":material/receipt_long:"),
        st.Page(page_paths.COMPARE, title="Compare", icon=":material/compare:", visibility="hidden"),
        st.Page(page_paths.GUIDE, title="Guide", icon=":material/school:"),
        st.Page(page_paths.SETTINGS, title="Settings", icon=":material/key:"),
    ],
    position="top",
)
resumption.begin()
session.current().arrive(page_paths.at(page.url_path))
st.html(Path(__file__).parent / "frame" / "look.css")
with st.container(horizontal=True, vertical_alignment="center", key="frame"):
    st.markdown(":primary[**Motion Studio**]", width="content")
    with st.container(key="sentence"):
        st.markdown(":gray[One picture becomes a video: paint how it moves.]")
    service_badge.show()
    sign_in.show()
    done_signs.show()
lost_key.show()
page.run()
resumption.end()
