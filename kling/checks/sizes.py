"""Sizes of pictures, in bytes and in words."""


def base64_size(text: str) -> int:
    """The number of bytes that a base64 text stands for, without decoding it."""
    return max(0, len(text) * 3 // 4 - text[-2:].count("="))


def bytes_in_words(count: int) -> str:
    """A size for people, decimal units: `812 bytes`, `34 kB`, `1.2 MB`."""
    if count < 1_000:
        return f"{count} bytes"
    if count < 999_500:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"
