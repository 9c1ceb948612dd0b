"""The films that the simulator serves keep what the request asks for, and a renderer that lies is caught.

Every film goes the whole way: a create as JSON, queries, a download, and the decoded MP4. The liars change an
order before the true renderer has it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import requests

from motion import Region, RenderSettings, Scene
from motion.render import frames
from motion.scene import covering
from motion.video import probe
from simulator.embedded import RunningSimulator, start
from simulator.engine.motion_renderer import MARK, render_with_motion
from simulator.engine.scene import MovingPart, Render, RenderRequest
from simulator.settings import SimulatorSettings
from tests.support.film_gates import Asked, Film, Part, broken_promises, frozen_db, nearness_db
from tests.support.honesty import FROZEN_PSNR_DB, Picture, Points
from tests.support.scenes import box, ellipse, photo

WIDTH_PX, HEIGHT_PX, FPS = 480, 360, 6
SETTINGS = SimulatorSettings(submitted_s=0, processing_s=0, render_max_px=WIDTH_PX, fps=FPS)
TRUE = render_with_motion(max_px=WIDTH_PX, fps=FPS)
LONG_S = 60.0

PHOTO = covering(photo("raccoon"), (WIDTH_PX, HEIGHT_PX))
SHAPE = PHOTO.shape
FACE = Part(
    mask=ellipse(SHAPE, 281, 155, 70, 60), path_image_px=np.array([[281.0, 155], [281, 75], [361, 75]])
)
LEAF = Part(mask=box(SHAPE, 60, 60, 110, 110), path_image_px=np.array([[85.0, 85], [45, 165], [45, 245]]))
BRUSHED = Asked(image=PHOTO, parts=(FACE, LEAF), frozen=box(SHAPE, 220, 250, 400, 350))
TAILED = Asked(image=PHOTO, tail=np.ascontiguousarray(PHOTO[:, ::-1]))


@contextmanager
def served(render: Render | None = None) -> Iterator[RunningSimulator]:
    """A simulator on a socket."""
    running = start(SETTINGS, render=render)
    try:
        yield running
    finally:
        running.stop()


@cache
def honest(asked: Asked) -> Film:
    """Made once for all tests of this file."""
    with served() as running:
        return made(running, asked)


def made(running: RunningSimulator, asked: Asked) -> Film:
    """Created, followed to its end and downloaded by plain requests."""
    tasks = f"{running.base_url}/kling/v1/videos/image2video"
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {running.api_key}"
        answer = session.post(tasks, json=asked.body(), timeout=LONG_S).json()
        assert answer["code"] == 0, answer
        url = followed(session, f"{tasks}/{answer['data']['task_id']}")
        return Film(asked=asked, mp4=session.get(url, timeout=LONG_S).content)


def followed(session: requests.Session, url: str) -> str:
    """The video's address, once the task has succeeded."""
    pause = threading.Event()
    for _ in range(int(LONG_S / 0.05)):
        data = session.get(url, timeout=LONG_S).json()["data"]
        assert data["task_status"] != "failed", data
        if data["task_status"] == "succeed":
            return str(data["task_result"]["videos"][0]["url"])
        pause.wait(0.05)
    raise AssertionError("The task did not end in time.")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(BRUSHED, id="brush"),
        pytest.param(replace(BRUSHED, mode="std", parts=(LEAF,)), id="brush-std"),
        pytest.param(TAILED, id="tail"),
        pytest.param(replace(TAILED, duration="10"), id="tail-10"),
        pytest.param(Asked(image=PHOTO, mode="std", duration="10"), id="prompt-only-10"),
    ],
)
def test_a_film_keeps_every_promise(asked: Asked) -> None:
    """Ends and paths within 2 % of the width, frozen area, tail, length, size and the record in the file."""
    assert broken_promises(honest(asked)) == set()


def test_every_painted_part_really_went() -> None:
    """Being near a path that leads nowhere would be no feat."""
    assert all(error.moved_px > 0.2 * WIDTH_PX for error in honest(BRUSHED).path_errors)


def without_turning(order: RenderRequest) -> RenderRequest:
    """Takes the wire's y for the picture's."""
    return rerouted(order, lambda path: path * [1, -1] + [0, HEIGHT_PX - 1])


def stopping_short(order: RenderRequest) -> RenderRequest:
    """Goes nine tenths of the way."""
    return rerouted(order, lambda path: path[0] + 0.9 * (path - path[0]))


def cutting_corners(order: RenderRequest) -> RenderRequest:
    """Goes straight to the end."""
    return rerouted(order, lambda path: path[[0, -1]])


def one_part_left_behind(order: RenderRequest) -> RenderRequest:
    """Moves the first painted part only."""
    return replace(order, moving=order.moving[:1])


def rerouted(order: RenderRequest, way: Callable[[Points], Points]) -> RenderRequest:
    parts = [MovingPart(mask=part.mask, path_image_px=way(part.path_image_px)) for part in order.moving]
    return replace(order, moving=tuple(parts))


@pytest.mark.parametrize("name", ["astronaut", "coffee", "raccoon", "rocket"])
def test_the_frozen_area_stays_at_the_rate_that_is_served(name: str) -> None:
    """In std too at least 40 dB: at 24 frames a second x264 is coarser than in the short films above."""
    picture = covering(photo(name), (WIDTH_PX, HEIGHT_PX))
    asked = replace(BRUSHED, image=picture, mode="std", parts=(LEAF,))
    with served(render_with_motion(max_px=WIDTH_PX, fps=SimulatorSettings().fps)) as running:
        assert frozen_db(made(running, asked)) >= FROZEN_PSNR_DB


LIARS: dict[str, tuple[Asked, Render, set[str]]] = {
    "does not turn y": (BRUSHED, lambda order: TRUE(without_turning(order)), {"end", "path"}),
    "does not move": (BRUSHED, lambda order: TRUE(replace(order, moving=())), {"end", "path"}),
    "leaves one part behind": (BRUSHED, lambda order: TRUE(one_part_left_behind(order)), {"end", "path"}),
    "stops short": (BRUSHED, lambda order: TRUE(stopping_short(order)), {"end"}),
    "cuts the corner": (BRUSHED, lambda order: TRUE(cutting_corners(order)), {"path"}),
    "forgets the frozen area": (BRUSHED, lambda order: TRUE(replace(order, frozen=None)), {"frozen"}),
    "forgets the tail": (TAILED, lambda order: TRUE(replace(order, tail=None)), {"tail"}),
    "gives half the time": (TAILED, lambda order: TRUE(replace(order, duration_s=2.5)), {"length"}),
    "gives a smaller picture": (TAILED, render_with_motion(max_px=240, fps=FPS), {"size"}),
    "keeps no record": (TAILED, lambda order: TRUE(replace(order, comment="simulation")), {"record"}),
}


@pytest.mark.parametrize("lie", LIARS)
def test_control_a_lie_is_caught_and_named(lie: str) -> None:
    """Each promise is broken by a liar of its own; no gate is there that cannot fail."""
    asked, render, promises = LIARS[lie]
    with served(render) as running:
        assert promises <= broken_promises(made(running, asked))


def gain_db(pro: Film) -> float:
    """How much nearer to the frames before encoding it is than std's."""
    return nearness_db(pro, meant()) - nearness_db(honest(replace(BRUSHED, mode="std")), meant())


@cache
def meant() -> Picture:
    """The frames of the brushed request as they are before any encoding."""
    regions = tuple(Region(mask=part.mask, path_px=part.path_image_px) for part in BRUSHED.parts)
    scene = Scene(image=PHOTO, static_mask=BRUSHED.frozen, regions=regions, duration_s=5)
    return np.stack([frame.to_rgb() for frame in frames(scene, RenderSettings(fps=FPS, mark=MARK))])


def test_pro_looks_better_than_std() -> None:
    """At least 1 dB nearer to the frames before encoding, over the whole film, for more bytes."""
    pro, std = honest(BRUSHED), honest(replace(BRUSHED, mode="std"))
    assert gain_db(pro) >= 1
    assert len(pro.mp4) > len(std.mp4)


def test_control_a_pro_made_as_std_is_caught() -> None:
    """The same measure, on a renderer that does not know the mode."""
    with served(lambda order: TRUE(replace(order, fine=False))) as running:
        assert gain_db(made(running, BRUSHED)) < 1


def test_ten_seconds_are_twice_five() -> None:
    """In time and in frames, at the same rate."""
    short, long = (probe(honest(replace(TAILED, duration=text)).mp4) for text in ("5", "10"))
    assert long.frames == 2 * short.frames
    assert long.duration_s == pytest.approx(2 * short.duration_s, abs=0.1)
