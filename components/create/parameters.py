"""Every parameter of the API, with what the chosen model allows. The widgets keep their values over pages."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from components import session, widget_values
from components.create import findings as findings_at
from components.create import prompt_phrases
from components.foreign_text import markdown
from components.runtime import services
from kling import Finding
from kling.rules import (
    DEFAULT_CFG_SCALE,
    MAX_CFG_SCALE,
    MAX_NEGATIVE_PROMPT_CHARS,
    MAX_PROMPT_CHARS,
    MIN_CFG_SCALE,
)
from studio.request.draft import Parameters
from studio.request.model_options import (
    LISTED_MODELS,
    ModelOptions,
    duration_label,
    model_label,
    model_options,
)

WORDS, CARRIER = "words", "carrier"


def show() -> tuple[Parameters, "Slots"]:
    """Show the widgets; findings come later into the slots, once the whole draft is known."""
    widget_values.bring()
    widget_values.bring_back()
    slots = Slots()
    prompt = _text("Prompt", "prompt", MAX_PROMPT_CHARS, "What happens in the picture?", 100)
    prompt_phrases.show()
    slots.add("prompt")
    slots.reserve(WORDS)
    models = services().models.table(services().endpoint(session.current().api_key))
    model_name = _model(models.default_model)
    st.caption(markdown(models.evidence(model_name).words))
    offered = model_options(model_name)
    mode, duration = _mode_and_duration(offered, model_name)
    st.caption(markdown(" ".join(offered.notes)))
    slots.reserve(CARRIER)
    slots.add("model_name", "mode", "duration")
    with st.expander("Negative prompt and guidance", icon=":material/tune:"):
        negative_prompt = _text(
            "Negative prompt", "negative_prompt", MAX_NEGATIVE_PROMPT_CHARS, "What must not appear?", 70
        )
        cfg_scale = _cfg_scale(offered)
    slots.add("negative_prompt", "cfg_scale")  # in sight, also while the fields are folded away
    with st.expander("Callback and task id", icon=":material/webhook:"):
        callback_url = _line("Callback URL", "callback_url", placeholder="https://…")
        widget_values.give_external_task_id()
        external_task_id = _line("External task id", "external_task_id", help_text=_ABOUT_THE_ID)
    slots.add("callback_url", "external_task_id")
    with st.expander("Extra fields (JSON)", icon=":material/data_object:"):
        extra_fields = _extra_fields()
    slots.add("extra_fields")
    widget_values.keep()
    return (
        Parameters(
            model_name=model_name,
            mode=mode,
            duration=duration,
            prompt=prompt,
            negative_prompt=negative_prompt,
            cfg_scale=cfg_scale,
            callback_url=callback_url,
            external_task_id=external_task_id,
            extra_fields=extra_fields,
        ),
        slots,
    )


class Slots:
    """Places under the fields, filled when the whole draft and its findings are known."""

    def __init__(self) -> None:
        self._reserved: dict[str, st.delta_generator.DeltaGenerator] = {}
        self._places: list[tuple[tuple[str, ...], st.delta_generator.DeltaGenerator]] = []

    def reserve(self, name: str) -> None:
        """Make a place here for what the whole draft says."""
        self._reserved[name] = st.container()

    def reserved(self, name: str) -> st.delta_generator.DeltaGenerator:
        """The place of that name."""
        return self._reserved[name]

    def add(self, *fields: str) -> None:
        """Make a place here, for findings on these wire fields."""
        self._places.append((fields, st.container()))

    def fill(self, findings: tuple[Finding, ...], offers: findings_at.RepairOffers) -> None:
        """Show each finding at its place, with its repairs."""
        for fields, place in self._places:
            with place:
                findings_at.show(findings, *fields, offers=offers)


def _text(label: str, key: str, limit: int, placeholder: str, height: int) -> str:
    # No max_chars: it would cut a longer text when it is pasted, and nothing typed may be lost.
    text = st.text_area(label, key=key, placeholder=placeholder, height=height, persist_state="session") or ""
    st.caption(f"{limit - len(text)} of {limit} characters left" if text else f"Up to {limit} characters")
    return text


def _model(default: str) -> str:
    name = st.selectbox(
        "Model",
        LISTED_MODELS,
        index=LISTED_MODELS.index(default),
        key="model_name",
        format_func=model_label,
        accept_new_options=True,
        help="You may type another name; CometAPI lists them on its Models page.",
        persist_state="session",
    )
    return (name or default).strip()


def _mode_and_duration(offered: ModelOptions, model_name: str) -> tuple[str | None, str]:
    with st.container(horizontal=True):
        mode = _one_of("Mode", "mode", offered.modes) if offered.modes else None
        words = partial(duration_label, model_name)
        return mode, _one_of("Duration", "duration", offered.durations, words)


def _one_of(label: str, key: str, values: tuple[str, ...], words: Callable[[str], str] = str) -> str:
    """Show one choice of several; the first one until another is chosen."""
    chosen = st.segmented_control(
        label,
        values,
        default=values[0],
        key=key,
        required=True,
        format_func=words,
        persist_state="session",
    )
    return chosen or values[0]


def _extra_fields() -> str:
    st.caption(
        "Fields that CometAPI's page does not list, such as sound. They are sent as typed, and nothing here "
        "checks what they do."
    )
    text = st.text_area(
        "One JSON object",
        key="extra_fields",
        placeholder='{"sound": "off"}',
        height=100,
        label_visibility="collapsed",
        persist_state="session",
    )
    return text or ""


def _cfg_scale(offered: ModelOptions) -> float | None:
    if offered.cfg_scale is False:
        return None
    if offered.cfg_scale is None and not st.toggle(
        "Send a guidance scale", key=widget_values.SEND_CFG, persist_state="session"
    ):
        return None
    return float(
        st.slider(
            "Guidance scale: freer (0) to closer to the prompt (1)",
            min_value=MIN_CFG_SCALE,
            max_value=MAX_CFG_SCALE,
            value=DEFAULT_CFG_SCALE,
            step=0.05,
            key="cfg_scale",
            persist_state="session",
        )
    )


def _line(label: str, key: str, *, placeholder: str | None = None, help_text: str | None = None) -> str:
    line = st.text_input(label, key=key, placeholder=placeholder, help=help_text, persist_state="session")
    return (line or "").strip()


_ABOUT_THE_ID = (
    "Your own name for the task, unique per account. With it a task is found again, not paid twice."
)
