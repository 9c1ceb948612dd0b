"""One click makes a picture one that the service takes, and the drawing stays where it was on it."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kling.rules import MAX_IMAGE_BYTES
from studio.checks.illustrations import frame_jpeg
from studio.checks.picture_repairs import make_lighter, move_drawing_along
from studio.checks.preflight import preflight
from studio.checks.repairs import Repair, repairs
from studio.drawing.frames import path_image_px
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.pictures.picture_url import PictureUrl
from studio.pictures.reframe import Fit, fitted_size_px, frame_of
from studio.pictures.source_image import SourceImage, read_image, read_sent_image
from studio.recipes.recipe_file import dump_recipe, load_recipe
from studio.request.compose import compose
from studio.request.draft import Draft, Picture
from tests.support.make import area, draft, ever_living, path
from tests.support.pictures import decoded, encoded, gradient, noise

M1 = Layer.MOTION_1
WIDE, TALL = (1600, 320), (320, 1600)
FIELDS = ("image", "image_tail")


def source(width_px: int, height_px: int) -> SourceImage:
    return read_image(encoded(gradient(width_px, height_px)), "banner.png")


def heavy() -> SourceImage:
    """Over 10 MB, as a recipe from elsewhere may bring it."""
    file = encoded(noise(2400, 1600), "PNG")
    assert len(file) > MAX_IMAGE_BYTES
    return read_sent_image(file, "heavy.png")


def made(field: str, picture: SourceImage, drawing: Drawing | None = None) -> Draft:
    """A draft with this picture in the field's place."""
    whole = replace(draft(), drawing=drawing)
    if field == "image_tail":
        return replace(whole, tail=Picture(source=picture))
    return replace(whole, picture=Picture(source=picture))


def wrong(made: Draft) -> set[tuple[str, str]]:
    """(field, rule) of what is found on the pictures."""
    found = preflight(made, compose(made), ever_living)
    return {(finding.field, finding.rule) for finding in found if finding.rule.startswith("picture-")}


def offered(made: Draft) -> tuple[Repair, ...]:
    found = preflight(made, compose(made), ever_living)
    return repairs(made, [finding for finding in found if finding.rule.startswith("picture-")])


def put(mended: Draft, field: str) -> SourceImage:
    picture = mended.tail if field == "image_tail" else mended.picture
    assert picture
    assert picture.source
    return picture.source


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    ("size", "labels"),
    [
        ((1001, 400), ["Crop the {} to 1000 × 400", "Pad the {} to 1001 × 401"]),
        ((400, 1600), ["Crop the {} to 400 × 1000", "Pad the {} to 640 × 1600"]),
        ((200, 150), ["Enlarge the {} to 400 × 300"]),
        ((120, 300), ["Enlarge the {} to 300 × 750"]),
        # Too long and too small: first the one, then the other, or by bars both at once.
        ((750, 100), ["Crop the {} to 250 × 100", "Pad the {} to 750 × 300"]),
        # With bars it would have more than 40 megapixels.
        ((20_000, 40), ["Crop the {} to 100 × 40"]),
    ],
)
def test_each_repair_says_its_numbers_and_does_as_it_says(
    field: str, size: tuple[int, int], labels: list[str]
) -> None:
    """The finding is gone, the picture has the size that was said, a second click changes nothing."""
    before = made(field, source(*size))
    name = "tail frame" if field == "image_tail" else "picture"
    assert [repair.label for repair in offered(before)] == [label.format(name) for label in labels]
    for repair in offered(before):
        after = repair.apply(before)
        width, height = put(after, field).size_px
        assert f"to {width} × {height}" in repair.label
        assert f"{width} × {height}" in put(after, field).notes[-1]
        assert (repair.field, repair.rule) not in wrong(after)
        assert repair.apply(after) == after


def test_a_picture_that_is_too_long_and_too_small_is_mended_in_two_clicks() -> None:
    """Cropped, and then enlarged."""
    whole = made("image", source(750, 100))
    cropped = offered(whole)[0].apply(whole)
    (enlarge,) = offered(cropped)
    assert wrong(enlarge.apply(cropped)) == set()


@pytest.mark.parametrize("field", FIELDS)
def test_a_picture_over_ten_megabytes_is_saved_again_or_scaled_down(field: str) -> None:
    """Both numbers are those of the file that comes of it."""
    before = made(field, heavy())
    again, smaller = offered(before)
    for repair in (again, smaller):
        after = repair.apply(before)
        assert wrong(after) == set()
        assert len(put(after, field).wire_bytes) <= MAX_IMAGE_BYTES
        assert repair.apply(after) == after
    assert put(again.apply(before), field).size_px == (2400, 1600)
    assert f"{len(put(again.apply(before), field).wire_bytes) / 1e6:.1f} MB" in again.label
    width, height = put(smaller.apply(before), field).size_px
    assert smaller.label.endswith(f"down to {width} × {height}")
    assert width / height == pytest.approx(1.5, rel=0.002)


@pytest.mark.parametrize(("size", "lighter"), [((2400, 1600), (1920, 1280)), ((1000, 2400), (800, 1920))])
def test_a_draft_is_made_lighter_with_all_that_is_drawn(
    size: tuple[int, int], lighter: tuple[int, int]
) -> None:
    """Both pictures, as JPEGs of 1080p; once more changes nothing."""
    before = replace(made("image", source(*size)), tail=Picture(source=source(*size)))
    after = make_lighter(before)
    for field in FIELDS:
        picture = put(after, field)
        assert picture.size_px == lighter
        assert picture.wire_bytes.startswith(b"\xff\xd8")
        assert "made lighter" in picture.notes[-1]
    assert after.drawing == before.drawing
    assert make_lighter(after) == after


def test_both_pictures_of_a_draft_are_mended_each_by_its_own_click() -> None:
    """Of the same size they are no single repair."""
    both = replace(made("image", source(*WIDE)), tail=Picture(source=source(*WIDE)))
    assert len(offered(both)) == 4


def test_cropping_keeps_what_is_drawn_about_and_padding_keeps_all() -> None:
    """To the pixel."""
    picture = gradient(*WIDE)
    before = made("image", source(*WIDE))
    crop, pad = (decoded(put(repair.apply(before), "image").wire_bytes) for repair in offered(before))
    assert np.array_equal(crop, picture[:, 400:1200])
    assert np.array_equal(pad[160:480], picture)
    assert (pad[0] == pad[0, 0]).all()
    assert np.abs(pad[0, 0].astype(int) - (127, 127, 90)).max() <= 1
    drawn = Drawing(canvas_width_px=400, canvas_height_px=80, strokes=(area(M1, left=300, right=340),))
    about = offered(made("image", source(*WIDE), drawn))[0].apply(made("image", source(*WIDE), drawn))
    assert np.array_equal(decoded(put(about, "image").wire_bytes), picture[:, 800:])


def strokes() -> st.SearchStrategy[Stroke]:
    """Regions of every kind on a canvas of 400 × 80, erasing ones too."""
    # Off every whole and half pixel: no edge comes to lie on pixels' centres, where rounding decides.
    point = st.tuples(*(st.integers(0, most * 8).map(lambda n: n / 8 + 0.0137) for most in (400, 80)))
    return st.builds(
        Stroke,
        layer=st.just(M1),
        kind=st.sampled_from([StrokeKind.BRUSH, StrokeKind.AREA, StrokeKind.ERASE]),
        points_canvas_px=st.lists(point, min_size=1, max_size=5).map(tuple),
        width_canvas_px=st.integers(2, 30).map(lambda width: width + 0.0071),
    )


@settings(max_examples=60)
@given(
    st.lists(strokes(), min_size=1, max_size=4), st.sampled_from(Fit), st.sampled_from([WIDE, (1999, 433)])
)
def test_the_mask_stays_at_its_place_on_the_picture(
    drawn: list[Stroke], fit: Fit, size_px: tuple[int, int]
) -> None:
    """The mask after is the mask before, cut out or between bars; on any canvas."""
    drawing = Drawing(canvas_width_px=400, canvas_height_px=80, strokes=tuple(drawn))
    before = mask_image_px(drawing.strokes, drawing.canvas_size_px, size_px)
    frame = frame_of(size_px, fit, (0.37 * size_px[0], 0.5 * size_px[1]))
    moved = move_drawing_along(drawing, size_px, frame)
    after = mask_image_px(moved.strokes, moved.canvas_size_px, frame.size_px)
    left, top, right, _ = frame.box_px
    if fit is Fit.CROP:
        before = before[:, left:right]
    else:
        after = after[-top : size_px[1] - top]  # what went beyond the picture's edge is on the bars
    assert np.count_nonzero(after != before) <= 2


def test_a_mask_that_is_not_moved_along_is_somewhere_else() -> None:
    """The control of the test above: the drawing as it was, on the cropped picture."""
    drawing = Drawing(canvas_width_px=400, canvas_height_px=80, strokes=(area(M1, left=150, right=250),))
    frame = frame_of(WIDE, Fit.CROP, (800, 160))
    before = mask_image_px(drawing.strokes, drawing.canvas_size_px, WIDE)
    unmoved = mask_image_px(drawing.strokes, drawing.canvas_size_px, frame.size_px)
    assert np.count_nonzero(unmoved != before[:, 400:1200]) > 10_000


@pytest.mark.parametrize("fit", Fit)
def test_a_path_stays_at_its_place_on_the_picture(fit: Fit) -> None:
    """The same points less the frame's corner; its speed stays too."""
    drawing = Drawing(canvas_width_px=400, canvas_height_px=80, strokes=(path(M1, (150, 20), (260.25, 70)),))
    before = path_image_px(drawing.strokes[0], drawing.canvas_size_px, WIDE)
    frame = frame_of(WIDE, fit, (800, 160))
    moved = move_drawing_along(drawing, WIDE, frame)
    after = path_image_px(moved.strokes[0], moved.canvas_size_px, frame.size_px)
    assert np.abs(after - (before - (frame.left_px, frame.top_px))).max() < 1e-9


@pytest.mark.parametrize("size", [WIDE, TALL])
@pytest.mark.parametrize("fit", Fit)
def test_what_stays_is_outlined_and_the_rest_is_dimmed(size: tuple[int, int], fit: Fit) -> None:
    """At a glance; never larger than its place on the page."""
    picture = read_image(encoded(np.full((size[1], size[0], 3), 200, np.uint8)), "even.png")
    frame = frame_of(picture.size_px, fit, (size[0] / 2, size[1] / 2))
    with Image.open(io.BytesIO(frame_jpeg(picture, frame))) as image:
        shown = np.asarray(image.convert("L")).astype(int)
    middle, corner = shown[shown.shape[0] // 2, shown.shape[1] // 2], shown[2, 2]
    assert (abs(middle - 200) < 6, abs(corner - 110) < 12) == (True, True)
    ratio = max(shown.shape) / min(shown.shape)
    shape = size if fit is Fit.CROP else fitted_size_px(size, fit)
    assert ratio == pytest.approx(max(shape) / min(shape), rel=0.05)


@pytest.mark.parametrize(
    ("picture", "rule"),
    [
        (source(*WIDE), "picture-too-long"),
        (source(200, 150), "picture-too-small"),
        (heavy(), "picture-too-heavy"),
    ],
)
@pytest.mark.parametrize("field", FIELDS)
def test_a_recipe_with_such_a_picture_opens_with_the_finding(
    field: str, picture: SourceImage, rule: str
) -> None:
    """Its bytes are kept, and what to do stands beside it."""
    before = made(field, picture)
    after = load_recipe(dump_recipe(before)).draft
    assert after == before
    assert put(after, field).wire_bytes == picture.wire_bytes
    assert (field, rule) in wrong(after)
    assert {repair.rule for repair in offered(after)} == {rule}


def test_a_ribbon_that_was_cropped_is_found_again_with_all_that_is_drawn_on_it() -> None:
    """Strokes far beyond the piece that stays must not cost the draft at the next reload."""
    drawing = Drawing(
        canvas_width_px=720,
        canvas_height_px=6,
        strokes=(area(M1, left=1, top=1, right=5, bottom=5), path(M1, (3, 3), (719, 3))),
    )
    crop = next(
        repair for repair in offered(made("image", source(12_000, 100), drawing)) if repair.preview_jpeg
    )
    mended = crop.apply(made("image", source(12_000, 100), drawing))
    assert load_recipe(dump_recipe(mended)).draft == mended


def test_a_picture_at_an_address_has_no_repairs() -> None:
    """Its pixels are not here."""
    assert offered(replace(draft(), picture=Picture(url=PictureUrl("https://example.org/wide.png")))) == ()


def test_a_frame_of_a_video_that_is_repaired_still_continues_it() -> None:
    """It is the same picture, in another file."""
    made = make_lighter(draft(picture=Picture(source=source(2400, 1600), continues_entry_id="e7")))
    assert made.picture is not None
    assert made.picture.continues_entry_id == "e7"
