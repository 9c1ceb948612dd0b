"""The tour's steps: when one is done, and what doing it for a person adds."""

from dataclasses import replace

from studio.checks.preflight import preflight
from studio.drawing.model import Drawing, Layer
from studio.guide.example_drafts import example_draft
from studio.guide.tour import EXAMPLE, LESSONS, SAMPLE, TourStep, is_done, with_step_drawn
from studio.pictures.samples import load_sample
from studio.request.compose import compose
from studio.request.draft import Picture
from tests.support.make import area, drawn, ever_living, path

SIZE_PX = load_sample(SAMPLE).size_px


def test_the_steps_are_three_in_their_order() -> None:
    """The last paints nothing."""
    assert list(LESSONS) == [TourStep.STAYS, TourStep.MOVES, TourStep.SEND]
    assert LESSONS[TourStep.SEND].layer is None
    assert not is_done(TourStep.SEND, drawn(area(Layer.STATIC)))


def test_what_stays_is_done_by_paint_alone_and_what_moves_needs_a_path_too() -> None:
    """As the service needs it."""
    assert not is_done(TourStep.STAYS, None)
    assert not is_done(TourStep.STAYS, drawn(area(Layer.MOTION_1)))
    assert is_done(TourStep.STAYS, drawn(area(Layer.STATIC)))
    assert not is_done(TourStep.MOVES, drawn(area(Layer.MOTION_1)))
    assert is_done(TourStep.MOVES, drawn(area(Layer.MOTION_1), path(Layer.MOTION_1)))


def test_doing_both_steps_for_a_person_makes_a_draft_without_a_finding() -> None:
    """On the whole photograph, from an empty canvas."""
    found: Drawing | None = None
    for step in (TourStep.STAYS, TourStep.MOVES):
        found = with_step_drawn(step, found, SIZE_PX)
        assert is_done(step, found)
    whole = replace(example_draft(EXAMPLE), picture=Picture(source=load_sample(SAMPLE)), drawing=found)
    assert not preflight(whole, compose(whole), ever_living)


def test_doing_a_step_keeps_the_other_layers_and_takes_the_place_of_a_begun_one() -> None:
    """Nothing of another layer is lost, and nothing doubled."""
    begun = drawn(area(Layer.STATIC), area(Layer.MOTION_2), path(Layer.MOTION_1))
    done = with_step_drawn(TourStep.MOVES, begun, SIZE_PX)
    assert done.canvas_size_px == begun.canvas_size_px
    assert (done.of(Layer.STATIC), done.of(Layer.MOTION_2)) == (
        begun.of(Layer.STATIC),
        begun.of(Layer.MOTION_2),
    )
    assert (len(done.regions(Layer.MOTION_1)), len(done.paths(Layer.MOTION_1))) == (1, 1)
    assert with_step_drawn(TourStep.SEND, begun, SIZE_PX) == begun
