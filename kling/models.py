"""The request and the task, in the API's own words.

Source of every field: CometAPI's page of "Kling image to video". Nothing here checks a limit (see `check`),
so that a wrong request can be built, shown, and refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kling.checks.extra_fields import read_extra_fields
from kling.checks.sizes import base64_size, bytes_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal


class TaskStatus(StrEnum):
    """The four states of a task, spelled as on the wire."""

    SUBMITTED = "submitted"
    """Accepted; waits for a machine."""
    PROCESSING = "processing"
    """A machine is making the video."""
    SUCCEED = "succeed"
    """Made; the video can be downloaded."""
    FAILED = "failed"
    """Over without a video; the reason is the task's status message."""

    @property
    def is_final(self) -> bool:
        """True when the task will not change any more."""
        return self in (TaskStatus.SUCCEED, TaskStatus.FAILED)


@dataclass(frozen=True, kw_only=True)
class TrajectoryPoint:
    """One point of a path: whole pixels of the image as sent, origin at its BOTTOM-left (wire_px)."""

    x: int
    y: int

    def to_wire(self) -> dict[str, int]:
        """The JSON object."""
        return {"x": self.x, "y": self.y}


@dataclass(frozen=True, kw_only=True)
class DynamicMask:
    """One painted region and its path.

    Attributes:
        mask: base64 of a PNG in mode L, as large as the image; white is painted
            (`rules.MASK_PAINTED`).
        trajectories: 2 to 77 points; their order is the direction.
    """

    mask: str = field(repr=False)
    trajectories: tuple[TrajectoryPoint, ...]

    def to_wire(self) -> dict[str, Any]:
        """The JSON object."""
        return {"mask": self.mask, "trajectories": [point.to_wire() for point in self.trajectories]}


@dataclass(frozen=True, kw_only=True)
class ImageToVideoRequest:
    """The body of a create call: all twelve fields of the API, under its names, and extra fields.

    Attributes:
        image: base64 of a JPEG or PNG without `data:` prefix, or a public http(s) URL.
        model_name: always sent; see `rules.CAPABILITIES`.
        prompt: at most 500 characters.
        negative_prompt: at most 200 characters; what should not be seen.
        callback_url: the service posts each change of status there.
        mode: "std" (the service's default) or "pro"; None for models that have no mode.
        image_tail: like `image`; the last frame.
        cfg_scale: 0..1; how closely the video keeps to the prompt. None where the model does not support it.
        duration: "5" or "10", in seconds, as text.
        static_mask: like `image`, as large as it; white stays frozen.
        dynamic_masks: at most six regions that move.
        external_task_id: the caller's own id, unique per account; can be used to query.
        extra_fields: text of a JSON object of fields that the API's page does not list; sent at the end.
    """

    image: str = field(repr=False)
    model_name: str
    prompt: str | None = None
    negative_prompt: str | None = None
    callback_url: str | None = None
    mode: str | None = None
    image_tail: str | None = field(default=None, repr=False)
    cfg_scale: float | None = None
    duration: str = "5"
    static_mask: str | None = field(default=None, repr=False)
    dynamic_masks: tuple[DynamicMask, ...] = ()
    external_task_id: str | None = None
    extra_fields: str = ""

    @property
    def has_masks(self) -> bool:
        """True when the request uses the motion brush."""
        return bool(self.static_mask or self.dynamic_masks)

    def to_wire(self) -> dict[str, Any]:
        """The JSON body: the API's order, without the fields that are None or empty (0.0 is neither)."""
        body: dict[str, Any] = {
            "image": self.image,
            "prompt": self.prompt,
            "negative_prompt": self.negative_prompt,
            "callback_url": self.callback_url,
            "mode": self.mode,
            "model_name": self.model_name,
            "image_tail": self.image_tail,
            "cfg_scale": self.cfg_scale,
            "duration": self.duration,
            "static_mask": self.static_mask,
            "dynamic_masks": [mask.to_wire() for mask in self.dynamic_masks],
            "external_task_id": self.external_task_id,
        }
        given = {name: value for name, value in body.items() if value not in (None, "", [])}
        return given | read_extra_fields(self.extra_fields)

    def to_wire_summary(self) -> dict[str, Any]:
        """The body to show to a person: each base64 text is replaced by its size: `<base64, 1.2 MB>`."""
        body = self.to_wire()
        for name in ("image", "image_tail", "static_mask"):
            if name in body:
                body[name] = _summary(body[name])
        for mask in body.get("dynamic_masks", []):
            mask["mask"] = _summary(mask["mask"])
        return body


@dataclass(frozen=True, kw_only=True)
class Video:
    """One finished video; the URL is temporary and must be used with its whole query string.

    Attributes:
        video_id: the service's id of the video; may be empty.
        url: where the MP4 can be fetched, for 30 days at best.
        duration_s: its real length in seconds (5.1 for an asked 5), None when unknown.
    """

    video_id: str
    url: str
    duration_s: float | None
    is_watermarked: bool = False


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task as the service reported it at one moment.

    Attributes:
        task_id: the service's id; a text, not always digits.
        status: see `TaskStatus`.
        status_message: for a failed task the reason, in the service's words.
        external_task_id: the caller's own id, when the service sent it.
        created_at: aware UTC, None when unknown.
        updated_at: aware UTC, None when unknown.
        videos: the results of a task that succeeded; may be empty until the service sends them.
        status_word: the service's own word for the status, when it stands in no table.
        puzzling_answer: of a success without a video's address the answer, for the log: bounded, without
            what signs a link.
        charges: what the service says it has charged, by its own unit, where it says so (`charges`).
    """

    task_id: str
    status: TaskStatus
    status_message: str | None
    external_task_id: str | None
    created_at: datetime | None
    updated_at: datetime | None
    videos: tuple[Video, ...]
    status_word: str | None = None
    puzzling_answer: str | None = field(default=None, repr=False, compare=False)
    charges: Mapping[str, Decimal] = field(default_factory=dict)


def is_web_url(text: str) -> bool:
    """True for an http or https URL (":" is no base64 character, so the two cannot be confused)."""
    return text[:8].lower().startswith(("http://", "https://"))


def _summary(picture: str) -> str:
    return picture if is_web_url(picture) else f"<base64, {bytes_in_words(base64_size(picture))}>"
