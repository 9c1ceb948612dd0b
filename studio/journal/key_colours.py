"""The colours of a key: they tell keys apart, and nothing of a key itself."""

import colorsys
import hashlib


def key_colours(fingerprint: str) -> tuple[str, str]:
    """Two colours for a key's fingerprint as `#rrggbb`: two of 360 hues, seen on light and dark pages."""
    mixed = hashlib.sha256(fingerprint.encode()).digest()
    return _colour(mixed[:4]), _colour(mixed[4:8])


def _colour(of: bytes) -> str:
    hue = int.from_bytes(of) % 360 / 360
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, 0.5, 0.6))
    return f"#{red:02x}{green:02x}{blue:02x}"
