"""The drawing in words: plain English sentences after the person's own prompt.

Deterministic, from the drawing and the duration alone: for each part its name, its direction, its extent and
its pace, then what stays. They are made anew whenever the drawing changes, until a person edits them. The
person's own text is never cut: where the prompt's limit is near, the sentences shorten themselves in three
steps, and then say what no longer fits.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kling.rules import DEFAULT_DURATION, MAX_PROMPT_CHARS
from studio.drawing.coverage import layer_mask
from studio.drawing.layers import newest_path
from studio.drawing.model import Drawing, Layer, Speed
from studio.drawing.part_names import part_name
from studio.drawing.path_motion import PathMotion, Shape, path_motion
from studio.request.carriers import carrier_of, moved_canvas_px, moving_layers
from studio.request.draft import Carrier, Draft

SHORTEST = 3
"""How often the sentences can shorten themselves: without pace, without extent, without the camera."""
_SLOW_BELOW, _QUICK_FROM = 0.05, 0.2  # of the picture's width in a second
_LEFT_BELOW = 0.6  # of its pixels: a part of which less stays in the picture has left it

_DIRECTIONS = (
    "to the right",
    "up and to the right",
    "up",
    "up and to the left",
    "to the left",
    "down and to the left",
    "down",
    "down and to the right",
)
_EXTENTS = (
    (0.15, "by about a tenth of the picture"),
    (0.225, "by about a fifth of the picture"),
    (0.29, "by about a quarter of the picture"),
    (0.42, "by about a third of the picture"),
    (0.58, "by about half of the picture"),
    (0.71, "by about two thirds of the picture"),
)
_SLIGHT_BELOW = 0.08
_SMALL_CIRCLE_BELOW, _WIDE_CIRCLE_FROM = 0.12, 0.4
_PROFILES = {
    Speed.EVEN: "",
    Speed.EASE_IN: ", gathering speed",
    Speed.EASE_OUT: ", slowing to a stop",
    Speed.EASE_IN_OUT: ", gathering speed and then slowing to a stop",
}
_NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six"}


@dataclass(frozen=True, kw_only=True)
class MotionWords:
    """The sentences that stand after a prompt.

    Attributes:
        text: the sentences; empty for none.
        is_edited: whether a person wrote them: then they are left alone when the drawing changes.
        left_out: the parts, or "what stays", for which there was no room.
    """

    text: str
    is_edited: bool = False
    left_out: tuple[str, ...] = ()


NO_WORDS = MotionWords(text="")


def motion_words(draft: Draft) -> MotionWords:
    """The sentences of a draft: edited ones as they are, else its drawing's; none by other carriers."""
    if carrier_of(draft) not in {Carrier.FRAME, Carrier.WORDS}:
        return NO_WORDS
    edited = draft.parameters.motion_words
    if edited is not None:
        return MotionWords(text=edited.strip(), is_edited=True)
    if draft.drawing is None:
        return NO_WORDS
    room = MAX_PROMPT_CHARS - len(_with_separator(draft.parameters.prompt))
    return drawing_words(draft.drawing, draft.parameters.duration, room)


def whole_prompt(draft: Draft) -> str:
    """The person's prompt with the drawing's sentences after it, as it is sent."""
    words = motion_words(draft).text
    return f"{_with_separator(draft.parameters.prompt)}{words}" if words else draft.parameters.prompt


def drawing_words(drawing: Drawing, duration: str, room_chars: int = MAX_PROMPT_CHARS) -> MotionWords:
    """The sentences of a drawing, as full as there is room for.

    Args:
        drawing: whose painted layers with a path are described, and its static layer.
        duration: of the video in seconds, as on the wire; it decides what is slow.
        room_chars: the most characters of the sentences together.
    """
    for shortened in range(SHORTEST + 1):
        sentences = list(_sentences(drawing, duration, shortened))
        if len(_joined(sentences)) <= room_chars:
            return MotionWords(text=_joined(sentences))
    left_out: list[str] = []
    while sentences and len(_joined(sentences)) > room_chars:
        left_out.insert(0, sentences.pop().about)
    return MotionWords(text=_joined(sentences), left_out=tuple(left_out))


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    text: str
    # the part that it speaks of
    about: str


def _joined(sentences: Iterable[_Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)


def _with_separator(prompt: str) -> str:
    """The prompt, ended, so that a sentence can follow."""
    text = prompt.rstrip()
    if not text:
        return ""
    return f"{text} " if text[-1] in ".!?…。！？" else f"{text}. "


def _sentences(drawing: Drawing, duration: str, shortened: int) -> Iterator[_Sentence]:
    subjects: dict[str, list[str]] = {}  # of each way to move, in the order of the layers
    for layer in moving_layers(drawing):
        motion = path_motion(newest_path(drawing, layer), drawing.canvas_size_px)
        if motion.shape is not Shape.NONE:
            moves = _moves(drawing, layer, motion, duration, shortened)
            subjects.setdefault(moves, []).append(part_name(drawing, layer))
    for moves, names in subjects.items():
        subject, is_plural = _subject(names)
        verb = "move" if is_plural else "moves"
        yield _Sentence(text=_capital(f"{subject} {verb} {moves}."), about=subject)
    if drawing.is_painted(Layer.STATIC):
        yield _Sentence(text=_static_words(drawing.name(Layer.STATIC)), about="what stays")
        if shortened < SHORTEST:
            yield _Sentence(text="The camera does not move.", about="the camera")


def _moves(drawing: Drawing, layer: Layer, motion: PathMotion, duration: str, shortened: int) -> str:
    """All that follows the verb: "slowly to the right by about a third of the picture, gathering speed"."""
    edge = _edge_left_over(drawing, layer)
    pace = _pace(motion, duration) if shortened < 1 else ""
    profile = _PROFILES[drawing.speed(layer)] if shortened < 1 else ""
    slightly, extent = _extent(motion) if shortened < 2 and not edge else ("", "")
    ahead = (
        f"towards the {edge} and out of the picture" if edge else _DIRECTIONS[_eighth(motion.direction_deg)]
    )
    back = "and back again" if motion.shape is Shape.RETURN else ""
    # A slight move is a slow one: only the unusual is said of it.
    adverb = f"{slightly} {pace}".strip() if pace == "quickly" else slightly or pace
    return " ".join(filter(None, (adverb, _manner(motion, ahead, shortened), extent, back))) + profile


def _manner(motion: PathMotion, ahead: str, shortened: int) -> str:
    if motion.shape is Shape.CIRCLE:
        turning = "clockwise" if motion.is_clockwise else "anticlockwise"
        return f"{_size(motion.extent) if shortened < 2 else 'in a circle'}, {turning}"
    return {
        Shape.ARC: f"in an arc {ahead}",
        Shape.WAVES: f"in waves {ahead}",
        Shape.ZIGZAG: f"in a zigzag {ahead}",
        Shape.BACK_AND_FORTH: _AXES[_eighth(motion.direction_deg) % 4],
    }.get(motion.shape, ahead)


_AXES = ("from side to side", "back and forth", "up and down", "back and forth")


def _size(extent: float) -> str:
    if extent < _SMALL_CIRCLE_BELOW:
        return "in a small circle"
    return "in a wide circle" if extent >= _WIDE_CIRCLE_FROM else "in a circle"


def _eighth(direction_deg: float) -> int:
    return round(direction_deg / 45) % 8


def _extent(motion: PathMotion) -> tuple[str, str]:
    """A word before the direction, or a phrase after it."""
    if motion.shape is Shape.CIRCLE:
        return "", ""
    if motion.extent < _SLIGHT_BELOW:
        return "slightly", ""
    most = "across almost the whole picture"
    return "", next((words for below, words in _EXTENTS if motion.extent < below), most)


def _pace(motion: PathMotion, duration: str) -> str:
    seconds = int(duration) if duration.isdecimal() and int(duration) else int(DEFAULT_DURATION)
    speed = motion.length_of_width / seconds
    if speed < _SLOW_BELOW:
        return "slowly"
    return "quickly" if speed >= _QUICK_FROM else ""


def _edge_left_over(drawing: Drawing, layer: Layer) -> str:
    """The edge over which a part leaves the picture, "left edge"; empty for one that stays in it."""
    rows, columns = np.nonzero(layer_mask(drawing, layer).painted)
    right, down = moved_canvas_px(drawing, layer)
    width, height = drawing.canvas_size_px
    x, y = columns + right, rows + down
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    if not len(rows) or inside.mean() >= _LEFT_BELOW:
        return ""
    beyond = {
        "left edge": -x.mean() / width,
        "right edge": x.mean() / width - 1,
        "upper edge": -y.mean() / height,
        "lower edge": y.mean() / height - 1,
    }
    return max(beyond, key=beyond.__getitem__)


def _subject(names: Sequence[str]) -> tuple[str, bool]:
    """The parts that move alike as one subject, and whether its verb is in the plural."""
    if len(names) == 1:
        return names[0], is_plural(names[0])
    if len(set(names)) == 1:
        many = _plural(names[0])
        return (f"both {many}" if len(names) == 2 else f"all {_NUMBERS[len(names)]} {many}"), True
    return f"{', '.join(names[:-1])} and {names[-1]}", True


def is_plural(name: str) -> bool:
    """Whether an English verb after this name is in the plural, as far as one can tell by its letters."""
    head = re.split(r" (?:on|at|in|of) ", name, maxsplit=1)[0]
    word = head.rsplit(" ", 1)[-1].lower()
    return " and " in name or (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s", "’s")))


def _plural(name: str) -> str:
    """`the boat` → `boats`; a name as it is where letters alone do not tell."""
    head, *place = name.removeprefix("the ").split(" ", 1) if name.startswith("the part ") else (name,)
    word = head.removeprefix("the ")
    if not word.isascii() or not word.replace(" ", "").isalpha() or is_plural(word):
        return name
    ending = "es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return " ".join((word + ending, *place))


def _static_words(name: str) -> str:
    if not name:
        return "The rest of the picture stays still."
    return _capital(f"{name} {'stay' if is_plural(name) else 'stays'} still.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
