"""A create, after its fields have been read and found in order."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PictureUrl:
    """A picture that is still to be fetched."""

    url: str


Picture = bytes | PictureUrl  # the file's bytes (JPEG or PNG), or where to get them
PointWirePx = tuple[int, int]  # x, y in pixels of the image as sent, origin at its bottom-left


@dataclass(frozen=True, kw_only=True)
class Brush:
    """One dynamic mask and the way its painted part goes (2..77 points, in order)."""

    mask: Picture
    trajectory_wire_px: tuple[PointWirePx, ...]


@dataclass(frozen=True, kw_only=True)
class CreateRequest:
    """A create request with every documented default filled in.

    Attributes:
        mode: "std" or "pro"; "" for a model that has no mode.
        duration_s: seconds of video, 5 or 10.
        cfg_scale: 0..1, None when not given.
    """

    image: Picture
    model_name: str
    mode: str
    duration_s: int
    prompt: str = ""
    negative_prompt: str = ""
    cfg_scale: float | None = None
    image_tail: Picture | None = None
    static_mask: Picture | None = None
    brushes: tuple[Brush, ...] = ()
    callback_url: str | None = None
    external_task_id: str | None = None

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures that were given."""
        given = (self.image, self.image_tail, self.static_mask, *(brush.mask for brush in self.brushes))
        return tuple(picture for picture in given if picture is not None)
