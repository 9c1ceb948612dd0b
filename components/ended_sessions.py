"""End the sessions whose browsers have gone: Streamlit itself waits for the next visitor before it does."""

from streamlit import runtime
from streamlit.runtime.session_manager import SessionManager


def forget_ended_sessions() -> None:
    """Let go of the sessions without a browser for longer than `server.disconnectedSessionTTL`.

    To be called on the event loop, which owns them.
    """
    if runtime.exists():
        forget_ended(runtime.get_instance()._session_mgr)  # noqa: SLF001 — no public way leads there


def forget_ended(manager: SessionManager) -> None:
    """Let go of a manager's sessions whose time is over; their pictures and uploads go with them."""
    manager._session_storage._cache.expire()  # type: ignore[attr-defined]  # noqa: SLF001 — as above
