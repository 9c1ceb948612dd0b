"""Values of the widgets that hold a draft's parameters: brought by a draft, kept, given back when lost."""

from dataclasses import replace
from time import monotonic
from typing import Any

from components import session
from components.session import ArrivedValue
from kling.task_ids import new_external_task_id
from studio.request.draft import Draft, Parameters
from studio.request.external_ids import needs_new_id

EXTERNAL_TASK_ID = "external_task_id"
SEND_CFG = "send_cfg"
# Each is named after its parameter; their values are a person's work.
KEPT_WIDGETS = (
    "prompt",
    "negative_prompt",
    "model_name",
    "mode",
    "duration",
    "cfg_scale",
    SEND_CFG,
    "callback_url",
    EXTERNAL_TASK_ID,
    "extra_fields",
)
MESSAGES_OLDER_THAN_DRAFT_S = 3.0
"""How long a message may be under way that tells what the page showed before a draft came."""
# Chosen on the page too, but kept in the session: their widgets come and go with the drawing.
_IN_SESSION = ("carrier", "motion_words")


def bring() -> None:
    """Bring the parameters of drafts into the widgets, before they are drawn; again if a run is cut short."""
    current = session.current()
    _bring_again(current)
    for arriving in current.arriving:
        for name in _IN_SESSION:
            value = getattr(arriving.parameters, name)
            if arriving.shown is None or value != getattr(arriving.shown, name):
                setattr(current, name, value)
        values = _values(arriving.parameters, arriving.shown)
        if arriving.shown is None:
            current.arrived = {name: _arrived(current, name, value) for name, value in values.items()}
        for name, value in values.items():
            session.put(name, value)
    current.arriving = []


def _arrived(current: session.Session, name: str, value: object) -> ArrivedValue:
    """The record of a value that is put now, or was in a run that ended before all were."""
    earlier = current.arrived.get(name)
    if earlier is not None and earlier.value == value and monotonic() < earlier.until_s:
        return earlier
    until_s = monotonic() + MESSAGES_OLDER_THAN_DRAFT_S
    return ArrivedValue(value=value, before=session.get(name), until_s=until_s)


def _bring_again(current: session.Session) -> None:
    """Bring values again that a message has overwritten which left the page before it showed the draft."""
    for name, arrived in current.arrived.items():
        if monotonic() < arrived.until_s and session.get(name) == arrived.before:
            session.put(name, arrived.value)


def bring_back() -> None:
    """Give the kept widgets their values again if they were lost, before they are drawn.

    Streamlit keeps them over pages, but not when a page is left while a refresh of another page is on its
    way: one in fourteen very quick changes emptied the prompt.
    """
    for name, value in session.current().kept_values.items():
        if not session.is_mounted(name):
            session.put(name, value)


def keep() -> None:
    """Remember the values of the kept widgets, once all are drawn."""
    current = session.current()
    current.kept_values = {name: session.get(name) for name in KEPT_WIDGETS if session.is_mounted(name)}
    current.first_values = current.first_values or current.kept_values


def with_typed(draft: Draft) -> Draft:
    """Return a draft with the parameters typed and chosen on the page before its owner was known."""
    first = session.current().first_values
    typed = {name for name in first if session.is_mounted(name) and session.get(name) != first[name]}
    values = {name: session.get(name) for name in typed & vars(draft.parameters).keys()}
    if typed & {SEND_CFG, "cfg_scale"}:
        values["cfg_scale"] = session.get("cfg_scale") if session.get(SEND_CFG) is not False else None
    return replace(draft, parameters=replace(draft.parameters, **values))


def give_external_task_id() -> None:
    """Give a draft without an external task id, or with a spent one, a new one before its field is drawn."""
    current = session.current()
    if needs_new_id(session.get(EXTERNAL_TASK_ID), current.spent_task_id):
        session.put(EXTERNAL_TASK_ID, new_external_task_id())
    current.spent_task_id = None


def _values(parameters: Parameters, shown: Parameters | None) -> dict[str, Any]:
    """Values by widget; None leaves its widget as it is."""
    values = {
        name: value
        for name, value in vars(parameters).items()
        if name not in _IN_SESSION and value is not None and (shown is None or value != getattr(shown, name))
    }
    if shown is None or parameters.cfg_scale != shown.cfg_scale:
        values[SEND_CFG] = parameters.cfg_scale is not None  # asked for only where a model leaves it open
    if shown is None and not parameters.external_task_id:
        values[EXTERNAL_TASK_ID] = new_external_task_id()
    return values
