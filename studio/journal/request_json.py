"""A create call's body as text, and back: it is the very JSON that is sent, and never holds a key."""

import hashlib
import json
from typing import Any

from kling import DynamicMask, ImageToVideoRequest, TrajectoryPoint
from kling.checks.extra_fields import OUR_FIELDS


def dump_request(request: ImageToVideoRequest) -> str:
    """The JSON of its wire form."""
    return json.dumps(request.to_wire(), separators=(",", ":"))


def load_request(body: str) -> ImageToVideoRequest:
    """The request whose wire form that is."""
    fields: dict[str, Any] = json.loads(body)
    extra = {name: fields.pop(name) for name in list(fields) if name not in OUR_FIELDS}
    masks = tuple(_mask(mask) for mask in fields.pop("dynamic_masks", ()))
    return ImageToVideoRequest(**fields, dynamic_masks=masks, extra_fields=json.dumps(extra) if extra else "")


def request_sha256(body: str) -> str:
    """Hex SHA-256 of a body."""
    return hashlib.sha256(body.encode()).hexdigest()


def _mask(mask: dict[str, Any]) -> DynamicMask:
    points = tuple(TrajectoryPoint(**point) for point in mask["trajectories"])
    return DynamicMask(mask=mask["mask"], trajectories=points)
