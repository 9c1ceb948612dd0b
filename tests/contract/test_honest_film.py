"""A request with masks and paths, through client, socket, simulator and renderer, to measured pixels."""

import base64
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import pytest
import requests
from numpy.typing import NDArray

from kling import DynamicMask, ImageToVideoRequest, TaskStatus, TrajectoryPoint, check
from motion import decode, probe
from simulator.engine.motion_renderer import render_with_motion
from simulator.settings import SimulatorSettings
from tests.contract.conftest import joined
from tests.support import honesty
from tests.support.pictures import encoded

WIDTH_PX, HEIGHT_PX = 480, 360
PATH_WIRE_PX = ((150, 180), (200, 260), (250, 260))  # up, then to the right
PATH_IMAGE_PX = np.array([[150.0, 179.0], [200.0, 99.0], [250.0, 99.0]])  # the same by hand: y = 359 - y
NOT_TURNED = ((150, 179), (200, 99), (250, 99))  # the mistake: image_px sent as if they were wire_px
RENDER = render_with_motion(max_px=WIDTH_PX, fps=12)


@dataclass(frozen=True, kw_only=True)
class Filmed:
    """What came back, and what was sent."""

    image: NDArray[np.uint8]
    frames: NDArray[np.uint8]
    frozen: NDArray[np.bool_]
    mp4: bytes


def box(left: int, top: int, width: int, height: int) -> NDArray[np.bool_]:
    mask = np.zeros((HEIGHT_PX, WIDTH_PX), np.bool_)
    mask[top : top + height, left : left + width] = True
    return mask


def wire(picture: NDArray[np.uint8]) -> str:
    return base64.b64encode(encoded(picture)).decode()


def as_mask(painted: NDArray[np.bool_]) -> str:
    return wire(np.where(painted, np.uint8(255), np.uint8(0)))


@cache
def filmed(path_wire_px: tuple[tuple[int, int], ...] = PATH_WIRE_PX) -> Filmed:
    """Made once for all tests of this file."""
    painted, frozen = box(130, 160, 40, 40), box(340, 60, 120, 240)
    image = honesty.probe_picture(painted)
    way = tuple(TrajectoryPoint(x=x, y=y) for x, y in path_wire_px)
    request = ImageToVideoRequest(
        image=wire(image),
        model_name="kling-v1",
        mode="pro",
        prompt="the bright part rises",
        static_mask=as_mask(frozen),
        dynamic_masks=(DynamicMask(mask=as_mask(painted), trajectories=way),),
    )
    assert check(request) == []
    with joined(SimulatorSettings(submitted_s=0, processing_s=0), render=RENDER) as both:
        task = both.client.get(both.client.create(request).task_id)
        assert (task.status, task.status_message) == (TaskStatus.SUCCEED, None)
        mp4 = requests.get(task.videos[0].url, timeout=20).content
    return Filmed(image=image, frames=decode(mp4), frozen=frozen, mp4=mp4)


def path_error(made: Filmed) -> honesty.PathError:
    """How far the bright part is from the drawn path; the mark's letters, bright too, are left out."""
    first = made.frames[0].mean(axis=2) > 110
    mark = first & ~box(120, 150, 60, 60)
    around = cv2.dilate(mark.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    frames = np.where(around[..., None], np.uint8(0), made.frames)
    return honesty.path_error(honesty.track_bright(frames), PATH_IMAGE_PX)


def test_the_painted_part_goes_along_the_path_to_its_end() -> None:
    """Every frame of the decoded MP4, within 1 px."""
    error = path_error(filmed())
    assert error.rms_px < honesty.LAYER_RMS_PX
    assert error.end_px < honesty.END_PX
    assert error.moved_px == pytest.approx(128, abs=2)


def test_a_path_that_is_not_turned_upside_down_would_be_seen() -> None:
    """The control: the same, sent with the y of the picture, fails the same measure."""
    error = path_error(filmed(NOT_TURNED))
    assert error.moved_px > 100
    assert error.end_px > 100


def test_the_frozen_part_stays() -> None:
    """In every frame it is what it was in the first."""
    made = filmed()
    worst = min(honesty.psnr_inside(made.frames[0], frame, made.frozen) for frame in made.frames[1:])
    assert worst > honesty.FROZEN_PSNR_DB


def test_the_file_says_what_it_is() -> None:
    """Size and length as asked; a simulation, with its model, mode and prompt."""
    told = probe(filmed().mp4)
    assert (told.width, told.height, told.frames) == (WIDTH_PX, HEIGHT_PX, 60)
    assert told.duration_s == pytest.approx(5, abs=0.1)
    assert told.comment == "simulation; model=kling-v1; mode=pro; prompt=the bright part rises"
