"""Pictures and callbacks over real sockets: this machine only where it was allowed."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from simulator.contract.outgoing import Deadline, HardenedSender, is_loopback, post_json
from simulator.embedded import start
from tests.support.lying_server import LyingServer, drop, reply, trickle
from tests.support.pictures import encoded, gradient
from tests.support.simulated import INSTANT, KEY, TASKS, FakeRenderer, plain_body

DEADLINE_S = 30
ALLOWED = replace(INSTANT, allow_loopback=True)


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition."""
    end_s = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.02)


def test_a_callback_really_arrives_over_http() -> None:
    """A POST of JSON for each change, under the address that the task was created at, without a key."""
    with LyingServer(reply({})) as receiver:
        service = start(ALLOWED, render=FakeRenderer())
        try:
            body = plain_body(callback_url=f"{receiver.url}/hook?a=b")
            requests.post(service.base_url + TASKS, json=body, headers=KEY, timeout=DEADLINE_S)
            until(lambda: len(receiver.requests) == 2)
        finally:
            service.stop()
    assert [(one.method, one.path) for one in receiver.requests] == [("POST", "/hook?a=b")] * 2
    bodies = [json.loads(one.body) for one in receiver.requests]
    assert [one["task_status"] for one in bodies] == ["processing", "succeed"]
    assert bodies[1]["task_result"]["videos"][0]["url"].startswith(service.base_url)
    assert "authorization" not in receiver.requests[0].headers


def test_a_picture_on_this_machine_is_fetched_where_it_is_allowed() -> None:
    """Over plain http."""
    with LyingServer(reply(encoded(gradient()), headers={"Content-Type": "image/png"})) as web:
        service, url = start(ALLOWED, render=FakeRenderer()), f"{web.url}/a.png"
        try:
            body = plain_body(image=url, image_tail=url, external_task_id="mine")
            requests.post(service.base_url + TASKS, json=body, headers=KEY, timeout=DEADLINE_S)

            def status() -> str:
                path = f"{service.base_url}{TASKS}/mine"
                data = requests.get(path, headers=KEY, timeout=DEADLINE_S).json()["data"]
                return str(data["task_status"])

            until(lambda: status() == "succeed")
        finally:
            service.stop()


def test_nobody_on_this_machine_is_reached_by_default() -> None:
    """Neither by a callback nor for a picture."""
    with LyingServer(reply({})) as inside:
        sender = HardenedSender(allow_loopback=False)
        for host in ("127.0.0.1", "localhost"):
            assert post_json(sender)(inside.url.replace("127.0.0.1", host), {}) is None
        assert inside.connections == 0


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.0.1", "169.254.169.254", "[fd00::1]"])
def test_other_private_addresses_are_never_reached(host: str) -> None:
    """Not even where this machine is allowed."""
    with Deadline(DEADLINE_S) as deadline, pytest.raises(requests.RequestException):
        HardenedSender(allow_loopback=True).send("GET", f"http://{host}/a.png", deadline)


def test_a_callback_tells_the_receivers_status_and_follows_no_redirect() -> None:
    """None when the connection breaks."""
    post = post_json(HardenedSender(allow_loopback=True))
    with LyingServer(reply({}, 301, {"Location": "http://10.0.0.1/"}), reply({}, 500), drop) as receiver:
        assert [post(receiver.url, {}) for _ in range(3)] == [301, 500, None]
    assert post("http://[::1", {}) is None


def test_of_a_receivers_answer_only_the_status_is_read() -> None:
    """A body without end would hold the thread that sends the callbacks."""
    with LyingServer(trickle) as receiver:
        assert post_json(HardenedSender(allow_loopback=True))(receiver.url, {}) == 200


def test_no_proxy_leads_to_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whichever the environment names; nor does a netrc add a password."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with LyingServer(reply({})) as receiver:
        assert post_json(HardenedSender(allow_loopback=True))(receiver.url, {}) == 200
    assert "authorization" not in receiver.requests[0].headers


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        ("localhost", True),
        ("127.0.0.9", True),
        ("::1", True),
        ("127.0.0.1.example.org", False),
        (None, False),
    ],
)
def test_what_counts_as_this_machine(host: str | None, *, is_one: bool) -> None:
    """By name or number, never by look."""
    assert is_loopback(host) is is_one
