"""The guide's examples: each could be sent as it is, and its picture really moves."""

import numpy as np
import pytest

from kling import brush_models, check
from motion import Method, decode
from studio.checks.preflight import preflight
from studio.drawing.model import Layer
from studio.guide.example_drafts import LONGER_SIDE_PX, compose_example, example_draft, render_example
from studio.guide.examples import EXAMPLES, Example
from studio.guide.service_facts import service_facts
from studio.pictures.samples import SAMPLES
from tests.support.make import ever_living

COLOURS = dict.fromkeys(Layer, (200, 30, 30))
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)


@each_example
def test_each_example_could_be_sent_without_a_finding(example: Example) -> None:
    """What the guide teaches, the service takes: no error, and no warning either."""
    request = compose_example(example)
    assert not check(request.request)
    assert not preflight(example_draft(example), request, ever_living)


@each_example
def test_each_example_moves_and_is_rendered_once(example: Example) -> None:
    """The first and the middle frame differ; asked again, the very same video is handed out."""
    shown = render_example(example, COLOURS)
    frames = decode(shown.mp4).astype(np.int16)
    assert max(frames.shape[1:3]) == LONGER_SIDE_PX
    assert np.abs(frames[len(frames) // 2] - frames[0]).mean() > 1
    assert render_example(example, COLOURS) is shown


def test_the_part_that_passes_something_static_is_cut_out_and_no_part_before_it_crosses() -> None:
    """The example says so in words; the renderer must agree."""
    crossing = next(example for example in EXAMPLES if example.title == "Past something that stays")
    assert [reason.method for reason in render_example(crossing, COLOURS).reasons] == [Method.LAYER]
    assert "static" in render_example(crossing, COLOURS).reasons[0].why
    apart = next(example for example in EXAMPLES if example.title == "Two parts, two ways")
    assert [reason.method for reason in render_example(apart, COLOURS).reasons] == [
        Method.SHEET,
        Method.SHEET,
    ]


def test_the_bent_path_ends_where_the_straight_one_does() -> None:
    """The guide says that only the way differs."""
    straight, bent = (
        compose_example(example).request.dynamic_masks[0].trajectories
        for example in EXAMPLES
        if example.title in {"A straight path", "A bent path"}
    )
    assert (straight[0], straight[-1]) == (bent[0], bent[-1])
    assert min(point.y for point in bent) < min(point.y for point in straight) - 5


def test_the_tours_example_is_on_the_newcomers_photograph_and_has_what_stays_and_what_moves() -> None:
    """The first sample is the one for newcomers."""
    assert EXAMPLES[0].sample_name == SAMPLES[0].name
    found = example_draft(EXAMPLES[0]).drawing
    assert found is not None
    assert list(found.layers_used) == [Layer.STATIC, Layer.MOTION_1]


def test_the_facts_name_exactly_what_takes_the_motion_brush() -> None:
    """contract.md: kling-v1 std and pro, kling-v1-5 pro, 5 s; six masks; 2 to 77 points."""
    assert {duration for _model, _mode, duration in brush_models()} == {"5"}
    said = " ".join(service_facts())
    for words in ("kling-v1 (std, pro)", "kling-v1-5 (pro)", "5 seconds", "at most 6", "2 to 77 points"):
        assert words in said
    assert "kling-v1-6" not in said
