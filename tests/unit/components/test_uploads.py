"""An upload that was taken is not kept a second time."""

from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from components.uploads import give_back

file = st.file_uploader("A file", key="file")
context = get_script_run_ctx()
if file is not None:
    manager = context.uploaded_file_mgr
    before = len(manager.get_files(context.session_id, [file.file_id]))
    give_back(file)
    after = len(manager.get_files(context.session_id, [file.file_id]))
    st.text(f"{before} before, {after} after")
"""


def test_its_bytes_are_given_back() -> None:
    """Streamlit would keep them until the session ends, although no field shows them."""
    app = AppTest.from_string(PAGE).run()
    app.file_uploader(key="file").set_value(("a.png", b"bytes", "image/png")).run()
    assert app.text[0].value == "1 before, 0 after"
