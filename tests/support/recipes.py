"""Drafts of every kind, drawn by Hypothesis: small pictures, any strokes, any texts."""

from functools import cache

from hypothesis import strategies as st

from studio.drawing.model import Drawing, Layer, Pen, Speed, Stroke, StrokeKind, clean_name
from studio.pictures.picture_url import PictureUrl, check_picture_url
from studio.pictures.source_image import SourceImage, read_image
from studio.request.draft import Carrier, Draft, Parameters, Picture
from tests.support.pictures import encoded, gradient

CANVAS_PX = (120, 90)


@cache
def photo(kind: str = "PNG") -> SourceImage:
    """A small picture that may be sent, as PNG or JPEG."""
    return read_image(encoded(gradient(320, 300), kind), f"photo.{kind.lower()}")


def texts() -> st.SearchStrategy[str]:
    """Texts that a person may type or paste."""
    return st.text(max_size=40)


def web_urls() -> st.SearchStrategy[PictureUrl]:
    """Addresses of pictures."""
    letters = st.characters(exclude_categories=("C", "Z"), exclude_characters="\\")
    return st.text(letters, max_size=40).map(
        lambda path: check_picture_url(f"https://pictures.example/{path}")
    )


def strokes() -> st.SearchStrategy[Stroke]:
    """Any stroke on or near the canvas."""
    coordinate = st.floats(-200, 300, allow_nan=False)
    return st.builds(
        Stroke,
        layer=st.sampled_from(Layer),
        kind=st.sampled_from(StrokeKind),
        points_canvas_px=st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=6).map(tuple),
        width_canvas_px=st.floats(0, 60),
        pen=st.builds(Pen, stretch=st.floats(0.2, 5), slant=st.floats(-3, 3)),
        mitred=st.booleans(),
    )


def drawings() -> st.SearchStrategy[Drawing]:
    """Any drawing, with speeds of its own for some layers."""
    speeds = st.dictionaries(st.sampled_from(Layer), st.sampled_from(Speed), max_size=3)
    names = st.dictionaries(st.sampled_from(Layer), texts().map(clean_name).filter(bool), max_size=3)
    return st.builds(
        Drawing,
        canvas_width_px=st.just(CANVAS_PX[0]),
        canvas_height_px=st.just(CANVAS_PX[1]),
        strokes=st.lists(strokes(), max_size=6).map(tuple),
        speeds=speeds.map(lambda found: tuple(found.items())),
        names=names.map(lambda found: tuple((layer, found[layer]) for layer in Layer if layer in found)),
    )


def pictures() -> st.SearchStrategy[Picture | None]:
    """None, one with pixels of either type, or an address."""
    made = [None, Picture(source=photo("PNG")), Picture(source=photo("JPEG"))]
    return st.sampled_from(made) | st.builds(Picture, url=web_urls())


def parameters() -> st.SearchStrategy[Parameters]:
    """Any values, allowed or not: what is wrong is found by the checks, not lost by a recipe."""
    return st.builds(
        Parameters,
        model_name=texts(),
        mode=st.none() | texts(),
        duration=texts(),
        prompt=texts(),
        negative_prompt=texts(),
        cfg_scale=st.none() | st.floats(0, 1),
        callback_url=texts(),
        external_task_id=texts(),
        carrier=st.none() | st.sampled_from(Carrier),
        motion_words=st.none() | texts(),
        extra_fields=texts() | st.just('{"sound": "off"}'),
    )


def drafts() -> st.SearchStrategy[Draft]:
    """Any draft."""
    return st.builds(
        Draft,
        picture=pictures(),
        tail=pictures(),
        drawing=st.none() | drawings(),
        parameters=parameters(),
    )
