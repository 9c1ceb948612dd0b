"""Single fields of a JSON body, read and checked.

Null and the empty string or list mean "not given", as the documented example bodies use them. Everything
else that is wrong raises a `Refusal` that names the field: 1200 for the type, 1201 for the value.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from simulator.contract import documented
from simulator.contract.create_request import Picture, PictureUrl, PointWirePx
from simulator.contract.refusals import bad_parameter, bad_value

Body = Mapping[str, object]

MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")  # JPEG, PNG
NOT_BASE64 = "File is not in a valid base64 format"  # R: the real words


def text(body: Body, name: str, *, max_chars: int | None = None) -> str | None:
    """A string field, or None when it is not given."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise bad_parameter(f"{name} must be a string")
    if not _is_unicode(value):
        raise bad_value(f"{name} is not valid text")
    if max_chars is not None and len(value) > max_chars:
        raise bad_value(f"{name} must not exceed {max_chars} characters, got {len(value)}")
    return value


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # JSON can carry half of a surrogate pair
        return False
    return True


def choice(body: Body, name: str, allowed: Sequence[str]) -> str | None:
    """A string field with a fixed set of values."""
    value = text(body, name)
    if value is not None and value not in allowed:
        raise bad_value(f"{name} value '{value[:40]}' is invalid, must be one of {', '.join(allowed)}")
    return value


def number(body: Body, name: str, low: float, high: float) -> float | None:
    """A number field within `low`..`high`; NaN is refused."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_parameter(f"{name} must be a number")
    if not low <= value <= high:
        raise bad_value(f"{name} must be between {low:g} and {high:g}")
    return float(value)


def web_address(body: Body, name: str) -> str | None:
    """An http(s) URL with a host."""
    value = text(body, name)
    if value is not None and not _is_web_address(value):
        raise bad_value(f"{name} must be an http or https URL")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def picture(body: Body, name: str, *, label: str | None = None) -> Picture | None:
    """A picture field: base64 of a JPEG or PNG without a `data:` prefix, or a public URL.

    Only what the file's first bytes and length tell is judged here. What needs the picture opened (sides,
    ratio, masks that do not match) is found out after submission, as on the real service.
    """
    label = label or name
    value = text(body, name)
    if value is None:
        return None
    if is_url(value):
        return PictureUrl(url=str(web_address(body, name)))
    return _file_from_base64(value, label)


def is_url(value: object) -> bool:
    """Whether a picture field says where the picture is, rather than what it is."""
    return isinstance(value, str) and value[:8].lower().startswith(("http://", "https://"))


def _file_from_base64(value: str, label: str) -> bytes:
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_value(NOT_BASE64) from error
    if len(value) % 4 or not data.startswith(MAGIC):  # Python lets a superfluous "=" pass
        raise bad_value(NOT_BASE64)
    if len(data) > documented.MAX_IMAGE_BYTES:
        raise bad_value(f"{label} file size must not exceed 10MB")
    return data


def trajectory(value: object, label: str) -> tuple[PointWirePx, ...]:
    """2..77 points `{"x": int, "y": int}`."""
    if not isinstance(value, list):
        raise bad_parameter(f"{label} must be an array of points")
    low, high = documented.MIN_TRAJECTORY_POINTS, documented.MAX_TRAJECTORY_POINTS
    if not low <= len(value) <= high:
        raise bad_value(f"{label} must have {low} to {high} points, got {len(value)}")
    return tuple(_point(point, label) for point in value)


def _point(value: object, label: str) -> PointWirePx:
    if not isinstance(value, dict):
        raise bad_parameter(f"{label} must be an array of points")
    x, y = value.get("x"), value.get("y")
    if type(x) is not int or type(y) is not int:
        raise bad_parameter(f"{label} must have integer x and y")
    return x, y
