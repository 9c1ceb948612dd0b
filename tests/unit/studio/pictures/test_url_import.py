"""A picture is loaded from its address as an upload is read, or one is told why not."""

import base64
import threading
from typing import Any
from urllib.parse import quote

import pytest

from studio.guarded_http import FetchProblem, TooManyRedirects
from studio.pictures import url_import
from studio.pictures.picture_url import UrlProblem, check_picture_url
from studio.pictures.upload_checks import MAX_UPLOAD_BYTES
from studio.pictures.url_import import WORDS, fetch_image
from tests.support.lying_server import LyingServer, reply
from tests.support.pictures import encoded, gradient
from tests.support.sessions import Failing, LeadingTo

PNG = encoded(gradient())
URL = "https://example.org/a.png"


def refused(url: str, open_session: Any = None, **options: Any) -> UrlProblem:
    with pytest.raises(UrlProblem) as caught:
        fetch_image(url, open_session=open_session, **options)
    problem = caught.value
    assert all(text.endswith(".") for text in (problem.what, problem.why, problem.next_step))
    return problem


def refused_answer(*answers: Any) -> UrlProblem:
    """Why a site that answers so gives no picture."""
    with LyingServer(*answers) as server:
        return refused(URL, LeadingTo(server.url))


def test_a_public_picture_is_read_as_an_upload_is() -> None:
    """Same checks, named by the last part of its address; pictures that can be read are asked for."""
    url = " https://example.org/folder/my%20photo.png?size=big "
    with LyingServer(reply(PNG)) as server:
        image = fetch_image(url, open_session=LeadingTo(server.url))
    assert (image.name, image.size_px) == ("my photo.png", (400, 320))
    assert server.requests[0].headers["accept"].startswith("image/")


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


@pytest.mark.parametrize("url", ["http://example.org/a.png", "ftp://example.org/a.png"])
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


def test_an_address_inside_the_network_is_refused() -> None:
    """By the real guard, which knows every spelling."""
    assert "localhost is an address inside a private network" in refused("https://localhost:9/a.png").why


@pytest.mark.parametrize(
    ("target", "why"),
    [("http://example.org/b.png", "only https://"), ("https://u:p@example.org/b.png", "user name")],
)
def test_a_redirect_is_checked_like_the_first_url(target: str, why: str) -> None:
    """It must not lead where one may not go oneself."""
    assert why in refused_answer(reply(b"", 301, {"Location": target})).why


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (404, "Nothing is found"),
        (410, "Nothing is found"),
        (401, "not public"),
        (403, "refused to this app, although it may open in your browser"),
        (500, "HTTP 500"),
        (204, "204"),
    ],
)
def test_an_answer_that_is_no_picture_is_named(status: int, why: str) -> None:
    """Not found, not public, or the server's own trouble."""
    assert why in refused_answer(reply(b"", status)).why


def test_who_asks_is_said_with_a_version_and_a_way_to_be_reached() -> None:
    """Some hosts refuse everybody else, and what does not take any kind of answer."""
    with LyingServer(reply(PNG)) as server:
        fetch_image(URL, contact="https://studio.example.org", open_session=LeadingTo(server.url))
    headers = server.requests[0].headers
    assert headers["user-agent"] == "motion-studio/0.1.0 (+https://studio.example.org)"
    assert "*/*" in headers["accept"]


@pytest.mark.parametrize(
    ("headers", "when"),
    [({"Retry-After": "5"}, "in 5 s"), ({}, "in a minute"), ({"Retry-After": "soon"}, "in a minute")],
)
def test_a_server_that_wants_fewer_requests_says_when(headers: dict[str, str], when: str) -> None:
    """Seconds as it says them."""
    problem = refused_answer(reply(b"", 429, headers=headers))
    assert "wants fewer requests" in problem.why
    assert f"Try again {when}." in problem.next_step


IN_BASE64 = base64.b64encode(PNG).decode()


@pytest.mark.parametrize(
    "pasted",
    [
        f"data:image/png;base64,{IN_BASE64}",
        f" DATA:image/png;charset=x;BASE64,{IN_BASE64.rstrip('=')}",
        f"data:image/png;base64,{quote(IN_BASE64)}",
        f"data:;base64,{IN_BASE64[:40]}\n{IN_BASE64[40:]}",
        f"data:image/png,{quote(PNG)}",
    ],
)
def test_a_picture_that_was_pasted_for_its_address_is_read(pasted: str) -> None:
    """Browsers copy it so."""
    assert fetch_image(pasted, open_session=Failing(AssertionError("connected"))).size_px == (400, 320)


@pytest.mark.parametrize(
    "pasted",
    ["data:", "data:image/png;base64,iVBORw0KGgo=", "data:image/png;base64,A", "data:text/plain,hello"],
)
def test_what_is_pasted_and_no_picture_is_told_as_an_upload_is(pasted: str) -> None:
    """Broken, or none at all; never an address."""
    assert "web address" not in str(refused(pasted))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("data:image/png;base64,iVBORw0KGgo=", "the picture itself"),
        ("blob:https://example.org/6f3c", "inside your own browser"),
        ("file:///home/ann/a.png", "a file on a computer"),
        ("file://host/a.png", "a file on a computer"),
        ("C:\\Users\\Ann\\a.png", "a file on a computer"),
        ("c:/pictures/a.png", "a file on a computer"),
        ("\\\\server\\share\\a.png", "a file on a computer"),
        ("/home/ann/a.png", "a file on a computer"),
        ("~/a.png", "a file on a computer"),
        ("example.org/photo.jpg", "https:// is missing"),
        ("www.example.org:8443/photo.jpg", "https:// is missing"),
    ],
)
def test_what_is_pasted_for_an_address_is_named(text: str, why: str) -> None:
    """With what to do instead."""
    with pytest.raises(UrlProblem, match=why):
        check_picture_url(text)


def test_a_web_page_is_told_from_a_picture() -> None:
    """The commonest mistake: the address of the page instead of the picture."""
    problem = refused_answer(reply(b"<html></html>", headers={"Content-Type": "text/html; charset=utf-8"}))
    assert "web page" in problem.why
    assert "copy its address" in problem.next_step


def test_what_an_upload_would_refuse_is_refused_here_too() -> None:
    """With the same words."""
    assert "broken" in refused_answer(reply(PNG[:-200])).what


def test_more_than_an_upload_may_have_is_not_read() -> None:
    """The same cap."""
    too_long = reply(b"", headers={"Content-Length": str(MAX_UPLOAD_BYTES + 1)})
    assert "too large" in refused_answer(too_long).what


def test_every_way_to_fail_has_its_words() -> None:
    """Completeness."""
    assert set(WORDS) == set(FetchProblem.__subclasses__())


@pytest.mark.parametrize("kind", [kind for kind in WORDS if kind is not TooManyRedirects])
def test_each_failure_is_told_in_its_words(kind: type[FetchProblem]) -> None:
    """With the host's name, and none of the transport's own text."""
    problem = refused(URL, Failing(kind("transport")))
    assert problem.what == WORDS[kind][0]
    assert problem.why == WORDS[kind][1].format(host="example.org")
    assert "transport" not in str(problem)


def test_a_place_is_given_back_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight that failed, one way or another, stop nobody."""
    monkeypatch.setattr(url_import, "_SLOTS", threading.BoundedSemaphore(1))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fetch_image(URL, open_session=Failing(ZeroDivisionError()))
    url_import._SLOTS.acquire()
    assert "Too many" in refused(URL).why
