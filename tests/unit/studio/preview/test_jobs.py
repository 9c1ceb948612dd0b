"""Previews made beside the page: in line, so many of one person, none without a page."""

import threading

import pytest

from studio.preview import jobs
from studio.preview.cache import Progress
from studio.preview.jobs import PreviewQueue
from studio.preview.render import NoPreviewProblem, Preview

LONG_S = 20.0


class Work:
    """Makes one preview when it may."""

    def __init__(self, *, may_go_on: bool = True) -> None:
        self.began, self.go_on, self.ended = threading.Event(), threading.Event(), threading.Event()
        if may_go_on:
            self.go_on.set()

    def make(self, progress: Progress) -> Preview:
        """As `render_preview` does: says now and then how far it is."""
        self.began.set()
        try:
            while not self.go_on.wait(0.01):
                progress(0.25)
            progress(0.5)
        finally:
            self.ended.set()
        return Preview(mp4=b"made", reasons=())


def test_the_page_gets_the_preview_once_it_is_there() -> None:
    """A run that comes too early goes on without it, and knows how far it is."""
    work = Work(may_go_on=False)
    job = PreviewQueue().begin("ann", 1, "key", work.make)
    assert job is not None
    assert job.wait(0.05) is None
    assert work.began.wait(LONG_S)
    work.go_on.set()
    made = job.wait(LONG_S)
    assert made is not None
    assert made.mp4 == b"made"
    assert job.share == 0.5


def test_a_run_does_not_wait_for_one_that_is_in_line() -> None:
    """However patient it is: the others before it may take long."""
    queue, first = PreviewQueue(), Work(may_go_on=False)
    queue.begin("ann", 1, "key", first.make)
    assert first.began.wait(LONG_S)
    second = queue.begin("bob", 1, "key", Work().make)
    assert second is not None
    assert second.wait(10 * LONG_S) is None
    assert second.is_in_line
    first.go_on.set()
    assert first.ended.wait(LONG_S)


def test_one_that_is_given_up_ends_and_lets_the_next_one_begin() -> None:
    """A newer stroke gives up the preview of the one before."""
    queue, old, new = PreviewQueue(), Work(may_go_on=False), Work()
    job = queue.begin("ann", 1, "old", old.make)
    assert job is not None
    assert old.began.wait(LONG_S)
    job.give_up()
    following = queue.begin("ann", 1, "new", new.make)
    assert following is not None
    assert new.ended.wait(LONG_S)
    assert job.wait(0.01) is None


def test_one_that_is_asked_for_no_more_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tab that was closed takes nobody's turn; one who comes back begins anew."""
    monkeypatch.setattr(jobs, "FORGOTTEN_AFTER_S", -1.0)
    queue, work = PreviewQueue(), Work()
    job = queue.begin("ann", 1, "key", work.make)
    assert job is not None
    assert job.wait(LONG_S) is None
    assert job.is_given_up
    assert not work.began.is_set()


def test_a_person_waits_for_so_many_and_others_for_their_own() -> None:
    """However many tabs somebody has open."""
    queue, work = PreviewQueue(), Work(may_go_on=False)
    job = queue.begin("ann", 1, "first", work.make)
    assert queue.begin("ann", 1, "second", work.make) is None
    assert queue.begin("bob", 1, "first", Work().make) is not None
    work.go_on.set()
    assert job is not None
    assert job.wait(LONG_S)
    assert queue.begin("ann", 1, "second", work.make) is not None


def test_why_there_is_none_is_told_to_whoever_asks() -> None:
    """At every run, since each one draws the page anew."""

    def fail(_progress: Progress) -> Preview:
        raise NoPreviewProblem("No preview.", "A reason.", "A way on.")

    job = PreviewQueue().begin("ann", 1, "key", fail)
    assert job is not None
    for _ in range(2):
        with pytest.raises(NoPreviewProblem):
            job.wait(LONG_S)
