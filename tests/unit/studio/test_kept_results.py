"""Results are kept up to so many bytes and so long, and no picture is kept by the name that it goes by."""

import gc
import sys
import weakref
from collections.abc import Callable

import pytest

from studio.checks.snap_outline import snap_to_object
from studio.drawing.colour_fill import ColourFill, fill_mask
from studio.drawing.layers import thumbnail_jpeg
from studio.drawing.model import Layer
from studio.kept_results import forget_old_results, forget_results, kept, text_key
from studio.pictures.source_image import SourceImage, read_image
from studio.request import decode
from studio.request.frame_quality import frame_warnings
from studio.request.last_frame import render_last_frame
from tests.support.make import area, drawn, path
from tests.support.pictures import encoded, gradient


class Result:
    """Something that can be seen to be gone."""


def test_a_result_is_made_once() -> None:
    """The second time it is handed out again."""
    made: list[int] = []

    @kept(10, lambda _: 1)
    def squared(number: int) -> int:
        made.append(number)
        return number**2

    assert [squared(3), squared(3), squared(4)] == [9, 9, 16]
    assert made == [3, 4]


def test_the_one_used_longest_ago_makes_room() -> None:
    """All results of a kind together have a bound in bytes; a larger one is handed out and not kept."""
    made: list[str] = []

    @kept(12, len)
    def echo(text: str) -> str:
        made.append(text)
        return text

    for text in ("aaaa", "bbbb", "aaaa", "cccc", "x" * 13, "x" * 13):
        assert echo(text) == text
    assert made == ["aaaa", "bbbb", "cccc", "x" * 13, "x" * 13]
    echo("aaaa")
    echo("bbbb")
    assert made[5:] == ["bbbb"]


@pytest.mark.parametrize(("kept_s", "is_there"), [(0.0, False), (1000.0, True)])
def test_an_old_result_is_given_back(kept_s: float, *, is_there: bool) -> None:
    """By the janitor, though nobody asks for another."""

    @kept(10, lambda _: 1, kept_s=kept_s)
    def result() -> Result:
        return Result()

    found = weakref.ref(result())
    forget_old_results()
    gc.collect()
    assert (found() is not None) is is_there


def a_source() -> SourceImage:
    return read_image(encoded(gradient(400, 320), "JPEG"), "photo.jpg")


DRAWING = drawn(area(Layer.MOTION_1), path(Layer.MOTION_1))
USES: dict[str, Callable[[SourceImage], object]] = {
    "the last frame": lambda source: render_last_frame(DRAWING, source),
    "its measures": lambda source: frame_warnings(DRAWING, source),
    "a snapped outline": lambda source: snap_to_object(DRAWING, Layer.MOTION_1, source),
}


@pytest.mark.parametrize("use", USES)
def test_a_picture_goes_with_its_person_whatever_was_made_of_it(use: str) -> None:
    """Results are kept by its checksum: after the session nothing holds its 23 MB."""
    source = a_source()
    USES[use](source)
    gone = weakref.ref(source)
    del source
    gc.collect()
    assert gone() is None
    forget_results()


TEXT_USES: dict[str, Callable[[SourceImage], tuple[object, Callable[[], object]]]] = {
    "a decoded picture": lambda source: (source.base64, lambda: decode.picture(source.base64, (40, 32))),
    "a layer's thumbnail": lambda source: (
        source.wire_bytes,
        lambda: thumbnail_jpeg(source.wire_bytes, DRAWING.strokes, DRAWING.canvas_size_px, (255, 0, 0)),
    ),
    "a filling": lambda source: (
        source.wire_bytes,
        lambda: fill_mask(source.wire_bytes, (0.5, 0.5), ColourFill()),
    ),
}


@pytest.mark.parametrize("use", TEXT_USES)
def test_a_text_of_megabytes_is_not_kept_as_a_name(use: str) -> None:
    """Its length and hash are."""
    content, make = TEXT_USES[use](a_source())
    before = sys.getrefcount(content)
    make()
    assert sys.getrefcount(content) == before
    forget_results()


def test_equal_texts_have_equal_names_and_others_not() -> None:
    """Of text and of bytes."""
    assert text_key("a" * 9) == text_key("aaa" * 3) != text_key("a" * 8 + "b")
    assert text_key(b"a") != text_key(b"b")
