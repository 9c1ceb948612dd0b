"""The wire: CometAPI's Kling image-to-video, its request, its rules, its client and its errors.

    models          what is sent and what comes back
    rules, prices   limits, capabilities and prices as data
    model_lives     which models live, with evidence and replacements
    checks/         findings on a request before it is sent
    client          create, get, list
    errors          the drawn tree; error_table is its data

Knows nothing of the product, of pictures beyond their headers, or of a screen.
"""

from kling.checks.check import check
from kling.checks.finding import Finding, Severity
from kling.client import KlingClient
from kling.errors import (
    AccountBlocked,
    AccountProblem,
    BadParameter,
    Busy,
    ConnectionLost,
    ConnectTimeout,
    DuplicateExternalTaskId,
    ErrorKind,
    HandshakeFailed,
    InvalidApiKey,
    InvalidBaseUrl,
    InvalidInput,
    InvalidTaskId,
    KlingError,
    MalformedRequest,
    ModelNotServed,
    NameNotResolved,
    NoAccess,
    NotFound,
    NotSent,
    NotTheApi,
    OutOfCredit,
    PlatformError,
    PolicyRefused,
    ReadTimeout,
    Rejected,
    TooLarge,
    TooManyRequests,
    TooManyTasks,
    Unauthorized,
    Unclear,
    UnexpectedAnswer,
    Unreachable,
    UnreadableAnswer,
    UnsendableRequest,
    WrongMethod,
)
from kling.model_lives import ModelLife, ModelState, cheapest_living_model, model_life, model_names
from kling.models import DynamicMask, ImageToVideoRequest, Task, TaskStatus, TrajectoryPoint, Video
from kling.prices import PRICES_AS_OF, price_usd
from kling.rules import CAPABILITIES, ModelCapability, brush_models, capability

__all__ = [
    "CAPABILITIES",
    "PRICES_AS_OF",
    "AccountBlocked",
    "AccountProblem",
    "BadParameter",
    "Busy",
    "ConnectTimeout",
    "ConnectionLost",
    "DuplicateExternalTaskId",
    "DynamicMask",
    "ErrorKind",
    "Finding",
    "HandshakeFailed",
    "ImageToVideoRequest",
    "InvalidApiKey",
    "InvalidBaseUrl",
    "InvalidInput",
    "InvalidTaskId",
    "KlingClient",
    "KlingError",
    "MalformedRequest",
    "ModelCapability",
    "ModelLife",
    "ModelNotServed",
    "ModelState",
    "NameNotResolved",
    "NoAccess",
    "NotFound",
    "NotSent",
    "NotTheApi",
    "OutOfCredit",
    "PlatformError",
    "PolicyRefused",
    "ReadTimeout",
    "Rejected",
    "Severity",
    "Task",
    "TaskStatus",
    "TooLarge",
    "TooManyRequests",
    "TooManyTasks",
    "TrajectoryPoint",
    "Unauthorized",
    "Unclear",
    "UnexpectedAnswer",
    "Unreachable",
    "UnreadableAnswer",
    "UnsendableRequest",
    "Video",
    "WrongMethod",
    "brush_models",
    "capability",
    "cheapest_living_model",
    "check",
    "model_life",
    "model_names",
    "price_usd",
]
