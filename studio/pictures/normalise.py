"""Bring any opened picture to upright 8-bit sRGB pixels, with a plain sentence for each change."""

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from studio.pictures.colour_profiles import convert_to_srgb, profile_by_gamma
from studio.pictures.file_parts import ImageParts

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def to_upright_srgb(image: Image.Image, parts: ImageParts) -> tuple[Image.Image, tuple[str, ...]]:
    """Convert a picture to an RGB image without any metadata.

    Each step frees what the one before needed: at 40 megapixels a copy is 160 MB.

    Args:
        image: a decoded picture, as `upload_checks.open_checked` gives it; not to be used afterwards.
        parts: of the file that it came from.

    Returns:
        The pixels (mode RGB, `info` empty), and a sentence for each thing that was changed.
    """
    notes: list[str] = []
    steps: tuple[Callable[[Image.Image], Image.Image], ...] = (
        lambda picture: _turn_upright(picture, parts.orientation, notes),
        lambda picture: _scale_to_eight_bits(picture, parts.bits, notes),
        lambda picture: _flatten_alpha(picture, notes),
        lambda picture: _convert_to_srgb(picture, parts, notes),
    )
    for step in steps:
        before, image = image, step(image)
        if image is not before:
            before.close()
    image.info.clear()
    return image, tuple(notes)


def _turn_upright(image: Image.Image, orientation: int, notes: list[str]) -> Image.Image:
    method = _UPRIGHT.get(orientation)
    if method is None:
        return image
    notes.append("It was turned upright, as the camera had noted.")
    return image.transpose(method)


def _scale_to_eight_bits(image: Image.Image, bits: int, notes: list[str]) -> Image.Image:
    """Scale 16-bit greys to 8 bits (Pillow's own `convert` clips); 16-bit colours arrive already scaled."""
    if bits == 16:
        notes.append("Its 16 bits a channel were scaled to 8.")
    if not image.mode.startswith("I"):
        return image
    deep, transparent = np.asarray(image), image.info.get("transparency")
    grey = Image.fromarray(cv2.convertScaleAbs(deep, alpha=255 / 65535))
    if transparent is None:
        return grey
    alpha = Image.fromarray(np.where(deep == transparent, 0, 255).astype(np.uint8))
    return Image.merge("LA", (grey, alpha))


def _flatten_alpha(image: Image.Image, notes: list[str]) -> Image.Image:
    if not image.has_transparency_data:
        return image
    if image.mode != "RGBA":
        image = image.convert("RGBA")
    alpha = image.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return image.convert("RGB")
    notes.append("Its transparent parts were filled with white.")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=alpha)
    return flat


def _convert_to_srgb(image: Image.Image, parts: ImageParts, notes: list[str]) -> Image.Image:
    was_cmyk = image.mode == "CMYK"
    if image.mode not in {"RGB", "CMYK", "L"}:
        image = image.convert("RGB")
    managed = _convert_by_notes(image, parts, notes)
    if was_cmyk:
        notes.append("Its print colours (CMYK) were converted to screen colours (sRGB).")
    elif managed is not None:
        notes.append("Its colours were converted from its own colour profile to sRGB.")
    if managed is not None:
        return managed
    return image if image.mode == "RGB" else image.convert("RGB")


def _convert_by_notes(image: Image.Image, parts: ImageParts, notes: list[str]) -> Image.Image | None:
    """Convert by the file's profile, or else its gamma; None when it has neither, or is sRGB already."""
    profile = parts.profile
    if profile is None and parts.gamma is not None:
        profile = profile_by_gamma(parts.gamma, parts.primaries)
    is_damaged = parts.has_damaged_profile
    if profile and not is_damaged:
        try:
            return convert_to_srgb(image, profile)
        except ValueError:
            is_damaged = True
    if is_damaged:
        notes.append("Its colour profile could not be read and was left out.")
    return None
