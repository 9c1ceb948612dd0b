"""End the sessions whose browsers have gone: Streamlit itself waits for the next visitor before it does."""

from streamlit import runtime
from streamlit.runtime import RuntimeState
from streamlit.runtime.session_manager import SessionManager

from studio.kept_results import forget_results


def forget_ended_sessions() -> None:
    """Let go of the sessions without a browser for longer than `server.disconnectedSessionTTL`.

    With nobody here, results that were made for somebody go too. To be called on the event loop, which owns
    the sessions.
    """
    if not runtime.exists():
        return
    running = runtime.get_instance()
    forget_ended(running._session_mgr)  # noqa: SLF001 — no public way leads there
    if running.state is RuntimeState.NO_SESSIONS_CONNECTED:
        forget_results()


def forget_ended(manager: SessionManager) -> None:
    """Let go of a manager's sessions whose time is over; their pictures and uploads go with them."""
    manager._session_storage._cache.expire()  # type: ignore[attr-defined]  # noqa: SLF001 — as above
