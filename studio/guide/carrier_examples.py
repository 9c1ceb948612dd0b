"""One drawing as the three carriers send it: the first example's, with a model for each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cachetools import LRUCache

from studio.drawing.arrays import Rgb
from studio.drawing.model import Layer
from studio.guide.example_drafts import example_draft
from studio.guide.examples import EXAMPLES
from studio.preview.cache import ComputeOnceCache
from studio.preview.render import render_preview
from studio.request.carriers import preview_sentence
from studio.request.compose import compose
from studio.request.draft import Carrier, Draft, Parameters

DRAWN = EXAMPLES[0]
"""The example whose drawing is sent."""


@dataclass(frozen=True, kw_only=True)
class CarrierExample:
    """A carrier, and a model that takes it as its best one."""

    carrier: Carrier
    title: str
    # one or two sentences: what is sent, and what one sees
    words: str
    model_name: str
    # None for a model of one quality
    mode: str | None


@dataclass(frozen=True, kw_only=True)
class ShownCarrier:
    """The pictures and sentences of one carrier, taken from the very request.

    Attributes:
        mp4: the preview; None where nothing of the motion can be shown.
        picture: the file of the last frame that is sent, or of the picture where no preview is; else None.
        sentences: of the drawing in the prompt; empty for none.
    """

    mp4: bytes | None
    picture: bytes | None
    sentences: str


CARRIER_EXAMPLES: tuple[CarrierExample, ...] = (
    CarrierExample(
        carrier=Carrier.BRUSH,
        title="Motion brush",
        words="Masks and paths: what moves, along which way, and what stays.",
        model_name="kling-v1",
        mode="std",
    ),
    CarrierExample(
        carrier=Carrier.FRAME,
        title="Last frame",
        words=preview_sentence(Carrier.FRAME),
        model_name="kling-v3",
        mode="std",
    ),
    CarrierExample(
        carrier=Carrier.WORDS,
        title="Words",
        words="The sentences below stand after your prompt. The picture stands still: what the model makes "
        "of them cannot be shown here.",
        model_name="kling-v2-master",
        mode=None,
    ),
)
"""In the order of preference."""

_CACHE: ComputeOnceCache[ShownCarrier] = ComputeOnceCache(LRUCache(len(CARRIER_EXAMPLES)))


def carrier_draft(example: CarrierExample) -> Draft:
    """The drawing with this model; the carrier is left to the model, as for a newcomer."""
    parameters = Parameters(model_name=example.model_name, mode=example.mode, duration="5")
    return replace(example_draft(DRAWN), parameters=parameters)


def render_carrier(example: CarrierExample, colours: Mapping[Layer, Rgb]) -> ShownCarrier:
    """Compose the request and render what can be shown of it, once a process."""
    return _CACHE.get(example.carrier, lambda: _render(carrier_draft(example), colours), lambda _share: None)


def _render(draft: Draft, colours: Mapping[Layer, Rgb]) -> ShownCarrier:
    composed = compose(draft)
    sentences = composed.words.text
    if composed.carrier is Carrier.WORDS:
        source = draft.picture.source if draft.picture else None
        return ShownCarrier(mp4=None, picture=source.wire_bytes if source else None, sentences=sentences)
    frame = composed.last_frame.picture.wire_bytes if composed.last_frame else None
    mp4 = render_preview(composed.request, composed.layers, colours).mp4
    return ShownCarrier(mp4=mp4, picture=frame, sentences=sentences)
