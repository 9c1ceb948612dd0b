"""One open page of the app without a browser: Streamlit's own messages over a websocket.

It sends what a browser would send, and times each rerun from the press until the script is done. Pictures and
videos are asked for as a browser does; the page's own JavaScript is not.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.load.screen import Screen, Shown

PATIENCE_S: Final = 60.0
"""After that a person gives up, which is an error."""


class LoadError(Exception):
    """The app did not do what it should: it is too late, or lacks what a person looks for."""


@dataclass(kw_only=True)
class Page:
    """A page of the app at `url`; `reruns_s` has the seconds of each rerun by what was done."""

    url: str
    screen: Screen = field(default_factory=Screen)
    reruns_s: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _fetched: set[str] = field(default_factory=set)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    _http: requests.Session = field(default_factory=requests.Session)
    _socket: ClientConnection | None = None

    async def open(self) -> None:
        """Open the page and wait until it is there."""
        await self._get("/")
        await self._get("/_stcore/health")  # gives the cookie that an upload needs
        address = f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"
        protocols = [Subprotocol("streamlit")]
        self._socket = await connect(address, subprotocols=protocols, max_size=None, compression=None)
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._press_timers())]
        self._tasks.append(asyncio.create_task(self._ask_for_videos()))
        await self.rerun("open")

    async def close(self) -> None:
        """Close the tab."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._socket is not None:
            await self._socket.close()
        self._http.close()
        self.errors += self.screen.errors

    async def until(self, is_there: Callable[[], object], what: str) -> None:
        """Wait for something that the page's own timers bring."""
        give_up_s = time.monotonic() + PATIENCE_S
        while not is_there():
            if time.monotonic() > give_up_s:
                raise LoadError(f"{what} did not come")
            await asyncio.sleep(0.1)

    def shown(self, kind: str, what: str, matches: Callable[[Any], bool]) -> Shown:
        """An element that must be there."""
        found = self.screen.find(kind, matches)
        if found is None:
            raise LoadError(f"there is no {what}")
        return found

    async def press(self, button: Shown, name: str) -> None:
        """Press a button."""
        await self.rerun(name, button, WidgetState(id=button.widget_id, trigger_value=True))

    async def choose(self, label: str, option: str, name: str) -> None:
        """Choose one of a segmented control."""
        group = self.shown("button_group", label, lambda one: one.label == label)
        icon = next(one.content_icon for one in group.content.options if one.content == option)
        state = WidgetState(id=group.widget_id)
        state.string_array_value.data.append(f"{icon} {option}".strip())
        self._states[state.id] = state
        await self.rerun(name, group)

    async def put_state(self, component: Shown, value: dict[str, Any], name: str) -> None:
        """Give a component's state."""
        state = WidgetState(id=component.widget_id, json_value=json.dumps(value))
        self._states[state.id] = state
        await self.rerun(name, component)

    async def go_to(self, path: str, name: str) -> None:
        """Follow a link of the navigation."""
        self.screen.page_hash = self.screen.pages[path]
        await self.rerun(name)

    async def upload(self, file_name: str, content: bytes, name: str) -> None:
        """Give a file to the first field for one."""
        place = self.shown("file_uploader", "field for a file", lambda _: True)
        request = BackMsg()
        request.file_urls_request.request_id = secrets.token_hex(4)
        request.file_urls_request.file_names.append(file_name)
        request.file_urls_request.session_id = self.screen.session_id
        await self._send(request)
        urls = await asyncio.wait_for(self.screen.file_urls.get(), PATIENCE_S)
        await asyncio.to_thread(self._put, urls.upload_url, file_name, content)
        state = WidgetState(id=place.widget_id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = file_name, len(content), urls.file_id
        info.file_urls.CopyFrom(urls)
        self._states[state.id] = state
        await self.rerun(name, place)

    async def rerun(self, name: str, at: Shown | None = None, pressed: WidgetState | None = None) -> None:
        """Run the script, or the fragment that an element is in, and wait until it is done."""
        await self._run(name, at.fragment_id if at else "", [pressed] if pressed else [])

    async def _run(self, name: str, fragment_id: str, pressed: list[WidgetState]) -> None:
        began_s = time.perf_counter()
        async with self._one_at_a_time:
            self.screen.done.clear()
            await self._send(self._rerun_message(fragment_id, pressed))
            try:
                await asyncio.wait_for(self.screen.done.wait(), PATIENCE_S)
            except TimeoutError as late:
                raise LoadError(f"{name} took longer than {PATIENCE_S:.0f} s") from late
        self.reruns_s.append((name, time.perf_counter() - began_s))
        on_page = {one.widget_id for one in self.screen.shown.values()}
        self._states = {widget: state for widget, state in self._states.items() if widget in on_page}
        await self._fetch_media()

    def _rerun_message(self, fragment_id: str, pressed: list[WidgetState]) -> BackMsg:
        message = BackMsg()
        run = message.rerun_script
        run.page_script_hash, run.fragment_id = self.screen.page_hash, fragment_id
        run.widget_states.widgets.extend([*self._states.values(), *pressed])
        run.cached_message_hashes.extend(self.screen.messages)
        return message

    async def _listen(self) -> None:
        assert self._socket is not None
        try:
            async for data in self._socket:
                assert isinstance(data, bytes)
                message = ForwardMsg()
                message.ParseFromString(data)
                self.screen.take(message)
        except ConnectionClosed:
            self.errors.append("the connection broke off")

    async def _press_timers(self) -> None:
        """Run the fragments that refresh themselves, as a browser does."""
        due_s: dict[str, float] = {}
        while True:
            await asyncio.sleep(0.05)
            now_s, timers = time.monotonic(), dict(self.screen.timers)
            due_s = {fragment: due_s.get(fragment, now_s + every_s) for fragment, every_s in timers.items()}
            for fragment in [fragment for fragment in due_s if due_s[fragment] <= now_s]:
                del due_s[fragment]
                await self._run_part("refresh", fragment)

    async def _ask_for_videos(self) -> None:
        """Ask again for a preview that is being made, as its player does."""
        asked = ""
        while True:
            await asyncio.sleep(0.05)
            for ask, player in self.screen.askers().items():
                if ask != asked:
                    asked = ask
                    await asyncio.sleep(json.loads(player.content.json)["ask_ms"] / 1000)
                    await self._run_part("preview", player.fragment_id)

    async def _run_part(self, name: str, fragment_id: str) -> None:
        try:
            await self._run(name, fragment_id, [])
        except (LoadError, ConnectionClosed) as failure:
            self.errors.append(str(failure))

    async def _send(self, message: BackMsg) -> None:
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _fetch_media(self) -> None:
        """Ask for the pictures and videos that are new on the page."""
        new = [url for url in self.screen.media_urls() if url not in self._fetched]
        self._fetched.update(new)
        for url in dict.fromkeys(new):
            if not url.startswith("data:"):
                await self._get(url)

    async def _get(self, path: str) -> None:
        await asyncio.to_thread(self._get_now, urljoin(self.url, path))

    def _get_now(self, url: str) -> None:
        answer = self._http.get(url, timeout=PATIENCE_S)
        if not answer.ok:
            self.errors.append(f"{answer.status_code} for {url}")

    def _put(self, path: str, name: str, content: bytes) -> None:
        answer = self._http.put(
            urljoin(self.url, path),
            files={"file": (name, content, "image/jpeg")},
            headers={"X-Xsrftoken": self._http.cookies.get("_streamlit_xsrf") or ""},
            timeout=PATIENCE_S,
        )
        if not answer.ok:
            raise LoadError(f"the upload was answered with {answer.status_code}")
