"""Uploads that were taken: their bytes go back to the system at once."""

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def give_back(file: UploadedFile) -> None:
    """Forget the file of a field that is not drawn again; Streamlit would keep it as long as its session."""
    context = get_script_run_ctx()
    remove = getattr(context and context.uploaded_file_mgr, "remove_file", None)
    if context is not None and remove is not None:
        remove(session_id=context.session_id, file_id=file.file_id)
