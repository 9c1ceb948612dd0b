"""The preview shows what the request says: its masks go along its points, decoded again."""

import base64
import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from components import layer_colours
from kling import DynamicMask, ImageToVideoRequest, TrajectoryPoint
from motion import Method, decode, frames, probe
from studio.drawing.model import Layer
from studio.preview.render import SETTINGS, NoPreviewProblem, preview_scene, render_preview
from studio.request.decode import preview_size_px
from tests.support import honesty
from tests.support.pictures import encoded, gradient

M1, M2 = Layer.MOTION_1, Layer.MOTION_2
Size = tuple[int, int]
# In fractions of the width and height, counted from the top: up, then to the right.
BOX, PATH = (0.30, 0.50, 0.42, 0.62), ((0.36, 0.56), (0.45, 0.34), (0.55, 0.34))


def text(pixels: NDArray[np.uint8], kind: str = "PNG", **options: int) -> str:
    return base64.b64encode(encoded(pixels, kind, **options)).decode()


def painted(size_px: Size, box: tuple[float, float, float, float] = BOX) -> NDArray[np.bool_]:
    width, height = size_px
    mask = np.zeros((height, width), np.bool_)
    left, top, right, bottom = (round(part * side) for part, side in zip(box, size_px * 2, strict=True))
    mask[top:bottom, left:right] = True
    return mask


def mask_text(mask: NDArray[np.bool_]) -> str:
    return text(np.where(mask, np.uint8(255), np.uint8(0)))


def path_image_px(size_px: Size) -> NDArray[np.int64]:
    return np.array([(round(x * size_px[0]), round(y * size_px[1])) for x, y in PATH])


def request(size_px: Size = (480, 360), *, flipped: bool = True) -> ImageToVideoRequest:
    """A bright box on dark noise, told to go up; `flipped=False` is the mistake of not turning y."""
    mask = painted(size_px)
    small = honesty.probe_picture(painted((480, 360)))
    image = small if size_px == (480, 360) else np.asarray(cv2.resize(small, size_px), np.uint8)
    points = [(x, size_px[1] - 1 - y if flipped else y) for x, y in path_image_px(size_px).tolist()]
    dynamic = DynamicMask(mask=mask_text(mask), trajectories=wire(*points))
    return ImageToVideoRequest(image=text(image, "JPEG"), model_name="kling-v1", dynamic_masks=(dynamic,))


def wire(*points: tuple[int, int]) -> tuple[TrajectoryPoint, ...]:
    return tuple(TrajectoryPoint(x=x, y=y) for x, y in points)


def error_of(asked: ImageToVideoRequest, size_px: Size) -> honesty.PathError:
    """How far the bright box is from the drawn path, in pixels of the preview, without annotations."""
    scene = preview_scene(asked)
    track = honesty.track_bright([frame.to_rgb() for frame in frames(scene, replace(SETTINGS, mark=None))])
    scale = np.array([scene.width_px, scene.height_px]) / size_px
    return honesty.path_error(track, path_image_px(size_px) * scale)


@pytest.mark.parametrize("size_px", [(480, 360), (4000, 3000)])
def test_the_masked_part_goes_along_the_points_of_the_request(size_px: Size) -> None:
    """Decoded at any size, it follows the drawn path within a pixel to its end."""
    error = error_of(request(size_px), size_px)
    assert error.rms_px < honesty.LAYER_RMS_PX
    assert error.end_px < honesty.END_PX
    assert error.moved_px > 80


@pytest.mark.parametrize("size_px", [(480, 360), (4000, 3000)])
def test_points_that_were_not_turned_would_be_seen(size_px: Size) -> None:
    """The control: a request whose y counts from the top fails the same measure."""
    error = error_of(request(size_px, flipped=False), size_px)
    assert error.moved_px > 80
    assert error.end_px > 100


def test_the_video_itself_shows_the_part_where_its_path_ends() -> None:
    """Annotations included: the last decoded frame has the bright box at the path's end."""
    made = render_preview(request(), (M1,), layer_colours.RGB)
    shown = decode(made.mp4)
    end = painted((480, 360), tuple(b + d for b, d in zip(BOX, (0.19, -0.22) * 2, strict=True)))  # type: ignore[arg-type]
    start = painted((480, 360))
    inside = honesty.eroded(end, 10)
    assert np.median(shown[-1][inside]) > 180
    assert np.median(shown[0][inside]) < 100
    assert np.median(shown[-1][honesty.eroded(start, 10)]) < 140


def test_a_path_and_its_dot_have_their_layers_colour() -> None:
    """The dot is at the start in the first frame and at the end in the last."""
    first, *_, last = decode(render_preview(request(), (M2,), layer_colours.RGB).mp4).astype(int)
    start, *_, end = path_image_px((480, 360)).tolist()
    for frame, (x, y) in ((first, start), (last, end)):
        assert np.abs(frame[y, x] - layer_colours.RGB[M2]).max() < 60
    assert (
        np.abs(first[end[1] - 9 : end[1] - 4, end[0]] - layer_colours.RGB[M2]).max() > 60
    )  # no dot there yet


def test_the_static_area_is_outlined_and_stays() -> None:
    """Its inside is the same in the first and the last frame."""
    still = painted((480, 360), (0.7, 0.1, 0.95, 0.9))
    made = render_preview(replace(request(), static_mask=mask_text(still)), (M1,), layer_colours.RGB)
    shown = decode(made.mp4)
    assert honesty.psnr_inside(shown[0], shown[-1], honesty.eroded(still, 6)) > 30
    edge = shown[5][180, round(0.7 * 480)].astype(int)
    assert edge[2] > edge[0] + 60  # blue


def test_it_lasts_two_seconds_and_says_what_it_is() -> None:
    """2 s at 15 frames a second, within 854×480, with its comment."""
    told = probe(render_preview(request((1280, 720)), (M1,), layer_colours.RGB).mp4)
    assert (told.frames, told.fps) == (30, 15)
    assert told.width <= 854
    assert told.height <= 480
    assert told.comment == "preview of the directions given"


@pytest.mark.parametrize(
    ("size_px", "expected"),
    [
        ((4000, 3000), (640, 480)),
        ((1280, 720), (852, 480)),
        ((3000, 4000), (480, 640)),
        ((401, 301), (400, 300)),
        ((750, 300), (750, 300)),
    ],
)
def test_every_shape_fits_and_is_never_enlarged(size_px: Size, expected: Size) -> None:
    """Even sizes within 854×480, upright 480×854."""
    assert preview_size_px(size_px) == expected


def test_without_masks_the_camera_moves_as_the_simulator_moves_it() -> None:
    """Nothing is outlined, and the picture grows a little."""
    made = render_preview(replace(request(), dynamic_masks=()), (), layer_colours.RGB)
    assert made.reasons == ()
    shown = decode(made.mp4)
    assert np.abs(shown[-1].astype(int) - shown[0]).mean() > 3


def test_a_tail_frame_is_where_the_preview_ends() -> None:
    """The last frame is the tail."""
    tail = gradient(480, 360)
    asked = replace(request(), dynamic_masks=(), image_tail=text(tail))
    shown = decode(render_preview(asked, (), layer_colours.RGB).mp4)
    assert honesty.ssim(shown[-1], tail) > 0.9


def test_a_part_shown_as_a_cut_out_has_its_reason() -> None:
    """A path over the static area: it slides behind what stays."""
    across = mask_text(painted((480, 360), (0.45, 0.2, 0.6, 0.45)))
    made = render_preview(replace(request(), static_mask=across), (M2,), layer_colours.RGB)
    (reason,) = made.cut_outs
    assert (reason.layer, reason.method) == (M2, Method.LAYER)
    assert "static" in reason.why


def test_only_what_is_seen_makes_it_anew() -> None:
    """Another prompt is the same preview, another point is not."""
    first = render_preview(request(), (M1,), layer_colours.RGB)
    assert render_preview(replace(request(), prompt="slowly"), (M1,), layer_colours.RGB) is first
    (dynamic,) = request().dynamic_masks
    moved = replace(dynamic, trajectories=(*dynamic.trajectories, TrajectoryPoint(x=300, y=200)))
    assert render_preview(replace(request(), dynamic_masks=(moved,)), (M1,), layer_colours.RGB) is not first
    assert render_preview(request(), (M2,), layer_colours.RGB) is not first
    larger = replace(dynamic, mask=mask_text(painted((480, 360), (0.2, 0.5, 0.42, 0.62))))
    assert render_preview(replace(request(), dynamic_masks=(larger,)), (M1,), layer_colours.RGB) is not first


def test_who_no_longer_wants_it_ends_it_and_the_next_gets_it() -> None:
    """What `progress` raises goes through, and nothing stays locked or half-made."""

    def unwanted(share: float) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    asked = replace(request(), static_mask=mask_text(painted((480, 360), (0.8, 0.8, 0.9, 0.9))))
    with pytest.raises(KeyboardInterrupt):
        render_preview(asked, (M1,), layer_colours.RGB, unwanted)
    assert probe(render_preview(asked, (M1,), layer_colours.RGB).mp4).frames == 30


def test_two_at_once_get_one_and_the_same() -> None:
    """One thread renders, the other waits and takes what it made."""
    asked = replace(request(), static_mask=mask_text(painted((480, 360), (0.8, 0.1, 0.9, 0.2))))
    made: list[bytes] = []
    both = [
        threading.Thread(target=lambda: made.append(render_preview(asked, (M1,), layer_colours.RGB).mp4))
        for _ in range(2)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert made[0] is made[1]


def broken() -> dict[str, ImageToVideoRequest]:
    (dynamic,) = request().dynamic_masks
    return {
        "address": replace(request(), image="https://pictures.example.com/cat.png"),
        "no picture": replace(request(), image=""),
        "no path": replace(request(), dynamic_masks=(replace(dynamic, trajectories=()),)),
        "one point": replace(request(), dynamic_masks=(replace(dynamic, trajectories=wire((9, 9))),)),
        "no mask": replace(request(), dynamic_masks=(replace(dynamic, mask=""),)),
        "black mask": replace(
            request(), dynamic_masks=(replace(dynamic, mask=mask_text(np.zeros((360, 480), np.bool_))),)
        ),
        "tail and masks": replace(request(), image_tail=text(gradient(480, 360))),
        "tail's address": replace(
            request(), dynamic_masks=(), image_tail="https://pictures.example.com/a.png"
        ),
    }


@pytest.mark.parametrize("scheme", ["https", "HTTPS", "Http"])
def test_a_picture_given_by_its_address_is_known_by_it_however_it_is_written(scheme: str) -> None:
    """One is told to upload it, not to paint."""
    address = f"{scheme}://pictures.example.com/a.png"
    for asked in (
        replace(request(), image=address),
        replace(request(), dynamic_masks=(), image_tail=address),
    ):
        with pytest.raises(NoPreviewProblem, match="Upload the picture"):
            render_preview(asked, (M1,), layer_colours.RGB)


@pytest.mark.parametrize("name", list(broken()))
def test_an_unfinished_request_has_no_preview_and_says_so(name: str) -> None:
    """A StudioError, whatever is missing."""
    with pytest.raises(NoPreviewProblem):
        render_preview(broken()[name], (M1,), layer_colours.RGB)
