"""The screen of an open page, as Streamlit's messages make it: elements by their place, timers, links."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_SUCCEEDED: Final = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One element of the page."""

    element: Element
    # the part of the page that runs alone when it is pressed; "" for the whole
    fragment_id: str
    run_id: str

    @property
    def kind(self) -> str:
        """Its type, such as "button"."""
        return self.element.WhichOneof("type") or ""

    @property
    def content(self) -> Any:
        """The message of its type."""
        return getattr(self.element, self.kind)

    @property
    def widget_id(self) -> str:
        """Name of its state; "" where it has none."""
        return str(getattr(self.content, "id", ""))


@dataclass(kw_only=True)
class Screen:
    """Takes messages; `done` is set whenever a run has come to its end.

    Attributes:
        shown: elements by their place.
        timers: seconds between two runs of a fragment, by its id.
        pages: a page's hash by its path.
        page_hash: of the page that is shown.
        messages: by hash, those that the server sends only once.
        errors: what Streamlit itself shows in red: an exception that nobody has caught.
    """

    shown: dict[tuple[int, ...], Shown] = field(default_factory=dict)
    timers: dict[str, float] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    page_hash: str = ""
    session_id: str = ""
    messages: dict[str, ForwardMsg] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    file_urls: "asyncio.Queue[Any]" = field(default_factory=asyncio.Queue)
    _run: tuple[str, tuple[str, ...]] = ("", ())

    def find(self, kind: str, matches: Callable[[Any], bool]) -> Shown | None:
        """The first element of a type that matches."""
        found = (one for one in self.shown.values() if one.kind == kind and matches(one.content))
        return next(found, None)

    def alerts(self) -> list[str]:
        """All that the page says in red."""
        found = [one.content for one in self.shown.values() if one.kind == "alert"]
        return [alert.body for alert in found if alert.format == alert.ERROR]

    def askers(self) -> dict[str, Shown]:
        """The players that ask for another run of their part of the page, by what they ask."""
        players = [one for one in self.shown.values() if one.kind == "bidi_component"]
        waiting = [one for one in players if '"ask"' in one.content.json]
        return {json.loads(one.content.json)["ask"]: one for one in waiting}

    def media_urls(self) -> list[str]:
        """Addresses of the pictures and videos on the page."""
        shown = self.shown.values()
        pictures = [image.url for one in shown if one.kind == "imgs" for image in one.content.imgs]
        return pictures + [one.content.url for one in shown if one.kind == "video"]

    def take(self, message: ForwardMsg) -> None:
        """Change what is shown as a message says."""
        message = self._whole(message)
        kind = message.WhichOneof("type")
        takers: dict[str, Callable[[ForwardMsg], None]] = {
            "new_session": self._begin,
            "navigation": self._take_navigation,
            "delta": self._take_delta,
            "script_finished": self._finish,
            "auto_rerun": self._start_timer,
            "stop_auto_rerun": self._stop_timers,
            "file_urls_response": lambda said: self.file_urls.put_nowait(
                said.file_urls_response.file_urls[0]
            ),
        }
        if kind in takers:
            takers[kind](message)

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """The message itself for one that refers to it."""
        if message.WhichOneof("type") == "ref_hash":
            whole = ForwardMsg()
            whole.CopyFrom(self.messages[message.ref_hash])
            whole.metadata.CopyFrom(message.metadata)
            return whole
        if message.metadata.cacheable:
            self.messages[message.hash] = message
        return message

    def _begin(self, message: ForwardMsg) -> None:
        run = message.metadata.run
        self.session_id = message.new_session.initialize.session_id or self.session_id
        self._run = (run.script_run_id, tuple(run.fragment_ids))
        if not run.fragment_ids:
            self.timers.clear()

    def _take_navigation(self, message: ForwardMsg) -> None:
        navigation = message.navigation
        self.pages = {page.url_pathname: page.page_script_hash for page in navigation.app_pages}
        self.page_hash = navigation.page_script_hash

    def _start_timer(self, message: ForwardMsg) -> None:
        self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval

    def _stop_timers(self, message: ForwardMsg) -> None:
        for fragment_id in message.stop_auto_rerun.fragment_ids:
            self.timers.pop(fragment_id, None)

    def _take_delta(self, message: ForwardMsg) -> None:
        place, delta = tuple(message.metadata.delta_path), message.delta
        self.shown.pop(place, None)
        if delta.WhichOneof("type") != "new_element":
            return
        self.shown = {at: one for at, one in self.shown.items() if at[: len(place)] != place}
        self.shown[place] = Shown(
            element=delta.new_element, fragment_id=delta.fragment_id, run_id=self._run[0]
        )

    def _finish(self, message: ForwardMsg) -> None:
        if message.script_finished not in _SUCCEEDED:
            return  # another run follows
        run_id, fragments = self._run
        self.shown = {
            place: one
            for place, one in self.shown.items()
            if one.run_id == run_id or (fragments and one.fragment_id not in fragments)
        }
        new = [one for one in self.shown.values() if one.run_id == run_id]
        self.errors += [one.content.message for one in new if one.kind == "exception"]
        self.done.set()
