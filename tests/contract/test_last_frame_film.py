"""A drawing that is sent as a last frame arrives in the film of a model without a motion brush.

From strokes on a canvas to a decoded MP4: the draft is composed as it is sent, created by the client at the
simulator over HTTP, and downloaded. The last frame of the film is measured against the path that was drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
import requests

from kling import ImageToVideoRequest, KlingClient, TaskStatus
from motion import Method
from motion.video import decode
from simulator.embedded import RunningSimulator, start
from simulator.settings import SimulatorSettings
from studio.drawing.frames import path_image_px
from studio.drawing.model import Drawing, Layer, Stroke
from studio.drawing.rasterise import mask_image_px
from studio.pictures.source_image import read_image
from studio.request.compose import Composed, compose
from studio.request.draft import Carrier, Draft, Parameters, Picture
from tests.support import honesty
from tests.support.film_gates import NEAR_OF_WIDTH
from tests.support.make import area, path
from tests.support.pictures import encoded
from tests.support.waiting import wait_until

SIZE_PX, CANVAS_PX = (640, 360), (320, 180)
PART, STATIC = Layer.MOTION_1, Layer.STATIC
PARAMETERS = Parameters(
    model_name="kling-v3", mode="std", duration="5", prompt="the wind rises", carrier=Carrier.FRAME
)
MARKED_FROM_PX = 320
"""From this row on lies the simulator's mark, which is bright too."""
LONG_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A bright part of a probe picture, its path, and an area that stays: two strokes and one, canvas_px."""

    part: Stroke
    path: Stroke
    static: Stroke
    method: Method

    @property
    def probe(self) -> honesty.Picture:
        """The picture: dark noise in which only the part is bright."""
        return honesty.probe_picture(self.mask(self.part))

    @property
    def move_image_px(self) -> honesty.Points:
        """How far right and down the path's end is from its start."""
        points = path_image_px(self.path, CANVAS_PX, SIZE_PX)
        return np.asarray(points[-1] - points[0])

    def mask(self, stroke: Stroke) -> honesty.Mask:
        """(height, width) True where a stroke is painted in the picture."""
        return np.asarray(mask_image_px((stroke,), CANVAS_PX, SIZE_PX) > 0)

    def composed(self, *strokes: Stroke) -> Composed:
        """The request of these strokes on the probe picture, as it is sent."""
        drawing = Drawing(canvas_width_px=CANVAS_PX[0], canvas_height_px=CANVAS_PX[1], strokes=strokes)
        picture = Picture(source=read_image(encoded(self.probe), "probe.png"))
        return compose(Draft(picture=picture, tail=None, drawing=drawing, parameters=PARAMETERS))


BLOCK = area(PART, left=100, right=140, top=70, bottom=110)
SHEET = Drawn(
    part=BLOCK,
    path=path(PART, (120, 90), (140, 95), (143, 110)),
    static=area(STATIC, left=180, right=240, top=60, bottom=130),
    method=Method.SHEET,
)
CUT_OUT = Drawn(
    part=BLOCK,
    path=path(PART, (120, 90), (180, 60), (240, 140)),
    static=area(STATIC, left=265, right=310, top=70, bottom=150),
    method=Method.LAYER,
)
BOTH = pytest.mark.parametrize("drawn", [SHEET, CUT_OUT], ids=["sheet", "cut-out"])


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    """One for the whole module, which wastes no time but that of its renderer."""
    running = start(SimulatorSettings(submitted_s=0, processing_s=0, render_max_px=SIZE_PX[0], fps=6))
    yield running
    running.stop()


def film(simulator: RunningSimulator, request: ImageToVideoRequest) -> honesty.Picture:
    """(n, height, width, 3) the decoded frames of the video that a request is answered with."""
    with KlingClient(simulator.base_url, simulator.api_key) as client:
        task_id = client.create(request).task_id
        wait_until(lambda: client.get(task_id).status is TaskStatus.SUCCEED, "the film")
        (video,) = client.get(task_id).videos
        return decode(requests.get(video.url, auth=client.auth, timeout=LONG_S).content)


def broken_gates(drawn: Drawn, frames: honesty.Picture) -> set[str]:
    """The gates that a film's last frame does not pass: "end", "static"; empty for an honest one."""
    start_px, end_px = honesty.track_bright([drawn.probe[:MARKED_FROM_PX], frames[-1][:MARKED_FROM_PX]])
    missed_px = float(np.hypot(*(end_px - start_px - drawn.move_image_px)))
    static_db = honesty.psnr_inside(drawn.probe, frames[-1], drawn.mask(drawn.static))
    passed = {"end": missed_px <= NEAR_OF_WIDTH * SIZE_PX[0], "static": static_db >= honesty.FROZEN_PSNR_DB}
    return {gate for gate, is_passed in passed.items() if not is_passed}


@BOTH
def test_the_drawing_arrives_in_the_film(drawn: Drawn, simulator: RunningSimulator) -> None:
    """The part within 2 % of the width of its path's end, what stays at 40 dB; no mask was sent."""
    composed = drawn.composed(drawn.part, drawn.path, drawn.static)
    assert composed.last_frame is not None
    assert composed.last_frame.methods == (drawn.method,)
    assert not composed.request.has_masks
    assert broken_gates(drawn, film(simulator, composed.request)) == set()


@BOTH
def test_control_without_the_frame_the_part_does_not_arrive(
    drawn: Drawn, simulator: RunningSimulator
) -> None:
    """The same request without its tail, words and all."""
    request = drawn.composed(drawn.part, drawn.path, drawn.static).request
    assert "end" in broken_gates(drawn, film(simulator, replace(request, image_tail=None)))


@BOTH
def test_control_with_y_not_flipped_the_part_arrives_elsewhere(
    drawn: Drawn, simulator: RunningSimulator
) -> None:
    """A frame of the path mirrored from top to bottom."""
    mirrored = path(PART, *((x, CANVAS_PX[1] - y) for x, y in drawn.path.points_canvas_px))
    request = drawn.composed(drawn.part, mirrored, drawn.static).request
    assert broken_gates(drawn, film(simulator, request)) == {"end"}


def test_control_what_was_not_painted_static_is_pulled_along(simulator: RunningSimulator) -> None:
    """The same drawing on a sheet that is pinned nowhere."""
    request = SHEET.composed(SHEET.part, SHEET.path).request
    assert "static" in broken_gates(SHEET, film(simulator, request))
