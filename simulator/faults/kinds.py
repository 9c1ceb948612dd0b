"""Every kind of fault: the requests that it strikes, its fields, and a sentence on it."""

from collections.abc import Mapping
from typing import Any, Final

from simulator.faults.callbacks import CALLBACK_STRIKES
from simulator.faults.faults import FaultKind
from simulator.faults.strikes import STRIKES

ALL_KINDS: Final[Mapping[str, FaultKind[Any]]] = {**STRIKES, **CALLBACK_STRIKES}

KINDS: Final = [
    {
        "kind": name,
        "on": kind.on,
        "fields": kind.fields,
        "says": kind.strike.__doc__,
        "shapes": {shape: {"says": row.says, "source": row.source} for shape, row in kind.shapes.items()},
    }
    for name, kind in ALL_KINDS.items()
]
"""The same as plain values, for people and for `GET /_control`."""
