"""The proxy's configuration, in a real nginx."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.nginx import Nginx, running_nginx


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with running_nginx(tmp_path_factory.mktemp("nginx")) as running:
        yield running


def reached(answer: httpx.Response) -> str:
    return answer.text.strip("()").split(",")[0]


def test_a_browser_stays_with_one_app_and_browsers_are_spread(proxy: Nginx) -> None:
    """Of thirty browsers behind one address each has one app from its first cookie on, and both have some."""
    homes = set()
    for _ in range(30):
        with httpx.Client(base_url=proxy.url) as browser:
            browser.get("/")
            seen = {reached(browser.get(path)) for path in ("/_stcore/stream", "/tasks", "/media/a.mp4")}
            assert len(seen) == 1
            homes |= seen
    assert len(homes) == 2


def test_a_browser_without_cookies_stays_with_one_app_too(proxy: Nginx) -> None:
    """By its address."""
    assert len({reached(httpx.get(f"{proxy.url}/")) for _ in range(10)}) == 1


def test_the_cookie_is_given_once_and_out_of_reach_of_scripts(proxy: Nginx) -> None:
    """It only says which app; it is no session and no secret."""
    with httpx.Client(base_url=proxy.url) as browser:
        given = browser.get("/").headers["Set-Cookie"]
        assert "studio_route=" in given
        assert "HttpOnly" in given
        assert "Set-Cookie" not in browser.get("/").headers


def test_websockets_pass(proxy: Nginx) -> None:
    """The two headers of the upgrade reach the app; without one the connection is an ordinary one."""
    asked = httpx.get(f"{proxy.url}/", headers={"Upgrade": "websocket", "Connection": "Upgrade"}).text
    assert "'websocket', 'upgrade'" in asked
    assert "None, 'close'" in httpx.get(f"{proxy.url}/").text


def test_tokens_are_not_written_down(proxy: Nginx) -> None:
    """No shared link's, callback's or video's is in the access log."""
    httpx.get(f"{proxy.url}/?share=TOKEN-OF-A-LINK")
    httpx.post(f"{proxy.url}/api/callback/0f0f/TOKEN-OF-A-CALL")
    httpx.get(f"{proxy.url}/api/video/0f0f/2026-11-28/TOKEN-OF-A-VIDEO")
    httpx.get(f"{proxy.url}/the-last-line")
    written = ""
    while "the-last-line" not in written:  # nginx writes after it has answered
        written = proxy.access_log.read_text()
    assert "/api/callback/0f0f/-" in written
    assert "TOKEN" not in written


def test_a_dead_app_s_browsers_are_taken_over(tmp_path: Path) -> None:
    """Its place is taken by the other one at the next request."""
    with running_nginx(tmp_path) as own, httpx.Client(base_url=own.url) as browser:
        browser.get("/")
        home = reached(browser.get("/"))
        dead = next(server for server in own.servers if str(server.server_address[1]) == home)
        dead.shutdown()
        dead.server_close()
        assert reached(browser.get("/")) != home
