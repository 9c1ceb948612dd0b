"""The draft: picture, drawing and parameters of one video in the making."""

from dataclasses import dataclass
from enum import StrEnum

from studio.drawing.model import Drawing
from studio.pictures.picture_url import PictureUrl
from studio.pictures.source_image import SourceImage


class Carrier(StrEnum):
    """The way in which a drawing reaches a model, in the order of preference."""

    BRUSH = "brush"
    """Masks and trajectories: what moves, along which path, what stays."""
    FRAME = "frame"
    """A rendered last frame, and words for the way between."""
    WORDS = "words"
    """Sentences after the prompt."""
    NONE = "none"
    """The drawing is kept, and not sent."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture to send: its pixels, or the public URL that the service fetches itself."""

    source: SourceImage | None = None
    url: PictureUrl | None = None
    # the task whose video this is a frame of; it goes with the picture, and with its next repair
    continues_entry_id: str | None = None

    @property
    def wire_value(self) -> str:
        """Base64 without a prefix, or the URL as given."""
        return self.source.base64 if self.source else self.url or ""


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Everything of a request that is neither a picture nor drawn; empty text means not given."""

    model_name: str
    mode: str | None
    duration: str
    prompt: str = ""
    negative_prompt: str = ""
    # 0..1; None is not sent
    cfg_scale: float | None = None
    callback_url: str = ""
    external_task_id: str = ""
    # None: the best one that the model has for this draft
    carrier: Carrier | None = None
    # the drawing's sentences as a person edited them, "" for none; None: made anew from the drawing
    motion_words: str | None = None
    # JSON object of fields that the service's page does not list, as typed
    extra_fields: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One video in the making."""

    picture: Picture | None
    tail: Picture | None
    drawing: Drawing | None
    parameters: Parameters

    @property
    def is_blank(self) -> bool:
        """Whether it is still empty: no picture, nothing drawn, nothing typed."""
        typed = (self.parameters.prompt, self.parameters.negative_prompt, self.parameters.callback_url)
        drawn = self.drawing is not None and not self.drawing.is_empty
        return not (self.picture or self.tail or drawn or any(typed))

    @property
    def has_picture(self) -> bool:
        """Whether a picture was chosen, for either end of the video."""
        return bool(self.picture or self.tail)


def kept_draft_wins(kept: Draft | None, in_hand: Draft | None) -> bool:
    """Whether the draft kept for a recognised owner takes the place of the one in hand.

    It does while no picture was chosen here; otherwise the kept one is set aside, to be brought back.
    """
    return kept is not None and not (in_hand and in_hand.has_picture)
