"""Repairs of the picture and of the tail frame: cropped, padded, enlarged, made lighter.

The drawing goes along: every stroke stays at its place on the picture.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from PIL import Image

from kling import Finding
from kling.checks.sizes import bytes_in_words
from kling.rules import MAX_IMAGE_BYTES
from studio.checks.findings import Repair
from studio.checks.illustrations import frame_jpeg
from studio.drawing.arrays import SizePx
from studio.drawing.model import Drawing
from studio.kept_results import MB, kept
from studio.pictures.encode import scale_under_limit
from studio.pictures.reframe import Fit, Frame, apply_frame, enlarged_size_px, frame_of, is_too_long
from studio.pictures.source_image import SourceImage, build_source, decode_source
from studio.pictures.upload_checks import MAX_PIXELS
from studio.request.draft import Draft, Picture

Slot = Literal["picture", "tail"]
_SLOTS: Mapping[str, tuple[Slot, str]] = {
    "image": ("picture", "picture"),
    "image_tail": ("tail", "tail frame"),
}
"""Of each field: its slot in the draft, and its name."""
LIGHT_SIDE_PX = 1920
"""The longer side of 1080p."""
_SAID = {
    Fit.CROP: ("Crop", "As much stays as is allowed, about the middle of what is drawn."),
    Fit.PAD: ("Pad", "All of it stays, between bars in the colour of its edges."),
}
_DONE = {Fit.CROP: "cropped", Fit.PAD: "padded"}


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A finding on a picture of a draft."""

    draft: Draft
    found: Finding
    slot: Slot
    name: str
    source: SourceImage

    def repair(
        self,
        label: str,
        explanation: str,
        apply: Callable[[Draft], Draft],
        preview_jpeg: Callable[[], bytes] | None = None,
    ) -> Repair:
        """A repair of this finding; {} in the label is the picture's name."""
        label = label.format(self.name)
        return Repair(
            finding=self.found, label=label, explanation=explanation, apply=apply, preview_jpeg=preview_jpeg
        )


def move_drawing_along(drawing: Drawing, size_image_px: SizePx, frame: Frame) -> Drawing:
    """Move a drawing to the part of its picture that a frame covers, each stroke at the same place of it.

    Args:
        drawing: on any canvas.
        size_image_px: of the picture that it was drawn on.
        frame: in pixels of that picture; its size is the canvas's afterwards.
    """
    whole = drawing.scaled_to(*size_image_px)
    strokes = tuple(stroke.shifted(-frame.left_px, -frame.top_px) for stroke in whole.strokes)
    return replace(whole, canvas_width_px=frame.width_px, canvas_height_px=frame.height_px, strokes=strokes)


def _fits(case: _Case) -> Iterator[Repair]:
    """Offer to crop about the drawing, or to pad where the picture does not become too large by it."""
    for fit in Fit:
        frame = _frame(case.draft, case.slot, case.source, fit)
        if frame.width_px * frame.height_px <= MAX_PIXELS:
            verb, what_stays = _SAID[fit]
            yield case.repair(
                f"{verb} the {{}} to {_in_words(frame.size_px)}",
                what_stays,
                partial(_refit, slot=case.slot, fit=fit),
                partial(frame_jpeg, case.source, frame),
            )


def _enlarging(case: _Case) -> Iterator[Repair]:
    """Offer to enlarge, unless the picture is too long as well: fitted first it is enlarged by less."""
    if is_too_long(case.source.size_px):
        return
    size_px = enlarged_size_px(case.source.size_px)
    growth = size_px[0] / case.source.width_px
    yield case.repair(
        f"Enlarge the {{}} to {_in_words(size_px)}",
        f"{growth:.3g} times as wide and high. No detail comes with it, so that it looks softer.",
        partial(_changed, slot=case.slot, change=_enlarged),
    )


def _lighter(case: _Case) -> Iterator[Repair]:
    """Offer to save it again in the same size where that helps; or smaller, which keeps a good quality."""
    saved = _saved_again(case.source)
    if saved.size_px == case.source.size_px:
        yield case.repair(
            f"Save the {{}} again, in {_weight(saved)}",
            " ".join(saved.notes[len(case.source.notes) :]) or "Nothing on it changes.",
            partial(_changed, slot=case.slot, change=_saved_again),
        )
    smaller = _scaled_down(case.source)
    yield case.repair(
        f"Scale the {{}} down to {_in_words(smaller.size_px)}",
        f"All of it stays, in {_weight(smaller)}.",
        partial(_changed, slot=case.slot, change=_scaled_down),
    )


def _refit(draft: Draft, slot: Slot, fit: Fit) -> Draft:
    source = _source(draft, slot)
    if source is None or not is_too_long(source.size_px):
        return draft
    frame = _frame(draft, slot, source, fit)
    pixels, source_format = decode_source(source)
    notes = (*source.notes, f"It was {_DONE[fit]} to {_in_words(frame.size_px)}.")
    fixed = _with(draft, slot, build_source(apply_frame(pixels, frame), notes, source_format, source.name))
    if slot == "tail" or draft.drawing is None:
        return fixed
    return replace(fixed, drawing=move_drawing_along(draft.drawing, source.size_px, frame))


def _frame(draft: Draft, slot: Slot, source: SourceImage, fit: Fit) -> Frame:
    drawing = draft.drawing if slot == "picture" else None
    middle = (source.width_px / 2, source.height_px / 2)
    if drawing is not None and not drawing.is_empty:
        middle = _middle_image_px(drawing, source.size_px)
    return frame_of(source.size_px, fit, middle)


def _middle_image_px(drawing: Drawing, size_image_px: SizePx) -> tuple[float, float]:
    """The middle of the box around everything drawn, as far as it is on the picture."""
    points = np.array([point for stroke in drawing.strokes for point in stroke.points_canvas_px])
    points = np.clip(points * (np.array(size_image_px) / drawing.canvas_size_px), 0, size_image_px)
    x, y = (points.min(axis=0) + points.max(axis=0)) / 2
    return float(x), float(y)


def make_lighter(draft: Draft) -> Draft:
    """Send the pictures as JPEGs of at most `LIGHT_SIDE_PX`; what is drawn goes along.

    For a request that a relay found too heavy, although the contract allows it.
    """
    for slot, _ in _SLOTS.values():
        draft = _changed(draft, slot, _light)
    return draft


def _changed(draft: Draft, slot: Slot, change: Callable[[SourceImage], SourceImage]) -> Draft:
    """Change a picture that keeps all its content and proportions: the drawing fits it as it is."""
    source = _source(draft, slot)
    return draft if source is None else _with(draft, slot, change(source))


def _enlarged(source: SourceImage) -> SourceImage:
    size_px = enlarged_size_px(source.size_px)
    if size_px == source.size_px:
        return source
    pixels, source_format = decode_source(source)
    notes = (*source.notes, f"It was enlarged to {_in_words(size_px)}.")
    return build_source(pixels.resize(size_px, Image.Resampling.BICUBIC), notes, source_format, source.name)


# what is offered at every run takes some seconds to make
_kept_picture = kept(48 * MB, lambda made: made.size_bytes, lambda source: source.identity)


@_kept_picture
def _saved_again(source: SourceImage) -> SourceImage:
    if len(source.wire_bytes) <= MAX_IMAGE_BYTES:
        return source
    pixels, source_format = decode_source(source)
    return build_source(pixels, source.notes, source_format, source.name)


@_kept_picture
def _scaled_down(source: SourceImage) -> SourceImage:
    if len(source.wire_bytes) <= MAX_IMAGE_BYTES:
        return source
    scaled = scale_under_limit(decode_source(source)[0])
    notes = (*source.notes, f"It was scaled down to {_in_words(scaled.size)}.")
    return build_source(scaled, notes, "JPEG", source.name)


def _light(source: SourceImage) -> SourceImage:
    pixels, source_format = decode_source(source)
    growth = min(1.0, LIGHT_SIDE_PX / max(source.size_px))
    if growth == 1 and source_format == "JPEG":
        return source
    size_px = (round(source.width_px * growth), round(source.height_px * growth))
    scaled = pixels.resize(size_px, Image.Resampling.LANCZOS, reducing_gap=2.0) if growth < 1 else pixels
    notes = (*source.notes, f"It was made lighter: a JPEG of {_in_words(size_px)}.")
    return build_source(scaled, notes, "JPEG", source.name)


def _source(draft: Draft, slot: Slot) -> SourceImage | None:
    picture = draft.picture if slot == "picture" else draft.tail
    return picture.source if picture else None


def _with(draft: Draft, slot: Slot, source: SourceImage) -> Draft:
    before = draft.picture if slot == "picture" else draft.tail
    picture = replace(before or Picture(), source=source)
    return replace(draft, picture=picture) if slot == "picture" else replace(draft, tail=picture)


def _in_words(size_px: SizePx) -> str:
    return f"{size_px[0]} × {size_px[1]}"


def _weight(source: SourceImage) -> str:
    return bytes_in_words(len(source.wire_bytes))


def _on(offer: Callable[[_Case], Iterator[Repair]]) -> Callable[[Draft, Finding], Iterator[Repair]]:
    """An offer for the findings that are about a picture whose pixels are here."""

    def repairs(draft: Draft, found: Finding) -> Iterator[Repair]:
        slot, name = _SLOTS.get(found.field, (None, ""))
        source = _source(draft, slot) if slot else None
        if slot and source:
            yield from offer(_Case(draft=draft, found=found, slot=slot, name=name, source=source))

    return repairs


BY_RULE: Mapping[str, Callable[[Draft, Finding], Iterator[Repair]]] = {
    "picture-too-long": _on(_fits),
    "picture-too-small": _on(_enlarging),
    "picture-too-heavy": _on(_lighter),
}
"""The repairs of each rule on a picture that is sent."""
