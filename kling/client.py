"""The client: three calls, one answer or one error of the drawn tree for each."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import requests

from kling import errors as e
from kling.keys import BearerAuth
from kling.models import TaskStatus
from kling.read_answer import read_body
from kling.task_ids import is_queryable_id
from kling.task_json import read_task, read_tasks, says_not_there
from kling.transport import GET_RETRY, NEVER_REPEAT, Limits, WatchedBody, exchange, new_session
from kling.web_urls import is_usable

if TYPE_CHECKING:
    from types import TracebackType

    from urllib3 import Retry

    from kling.models import ImageToVideoRequest, Task

PATH = "/kling/v1/videos/image2video"
MAX_ANSWER_BYTES = 4_000_000


class KlingClient:
    """Creates and looks up image-to-video tasks.

    Thread-safe: nothing of the client changes after `__init__`. Queries share one session, whose pool of
    connections is made for threads and which keeps no cookies; each create has a session of its own, so that
    it never meets a connection that the service has silently closed, and can never be repeated.

    A query is repeated on its own (`transport.GET_RETRY`); a create is sent once, whatever happens.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        connect_timeout_s: float = 10,
        read_timeout_s: float = 60,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        get_retry: Retry = GET_RETRY,
        is_secret: bool = True,
    ) -> None:
        """Check the address and the key; nothing is sent.

        Args:
            base_url: e.g. `https://api.cometapi.com`; may have a path.
            api_key: printable ASCII without spaces.
            connect_timeout_s: seconds to be connected, > 0.
            read_timeout_s: seconds for a whole answer, > 0.
            max_answer_bytes: a longer answer is refused.
            get_retry: how queries are repeated.
            is_secret: whether the key is hidden wherever a service echoes it.

        Raises:
            InvalidApiKey, InvalidBaseUrl: both are also a ValueError.
        """
        self.base_url = _checked_base_url(base_url)
        self._auth = BearerAuth(api_key, is_secret=is_secret)
        self._limits = Limits(
            connect_timeout_s=connect_timeout_s,
            read_timeout_s=read_timeout_s,
            max_answer_bytes=max_answer_bytes,
        )
        self._queries = new_session(self.base_url, self._auth, get_retry)

    @property
    def auth(self) -> BearerAuth:
        """Puts the key into a request to the service's own origin; never for any other."""
        return self._auth

    def create(self, request: ImageToVideoRequest) -> Task:
        """Send one create call, once: it may cost money.

        On an error whose `task_may_exist` is true, look for the external id before anything else.

        Raises:
            KlingError: a leaf of the tree in `errors`; its `task_may_exist` says whether a task may have been
                paid.
        """
        call = requests.Request("POST", self.base_url + PATH, headers={"Content-Type": "application/json"})
        call.data = WatchedBody(_as_json(request))
        with new_session(self.base_url, self._auth, NEVER_REPEAT) as session:
            body = self._body(session, call)
        return read_task(body, status_if_missing=TaskStatus.SUBMITTED)

    def get(self, task_id_or_external_id: str) -> Task:
        """Look at one task, by the service's id or by the caller's own.

        Raises:
            NotFound: no such task for this account.
            KlingError: any other leaf.
        """
        task_id = task_id_or_external_id.strip()
        if self._auth.hide_key(task_id) != task_id:
            raise e.InvalidTaskId("This is the key, and no task id.")
        if not is_queryable_id(task_id):
            raise e.InvalidTaskId(
                "This is no task id: it is empty, too long, or has spaces or any of / \\ ? # %."
            )
        url = f"{self.base_url}{PATH}/{quote(task_id, safe='')}"
        body = self._body(self._queries, requests.Request("GET", url), is_query=True)
        if says_not_there(body):
            raise e.NotFound("The service shows no task by this id.")
        return read_task(body, asked_id=task_id)

    def list(self, page: int = 1, size: int = 30) -> tuple[Task, ...]:
        """One page of the account's tasks, in the service's order.

        Args:
            page: from 1 to 1000.
            size: tasks on a page, from 1 to 500.

        Raises:
            KlingError: any leaf; CometAPI is not known to offer this call (`NotTheApi`, `NotFound`,
                `WrongMethod`).
        """
        params = {"pageNum": str(page), "pageSize": str(size)}
        call = requests.Request("GET", self.base_url + PATH, params=params)
        return read_tasks(self._body(self._queries, call))

    def close(self) -> None:
        """Give the connections back."""
        self._queries.close()

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def __repr__(self) -> str:
        """The address; never the key."""
        return f"KlingClient(base_url={self.base_url!r}, api_key=<hidden>)"

    def _body(self, session: requests.Session, call: requests.Request, *, is_query: bool = False) -> object:
        """The parsed body of a success, or the error; a key that is echoed is blotted out in both."""
        answer = exchange(session, call, self._limits)
        return read_body(answer, now=datetime.now(UTC), hide_key=self._auth.hide_key, is_query=is_query)


def _as_json(request: ImageToVideoRequest) -> bytes:
    try:
        return json.dumps(request.to_wire(), allow_nan=False, separators=(",", ":")).encode()
    except ValueError as problem:
        raise e.UnsendableRequest(f"The request cannot be written as JSON: {problem}.") from problem


def _checked_base_url(base_url: str) -> str:
    """The address without a slash at its end; never quoted when refused, since it may hold a password."""
    text = base_url.strip().rstrip("/")
    try:
        requests.Request("GET", text).prepare()
        plain = is_usable(text) and not any(mark in text for mark in "@?#")
    except (requests.RequestException, ValueError):
        plain = False
    if not plain:
        raise e.InvalidBaseUrl(
            "The service's address must be an http(s) URL without name, query or fragment."
        )
    return text
