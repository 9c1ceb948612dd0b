"""No key in any log, whoever writes it."""

import io
import logging
from collections.abc import Iterator
from http.client import BadStatusLine
from typing import Self
from urllib.parse import quote

import pytest

from kling.keys import BearerAuth
from studio.process.log_redaction import BLOTTED, REDACTION, Redaction, install

KEY = "sk-abcDEF0123456789abcDEF"
TYPED = "a key of no known looks"


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    """Cleaning is on for the test, and off for those after it."""
    before = logging.getLogRecordFactory()
    install()
    REDACTION.conceal(TYPED)
    yield
    logging.setLogRecordFactory(before)


class Log:
    """A logger with a handler of its own, as DBOS and Streamlit have."""

    def __init__(self, name: str, format_: str = "%(levelname)s %(name)s %(message)s") -> None:
        self.written = io.StringIO()
        self.logger = logging.getLogger(name)
        self.handler = logging.StreamHandler(self.written)
        self.handler.setFormatter(logging.Formatter(format_))

    def __enter__(self) -> Self:
        self.logger.addHandler(self.handler)
        self.before = self.logger.level, self.logger.propagate
        self.logger.setLevel(logging.DEBUG)
        self.logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        self.logger.removeHandler(self.handler)
        self.logger.level, self.logger.propagate = self.before

    @property
    def text(self) -> str:
        return self.written.getvalue()


@pytest.mark.parametrize(
    "name", ["", "dbos", "urllib3.connectionpool", "streamlit", "studio.tasks.steps", "new.one"]
)
def test_a_key_is_in_no_logger_s_lines(name: str) -> None:
    """Loggers that exist, that do not propagate, and that come later are all cleaned."""
    with Log(name) as log:
        log.logger.warning("Header %s for %r", {"Authorization": f"Bearer {KEY}"}, KEY)
        log.logger.warning("Typed: %s", TYPED)
    assert KEY not in log.text
    assert TYPED not in log.text
    assert log.text.count(BLOTTED) >= 2


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f"Authorization: Bearer {KEY}", KEY),
        ("{'Authorization': 'Bearer opaque.value'}", "opaque.value"),
        ("{'authorization': b'Basic dXNlcjpwYXNz'}", "dXNlcjpwYXNz"),
        ("Invalid header value b'Bearer with space'", "with space"[:4]),
        ("Cookie: _streamlit_user=abc.def", "abc.def"),
        ("postgresql://studio:pass-word@db:5432/studio", "pass-word"),
        ("GET /?share=4Jk-aB_ HTTP/1.1", "4Jk-aB_"),
        ("https://bucket.example/v.mp4?X-Amz-Signature=0a1b2c&x=1", "0a1b2c"),
        ("POST /api/callback/0f0f/9e8d7c HTTP/1.1", "9e8d7c"),
        ("GET /api/video/0f0f/2026-11-28/9e8d7c HTTP/1.1", "9e8d7c"),
        (f"key={KEY!r}", KEY),
    ],
)
def test_each_looks_of_a_secret_is_known(line: str, secret: str) -> None:
    """One row a pattern: what identifies or opens something is blotted out."""
    cleaned = Redaction().redact(line)
    assert secret not in cleaned
    assert BLOTTED in cleaned


@pytest.mark.parametrize(
    "line",
    [
        "Task 771834001 is processing, look again in 5 s",
        "The key is refused: 401 Unauthorized",
        "https://api.cometapi.com/kling/v1/videos/image2video",
        "sqlite:////data/studio.db",
    ],
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    """Words that help to find a fault are not blotted out."""
    assert Redaction().redact(line) == line


def test_a_traceback_is_cleaned_too() -> None:
    """The HTTP library puts the whole header into its error when a key has a stray newline."""
    failure = ValueError(f"Invalid header value b'Bearer {TYPED}'")
    with Log("studio.tasks.steps") as log:
        log.logger.error("Sending failed", exc_info=failure)
    assert "ValueError" in log.text
    assert "Sending failed" in log.text
    assert TYPED not in log.text


def test_arguments_stay_arguments() -> None:
    """The server's access lines are made from the five arguments: blotting one leaves five."""
    with Log("uvicorn.access") as log:
        log.handler.setFormatter(logging.Formatter("%(args)s"))
        log.logger.info('%s - "%s %s HTTP/%s" %d', "::1", "GET", "/?share=secret-one", "1.1", 200)
    assert log.text.strip() == str(("::1", "GET", f"/?share={BLOTTED}", "1.1", 200))


def test_a_wrong_format_stays_the_logger_s_own_trouble(capsys: pytest.CaptureFixture[str]) -> None:
    """Cleaning raises nothing of its own in the code that logs."""
    with Log("studio.tasks.steps") as log:
        log.logger.warning("%d tasks", "no number")
    assert "Logging error" in capsys.readouterr().err


def test_a_key_in_use_is_in_no_line_whatever_it_looks_like() -> None:
    """Nor when a library quotes what came: urllib3 logs status lines and heads that are odd."""
    auth = BearerAuth("odd.key+(of)[no]*looks")
    with Log("urllib3.connectionpool") as log:
        log.logger.warning("Retrying after %r: /x", BadStatusLine("HTTP/1.1 odd.key+(of)[no]*looks"))
        log.logger.warning("Failed to parse headers: %s", quote("Bearer odd.key+(of)[no]*looks"))
    assert log.text.count("<key>") == 2
    assert auth is not None


def test_short_words_are_not_concealed() -> None:
    """A key typed as "none" does not blot that word out of every line."""
    redaction = Redaction()
    redaction.conceal("none")
    assert redaction.redact("there is none") == "there is none"


def test_installing_twice_cleans_once() -> None:
    """Every process may install it, and so may every test."""
    installed_once = logging.getLogRecordFactory()
    install()
    assert logging.getLogRecordFactory() is installed_once


def test_the_signature_of_a_link_that_is_fetched_is_in_no_log() -> None:
    """As urllib3 logs each request when it is told to, and names it in its errors."""
    with Log("urllib3.connectionpool") as log:
        told = ("https", "cdn.test", 443, "GET", "/v.mp4?sig=s3cret", "HTTP/1.1", 200, 10)
        log.logger.debug('%s://%s:%s "%s %s %s" %s %s', *told)
        log.logger.warning("Max retries exceeded with url: /v.mp4?sig=s3cret (Caused by X)")
    assert "s3cret" not in log.text
    assert log.text.count("/v.mp4?") == 2
