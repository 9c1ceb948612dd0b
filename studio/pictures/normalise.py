"""Bring any opened picture to upright 8-bit sRGB pixels, with a plain sentence for each change."""

import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageCms

_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PNG_BIT_DEPTH_AT = 24  # the byte of IHDR that gives the bits a channel
_SRGB = ImageCms.createProfile("sRGB")


def to_upright_srgb(image: Image.Image, data: bytes) -> tuple[Image.Image, tuple[str, ...]]:
    """Convert a picture to an RGB image without any metadata.

    Each step frees what the one before needed: at 40 megapixels a copy is 160 MB.

    Args:
        image: a decoded picture, as `upload_checks.open_checked` gives it; not to be used afterwards.
        data: the file that it came from (its header tells what decoding hides).

    Returns:
        The pixels (mode RGB, `info` empty), and a sentence for each thing that was changed.
    """
    notes: list[str] = []
    profile = image.info.get("icc_profile")
    steps: tuple[Callable[[Image.Image], Image.Image], ...] = (
        lambda picture: _turn_upright(picture, notes),
        lambda picture: _scale_to_eight_bits(picture, data, notes),
        lambda picture: _flatten_alpha(picture, notes),
        lambda picture: _convert_to_srgb(picture, profile, notes),
    )
    for step in steps:
        before, image = image, step(image)
        if image is not before:
            before.close()
    image.info.clear()
    return image, tuple(notes)


def _turn_upright(image: Image.Image, notes: list[str]) -> Image.Image:
    try:
        orientation = image.getexif().get(_ORIENTATION_TAG, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError):
        return image  # unreadable EXIF says nothing about the picture
    method = _UPRIGHT.get(orientation)
    if method is None:
        return image
    notes.append("It was turned upright, as the camera had noted.")
    return image.transpose(method)


def _scale_to_eight_bits(image: Image.Image, data: bytes, notes: list[str]) -> Image.Image:
    """Scale 16-bit greys to 8 bits (Pillow's own `convert` clips); 16-bit colours arrive already scaled."""
    if data.startswith(b"\x89PNG") and data[_PNG_BIT_DEPTH_AT] == 16:
        notes.append("Its 16 bits a channel were scaled to 8.")
    if not image.mode.startswith("I"):
        return image
    return Image.fromarray(cv2.convertScaleAbs(np.asarray(image), alpha=255 / 65535))


def _flatten_alpha(image: Image.Image, notes: list[str]) -> Image.Image:
    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return image.convert("RGB")
    notes.append("Its transparent parts were filled with white.")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=alpha)
    return flat


def _convert_to_srgb(image: Image.Image, profile: bytes | None, notes: list[str]) -> Image.Image:
    was_cmyk = image.mode == "CMYK"
    if image.mode not in {"RGB", "CMYK", "L"}:
        image = image.convert("RGB")
    managed = _convert_by_profile(image, profile, notes) if profile else None
    if was_cmyk:
        notes.append("Its print colours (CMYK) were converted to screen colours (sRGB).")
    elif managed is not None:
        notes.append("Its colours were converted from its own colour profile to sRGB.")
    if managed is not None:
        return managed
    return image if image.mode == "RGB" else image.convert("RGB")


def _convert_by_profile(image: Image.Image, profile: bytes, notes: list[str]) -> Image.Image | None:
    """Convert to sRGB by the ICC profile; None when it is sRGB already or the profile is unusable."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return None
        return ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        notes.append("Its colour profile could not be read and was left out.")
        return None
