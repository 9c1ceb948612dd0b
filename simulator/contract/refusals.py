"""The documented ways to say no, as one table.

Two envelopes are answered: the gateway's (`{"error": {...}}`) for what CometAPI decides before Kling is
asked, and Kling's (`{"code", "message", "request_id"}`) for the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

Envelope = Literal["kling", "gateway", "flat"]
"""The shape of an error body: the author is Kling, CometAPI, or a gateway before it."""


class RefusalReason(Enum):
    """Why a request is refused."""

    NOT_SIGNED_IN = auto()  # no key, or a wrong one: the gateway answers
    KEY_EMPTY = auto()  # "Bearer" with nothing behind it
    KEY_MALFORMED = auto()  # an Authorization that is no bearer key
    BAD_PARAMETER = auto()  # missing, or of the wrong type
    BAD_VALUE = auto()  # of the right type, but not allowed
    NO_SUCH_METHOD = auto()
    NO_SUCH_TASK = auto()
    BODY_TOO_LARGE = auto()
    TOO_MANY_PARALLEL = auto()
    MALFORMED = auto()  # not JSON, or not an object
    MODEL_NOT_FOUND = auto()
    BROKEN = auto()  # a fault of the simulator itself


@dataclass(frozen=True, kw_only=True)
class Row:
    """HTTP status, service code and envelope of one reason."""

    http_status: int
    code: int | str
    envelope: Envelope = "kling"


ROWS: Mapping[RefusalReason, Row] = {
    RefusalReason.NOT_SIGNED_IN: Row(http_status=401, code="", envelope="gateway"),
    RefusalReason.KEY_EMPTY: Row(http_status=401, code=1001),
    RefusalReason.KEY_MALFORMED: Row(http_status=401, code=1002),
    RefusalReason.BAD_PARAMETER: Row(http_status=400, code=1200),
    RefusalReason.BAD_VALUE: Row(http_status=400, code=1201),
    RefusalReason.NO_SUCH_METHOD: Row(http_status=404, code=1202),
    RefusalReason.NO_SUCH_TASK: Row(http_status=404, code=1203),
    RefusalReason.BODY_TOO_LARGE: Row(http_status=413, code="", envelope="gateway"),
    RefusalReason.TOO_MANY_PARALLEL: Row(http_status=429, code=1303),
    RefusalReason.MALFORMED: Row(http_status=500, code="invalid_request", envelope="gateway"),
    RefusalReason.MODEL_NOT_FOUND: Row(http_status=503, code="model_not_found", envelope="gateway"),
    RefusalReason.BROKEN: Row(http_status=500, code=5000),
}


class Refusal(Exception):
    """A request that is answered with an error body.

    Attributes:
        reason: which row of the table.
        message: the sentence in the body.
    """

    def __init__(self, reason: RefusalReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

    @property
    def row(self) -> Row:
        """Status, code and envelope of this refusal."""
        return ROWS[self.reason]


def bad_parameter(message: str) -> Refusal:
    """1200: a parameter is missing or has the wrong type."""
    return Refusal(RefusalReason.BAD_PARAMETER, message)


def bad_value(message: str) -> Refusal:
    """1201: a parameter has a value that is not allowed."""
    return Refusal(RefusalReason.BAD_VALUE, message)
