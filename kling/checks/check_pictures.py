"""The rules for one picture of a request: format, size, proportions."""

from __future__ import annotations

from dataclasses import dataclass

from kling import rules
from kling.checks.base64_picture import (
    BrokenPictureError,
    NotAPictureError,
    PictureHeader,
    is_base64,
    read_header,
)
from kling.checks.finding import Finding, error
from kling.checks.sizes import base64_size, bytes_in_words
from kling.models import is_web_url
from kling.web_urls import is_public, is_usable

NAMES = {"image": "picture", "image_tail": "tail frame", "static_mask": "static mask"}


@dataclass(frozen=True, kw_only=True)
class SeenPicture:
    """A picture of the request: its header, if readable, and the findings on its file."""

    header: PictureHeader | None
    findings: tuple[Finding, ...]


def inspect_picture(field: str, text: str) -> SeenPicture:
    """Read one picture; for a URL only the address can be judged."""
    name = NAMES.get(field, "mask")
    if is_web_url(text):
        return SeenPicture(header=None, findings=_url_findings(field, text))
    problem = _text_finding(field, name, text)
    if problem:
        return SeenPicture(header=None, findings=(problem,))
    too_large = _size_findings(field, name, text)
    try:
        return SeenPicture(header=read_header(text), findings=too_large)
    except NotAPictureError:
        problem = error(
            field, "not-jpeg-or-png", f"The {name} is neither a JPEG nor a PNG.", "Save it as one of these."
        )
    except BrokenPictureError:
        problem = error(
            field, "picture-broken", f"The {name}'s file is damaged.", "Save it again, or take another one."
        )
    return SeenPicture(header=None, findings=(*too_large, problem))


def side_findings(field: str, header: PictureHeader) -> tuple[Finding, ...]:
    """Sides of at least 300 px, and a ratio between 1:2.5 and 2.5:1."""
    name = NAMES.get(field, "mask")
    size = f"{header.width_px} × {header.height_px} px"
    short, long = sorted(header.size_px)
    most = rules.MAX_ASPECT_RATIO
    findings = []
    if short < rules.MIN_IMAGE_SIDE_PX:
        findings.append(
            error(
                field,
                "picture-too-small",
                f"The {name} has {size}; each side must have at least {rules.MIN_IMAGE_SIDE_PX} px.",
                "Take a larger one.",
            )
        )
    if long > most * short:
        findings.append(
            error(
                field,
                "picture-too-long",
                f"The {name} has {size}, a ratio of {long / short:.2f}; the limit is {most}.",
                f"Crop the longer side to {int(most * short)} px or less.",
            )
        )
    return tuple(findings)


def _text_finding(field: str, name: str, text: str) -> Finding | None:
    if not text:
        return error(
            field, f"{'mask' if 'mask' in field else 'image'}-missing", f"There is no {name}.", "Add one."
        )
    if text[:5].lower() == "data:":
        return error(
            field,
            "data-prefix",
            f'The {name} begins with "data:"; the service takes plain base64 only.',
            'Remove everything up to and including "base64,".',
        )
    if not is_base64(text):
        return error(
            field,
            "not-base64",
            f"The {name} is neither valid base64 nor an http(s) URL.",
            "Encode the file again as base64 without line breaks, or give a public URL.",
        )
    return None


def _size_findings(field: str, name: str, text: str) -> tuple[Finding, ...]:
    size = base64_size(text)
    if size <= rules.MAX_IMAGE_BYTES:
        return ()
    limit = rules.MAX_IMAGE_BYTES
    size_text = bytes_in_words(size) if size >= 1.05 * limit else f"{size:,} bytes"
    return (
        error(
            field,
            "picture-too-heavy",
            f"The {name}'s file has {size_text}; the service takes at most {bytes_in_words(limit)}.",
            "Save it smaller, or as a JPEG of lower quality.",
        ),
    )


def _url_findings(field: str, url: str) -> tuple[Finding, ...]:
    if not is_usable(url):
        return (
            error(field, "url-invalid", "This is no complete web address.", "Copy the whole address again."),
        )
    if not is_public(url):
        return (
            error(
                field,
                "url-not-public",
                "This address is inside a private network; the service cannot load a picture from it.",
                "Give an address that anyone can open, or upload the file.",
            ),
        )
    return ()
