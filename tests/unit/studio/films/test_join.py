"""A joined chain has every frame of its parts, in order, none twice."""

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from motion import frame_at, opened, probe
from studio.films import join
from studio.films.join import join_films
from studio.films.problems import FilmProblem
from studio.pictures.samples import SAMPLES, load_sample
from tests.support.labelled_films import SIZE_PX, film_of, labelled_film, labels_of


def joined(folder: Path, *parts: Path) -> tuple[list[int], str]:
    """The numbers of the film's frames, and what is said of it; the progress is told in order."""
    target, told = folder / "film.mp4", list[float]()
    words = join_films(parts, target, told.append)
    assert told
    assert told == sorted(told)
    return labels_of(target), words


def film(folder: Path, numbers: Iterable[int], **options: object) -> Path:
    numbers = list(numbers)
    return labelled_film(folder / f"{numbers[0]}.mp4", numbers, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("b_frames", [0, 3])
def test_like_parts_are_copied(tmp_path: Path, b_frames: int) -> None:
    """Also where frames are stored out of order; the film is as long as its parts together."""
    parts = [film(tmp_path, range(at, at + 24), b_frames=b_frames) for at in (0, 24, 48)]
    labels, words = joined(tmp_path, *parts)
    assert labels == list(range(72))
    assert words == "3 parts, 3.0 s."
    info = probe(tmp_path / "film.mp4")
    assert (info.frames, info.fps) == (72, 24.0)
    assert info.duration_s == pytest.approx(3.0, abs=0.01)


@pytest.mark.parametrize(("b_frames", "anew"), [(0, False), (3, True)])
def test_the_frame_that_a_part_repeats_is_there_once(tmp_path: Path, b_frames: int, anew: bool) -> None:  # noqa: FBT001
    """A continuation begins with the picture that it was made from; other frames may need that packet."""
    parts = [film(tmp_path, range(at, at + 24), b_frames=b_frames) for at in (0, 23, 46)]
    labels, words = joined(tmp_path, *parts)
    assert labels == list(range(70))
    assert "Left out: 2 repeated frames." in words
    assert ("Encoded anew at 160 × 96." in words) is anew


def test_other_sizes_and_rates_are_encoded_anew_with_all_their_frames(tmp_path: Path) -> None:
    """At the first one's size, each frame shown as long as before; said in words."""
    parts = [
        film(tmp_path, range(24)),
        film(tmp_path, range(100, 112), fps=12, size_px=(320, 192)),
        film(tmp_path, range(200, 230), fps=30, size_px=(96, 160)),
    ]
    labels, words = joined(tmp_path, *parts[:2])
    assert labels == [*range(24), *range(100, 112)]
    assert words == "2 parts, 2.0 s. Encoded anew at 160 × 96."
    info = probe(tmp_path / "film.mp4")
    assert (info.width, info.height) == SIZE_PX
    assert info.duration_s == pytest.approx(2.0, abs=0.02)
    join_films(parts, tmp_path / "film.mp4", lambda _: None)
    assert probe(tmp_path / "film.mp4").frames == 66


@pytest.mark.parametrize("crf", [20, 28])
def test_a_repeat_is_seen_in_a_photograph_that_moves_slowly(tmp_path: Path, crf: int) -> None:
    """The picture that was given is encoded anew: never quite the same, and the next frame is like it too."""
    with Image.open(io.BytesIO(load_sample(SAMPLES[1]).wire_bytes)) as picture:
        photo = np.asarray(picture.convert("RGB").resize((720, 480)))
    frames = [photo[20:380, at : at + 640] for at in range(30)]
    first = film_of(tmp_path / "a.mp4", frames[:15], crf=crf)
    after = film_of(tmp_path / "b.mp4", frames[15:], crf=crf)
    repeating = film_of(tmp_path / "c.mp4", [frame_at(first), *frames[15:]], crf=crf)
    assert "repeated" not in join_films([first, after], tmp_path / "film.mp4", lambda _: None)
    assert "Left out: 1 repeated frame." in join_films(
        [first, repeating], tmp_path / "film.mp4", lambda _: None
    )
    assert probe(tmp_path / "film.mp4").frames == 30


@pytest.mark.parametrize("fps", [24, 12])
def test_the_sound_of_the_parts_goes_along(tmp_path: Path, fps: int) -> None:
    """Copied, whether the pictures are or not; each part's stays with its pictures."""
    parts = [
        film(tmp_path, range(24), sound_rate=48_000),
        film(tmp_path, range(50, 74), fps=fps, sound_rate=48_000),
    ]
    labels, words = joined(tmp_path, *parts)
    assert labels == [*range(24), *range(50, 74)]
    assert "sound" not in words
    with opened(tmp_path / "film.mp4") as made:
        length_s = sum(frame.samples / frame.rate for frame in made.decode(audio=0))
    assert length_s == pytest.approx(1 + 24 / fps, abs=0.1)


def test_sound_that_differs_is_left_out_in_words(tmp_path: Path) -> None:
    """A part without any, or of another rate."""
    first = film(tmp_path, range(10), sound_rate=48_000)
    for other in (film(tmp_path, range(50, 60)), film(tmp_path, range(70, 80), sound_rate=44_100)):
        _, words = joined(tmp_path, first, other)
        assert "Without sound: that of the parts differs." in words


def test_a_still_part_loses_nothing(tmp_path: Path) -> None:
    """Where all frames look the same, none is taken for a repeat."""
    parts = [film(tmp_path, [5] * 10), labelled_film(tmp_path / "b.mp4", [5] * 10)]
    labels, _ = joined(tmp_path, *parts)
    assert labels == [5] * 20


def test_a_part_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """Broken, or gone."""
    good, broken = film(tmp_path, range(5)), tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    for bad in (broken, tmp_path / "gone.mp4"):
        with pytest.raises(FilmProblem):
            join_films([good, bad], tmp_path / "film.mp4", lambda _: None)


@pytest.mark.parametrize(("name", "limit"), [("MAX_LENGTH_S", 0.5), ("MAX_BYTES", 100), ("MAX_PIXELS", 9)])
def test_too_much_is_refused_before_it_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: float
) -> None:
    """Seconds, bytes and pixels are bounded."""
    parts = [film(tmp_path, range(at, at + 10)) for at in (0, 10)]
    monkeypatch.setattr(join, name, limit)
    with pytest.raises(FilmProblem, match="too much"):
        join_films(parts, tmp_path / "film.mp4", lambda _: None)
