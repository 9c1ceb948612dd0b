"""A kept video as other files: the right frames, and small enough."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.films import exports
from studio.films.exports import (
    MovingKind,
    MovingPicture,
    Stretch,
    write_contact_sheet,
    write_last_frame,
    write_moving_picture,
)
from studio.films.problems import FilmProblem
from tests.support.labelled_films import SIZE_PX, labelled_film, read_label


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds, 48 numbered frames."""
    return labelled_film(tmp_path_factory.mktemp("film") / "a.mp4", range(48), b_frames=2)


def silent(_: float) -> None:
    """Hears of no progress."""


def labels(picture: Image.Image) -> list[int]:
    """The number in each frame of a moving picture."""
    found = []
    for number in range(picture.n_frames):  # type: ignore[attr-defined]
        picture.seek(number)
        found.append(read_label(np.asarray(picture.convert("RGB"))))
    return found


def lengths_ms(picture: Image.Image) -> list[int]:
    """How long each frame is shown."""
    found = []
    for number in range(picture.n_frames):  # type: ignore[attr-defined]
        picture.seek(number)
        picture.load()
        found.append(picture.info["duration"])
    return found


@pytest.mark.parametrize("kind", list(MovingKind))
def test_a_moving_picture_has_the_chosen_seconds_evenly(film: Path, tmp_path: Path, kind: MovingKind) -> None:
    """Fifteen frames of the second second, which last a second; the progress is told."""
    told, target = list[float](), tmp_path / f"a.{kind}"
    wanted = MovingPicture(kind=kind, stretch=Stretch(from_s=1.0, to_s=2.0), width_px=480)
    words = write_moving_picture(film, wanted, target, told.append)
    with Image.open(target) as made:
        assert made.size == SIZE_PX
        assert labels(made) == [int(24 + 24 * (n + 0.5) / 15) for n in range(15)]
        assert sum(lengths_ms(made)) == 1_000
    assert words.startswith("160 px wide, 15 frames a second, ")
    assert told == sorted(told)


@pytest.mark.parametrize("kind", list(MovingKind))
def test_what_is_too_large_is_made_smaller_and_says_to_what(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: MovingKind
) -> None:
    """It gives up frames, quality and width by itself."""
    wanted = MovingPicture(kind=kind, stretch=Stretch(from_s=0.0, to_s=2.0), width_px=480)
    write_moving_picture(film, wanted, tmp_path / "whole", silent)
    limit = (tmp_path / "whole").stat().st_size * 3 // 4
    monkeypatch.setattr(exports, "MAX_BYTES", limit)
    words = write_moving_picture(film, wanted, tmp_path / "small", silent)
    assert (tmp_path / "small").stat().st_size <= limit
    assert "made smaller to fit" in words


def test_what_never_fits_is_refused_in_words(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few tries."""
    monkeypatch.setattr(exports, "MAX_BYTES", 10)
    wanted = MovingPicture(kind=MovingKind.WEBP, stretch=Stretch(from_s=0.0, to_s=2.0), width_px=480)
    with pytest.raises(FilmProblem, match="does not fit"):
        write_moving_picture(film, wanted, tmp_path / "small", silent)


@pytest.mark.parametrize("is_png", [True, False])
def test_a_contact_sheet_has_nine_frames_from_all_of_the_video(
    film: Path,
    tmp_path: Path,
    is_png: bool,  # noqa: FBT001
) -> None:
    """Three by three, in reading order."""
    words = write_contact_sheet(film, tmp_path / "sheet", silent, is_png=is_png)
    with Image.open(tmp_path / "sheet") as sheet:
        assert sheet.format == ("PNG" if is_png else "JPEG")
        pixels = np.asarray(sheet.convert("RGB"))
    step_x, step_y = SIZE_PX[0] + 8, SIZE_PX[1] + 8
    cells = [
        pixels[y * step_y : y * step_y + SIZE_PX[1], x * step_x : x * step_x + SIZE_PX[0]]
        for y in range(3)
        for x in range(3)
    ]
    assert [read_label(cell) for cell in cells] == [int(48 * (n + 0.5) / 9) for n in range(9)]
    assert words.startswith("496 × 304 px, ")


def test_the_last_frame_is_the_last_at_full_size(film: Path, tmp_path: Path) -> None:
    """As a PNG."""
    assert write_last_frame(film, tmp_path / "last", silent).startswith("160 × 96 px, ")
    with Image.open(tmp_path / "last") as frame:
        assert (frame.format, read_label(np.asarray(frame))) == ("PNG", 47)


def test_a_video_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """In words, whatever is to be made of it."""
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    wanted = MovingPicture(kind=MovingKind.GIF, stretch=Stretch(from_s=0.0, to_s=1.0), width_px=240)
    with pytest.raises(FilmProblem):
        write_moving_picture(broken, wanted, tmp_path / "a", silent)
    with pytest.raises(FilmProblem):
        write_contact_sheet(broken, tmp_path / "a", silent, is_png=True)
    with pytest.raises(FilmProblem):
        write_last_frame(broken, tmp_path / "a", silent)
