"""What every page has: its frame, the way to the others, and who is at the far end."""

import streamlit as st

from components import browser_id, far_end_badge, places

st.set_page_config(page_title="Motion Studio", page_icon=":material/gesture:", layout="wide")
page = st.navigation(
    [
        st.Page(places.CREATE, title="Create", icon=":material/brush:", default=True),
        st.Page(places.TASKS, title="Tasks", icon=":material/movie:"),
        st.Page(places.GUIDE, title="Guide", icon=":material/school:"),
        st.Page(places.SETTINGS, title="Settings", icon=":material/key:"),
    ],
    position="top",
)
with st.container(horizontal=True, vertical_alignment="center"):
    far_end_badge.show()
    browser_id.show()
page.run()
