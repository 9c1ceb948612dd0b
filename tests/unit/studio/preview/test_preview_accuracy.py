"""What the preview shows is what was drawn: measured on its decoded MP4, from strokes on the canvas on.

The whole way is taken: strokes → request → decoded request → video. The outlines and the path of a preview
lie over its pixels, so that a path here is drawn away from its part (what counts of it is its shape), the
probe is bright well inside its outline, and photographs are matched inside theirs.
"""

import io
import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from components import layer_colours
from kling import ImageToVideoRequest, TrajectoryPoint
from motion import Method, decode, frames, plan
from motion.encode import Encoder
from motion.render import BrushMotion
from motion.yuv import chroma_mask
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.pictures.samples import SAMPLES, load_sample
from studio.pictures.source_image import SourceImage, read_image
from studio.preview.render import FRAMES, SETTINGS, Preview, preview_scene, render_preview
from studio.request.compose import compose
from studio.request.decode import preview_size_px
from studio.request.draft import Draft, Parameters, Picture
from tests.support import honesty
from tests.support.labelled_frames import LABELLED_FRAMES
from tests.support.make import draft
from tests.support.pictures import encoded

M1 = Layer.MOTION_1
LONG_SIDE_CANVAS_PX = 720
SIZES = [(1280, 720), (4000, 2250)]
GATES_PX = {Method.SHEET: honesty.SHEET_RMS_PX, Method.LAYER: honesty.LAYER_RMS_PX}
OUTLINE_PX = 8  # what an outline covers to its inside
Point = tuple[float, float]
Size = tuple[int, int]
Film = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """What was drawn on a picture, and what the preview shows of it."""

    source: SourceImage
    canvas_px: Size
    request: ImageToVideoRequest
    layers: tuple[Layer, ...]

    @property
    def size_px(self) -> Size:
        """The preview's (width, height)."""
        return preview_size_px(self.source.size_px)

    @property
    def film(self) -> Film:
        """The decoded preview."""
        return decode(self.preview.mp4)

    @property
    def preview(self) -> Preview:
        """As the page shows it."""
        return render_preview(self.request, self.layers, layer_colours.RGB)

    def mask(self, *strokes: Stroke) -> NDArray[np.bool_]:
        """Where these strokes are in the preview's pixels."""
        return mask_image_px(strokes, self.canvas_px, self.size_px) > 0

    def path(self, path: Stroke) -> NDArray[np.float64]:
        """A path on the canvas in the preview's pixels, the centre of a pixel being a whole number."""
        drawn = np.array(path.points_canvas_px)
        return np.asarray(drawn * (np.array(self.size_px) / self.canvas_px) - 0.5)


def shown(source: SourceImage, *strokes: Stroke, tail: SourceImage | None = None) -> Shown:
    scale = LONG_SIDE_CANVAS_PX / max(source.size_px)
    width, height = (round(side * scale) for side in source.size_px)
    drawing = Drawing(canvas_width_px=width, canvas_height_px=height, strokes=strokes)
    made = replace(draft(), picture=Picture(source=source), drawing=drawing)
    made = replace(made, tail=Picture(source=tail) if tail else None)
    composed = compose(made)
    return Shown(source=source, canvas_px=(width, height), request=composed.request, layers=composed.layers)


def ellipse(x: float, y: float, rx: float, ry: float, layer: Layer = M1) -> Stroke:
    turns = [2 * math.pi * step / 90 for step in range(90)]
    points = tuple((x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns)
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=points, width_canvas_px=0)


def path(*points: Point) -> Stroke:
    return Stroke(layer=M1, kind=StrokeKind.PATH, points_canvas_px=points, width_canvas_px=4)


def photo(name: str) -> SourceImage:
    return load_sample(next(sample for sample in SAMPLES if sample.name == name))


def pixels(source: SourceImage, size_px: Size) -> Film:
    with Image.open(io.BytesIO(source.wire_bytes)) as image:
        return np.asarray(image.convert("RGB").resize(size_px, Image.Resampling.BOX))


PART, BRIGHT = ellipse(150, 140, 60, 45), ellipse(150, 140, 36, 27)
BEND = path((300, 330), (350, 350), (365, 320))
FAR = path((150, 330), (450, 350), (480, 300))
ABOVE_THE_PATH = 0.68  # of the height: further down there is the path, and a dot on it


def probe(size_px: Size, way: Stroke, part: Stroke = PART, bright: Stroke = BRIGHT) -> Shown:
    """Dark noise with a bright area in the middle of what is painted."""
    lit = mask_image_px((bright,), (720, 405), SIZES[0]) > 0
    picture = Image.fromarray(honesty.probe_picture(lit)).resize(size_px)
    return shown(read_image(encoded(picture, "JPEG"), "probe.jpg"), part, way)


def probe_error(of: Shown, film: Film, way: Stroke) -> honesty.PathError:
    upper = film[:, : int(ABOVE_THE_PATH * of.size_px[1])]
    return honesty.path_error(honesty.track_bright(upper), of.path(way))


@pytest.mark.parametrize("size_px", SIZES)
@pytest.mark.parametrize(("way", "method"), [(BEND, Method.SHEET), (FAR, Method.LAYER)])
def test_gate_1_a_probe_follows_the_drawn_path(size_px: Size, way: Stroke, method: Method) -> None:
    """Frame by frame: RMS within 0.5 px as a sheet, 1 px as a layer."""
    made = probe(size_px, way)
    (reason,) = made.preview.reasons
    assert reason.method is method
    error = probe_error(made, made.film, way)
    assert error.rms_px <= GATES_PX[method]
    assert error.end_px <= honesty.END_PX
    assert error.moved_px > 70


PHOTOS = {
    "raccoon.jpg": (ellipse(356, 270, 54, 54), path((356, 453), (394, 432), (410, 464))),
    "astronaut.jpg": (ellipse(311, 153, 86, 100), path((432, 576), (490, 605), (504, 562))),
    "coffee.jpg": (ellipse(320, 200, 70, 60), path((320, 430), (180, 400), (120, 320))),
}
STILL = ellipse(96, 96, 75, 75, Layer.STATIC)


def template_error(of: Shown, film: Film, part: Stroke, way: Stroke) -> honesty.PathError:
    track = honesty.track_template(film, of.mask(part), inset_px=OUTLINE_PX)
    return honesty.path_error(track, of.path(way))


@pytest.mark.parametrize("name", PHOTOS)
def test_gate_2_a_part_of_a_photograph_ends_where_its_path_ends(name: str) -> None:
    """The first frame's patch is found again within 1 px."""
    part, way = PHOTOS[name]
    made = shown(photo(name), part, way)
    error = template_error(made, made.film, part, way)
    assert error.end_px <= honesty.END_PX
    assert error.moved_px > 40


def test_gate_3_the_frozen_area_does_not_change_before_encoding() -> None:
    """Difference 0 in every plane, in every frame."""
    scene = preview_scene(shown(photo("raccoon.jpg"), *PHOTOS["raccoon.jpg"], STILL).request)
    assert scene.static_mask is not None
    masks = (scene.static_mask, chroma_mask(scene.static_mask), chroma_mask(scene.static_mask))
    first, *others = frames(scene, replace(SETTINGS, mark=None))
    for frame in others:
        for mask, before, now in zip(masks, first.planes, frame.planes, strict=True):
            assert np.array_equal(before[mask], now[mask])


def frozen_psnr_db(of: Shown, still: Stroke) -> float:
    first, *others = of.film
    inside = honesty.eroded(of.mask(still), OUTLINE_PX)
    return min(honesty.psnr_inside(first, frame, inside) for frame in others)


@pytest.mark.parametrize("still", [STILL, ellipse(356, 155, 60, 25, Layer.STATIC)])
def test_gate_3_the_frozen_area_stays_in_the_video(still: Stroke) -> None:
    """At least 40 dB, far from what moves and close to it."""
    made = shown(photo("raccoon.jpg"), *PHOTOS["raccoon.jpg"], still)
    assert frozen_psnr_db(made, still) >= honesty.FROZEN_PSNR_DB


def test_gate_4_the_video_ends_on_the_tail_frame() -> None:
    """Structural similarity of the last frame at least 0.97."""
    first, last = photo("coffee.jpg"), mirrored(photo("coffee.jpg"))
    made = shown(first, tail=last)
    assert honesty.ssim(made.film[-1], pixels(last, made.size_px)) >= honesty.TAIL_SSIM


def test_the_preview_of_a_last_frame_starts_at_the_picture_and_ends_at_the_very_frame_that_is_sent() -> None:
    """The full request's, and the quick one's that is shown while one draws."""
    frame = LABELLED_FRAMES["the cup by its rim"]
    parameters = Parameters(model_name="kling-v2-6", mode="pro", duration="5")
    made = Draft(
        picture=Picture(source=frame.source), tail=None, drawing=frame.drawing, parameters=parameters
    )
    for quick in (False, True):
        composed = compose(made, quick=quick)
        assert composed.last_frame is not None
        film = decode(render_preview(composed.request, composed.layers, layer_colours.RGB).mp4)
        size = (film.shape[2], film.shape[1])
        assert honesty.ssim(film[0], pixels(frame.source, size)) >= honesty.TAIL_SSIM
        assert honesty.ssim(film[-1], pixels(composed.last_frame.picture, size)) >= honesty.TAIL_SSIM
        assert honesty.ssim(film[-1], film[0]) < honesty.TAIL_SSIM


def mirrored(source: SourceImage) -> SourceImage:
    return read_image(encoded(pixels(source, source.size_px)[:, ::-1]), "mirrored.png")


def test_control_a_request_whose_y_is_not_turned_is_caught() -> None:
    """The points as the canvas has them, counted from the top: the end is far outside the gates."""
    made = probe((1280, 720), BEND)
    (dynamic,) = made.request.dynamic_masks
    upside_down = tuple(TrajectoryPoint(x=point.x, y=719 - point.y) for point in dynamic.trajectories)
    wrong = replace(made.request, dynamic_masks=(replace(dynamic, trajectories=upside_down),))
    film = replace(made, request=wrong).film[:, :300]
    error = honesty.path_error(honesty.track_bright(film), made.path(BEND))
    assert error.rms_px > 5 * honesty.LAYER_RMS_PX
    assert error.end_px > 5 * honesty.END_PX


@pytest.mark.parametrize("name", ["raccoon.jpg", "coffee.jpg"])
def test_control_a_video_without_motion_is_caught(name: str) -> None:
    """Its first frame over and over misses the end by the whole way."""
    part, way = PHOTOS[name]
    made = shown(photo(name), part, way)
    still = np.repeat(made.film[:1], FRAMES, axis=0)
    assert template_error(made, still, part, way).end_px > 5 * honesty.END_PX


def test_control_a_sheet_without_its_pin_is_caught() -> None:
    """The flow's small errors add up beyond the gate, and the same measure sees it in the MP4."""
    way = path((300, 300), (380, 340), (400, 300), (460, 390))
    made = probe((1280, 720), way, ellipse(110, 40, 20, 20), ellipse(110, 40, 13, 13))
    loose, pinned = (pinned_film(made, pin=pin) for pin in (False, True))
    assert probe_error(made, loose, way).end_px > honesty.END_PX
    assert probe_error(made, loose, way).rms_px > honesty.SHEET_RMS_PX
    assert probe_error(made, pinned, way).end_px <= honesty.END_PX


def pinned_film(of: Shown, *, pin: bool) -> Film:
    """The preview's own scene as a sheet, encoded as a preview is."""
    scene = preview_scene(of.request)
    motion = plan(scene, FRAMES)
    assert motion.regions[0].method is Method.SHEET
    mover = BrushMotion(scene, motion, pin=pin)
    encoder = Encoder(
        width=scene.width_px,
        height=scene.height_px,
        fps=SETTINGS.fps,
        frame_count=FRAMES,
        crf=SETTINGS.crf,
        preset=SETTINGS.preset,
        metadata={},
    )
    with encoder:
        for number in range(FRAMES):
            encoder.put(mover.frame(number))
    return decode(encoder.video())


def test_control_an_area_that_is_not_frozen_is_caught() -> None:
    """The same place without the static mask is pulled along."""
    close = ellipse(356, 155, 60, 25, Layer.STATIC)
    made = shown(photo("raccoon.jpg"), *PHOTOS["raccoon.jpg"])
    assert frozen_psnr_db(made, close) < honesty.FROZEN_PSNR_DB - 5


def test_control_another_tail_is_caught() -> None:
    """A video that stays on its first picture does not pass for one that ends on the tail."""
    first = photo("coffee.jpg")
    made = shown(first, tail=first)
    assert honesty.ssim(made.film[-1], pixels(mirrored(first), made.size_px)) < 0.9
