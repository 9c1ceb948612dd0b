"""End the sessions whose browsers have gone: Streamlit itself waits for the next visitor before it does."""

from streamlit import runtime
from streamlit.runtime import RuntimeState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.session_manager import SessionManager

from studio.kept_results import forget_results


def forget_ended_sessions() -> None:
    """Let go of the sessions without a browser for longer than `server.disconnectedSessionTTL`.

    To be called on the event loop, which owns them.
    """
    if runtime.exists():
        running = runtime.get_instance()
        is_anybody_here = running.state is not RuntimeState.NO_SESSIONS_CONNECTED
        forget_ended(running._session_mgr, is_anybody_here=is_anybody_here)  # noqa: SLF001 — no public way


def forget_ended(manager: SessionManager, *, is_anybody_here: bool) -> None:
    """Let go of a manager's sessions whose time is over: their pictures and uploads go with them.

    With nobody here, results that were made for somebody go too.
    """
    for _, ended in manager._session_storage._cache.expire():  # type: ignore[attr-defined]  # noqa: SLF001 — as above
        _empty(ended.session)
    if not is_anybody_here:
        forget_results()


def _empty(ended: AppSession) -> None:
    """Take everything out of a session: Streamlit holds the last one that it served until another comes."""
    ended.shutdown()
    ended.session_state.clear()
    ended.flush_browser_queue()
    ended._fragment_storage.clear()  # noqa: SLF001 — holds what its fragments were called with
