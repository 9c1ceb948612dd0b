"""A frame of a kept video, exactly, and the draft that goes on from it."""

from pathlib import Path

import pytest

from studio.drawing.model import Layer
from studio.films.go_on import draft_going_on, frame_jpeg, frame_picture
from studio.films.problems import FilmProblem
from studio.recipes.recipe_file import dump_recipe, load_recipe
from studio.request.draft import Carrier
from tests.support.labelled_films import SIZE_PX, labelled_film, read_label
from tests.support.make import area, draft, entry, photo
from tests.support.pictures import decoded


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty numbered frames, some of them stored out of order."""
    return labelled_film(tmp_path_factory.mktemp("film") / "a.mp4", range(30), b_frames=3)


@pytest.mark.parametrize(("at_s", "number"), [(None, 29), (99.0, 29), (0.0, 0), (13 / 24, 13), (0.54, 12)])
def test_the_frame_is_the_one_that_is_shown_then(film: Path, at_s: float | None, number: int) -> None:
    """Frame exact: from its own instant until the next one's."""
    picture = frame_picture(film, "a boat", at_s)
    assert read_label(decoded(picture.wire_bytes)) == number
    assert (picture.size_px, picture.media_type) == (SIZE_PX, "image/png")


def test_the_picture_says_where_it_is_from(film: Path) -> None:
    """Its name is shown beside it; a long title is cut."""
    assert frame_picture(film, "a boat").name == "Last frame of “a boat”"
    assert frame_picture(film, "b" * 99, 0.5).name == f"Frame at 0.50 s of “{'b' * 40} …”"


def test_a_file_that_is_no_video_is_said(tmp_path: Path) -> None:
    """In words, for both the picture and its preview."""
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    with pytest.raises(FilmProblem):
        frame_picture(broken, "a boat")
    with pytest.raises(FilmProblem):
        frame_jpeg(broken, "0" * 64, None)


def test_the_new_draft_has_the_choices_and_words_of_before_and_nothing_drawn() -> None:
    """It is a task of its own: another id, no drawing, no tail; and it knows what it continues."""
    strokes = area(Layer.STATIC)
    sent = draft(strokes, prompt="rises", external_task_id="mine", carrier=Carrier.WORDS, motion_words="up")
    made = draft_going_on(entry(entry_id="e7"), sent, photo())
    assert made.picture is not None
    assert (made.picture.source, made.picture.continues_entry_id) == (photo(), "e7")
    assert (made.drawing, made.tail, made.parameters.external_task_id) == (None, None, "")
    assert (made.parameters.prompt, made.parameters.model_name) == ("rises", "kling-v1")
    assert (made.parameters.carrier, made.parameters.motion_words) == (None, None)


def test_without_the_recipe_of_before_the_journal_gives_what_it_knows() -> None:
    """A task from elsewhere, or one whose recipe was cleared away."""
    made = draft_going_on(entry(prompt=None, mode="pro"), None, photo())
    assert (made.parameters.mode, made.parameters.prompt) == ("pro", "")


def test_the_chain_goes_with_the_recipe() -> None:
    """And so with the autosaved draft, which is written in the same way."""
    made = draft_going_on(entry(entry_id="e7"), draft(), photo())
    assert load_recipe(dump_recipe(made)).draft == made
