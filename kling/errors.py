"""Every way in which a call can end badly. What is drawn here is the whole tree.

                                            may repeat   a task may exist (after a create)
KlingError
├── InvalidInput                            no           no    refused here, before anything was sent
│   ├── InvalidApiKey                                          cannot be put into a header; never quoted
│   ├── InvalidBaseUrl                                         no http(s) address
│   ├── InvalidTaskId                                          cannot be put into a path
│   └── UnsendableRequest                                      cannot be written as JSON
├── NotSent                                 yes          no    the service never had the whole request
│   ├── NameNotResolved                                        no such host, or no network
│   ├── Unreachable                                            refused, no route, broken before the body left
│   ├── ConnectTimeout                                         nobody picked up in time
│   └── HandshakeFailed                                        TLS: certificate or protocol
├── Rejected                                no           no    read by the service, and answered "no"
│   ├── BadParameter                                           400 1200, 1201; 422
│   ├── PolicyRefused                                          400 1300, 1301
│   ├── Unauthorized                                           401 1000..1004
│   ├── NoAccess                                               403 1103
│   ├── WrongMethod                                            404 1202
│   ├── NotFound                                               404 1203
│   ├── TooLarge                                               413
│   ├── MalformedRequest                                       500 invalid_request
│   ├── ModelNotServed                                         503 model_not_found; "invalid model name"
│   └── AccountProblem                                         stop sending for this key
│       ├── AccountBlocked                                     429 1100, 1304
│       └── OutOfCredit                                        429 1101, 1102; quota text
├── Busy                                    yes          no    wait, then send the same again
│   ├── TooManyRequests                                        429 1302 and the gateway's
│   └── TooManyTasks                                           429 1303
├── DuplicateExternalTaskId                 no           yes   the first one landed: look it up
└── Unclear                                              yes   look for the task before anything else
    ├── ReadTimeout                         yes                sent, and no answer in time
    ├── ConnectionLost                      yes                broken after the body began to leave
    ├── PlatformError                       yes                5xx, 5000..5002
    ├── UnreadableAnswer                    yes                no JSON, too long, or without a task id
    ├── NotTheApi                           no                 a web page or a redirect: a wrong address
    └── UnexpectedAnswer                    no                 readable, but in no table

"May repeat" is for a query, or for a create of which it is known that no task exists (`task_may_exist` is
false).
"""

from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """One stable word per leaf of the tree: to store, to count, to choose a sentence by."""

    INVALID_API_KEY = "invalid_api_key"
    INVALID_BASE_URL = "invalid_base_url"
    INVALID_TASK_ID = "invalid_task_id"
    UNSENDABLE_REQUEST = "unsendable_request"
    NAME_NOT_RESOLVED = "name_not_resolved"
    UNREACHABLE = "unreachable"
    CONNECT_TIMEOUT = "connect_timeout"
    HANDSHAKE_FAILED = "handshake_failed"
    BAD_PARAMETER = "bad_parameter"
    POLICY_REFUSED = "policy_refused"
    UNAUTHORIZED = "unauthorized"
    NO_ACCESS = "no_access"
    WRONG_METHOD = "wrong_method"
    NOT_FOUND = "not_found"
    TOO_LARGE = "too_large"
    MALFORMED_REQUEST = "malformed_request"
    MODEL_NOT_SERVED = "model_not_served"
    ACCOUNT_BLOCKED = "account_blocked"
    OUT_OF_CREDIT = "out_of_credit"
    TOO_MANY_REQUESTS = "too_many_requests"
    TOO_MANY_TASKS = "too_many_tasks"
    DUPLICATE_EXTERNAL_TASK_ID = "duplicate_external_task_id"
    READ_TIMEOUT = "read_timeout"
    CONNECTION_LOST = "connection_lost"
    PLATFORM_ERROR = "platform_error"
    UNREADABLE_ANSWER = "unreadable_answer"
    NOT_THE_API = "not_the_api"
    UNEXPECTED_ANSWER = "unexpected_answer"


class KlingError(Exception):
    """A call that did not do what it was asked for. Never holds the API key.

    Attributes:
        kind: the leaf of the tree as one stable word; only leaves are raised.
        may_repeat: whether the same call can succeed later without any change to it.
        task_may_exist: whether a paid task may exist when a CREATE ended with this.
        message: the service's own words, or ours where it said nothing.
        http_status: status of the answer, None when there was none.
        service_code: the code in the answer's body, None when there was none.
        request_id: to quote to the service's support, None when it told none.
        retry_after_s: seconds that the service asks to wait, None when it did not ask.
    """

    kind: ClassVar[ErrorKind]
    may_repeat: ClassVar[bool] = False
    task_may_exist: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        http_status: int | None = None,
        service_code: int | str | None = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.http_status = http_status
        self.service_code = service_code
        self.request_id = request_id
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        details = {"HTTP": self.http_status, "code": self.service_code, "request id": self.request_id}
        details_text = ", ".join(f"{name} {value}" for name, value in details.items() if value is not None)
        return f"{self.message} ({details_text})" if details_text else self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class InvalidInput(KlingError):
    """Refused here, before anything was sent."""


class InvalidApiKey(InvalidInput, ValueError):
    """The key cannot be sent as it is; the message says what is wrong with it and never quotes it."""

    kind = ErrorKind.INVALID_API_KEY


class InvalidBaseUrl(InvalidInput, ValueError):
    """The service's address is no plain http(s) URL."""

    kind = ErrorKind.INVALID_BASE_URL


class InvalidTaskId(InvalidInput, ValueError):
    """The task id cannot be put into a path."""

    kind = ErrorKind.INVALID_TASK_ID


class UnsendableRequest(InvalidInput, ValueError):
    """The request cannot be written as JSON (a number that is not finite)."""

    kind = ErrorKind.UNSENDABLE_REQUEST


class NotSent(KlingError):
    """The service never had the whole request."""

    may_repeat = True


class NameNotResolved(NotSent):
    """No such host, or no network."""

    kind = ErrorKind.NAME_NOT_RESOLVED


class Unreachable(NotSent):
    """Refused, no route, or broken before the body began to leave."""

    kind = ErrorKind.UNREACHABLE


class ConnectTimeout(NotSent):
    """No connection within the connect time-out."""

    kind = ErrorKind.CONNECT_TIMEOUT


class HandshakeFailed(NotSent):
    """No trusted TLS connection: a certificate, a clock, or a middle box."""

    kind = ErrorKind.HANDSHAKE_FAILED


class Rejected(KlingError):
    """Read by the service and refused; a corrected request is a new one."""


class BadParameter(Rejected):
    """A parameter or its value is wrong; the message says which."""

    kind = ErrorKind.BAD_PARAMETER


class PolicyRefused(Rejected):
    """The platform's policy refuses the picture or the text: change it."""

    kind = ErrorKind.POLICY_REFUSED


class Unauthorized(Rejected):
    """The key is missing, wrong or expired."""

    kind = ErrorKind.UNAUTHORIZED


class NoAccess(Rejected):
    """The key is good, but not for this."""

    kind = ErrorKind.NO_ACCESS


class WrongMethod(Rejected):
    """The service does not know this call."""

    kind = ErrorKind.WRONG_METHOD


class NotFound(Rejected):
    """No such task for this account."""

    kind = ErrorKind.NOT_FOUND


class TooLarge(Rejected):
    """The body is larger than the gateway takes: smaller pictures help."""

    kind = ErrorKind.TOO_LARGE


class MalformedRequest(Rejected):
    """The service could not read the request."""

    kind = ErrorKind.MALFORMED_REQUEST


class ModelNotServed(Rejected):
    """The service does not offer this model (any more): choose another."""

    kind = ErrorKind.MODEL_NOT_SERVED


class AccountProblem(Rejected):
    """Nothing more can be sent with this key until its account is put right."""


class AccountBlocked(AccountProblem):
    """The account itself or its list of allowed addresses refuses the call."""

    kind = ErrorKind.ACCOUNT_BLOCKED


class OutOfCredit(AccountProblem):
    """No balance, quota or resource pack is left, or there are arrears."""

    kind = ErrorKind.OUT_OF_CREDIT


class Busy(KlingError):
    """The service is busy: the same request will do after a wait."""

    may_repeat = True


class TooManyRequests(Busy):
    """Calls come too fast."""

    kind = ErrorKind.TOO_MANY_REQUESTS


class TooManyTasks(Busy):
    """As many tasks run as the account may have at once."""

    kind = ErrorKind.TOO_MANY_TASKS


class DuplicateExternalTaskId(KlingError):
    """A task with this external id exists: an earlier create landed."""

    kind = ErrorKind.DUPLICATE_EXTERNAL_TASK_ID
    task_may_exist = True


class Unclear(KlingError):
    """After a create nobody knows yet whether a paid task exists: look for it by its external id."""

    task_may_exist = True


class ReadTimeout(Unclear):
    """Sent, and no whole answer within the read time-out."""

    kind = ErrorKind.READ_TIMEOUT
    may_repeat = True


class ConnectionLost(Unclear):
    """The connection broke after the request began to leave."""

    kind = ErrorKind.CONNECTION_LOST
    may_repeat = True


class PlatformError(Unclear):
    """The service has a fault of its own."""

    kind = ErrorKind.PLATFORM_ERROR
    may_repeat = True


class UnreadableAnswer(Unclear):
    """An answer that is no JSON object, is too long, or lacks what it must have."""

    kind = ErrorKind.UNREADABLE_ANSWER
    may_repeat = True


class NotTheApi(Unclear):
    """A web page or a redirect answered: most likely the address is wrong."""

    kind = ErrorKind.NOT_THE_API


class UnexpectedAnswer(Unclear):
    """A readable answer that stands in no table; its words are passed on as they are."""

    kind = ErrorKind.UNEXPECTED_ANSWER
