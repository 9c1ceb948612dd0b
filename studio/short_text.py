"""Long texts cut to what a line shows."""


def shortened(text: str, chars: int) -> str:
    """Return the text, or so many of its characters and an ellipsis; a foreign text stays one."""
    return text if len(text) <= chars else f"{text[:chars].rstrip()} …"
