"""The examples of the guide: paint and paths on sample photographs, in fractions of their sides."""

from dataclasses import dataclass

from studio.drawing.model import Layer

PointOfPicture = tuple[float, float]
"""x and y from the top left, 0..1."""
Outline = tuple[PointOfPicture, ...]


@dataclass(frozen=True, kw_only=True)
class ExamplePath:
    """A trajectory: a straight line, or a bow to the same place."""

    start: PointOfPicture
    # 0 is to the right, 90 is up
    direction_deg: float
    length_of_width: float
    # -1..1, to which side and how far the path swings out; 0 is straight
    bend: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Part:
    """The paint on one layer, and its path."""

    layer: Layer
    outlines: tuple[Outline, ...]
    # None for what stays
    path: ExamplePath | None = None
    # as a person names it; sentences use it
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Crop:
    """A piece of the picture in the picture's own shape."""

    middle: PointOfPicture
    share_of_width: float


@dataclass(frozen=True, kw_only=True)
class Example:
    """One thing to learn, shown on a sample photograph."""

    title: str
    # one or two sentences: what to do, and what one sees
    words: str
    # of studio/pictures/samples.py
    sample_name: str
    parts: tuple[Part, ...] = ()
    # the piece of the same picture that the video ends on
    tail: Crop | None = None


_TOWERS = Part(
    layer=Layer.STATIC,
    name="the towers",
    outlines=(
        ((0.0, 0.0), (0.15, 0.0), (0.14, 1.0), (0.0, 1.0)),
        ((0.25, 0.26), (0.34, 0.26), (0.34, 0.98), (0.24, 0.98)),
        ((0.67, 0.26), (0.73, 0.26), (0.76, 0.98), (0.67, 0.98)),
        ((0.86, 0.0), (1.0, 0.0), (1.0, 1.0), (0.88, 1.0)),
        ((0.0, 0.95), (1.0, 0.95), (1.0, 1.0), (0.0, 1.0)),
    ),
)
_WHOLE_ROCKET: Outline = ((0.485, 0.33), (0.505, 0.29), (0.53, 0.33), (0.53, 0.95), (0.48, 0.95))
_ROCKET = Part(
    layer=Layer.MOTION_1,
    name="the rocket",
    outlines=(_WHOLE_ROCKET,),
    path=ExamplePath(start=(0.505, 0.88), direction_deg=90, length_of_width=0.32),
)
_FACE: Outline = (
    (0.45, 0.07),
    (0.6, 0.04),
    (0.78, 0.08),
    (0.92, 0.13),
    (0.88, 0.4),
    (0.78, 0.53),
    (0.62, 0.64),
    (0.55, 0.6),
    (0.42, 0.42),
    (0.41, 0.2),
)
_ACROSS = ExamplePath(start=(0.605, 0.58), direction_deg=0, length_of_width=0.07)
_LEFT_EAR: Outline = ((0.43, 0.06), (0.5, 0.05), (0.54, 0.12), (0.52, 0.22), (0.44, 0.23), (0.42, 0.12))
_RIGHT_EAR: Outline = ((0.81, 0.2), (0.87, 0.11), (0.93, 0.12), (0.92, 0.2), (0.86, 0.3), (0.8, 0.26))
_TOWER: Outline = ((0.69, 0.28), (0.705, 0.28), (0.72, 0.46), (0.755, 0.96), (0.68, 0.96), (0.69, 0.46))

EXAMPLES: tuple[Example, ...] = (
    Example(
        title="What stays, what moves",
        words="Static covers the towers: their pixels do not change. Motion 1 covers the rocket; its path "
        "says where to, and how far.",
        sample_name="rocket.jpg",
        parts=(_TOWERS, _ROCKET),
    ),
    Example(
        title="A straight path",
        words="The head goes as far as the line is long. Start the path on what you painted.",
        sample_name="raccoon.jpg",
        parts=(Part(layer=Layer.MOTION_1, outlines=(_FACE,), path=_ACROSS),),
    ),
    Example(
        title="A bent path",
        words="The same paint and the same end, by another way: every bend that you draw is taken.",
        sample_name="raccoon.jpg",
        parts=(
            Part(
                layer=Layer.MOTION_1,
                outlines=(_FACE,),
                path=ExamplePath(start=(0.605, 0.58), direction_deg=0, length_of_width=0.07, bend=-1.0),
            ),
        ),
    ),
    Example(
        title="Two parts, two ways",
        words="Each motion layer has its own paint and its own path. Leave some room between them.",
        sample_name="raccoon.jpg",
        parts=(
            Part(
                layer=Layer.MOTION_1,
                outlines=(_LEFT_EAR,),
                path=ExamplePath(start=(0.48, 0.13), direction_deg=150, length_of_width=0.06),
            ),
            Part(
                layer=Layer.MOTION_2,
                outlines=(_RIGHT_EAR,),
                path=ExamplePath(start=(0.87, 0.19), direction_deg=30, length_of_width=0.06),
            ),
        ),
    ),
    Example(
        title="Past something that stays",
        words="The path crosses what is static, so the preview cuts the rocket out and lets it pass behind. "
        "Paint such a part closely.",
        sample_name="rocket.jpg",
        parts=(
            Part(layer=Layer.STATIC, outlines=(_TOWER,)),
            Part(
                layer=Layer.MOTION_1,
                outlines=(_WHOLE_ROCKET,),
                path=ExamplePath(start=(0.505, 0.5), direction_deg=20, length_of_width=0.32, bend=0.6),
            ),
        ),
    ),
    Example(
        title="A tail frame",
        words="Instead of painting, give the last picture. The video finds its way there.",
        sample_name="raccoon.jpg",
        tail=Crop(middle=(0.57, 0.43), share_of_width=0.86),
    ),
    Example(
        title="Without painting",
        words="A picture and a prompt are enough. The preview only drifts: the model chooses what moves.",
        sample_name="coffee.jpg",
    ),
)
"""In the order in which one learns; the first is also the tour's."""
