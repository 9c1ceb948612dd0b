"""What a session holds in memory has a bound, is counted for its person, and goes when the session goes."""

import asyncio
import gc
import weakref
from dataclasses import replace
from functools import partial
from typing import cast

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from components import session
from components.ended_sessions import forget_ended
from components.session import KEPT_DRAWINGS, KEPT_PICTURES, Session
from studio.kept_results import kept
from studio.pictures.source_image import SourceImage, read_image
from studio.request.draft import Picture
from tests.support.make import draft, drawn
from tests.support.pictures import encoded, gradient
from tests.support.running_app import ROOT


def a_picture(width_px: int = 400) -> Picture:
    return Picture(source=read_image(encoded(gradient(width_px, 320)), "photo.png"))


def test_undo_brings_back_so_many_drawings_and_no_more() -> None:
    """The oldest go first."""
    current = Session()
    for _ in range(KEPT_DRAWINGS + 5):
        current.redraw(drawn())
    assert len(current.replaced) == KEPT_DRAWINGS


def test_undo_brings_back_so_many_pictures_and_no_more() -> None:
    """With an older picture all before it goes: those drawings were made on it."""
    current = Session()
    for number in range(KEPT_PICTURES + 3):
        current.redraw(drawn())
        current.redraw(drawn(), a_picture(400 + number))
    kept = [before.picture.source for before in current.replaced if before.picture]
    assert [source.width_px for source in kept if source] == [400 + number for number in (3, 4)]
    assert current.replaced[0].picture is None  # the drawing put between the two


def test_one_picture_in_two_tabs_is_in_memory_once() -> None:
    """A reload brings the kept draft again, and the session before stays for two minutes."""
    first, second = Session(), Session()
    first.take_picture("picture", a_picture())
    second.take_picture("picture", a_picture())
    assert first.pictures["picture"].source is second.pictures["picture"].source


@pytest.fixture
def open_sessions(monkeypatch: pytest.MonkeyPatch) -> "weakref.WeakSet[Session]":
    """The sessions of a process of its own."""
    found: weakref.WeakSet[Session] = weakref.WeakSet()
    monkeypatch.setattr(session, "_OPEN", found)
    return found


def test_a_person_s_pictures_are_counted_over_all_tabs(open_sessions: "weakref.WeakSet[Session]") -> None:
    """In hand, set aside and for Undo, each once; other people's are not."""
    mine, also_mine, anothers = Session(owner="ann"), Session(owner="ann"), Session(owner="bob")
    open_sessions.update((mine, also_mine, anothers))
    mine.take_picture("picture", a_picture(400))
    mine.take_picture("tail", a_picture(401))
    mine.set_aside = draft(picture=a_picture(402))
    mine.redraw(drawn(), a_picture(403))
    also_mine.take_picture("picture", a_picture(400))
    also_mine.shown = replace(draft(), picture=a_picture(404))
    anothers.take_picture("picture", a_picture(405))
    assert session.pictures_held("ann") == 5
    assert session.pictures_held("bob") == 1


def test_the_pictures_of_a_session_that_has_ended_do_not_count(
    open_sessions: "weakref.WeakSet[Session]",
) -> None:
    """They are not in memory any more."""
    current = Session(owner="ann")
    open_sessions.add(current)
    current.take_picture("picture", a_picture(431))  # of no other test: an equal one would be shared
    gone = weakref.ref(cast("SourceImage", current.pictures["picture"].source))
    del current
    gc.collect()
    assert session.pictures_held("ann") == 0
    assert gone() is None


@pytest.mark.parametrize(("ttl_s", "is_there"), [(0, False), (1000, True)])
def test_a_session_whose_browser_has_gone_is_given_back_without_another_visitor(
    ttl_s: int, *, is_there: bool
) -> None:
    """Its pictures, and what its fragments were called with; Streamlit holds the last one that it served."""
    manager = a_manager(ttl_s)
    left = asyncio.run(a_session())
    current = Session()
    left.session_state["studio"] = current
    left._fragment_storage.register("fragment", partial(print, current))
    manager._session_storage.save(SessionInfo(client=None, session=left))
    found = weakref.ref(current)
    del current
    forget_ended(manager, is_anybody_here=True)
    gc.collect()
    assert (found() is not None) is is_there


async def a_session() -> AppSession:
    """One of Streamlit's."""
    script = ScriptData(str(ROOT / "components" / "main.py"), is_hello=False)
    files = MemoryUploadedFileManager("")
    return AppSession(script, files, ScriptCache(), lambda: None, {})


@pytest.mark.parametrize("is_anybody_here", [False, True])
def test_results_are_given_back_once_nobody_is_here(*, is_anybody_here: bool) -> None:
    """Before their time; while somebody is, theirs cannot be told from those of others."""
    made: list[int] = []

    @kept(10, lambda _: 1)
    def result() -> int:
        made.append(1)
        return len(made)

    result()
    forget_ended(a_manager(1000), is_anybody_here=is_anybody_here)
    result()
    assert len(made) == (1 if is_anybody_here else 2)


def a_manager(ttl_s: int) -> WebsocketSessionManager:
    """Streamlit's own, as a server has it."""
    storage = MemorySessionStorage(ttl_seconds=ttl_s)
    return WebsocketSessionManager(storage, MemoryUploadedFileManager(""), ScriptCache(), None)
