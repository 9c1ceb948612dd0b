"""Phrases for a prompt by one click: how the camera moves, and at what pace. Pure."""

import re
from collections.abc import Collection

from kling.rules import MAX_PROMPT_CHARS

CAMERA = "Camera"
PACE = "Pace"
PHRASES: dict[str, dict[str, str]] = {
    CAMERA: {
        "Push in": "The camera slowly pushes in.",
        "Pull out": "The camera slowly pulls out.",
        "Orbit": "The camera orbits around the subject.",
        "Handheld": "Handheld camera with a slight sway.",
        "Static": "The camera is static.",
    },
    PACE: {
        "Slow": "Slow, calm motion.",
        "Brisk": "Brisk, lively motion.",
    },
}
"""By group, each phrase by its short name; within a group one excludes the others."""


def phrases_in(prompt: str, group: str) -> list[str]:
    """Return the names of a group's phrases that a prompt has, in the order of the group."""
    return [name for name, phrase in PHRASES[group].items() if phrase in prompt]


def with_phrase(prompt: str, group: str, chosen: Collection[str]) -> str:
    """Return a prompt with the chosen phrase of a group; a second choice of the same prompt changes nothing.

    Args:
        prompt: as it was typed; what is not a phrase of the group stays letter for letter.
        group: CAMERA or PACE.
        chosen: the phrase's name, or nothing. One that is too long for the prompt's limit is not added.
    """
    for name, phrase in PHRASES[group].items():
        if name not in chosen:
            prompt = _without(prompt, phrase)
    for name in chosen:
        prompt = _with(prompt, PHRASES[group][name])
    return prompt


def _with(prompt: str, phrase: str) -> str:
    if phrase in prompt:
        return prompt
    text = prompt.rstrip()
    ended = text if not text or text[-1] in ".!?…。！？" else f"{text}."
    longer = f"{ended} {phrase}".lstrip()
    return longer if len(longer) <= MAX_PROMPT_CHARS else prompt


def _without(prompt: str, phrase: str) -> str:
    return re.sub(rf" ?{re.escape(phrase)}", "", prompt, count=1).lstrip(" ") if phrase in prompt else prompt
