"""Differences between the parameters of tasks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.journal.entry import Entry
from studio.request.draft import Draft
from studio.short_text import shortened

LEAST_COMPARED, MOST_COMPARED = 2, 4
"""Tasks side by side."""
MAX_CHARS = 400
NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One parameter that is not the same in all tasks."""

    name: str
    # one a task, in their order
    values: tuple[str, ...]


def differences(tasks: Sequence[tuple[Entry, Draft | None]]) -> tuple[Difference, ...]:
    """The parameters that differ, in the order of the Create page; the draft is None where it is not kept."""
    columns = [_values(entry, draft) for entry, draft in tasks]
    names = max(columns, key=len, default={})  # one without its draft knows fewer
    rows = [
        Difference(name=name, values=tuple(_short(column.get(name)) for column in columns)) for name in names
    ]
    return tuple(row for row in rows if len(set(row.values)) > 1)


def _values(entry: Entry, draft: Draft | None) -> dict[str, str | None]:
    return {
        "Model": entry.model_name,
        "Mode": entry.mode,
        "Duration": f"{entry.duration} s" if entry.duration else None,
        "Prompt": entry.prompt,
        **_from_draft(draft),
        "Price": f"{entry.price_usd:.2f} USD" if entry.price_usd is not None else None,
        "Service": "Simulator" if entry.is_simulated else "CometAPI",
    }


def _from_draft(draft: Draft | None) -> dict[str, str | None]:
    if draft is None:
        return {}
    parameters = draft.parameters
    return {
        "Not wanted": parameters.negative_prompt,
        "cfg scale": None if parameters.cfg_scale is None else f"{parameters.cfg_scale:g}",
        "Drawing sent as": parameters.carrier.value if parameters.carrier else None,
        "Further fields": parameters.extra_fields,
        "Drawing": _drawn(draft),
        "Tail frame": _picture_name(draft, "tail"),
        "Picture": _picture_name(draft, "picture"),
    }


def _drawn(draft: Draft) -> str | None:
    if draft.drawing is None or draft.drawing.is_empty:
        return None
    strokes = draft.drawing.strokes
    layers = len({stroke.layer for stroke in strokes})
    return f"{layers} layer{'s' * (layers > 1)}, {len(strokes)} stroke{'s' * (len(strokes) > 1)}"


def _picture_name(draft: Draft, slot: str) -> str | None:
    picture = draft.tail if slot == "tail" else draft.picture
    if picture is None or picture.source is None:
        return picture.url if picture else None
    source = picture.source
    return f"{source.name}, {source.width_px} × {source.height_px}"


def _short(text: str | None) -> str:
    return shortened(text, MAX_CHARS) if text else NOTHING
