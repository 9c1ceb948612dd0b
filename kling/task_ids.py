"""Which ids can be used to query: the service's own and the caller's stand in the path of a URL."""

import re

_QUERYABLE = re.compile(r"(?!\.{1,2}$)[^\s/\\?#%\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")


def is_queryable_id(text: str) -> bool:
    """True when the text can be one segment of a path: no spaces, slashes, control characters or ? # %."""
    return bool(_QUERYABLE.fullmatch(text))
