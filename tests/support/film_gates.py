"""Judge a film by its MP4 and its request alone: the promises that it breaks."""

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from motion.video import decode, probe
from motion.yuv import I420
from tests.support.honesty import (
    FROZEN_PSNR_DB,
    TAIL_SSIM,
    Mask,
    PathError,
    Picture,
    Points,
    path_error,
    psnr_inside,
    ssim,
    track_template,
)
from tests.support.pictures import encoded

NEAR_OF_WIDTH = 0.02
"""How far a painted part may be from its path and its end, as a share of the picture's width."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Part:
    """A painted part: (H, W) True inside, and the path that it was given, in image_px."""

    mask: Mask
    path_image_px: Points


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Asked:
    """A create, before it is written as JSON; pictures are (H, W, 3) RGB and of even sizes."""

    image: Picture
    parts: tuple[Part, ...] = ()
    frozen: Mask | None = None
    tail: Picture | None = None
    mode: str = "pro"
    duration: str = "5"
    prompt: str = "the wind rises"
    cfg_scale: float = 0.7

    def body(self) -> dict[str, Any]:
        """The JSON of the create, as CometAPI documents it."""
        body: dict[str, Any] = {
            "image": _text(self.image),
            "model_name": "kling-v1-5" if self.mode == "pro" else "kling-v1",
            "mode": self.mode,
            "duration": self.duration,
            "prompt": self.prompt,
            "cfg_scale": self.cfg_scale,
        }
        if self.tail is not None:
            body["image_tail"] = _text(self.tail)
        if self.frozen is not None:
            body["static_mask"] = _mask_text(self.frozen)
        if self.parts:
            body["dynamic_masks"] = [self._dynamic_mask(part) for part in self.parts]
        return body

    def _dynamic_mask(self, part: Part) -> dict[str, Any]:
        height_px = self.image.shape[0]
        points = [{"x": int(x), "y": int(height_px - 1 - y)} for x, y in part.path_image_px]
        return {"mask": _mask_text(part.mask), "trajectories": points}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Film:
    """An MP4 as it came, and what had been asked for."""

    asked: Asked
    mp4: bytes

    @cached_property
    def frames(self) -> Picture:
        """(n, H, W, 3) RGB."""
        return decode(self.mp4)

    @cached_property
    def path_errors(self) -> list[PathError]:
        """Path errors of each painted part, in pixels."""
        return [
            path_error(track_template(self.frames, part.mask), part.path_image_px)
            for part in self.asked.parts
        ]


def broken_promises(film: Film) -> set[str]:
    """The names of the promises that this film breaks; empty for an honest one.

    A film of another size has only that said of it: the other gates compare pixel by pixel.
    """
    if film.frames.shape[1:3] != film.asked.image.shape[:2]:
        return {"size"}
    gates = {
        "end": _reaches_the_end,
        "path": _keeps_to_the_path,
        "frozen": _leaves_the_frozen,
        "tail": _reaches_the_tail,
        "length": _has_the_length,
        "record": _records_the_order,
    }
    return {name for name, kept in gates.items() if not kept(film)}


def nearness_db(film: Film, truth: Picture) -> float:
    """Mean PSNR in dB against the same frames never encoded, (n, H, W, 3)."""
    whole = np.ones(truth.shape[1:3], np.bool_)
    pairs = zip(film.frames, truth, strict=True)
    return float(np.mean([psnr_inside(frame, meant, whole) for frame, meant in pairs]))


def frozen_db(film: Film) -> float:
    """PSNR of the frozen area in its worst frame, against what a video's halved chroma can hold of it."""
    frozen, sent = film.asked.frozen, I420.from_rgb(film.asked.image).to_rgb()
    if frozen is None:
        return float("inf")
    return float(min(psnr_inside(sent, frame, frozen) for frame in film.frames))


def _near_px(film: Film) -> float:
    return NEAR_OF_WIDTH * int(film.asked.image.shape[1])


def _reaches_the_end(film: Film) -> bool:
    return all(error.end_px <= _near_px(film) for error in film.path_errors)


def _keeps_to_the_path(film: Film) -> bool:
    return all(error.rms_px <= _near_px(film) for error in film.path_errors)


def _leaves_the_frozen(film: Film) -> bool:
    return frozen_db(film) >= FROZEN_PSNR_DB


def _reaches_the_tail(film: Film) -> bool:
    tail = film.asked.tail
    return tail is None or bool(ssim(film.frames[-1], tail) >= TAIL_SSIM)


def _has_the_length(film: Film) -> bool:
    asked_s, told = float(film.asked.duration), probe(film.mp4)
    return abs(told.duration_s - asked_s) <= 0.1 and abs(len(film.frames) / told.fps - asked_s) <= 0.1


def _records_the_order(film: Film) -> bool:
    asked, comment = film.asked, probe(film.mp4).comment
    said = ("simulation", f"mode={asked.mode}", f"cfg_scale={asked.cfg_scale:g}", f"prompt={asked.prompt}")
    return all(word in comment for word in said)


def _text(picture: Picture) -> str:
    return base64.b64encode(encoded(picture)).decode()


def _mask_text(painted: Mask) -> str:
    return _text(np.where(painted, np.uint8(255), np.uint8(0)))
