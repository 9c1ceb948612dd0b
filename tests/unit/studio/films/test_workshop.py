"""The workshop makes each file once, two at once, and every job has an end."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.files.size_limits import SizeLimits
from studio.films import workshop as room
from studio.films.problems import FilmProblem
from studio.films.workshop import Tell, Workshop
from tests.support.waiting import wait_until


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """An empty one."""
    made = Workshop(tmp_path / "films")
    yield made
    made.close()


def ended(workshop: Workshop, name: str) -> room.Job:
    """The job, once it has ended."""
    wait_until(lambda: not (found := workshop.job(name)) or not found.is_running, f"the end of {name}")
    job = workshop.job(name)
    assert job is not None
    return job


def write(part: Path, tell: Tell) -> str:
    """Makes a file at once."""
    tell(0.5)
    part.write_bytes(b"made")
    return "4 bytes"


def test_a_file_is_made_once_and_kept(workshop: Workshop) -> None:
    """A second order finds it."""
    counted: list[int] = []

    def make(part: Path, tell: Tell) -> str:
        counted.append(1)
        return write(part, tell)

    assert workshop.job("a.gif") is None
    for _ in range(2):
        workshop.order("a.gif", make)
        job = ended(workshop, "a.gif")
        assert (job.words, job.path and job.path.read_bytes()) == ("4 bytes", b"made")
    assert counted == [1]


def test_two_are_made_at_once_and_the_others_wait(workshop: Workshop) -> None:
    """However many are ordered."""
    at_work, go_on = threading.Semaphore(0), threading.Event()

    def make(part: Path, tell: Tell) -> str:
        at_work.release()
        assert go_on.wait(30)
        return write(part, tell)

    for number in range(4):
        workshop.order(f"{number}.gif", make)
    assert at_work.acquire(timeout=30)
    assert at_work.acquire(timeout=30)
    assert not at_work.acquire(timeout=0.1)
    go_on.set()
    assert all(ended(workshop, f"{number}.gif").path for number in range(4))


def test_more_than_may_wait_are_refused(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words."""
    monkeypatch.setattr(room, "MAX_WAITING", 0)
    with pytest.raises(FilmProblem, match="Too many"):
        workshop.order("a.gif", write)


@pytest.mark.parametrize("failure", [FilmProblem("It went wrong.", "Why.", "Do."), RuntimeError("oh")])
def test_a_failure_ends_its_job_and_may_be_tried_again(workshop: Workshop, failure: Exception) -> None:
    """One of ours in its own words, any other is logged."""

    def fail(_part: Path, _tell: Tell) -> str:
        raise failure

    workshop.order("a.gif", fail)
    assert ended(workshop, "a.gif").problem is not None
    workshop.order("a.gif", write)
    assert ended(workshop, "a.gif").path is not None


def test_old_files_go_when_there_is_too_much(tmp_path: Path) -> None:
    """Their jobs are forgotten with them."""
    workshop = Workshop(tmp_path / "films", limits=SizeLimits(max_bytes=5))
    for name in ("a.gif", "b.gif"):
        workshop.order(name, write)
        ended(workshop, name)
    assert workshop.job("a.gif") is None
    assert workshop.job("b.gif") is not None
    workshop.close()


def test_the_end_of_the_process_ends_what_is_being_made(tmp_path: Path) -> None:
    """At its next word on how far it is."""
    workshop, began = Workshop(tmp_path / "films"), threading.Event()

    def endless(_part: Path, tell: Tell) -> str:
        while True:
            tell(0.1)
            began.set()

    workshop.order("a.gif", endless)
    assert began.wait(30)
    workshop.close()
    assert ended(workshop, "a.gif").problem is not None
