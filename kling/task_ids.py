"""Ids of tasks: which can be used to query (they stand in the path of a URL), and new external ones."""

import re
import secrets

_QUERYABLE = re.compile(r"(?!\.{1,2}$)[^\s/\\?#%\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")


def is_queryable_id(text: str) -> bool:
    """True when the text can be one segment of a path: no spaces, slashes, control characters or ? # %."""
    return bool(_QUERYABLE.fullmatch(text))


def new_external_task_id() -> str:
    """A random 128-bit id, unique per account as the API asks (contract.md)."""
    return f"studio-{secrets.token_hex(16)}"
