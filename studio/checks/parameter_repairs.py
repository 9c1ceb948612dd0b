"""Repairs of choices and texts: model, mode, duration, prompts, tail frame."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kling import Finding, capability
from kling.model_lives import cheapest_living_model, seen_working
from kling.rules import (
    CAPABILITIES,
    DEFAULT_CFG_SCALE,
    DEFAULT_DURATION,
    DEFAULT_MODE,
    MAX_CFG_SCALE,
    MAX_NEGATIVE_PROMPT_CHARS,
    MAX_PROMPT_CHARS,
    MIN_CFG_SCALE,
    REFUSED_MODELS,
    TRAJECTORY_DURATION,
    brush_models,
    sorted_pairs,
)
from kling.task_ids import new_external_task_id
from studio.checks.carrier_checks import words_repair
from studio.checks.findings import Repair
from studio.request.draft import Carrier, Draft
from studio.request.words import motion_words


@dataclass(frozen=True, kw_only=True)
class ModelChoice:
    """A choice of model, mode and duration that a repair switches to."""

    model_name: str
    mode: str | None
    duration: str

    @property
    def label(self) -> str:
        """In the words of the screen: kling-v1 · std · 5 s."""
        return " · ".join(part for part in (self.model_name, self.mode, f"{self.duration} s") if part)

    def apply_to(self, draft: Draft) -> Draft:
        """Make this choice in a draft; a guidance that the model does not take is left out."""
        known = capability(self.model_name)
        guidance = None if known and not known.cfg_scale else draft.parameters.cfg_scale
        chosen = {"model_name": self.model_name, "mode": self.mode, "duration": self.duration}
        return _with(draft, **chosen, cfg_scale=guidance)


def brush_choices(draft: Draft) -> tuple[ModelChoice, ...]:
    """Choices that take the motion brush; empty when nothing is drawn or the choice does it.

    A name that is not in the table is taken at its word; a model of which it is unknown is not.
    """
    if draft.drawing is None or draft.drawing.is_empty:
        return ()
    model_name = draft.parameters.model_name
    known = capability(model_name)
    chosen = (draft.parameters.mode or DEFAULT_MODE, draft.parameters.duration)
    is_taken = known is None or chosen in known.motion_brush
    if is_taken and model_name not in REFUSED_MODELS:
        return ()
    return tuple(ModelChoice(model_name=m, mode=mode, duration=s) for m, mode, s in brush_models())


def _to_the_brush(draft: Draft, found: Finding) -> Iterator[Repair]:
    if draft.parameters.carrier is Carrier.BRUSH and found.rule == "motion-brush-unsupported":
        yield _set(
            found, "Send the drawing another way", "In the best way that this model has.", carrier=None
        )
    for choice in brush_choices(draft):
        yield _switch_to(found, choice, "This choice does what is painted.")


def _to_a_served_model(draft: Draft, found: Finding) -> Iterator[Repair]:
    """Offer models that take masks, where the person wants these; else models that are known to be served."""
    choices = brush_choices(draft)
    if choices and draft.parameters.carrier is Carrier.BRUSH:
        yield from (_switch_to(found, choice, "This choice does what is painted.") for choice in choices)
        return
    for name, accepted_on in seen_working().items():
        mode = (draft.parameters.mode or DEFAULT_MODE) if CAPABILITIES[name].modes else None
        choice = ModelChoice(model_name=name, mode=mode, duration=draft.parameters.duration)
        yield _switch_to(found, choice, f"Seen working in {accepted_on:%B %Y}.")


def _to_five_seconds(draft: Draft, found: Finding) -> Iterator[Repair]:
    if brush_choices(draft):  # the duration alone may not be enough: these fix both
        yield from _to_the_brush(draft, found)
    else:
        yield _set(
            found, "Switch to 5 s", "Paths exist for 5-second videos only.", duration=TRAJECTORY_DURATION
        )


def _to_the_tail(draft: Draft, found: Finding) -> Iterator[Repair]:
    """Offer a mode and duration of this model that take a tail frame, or else a living model; or no tail."""
    row = capability(draft.parameters.model_name)
    row = row if row and row.image_tail else CAPABILITIES[cheapest_living_model()]
    for mode, duration in sorted_pairs(row.image_tail):
        choice = ModelChoice(model_name=row.model_name, mode=mode, duration=duration)
        yield _switch_to(found, choice, "This choice takes a tail frame.")
    yield _without_tail(found) if draft.tail else words_repair(found)


def _tail_or_paint(_: Draft, found: Finding) -> Iterator[Repair]:
    yield _without_tail(found)
    yield words_repair(found)
    yield Repair(
        finding=found,
        label="Clear everything painted",
        explanation="The tail frame stays; all layers and paths go.",
        apply=lambda draft: replace(draft, drawing=draft.drawing and replace(draft.drawing, strokes=())),
    )


def _shorter_text(name: str, limit: int) -> Callable[[Draft, Finding], Iterator[Repair]]:
    def offer(draft: Draft, found: Finding) -> Iterator[Repair]:
        text = getattr(draft.parameters, name)
        kept = _cut(text, limit)
        lost = f"What goes: “{text[len(kept) :].strip()}”"
        yield _set(found, f"Cut to {len(kept)} characters", lost, **{name: kept})

    return offer


def _shorter_prompt(draft: Draft, found: Finding) -> Iterator[Repair]:
    """Offer to make edited sentences anew, or to cut the person's own text so that both have room."""
    words = motion_words(draft)
    if words.is_edited:
        why = "They are made from the drawing, as short as they must be."
        yield _set(found, "Write the sentences anew", why, motion_words=None)
    taken = len(words.text) + len(". ") if words.is_edited and words.text else 0
    if taken < MAX_PROMPT_CHARS:
        yield from _shorter_text("prompt", MAX_PROMPT_CHARS - taken)(draft, found)


def _cut(text: str, limit: int) -> str:
    """The beginning, to the end of a word if there is one in its later half."""
    at = text.rfind(" ", limit // 2, limit + 1)
    return text[: at if at > 0 else limit].rstrip()


def _left_out(label: str, explanation: str, **values: Any) -> Callable[[Draft, Finding], Iterator[Repair]]:  # noqa: ANN401
    def offer(_: Draft, found: Finding) -> Iterator[Repair]:
        yield _set(found, label, explanation, **values)

    return offer


def _clamped_guidance(draft: Draft, found: Finding) -> Iterator[Repair]:
    value = draft.parameters.cfg_scale if draft.parameters.cfg_scale is not None else DEFAULT_CFG_SCALE
    value = min(MAX_CFG_SCALE, max(MIN_CFG_SCALE, value))
    yield _set(found, f"Set the guidance to {value:g}", "The nearest that is allowed.", cfg_scale=value)


def _new_id(_: Draft, found: Finding) -> Iterator[Repair]:
    made = new_external_task_id()
    yield _set(found, "Take a new id", "A random one that is unique.", external_task_id=made)


def _without_tail(found: Finding) -> Repair:
    return Repair(
        finding=found,
        label="Remove the tail frame",
        explanation="What is painted stays; the video ends where it ends.",
        apply=lambda draft: replace(draft, tail=None),
    )


def _switch_to(found: Finding, choice: ModelChoice, why: str) -> Repair:
    return Repair(finding=found, label=f"Use {choice.label}", explanation=why, apply=choice.apply_to)


def _set(found: Finding, label: str, explanation: str, **values: Any) -> Repair:  # noqa: ANN401
    return Repair(
        finding=found, label=label, explanation=explanation, apply=lambda draft: _with(draft, **values)
    )


def _with(draft: Draft, **values: Any) -> Draft:  # noqa: ANN401 — a parameter has its own type
    return replace(draft, parameters=replace(draft.parameters, **values))


_NO_GUIDANCE = _left_out("Leave the guidance out", "The service then takes its own.", cfg_scale=None)
_NO_CALLBACK = _left_out(
    "Leave the callback out", "The task is followed from here without it.", callback_url=""
)

BY_RULE: Mapping[str, Callable[[Draft, Finding], Iterator[Repair]]] = {
    "motion-brush-unsupported": _to_the_brush,
    "trajectories-need-5-seconds": _to_five_seconds,
    "model-missing": _to_a_served_model,
    "model-refused": _to_a_served_model,
    "mode-unsupported": _left_out("Leave the mode out", "The model has one quality.", mode=None),
    "mode-unknown": _left_out("Use std", "The cheaper of the two.", mode=DEFAULT_MODE),
    "duration-not-seen": _left_out(
        "Switch to 5 s", "Every model offers 5 seconds.", duration=DEFAULT_DURATION
    ),
    "duration-unsupported": _left_out(
        "Switch to 5 s", "Every model offers 5 seconds.", duration=DEFAULT_DURATION
    ),
    "tail-with-masks": _tail_or_paint,
    "tail-unsupported": _to_the_tail,
    "cfg-scale-unsupported": _NO_GUIDANCE,
    "cfg-scale-unknown": _NO_GUIDANCE,
    "cfg-scale-out-of-range": _clamped_guidance,
    "prompt-too-long": _shorter_prompt,
    "negative-prompt-too-long": _shorter_text("negative_prompt", MAX_NEGATIVE_PROMPT_CHARS),
    "callback-url-invalid": _NO_CALLBACK,
    "callback-url-not-public": _NO_CALLBACK,
    "external-task-id-unusable": _new_id,
}
"""The repairs of each rule of kling.checks.check that is about a choice or a text."""
