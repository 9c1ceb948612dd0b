"""Every rule of the contract, applied to one request before it is sent. Pure: fetches and raises nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kling import rules
from kling.checks.check_masks import brush_models_in_words, mask_findings, support_findings
from kling.checks.check_pictures import inspect_picture, side_findings
from kling.checks.extra_fields import extra_findings
from kling.checks.finding import Finding, error, warning
from kling.model_lives import seen_working, short_model_name
from kling.task_ids import is_queryable_id
from kling.web_urls import is_public, is_usable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kling.models import ImageToVideoRequest
    from kling.rules import ModelCapability


def check(request: ImageToVideoRequest) -> list[Finding]:
    """All findings on a request, in the order of the wire's fields; empty when it may be sent.

    Pictures are judged by their headers alone (a file cut short after its header is not seen here). For an
    image given as a URL no size is known: masks are then compared with each other. Of a model that is not in
    the table only the name is remarked upon.
    """
    image = inspect_picture("image", request.image)
    size_px = image.header.size_px if image.header else None
    findings = list(image.findings)
    if image.header:
        findings += side_findings("image", image.header)
    findings += _text_findings("prompt", "prompt", request.prompt, rules.MAX_PROMPT_CHARS)
    findings += _text_findings(
        "negative_prompt", "negative prompt", request.negative_prompt, rules.MAX_NEGATIVE_PROMPT_CHARS
    )
    findings += _callback_findings(request.callback_url)
    findings += _model_findings(request)
    findings += _tail_findings(request)
    findings += _cfg_scale_findings(request)
    findings += _duration_findings(request)
    findings += support_findings(request)
    findings += mask_findings(request, size_px)
    findings += _external_id_findings(request.external_task_id)
    findings += extra_findings(request.extra_fields)
    return findings


def _text_findings(field: str, name: str, text: str | None, limit: int) -> Iterator[Finding]:
    count = len(text or "")
    if count > limit:
        over = count - limit
        yield error(
            field,
            f"{field.replace('_', '-')}-too-long",
            f"The {name} has {count} characters; the service takes at most {limit}.",
            f"Shorten it by {over} character{'s' if over > 1 else ''}.",
        )


def _callback_findings(url: str | None) -> Iterator[Finding]:
    if not url:
        return
    if not is_usable(url):
        yield error(
            "callback_url",
            "callback-url-invalid",
            "The callback address is no complete http(s) URL.",
            "Write it as in https://example.org/callback, or leave it empty.",
        )
    elif not is_public(url):
        yield warning(
            "callback_url",
            "callback-url-not-public",
            "The callback address is inside a private network; a service outside cannot call it.",
            "Give a public address, or leave it empty: the task is followed without it.",
        )


def _model_findings(request: ImageToVideoRequest) -> Iterator[Finding]:
    name = request.model_name
    known = rules.capability(name)
    if not name:
        yield error("model_name", "model-missing", "No model is chosen.", "Choose one.")
    elif name in rules.REFUSED_MODELS:
        yield error(
            "model_name",
            "model-refused",
            f'The service answers "invalid model name" to {name}.',
            f"Choose {brush_models_in_words() if request.has_masks else ' or '.join(seen_working())}.",
        )
    elif known is None:
        yield warning(
            "model_name",
            "model-unknown",
            f"Nothing is known here of the model {short_model_name(name)!r}: what it can do is not checked.",
            "Check the name on the service's Models page.",
        )
    yield from _mode_findings(request.mode, known)


def _mode_findings(mode: str | None, known: ModelCapability | None) -> Iterator[Finding]:
    if mode and known and not known.modes:
        problem = f"{known.model_name} has no modes; {mode} is chosen."
        yield error("mode", "mode-unsupported", problem, "Leave the mode out.")
    elif mode and mode not in rules.MODES:
        problem = f"There is no mode {mode!r}."
        yield error("mode", "mode-unknown", problem, f"Choose {' or '.join(rules.MODES)}.")


def _tail_findings(request: ImageToVideoRequest) -> Iterator[Finding]:
    if not request.image_tail:
        return
    if request.has_masks:
        yield error(
            "image_tail",
            "tail-with-masks",
            "A tail frame and the motion brush cannot be used together.",
            "Remove the tail frame, or clear what is painted.",
        )
    yield from _tail_support_findings(request)
    tail = inspect_picture("image_tail", request.image_tail)
    yield from tail.findings
    if tail.header:
        yield from side_findings("image_tail", tail.header)


def _tail_support_findings(request: ImageToVideoRequest) -> Iterator[Finding]:
    known = rules.capability(request.model_name)
    if known is None or rules.takes_tail(request.model_name, request.mode, request.duration):
        return
    mode = request.mode or rules.DEFAULT_MODE
    allowed = [f"mode {mode} with {duration} s" for mode, duration in rules.sorted_pairs(known.image_tail)]
    others = [row.model_name for row in rules.CAPABILITIES.values() if row.image_tail]
    chosen = f"{mode}, {request.duration} s" if known.modes else f"{request.duration} s"
    yield error(
        "image_tail",
        "tail-unsupported",
        f"{known.model_name} ({chosen}) takes no tail frame.",
        f"Choose {' or '.join(allowed)}."
        if allowed
        else f"Choose {', '.join(others)}; or remove the tail frame.",
    )


def _cfg_scale_findings(request: ImageToVideoRequest) -> Iterator[Finding]:
    value = request.cfg_scale
    if value is None:
        return
    if not rules.MIN_CFG_SCALE <= value <= rules.MAX_CFG_SCALE:
        yield error(
            "cfg_scale",
            "cfg-scale-out-of-range",
            f"cfg_scale is {value:g}; the service takes 0 to 1.",
            "Choose a number from 0 to 1, or leave it out.",
        )
    known = rules.capability(request.model_name)
    if known and known.cfg_scale is False:
        problem = f"{known.model_name} does not support cfg_scale."
        yield error("cfg_scale", "cfg-scale-unsupported", problem, "Leave it out.")
    elif known and known.cfg_scale is None:
        problem = f"Nobody here knows whether {known.model_name} supports cfg_scale."
        yield warning("cfg_scale", "cfg-scale-unknown", problem, "To be sure leave it out.")


def _duration_findings(request: ImageToVideoRequest) -> Iterator[Finding]:
    known = rules.capability(request.model_name)
    allowed = known.durations if known else rules.DURATIONS
    if known and request.duration in known.documented_durations:
        yield warning(
            "duration",
            "duration-not-seen",
            f"Kling documents {request.duration} seconds for {known.model_name}; nobody here saw it work.",
            f"To be sure choose {' or '.join(allowed)} seconds.",
        )
    elif request.duration not in allowed:
        yield error(
            "duration",
            "duration-unsupported",
            f"{known.model_name if known else 'The service'} offers no duration of {request.duration!r}.",
            f"Choose {' or '.join(allowed)} seconds (sent as text).",
        )


def _external_id_findings(task_id: str | None) -> Iterator[Finding]:
    if task_id and not is_queryable_id(task_id):
        yield error(
            "external_task_id",
            "external-task-id-unusable",
            "The external task id could not be used to look the task up.",
            "Use up to 200 letters, digits, hyphens and dots, without spaces.",
        )
