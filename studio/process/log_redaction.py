"""Keeps keys out of every log: each record is cleaned when it is made, whichever logger it is for.

A filter on a logger is not asked for the records of its children, and DBOS and Streamlit have handlers of
their own; the record's factory is the one place that all of them share.
"""

import logging
import re
import threading
import traceback
from collections.abc import Callable
from typing import Any

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
    # a key by its looks
    re.compile(r"()(\bsk-)[A-Za-z0-9_-]{6,}"),
)
# Shorter than any real key, and a word of that length may stand in any sentence.
SHORTEST_SECRET = 6


class Redaction:
    """Thread-safe. Blots out what looks like a secret, and whatever it was told is one."""

    def __init__(self) -> None:
        self._secrets: frozenset[str] = frozenset()
        self._adding = threading.Lock()

    def conceal(self, secret: str) -> None:
        """From now on this text is in no log; it stays in memory for that."""
        if len(secret) >= SHORTEST_SECRET:
            with self._adding:
                self._secrets |= {secret}

    def redact(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, BLOTTED)
        for pattern in _PATTERNS:
            text = pattern.sub(rf"\1\2{BLOTTED}", text)
        return text

    def redact_record(self, record: logging.LogRecord) -> logging.LogRecord:
        """The record, with its message and its traceback cleaned where they need it."""
        if _changes(self.redact, _message(record)):
            record.args = _cleaned_args(record.args, self.redact)
            if _changes(self.redact, _message(record)):
                record.msg, record.args = self.redact(_message(record)), ()
        if record.exc_info and record.exc_info[1]:
            told = "".join(traceback.format_exception(record.exc_info[1])).rstrip("\n")
            if _changes(self.redact, told):
                # a handler prints exc_text; without exc_info it cannot write the traceback anew
                record.exc_text, record.exc_info = self.redact(told), None
        return record


REDACTION = Redaction()
"""The process's one: logging itself is one a process."""


def install() -> None:
    """Has every log record of this process cleaned; may be called again."""
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


def _cleaned_args(args: Any, redact: Callable[[str], str]) -> Any:  # noqa: ANN401 — logging's own
    """The texts among them cleaned, so that a formatter which reads arguments (uvicorn's) still can."""
    if not isinstance(args, tuple):
        return args
    return tuple(redact(arg) if isinstance(arg, str) else arg for arg in args)
