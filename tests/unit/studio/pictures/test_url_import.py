import gzip
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from studio.pictures.upload_checks import MAX_UPLOAD_BYTES
from studio.pictures.url_import import MAX_REDIRECTS, UrlProblem, fetch_image
from tests.support.pictures import encoded, gradient
from tests.support.sessions import Failing, LeadingTo

PNG = encoded(gradient())
Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(status: int = 200, body: bytes = PNG, **headers: str) -> Answer:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return write


class Site:
    """A server on loopback that plays any https site, and the manager that leads there."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name that http.server calls
                site.asked.append((self.path, dict(self.headers)))
                site.answers[self.path](self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def get_session(self) -> requests.Session:
        return LeadingTo(f"http://127.0.0.1:{self.server.server_port}").get_session()


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.server.shutdown()
    running.server.server_close()


def refused(url: str, manager: Any = None, **options: Any) -> UrlProblem:
    with pytest.raises(UrlProblem) as caught:
        fetch_image(url, manager=manager, **options)
    problem = caught.value
    assert all(text.endswith(".") for text in (problem.what, problem.why, problem.next_step))
    return problem


def test_a_public_picture_is_read_as_an_upload_is(site: Site) -> None:
    """Same checks, named by the last part of its address; nothing but the picture is asked for."""
    site.answers["/folder/my%20photo.png?size=big"] = answer()
    image = fetch_image(" https://example.org/folder/my%20photo.png?size=big ", manager=site)
    assert (image.name, image.size_px) == ("my photo.png", (400, 320))
    ((_, headers),) = site.asked
    assert not {"Authorization", "Cookie"} & set(headers)


def test_no_password_of_this_machine_is_sent(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left alone, requests takes what ~/.netrc holds for the host."""
    (tmp_path / "netrc").write_text("machine example.org login me password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    site.answers["/a.png"] = answer()
    fetch_image("https://example.org/a.png", manager=site)
    ((_, headers),) = site.asked
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    "url",
    [
        "",
        "photo.jpg",
        "example.org/photo.jpg",
        "https://",
        "https:///photo.jpg",
        "https://example.org:port/a.png",
        "https://[::1/a.png",
        "https://exa mple.org/a.png",
        "https://example.org/a\n.png",
        "https://example.org\\@evil.example/a.png",
        "https://example.org/" + "a" * 2100,
    ],
)
def test_what_is_no_url_is_refused_before_any_connection(url: str) -> None:
    """One is told what a web address looks like."""
    assert "not a complete web address" in refused(url, Failing(AssertionError("connected"))).why


@pytest.mark.parametrize("url", ["http://example.org/a.png", "ftp://example.org/a.png", "file://host/a.png"])
def test_only_https_is_loaded(url: str) -> None:
    """Other schemes are named and refused."""
    problem = refused(url, Failing(AssertionError("connected")))
    assert "only https://" in problem.why


@pytest.mark.parametrize("part", ["ann:s3cret@", "s3cret@", "@"])
def test_credentials_in_a_url_are_refused_and_not_repeated(part: str) -> None:
    """They would be passed on; and no message quotes them."""
    problem = refused(f"https://{part}example.org/a.png", Failing(AssertionError("connected")))
    assert "user name or a password" in problem.why
    assert "s3cret" not in str(problem)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_addresses_inside_the_network_are_refused(host: str) -> None:
    """The real guard, in every spelling: nothing on this machine or in its network is reached."""
    assert "private network" in refused(f"https://{host}:9/a.png").why


def test_a_redirect_is_followed_when_it_leads_to_https(site: Site) -> None:
    """Many public pictures are one step away."""
    site.answers["/a.png"] = answer(302, b"", Location="/b.png")
    site.answers["/b.png"] = answer()
    assert fetch_image("https://example.org/a.png", manager=site).size_px == (400, 320)


@pytest.mark.parametrize(
    ("target", "why"),
    [("http://example.org/b.png", "only https://"), ("https://u:p@example.org/b.png", "user name")],
)
def test_a_redirect_is_checked_like_the_first_url(site: Site, target: str, why: str) -> None:
    """It must not lead where one may not go oneself."""
    site.answers["/a.png"] = answer(301, b"", Location=target)
    assert why in refused("https://example.org/a.png", site).why
    assert len(site.asked) == 1


def test_endless_redirects_end(site: Site) -> None:
    """Three times, and no more."""
    site.answers["/a.png"] = answer(302, b"", Location="/a.png")
    assert "leads on" in refused("https://example.org/a.png", site).why
    assert len(site.asked) == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (404, "Nothing is found"),
        (410, "Nothing is found"),
        (403, "not public"),
        (500, "HTTP 500"),
        (204, "204"),
    ],
)
def test_an_answer_that_is_no_picture_is_named(site: Site, status: int, why: str) -> None:
    """Not found, not public, or the server's own trouble."""
    site.answers["/a.png"] = answer(status, b"")
    assert why in refused("https://example.org/a.png", site).why


def test_a_web_page_is_told_from_a_picture(site: Site) -> None:
    """The commonest mistake: the address of the page instead of the picture."""
    site.answers["/a.png"] = answer(200, b"<html></html>", Content_Type="text/html; charset=utf-8")
    problem = refused("https://example.org/a.png", site)
    assert "web page" in problem.why
    assert "copy its address" in problem.next_step


def test_what_an_upload_would_refuse_is_refused_here_too(site: Site) -> None:
    """With the same words."""
    site.answers["/a.png"] = answer(200, encoded(gradient())[:-200])
    assert "broken" in refused("https://example.org/a.png", site).what


@pytest.mark.parametrize("said", ["true", "not at all"])
def test_more_than_ten_megabytes_are_not_read(site: Site, said: str) -> None:
    """Neither when the server says so first nor when it only keeps sending."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if said == "true":
            handler.send_header("Content-Length", str(MAX_UPLOAD_BYTES + 1))
        handler.end_headers()
        try:
            while said != "true":
                handler.wfile.write(bytes(1 << 16))
        except OSError:
            handler.close_connection = True

    site.answers["/a.png"] = endless
    assert "too large" in refused("https://example.org/a.png", site).what


def test_a_packed_answer_is_unpacked_within_the_cap(site: Site) -> None:
    """A server may pack without being asked; a bomb in it is still too large."""
    site.answers["/a.png"] = answer(200, gzip.compress(PNG), Content_Encoding="gzip")
    assert fetch_image("https://example.org/a.png", manager=site).size_px == (400, 320)
    site.answers["/b.png"] = answer(200, gzip.compress(bytes(MAX_UPLOAD_BYTES * 4)), Content_Encoding="gzip")
    assert "too large" in refused("https://example.org/b.png", site).what


def test_an_answer_that_breaks_off_is_refused(site: Site) -> None:
    """Half a picture is no picture."""
    site.answers["/a.png"] = answer(200, PNG[:500], Content_Length=str(len(PNG)))
    assert refused("https://example.org/a.png", site)


def test_a_server_that_never_answers_frees_the_caller(site: Site) -> None:
    """The total time is a promise, whatever the socket's own time-outs do."""
    released = threading.Event()

    def silent(handler: BaseHTTPRequestHandler) -> None:
        released.wait(20)
        handler.close_connection = True

    site.answers["/a.png"] = silent
    assert "too long" in refused("https://example.org/a.png", site, total_timeout_s=0.1).why
    released.set()


def test_an_answer_that_drips_is_given_up(site: Site) -> None:
    """Steady drops stay below every time-out of a socket, and still the reading thread ends."""
    stopped = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not stopped.wait(0.005):
                handler.wfile.write(b"\x89")
        except OSError:
            stopped.set()

    site.answers["/a.png"] = drip
    assert "too long" in refused("https://example.org/a.png", site, total_timeout_s=0.2).why
    assert stopped.wait(10)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (requests.ConnectionError("Failed to resolve domain"), "cannot be reached"),
        (requests.ConnectTimeout("slow"), "too long"),
        (requests.ReadTimeout("slow"), "too long"),
        (requests.exceptions.SSLError("bad"), "certificate"),
        (requests.exceptions.ChunkedEncodingError("cut"), "broke off"),
        (requests.exceptions.InvalidURL("?"), "not a complete web address"),
    ],
)
def test_each_failure_of_the_transport_has_its_words(error: Exception, word: str) -> None:
    """Every row of the table, none of which shows the transport's own text."""
    problem = refused("https://example.org/a.png", Failing(error))
    assert word in problem.why
    assert str(error) not in str(problem) or str(error) == "?"


def test_unforeseen_errors_pass_through() -> None:
    """What nobody thought of is not dressed up as the user's mistake."""
    with pytest.raises(ZeroDivisionError):
        fetch_image("https://example.org/a.png", manager=Failing(ZeroDivisionError()))
