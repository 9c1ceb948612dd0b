"""The options of each model, and in words why the rest is not offered (Kling's capability table)."""

from dataclasses import dataclass, replace

from kling import CAPABILITIES, ModelCapability, capability
from kling.model_lives import MODEL_LIVES, ModelLife, ModelState, short_model_name
from kling.rules import DURATIONS, MAX_CFG_SCALE, MIN_CFG_SCALE, MODES, sorted_pairs
from studio.request.draft import Parameters

# Does the motion brush at the lowest price: what a newcomer wants to try first.
DEFAULT_MODEL = "kling-v1"
LISTED_MODELS = tuple(MODEL_LIVES)
"""The models of the picker: living first, then those not known here, then the retired ones."""
NOT_SEEN = "*"
"""The mark of a duration that is only documented."""


@dataclass(frozen=True, kw_only=True)
class ModelOptions:
    """The options of one model; `notes` say in words what is left out and why."""

    modes: tuple[str, ...]
    durations: tuple[str, ...]
    # True: sent by default; None: unknown, sent only if asked for; False: not offered
    cfg_scale: bool | None
    notes: tuple[str, ...]


def model_options(model_name: str) -> ModelOptions:
    """The options of a model; an unknown name gets all of them and a word of caution."""
    known = capability(model_name)
    if known is None:
        return ModelOptions(
            modes=MODES,
            durations=DURATIONS,
            cfg_scale=None,
            notes=(f"{short_model_name(model_name)} is not in our table: what it can do is not checked.",),
        )
    return ModelOptions(
        modes=known.modes,
        durations=known.durations + known.documented_durations,
        cfg_scale=known.cfg_scale,
        notes=tuple(_notes(known)),
    )


def fitted_parameters(chosen: Parameters) -> Parameters:
    """Parameters that the screen can show: whatever the model does not offer becomes its first option."""
    model_name = chosen.model_name.strip() or DEFAULT_MODEL
    offered = model_options(model_name)
    first_mode = offered.modes[0] if offered.modes else None
    return replace(
        chosen,
        model_name=model_name,
        mode=chosen.mode if chosen.mode in offered.modes else first_mode,
        duration=chosen.duration if chosen.duration in offered.durations else offered.durations[0],
        cfg_scale=None
        if chosen.cfg_scale is None
        else min(max(chosen.cfg_scale, MIN_CFG_SCALE), MAX_CFG_SCALE),
    )


def model_label(model_name: str) -> str:
    """The label in the picker, short enough for its closed field: "kling-v1 · retired · brush, …".

    A name that stands in no table is its own label.
    """
    life = MODEL_LIVES.get(model_name)
    if life is None:
        return model_name
    state = life.state.value if life.state is ModelState.RETIRED else state_words(life)
    return f"{model_name} · {state} · {carriers_in_words(model_name).removeprefix('motion ')}"


def state_words(life: ModelLife) -> str:
    """The state of a model in words: "retired in September 2026"."""
    if life.refused_on:
        return "not served here"
    if life.state is ModelState.UNKNOWN:
        return "not known here"
    if life.state is ModelState.RETIRED and life.retired_on:
        return f"retired in {life.retired_on:%B %Y}"
    return life.state.value


def carriers_in_words(model_name: str) -> str:
    """By what a drawing reaches a model with some mode and duration: "motion brush, last frame, words"."""
    known = CAPABILITIES.get(model_name)
    if known is None:
        return "words"
    found = ("motion brush" if known.motion_brush else "", "last frame" if known.image_tail else "", "words")
    return ", ".join(filter(None, found))


def duration_label(model_name: str, duration: str) -> str:
    """The words for a duration; one that is only documented is marked."""
    known = CAPABILITIES.get(model_name)
    return f"{duration} s{NOT_SEEN if known and duration in known.documented_durations else ''}"


def _notes(model: ModelCapability) -> list[str]:
    notes = [_brush_note(model), _tail_note(model)]
    if not model.modes:
        notes.append(f"{model.model_name} has one quality: no mode is sent.")
    if model.cfg_scale is False:
        notes.append("It does not take a guidance scale, so none is sent.")
    if model.documented_durations:
        notes.append(f"{NOT_SEEN} Kling documents it, not seen here.")
    return [note for note in notes if note]


def _brush_note(model: ModelCapability) -> str:
    if not model.motion_brush:
        return "It has no motion brush."
    return f"Motion brush: {_combinations(model.motion_brush)}."


def _tail_note(model: ModelCapability) -> str:
    return (
        f"Tail frame: {_combinations(model.image_tail)}." if model.image_tail else "It takes no tail frame."
    )


def _combinations(pairs: frozenset[tuple[str | None, str]]) -> str:
    return ", ".join(
        " ".join(filter(None, (mode, f"{duration} s"))) for mode, duration in sorted_pairs(pairs)
    )
