"""Keep keys out of every log: each record is redacted when it is made, whichever logger it is for.

A filter on a logger is not asked for the records of its children, and DBOS and Streamlit have handlers of
their own; the record's factory is the one place that all of them share.
"""

import logging
import re
import threading
import traceback
from collections.abc import Callable
from typing import Any

from kling.keys import hide_living_keys

BLOTTED = "[redacted]"
_PATTERNS = (
    # Authorization: Bearer …, {'Authorization': 'Bearer …'}, authorization=…, and the same of a cookie
    re.compile(r"(?i)((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*b?['\"]?)[^'\"\r\n]+"),
    re.compile(r"(?i)(bearer)(\s+)[^\s'\",;]+"),
    # a password in an address, as in DATABASE_URL
    re.compile(r"(://[^/\s:@]*)(:)[^/\s@]+(?=@)"),
    # what lets anybody read a shared task, a signed file, or ring a task's bell
    re.compile(r"(?i)([?&](?:share|key|token|x-amz-signature|x-amz-credential))(=)[^&\s'\"]+"),
    re.compile(r"(/api/callback/[^/\s]+)(/)[^/\s'\"?]+"),
    re.compile(r"(/api/video/[^/\s]+/[^/\s]+)(/)[^/\s'\"?]+"),
    # the query of what this app asks for, as urllib3 logs it and fails with it: a link's signature
    re.compile(r"(https?://[^\s\"]+ \"[A-Z]+ [^\s?\"]*)(\?)[^\s\"]+"),
    re.compile(r"(with url: [^\s?]*)(\?)\S+"),
    # a key by its looks
    re.compile(r"()(\bsk-)[A-Za-z0-9_-]{6,}"),
)
# Shorter than any real key, and a word of that length may stand in any sentence.
SHORTEST_SECRET = 6


class Redaction:
    """Blots out what looks like a secret, and what it was told is one. Thread-safe."""

    def __init__(self) -> None:
        self._secrets: frozenset[str] = frozenset()
        self._adding = threading.Lock()

    def conceal(self, secret: str) -> None:
        """Blot this text out of every log from now on; it stays in memory for that."""
        if len(secret) >= SHORTEST_SECRET:
            with self._adding:
                self._secrets |= {secret}

    def redact(self, text: str) -> str:
        """Blot out of a text the secrets that it was told, all keys in use, and what looks like one."""
        text = hide_living_keys(text)
        for secret in self._secrets:
            text = text.replace(secret, BLOTTED)
        for pattern in _PATTERNS:
            text = pattern.sub(rf"\1\2{BLOTTED}", text)
        return text

    def redact_record(self, record: logging.LogRecord) -> logging.LogRecord:
        """Redact a record's message and traceback where they need it."""
        if _changes(self.redact, _message(record)):
            record.args = _redact_args(record.args, self.redact)
            if _changes(self.redact, _message(record)):
                record.msg, record.args = self.redact(_message(record)), ()
        if record.exc_info and record.exc_info[1]:
            traceback_text = "".join(traceback.format_exception(record.exc_info[1])).rstrip("\n")
            if _changes(self.redact, traceback_text):
                # a handler prints exc_text; without exc_info it cannot write the traceback anew
                record.exc_text, record.exc_info = self.redact(traceback_text), None
        return record


REDACTION = Redaction()
"""The process's one: logging itself is one a process."""


def install() -> None:
    """Have every log record of this process redacted; may be called again."""
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, _CleaningFactory):
        logging.setLogRecordFactory(_CleaningFactory(factory))


class _CleaningFactory:
    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401 — logging's own
        return REDACTION.redact_record(self._make(*args, **kwargs))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a wrong format string is logging's to report, as ever
        return f"{record.msg} {record.args}"


def _changes(redact: Callable[[str], str], text: str) -> bool:
    return redact(text) != text


def _redact_args(args: Any, redact: Callable[[str], str]) -> Any:  # noqa: ANN401 — logging's own
    """Redact the texts among them, so that a formatter which reads arguments (uvicorn's) still can."""
    if not isinstance(args, tuple):
        return args
    return tuple(redact(arg) if isinstance(arg, str) else arg for arg in args)
