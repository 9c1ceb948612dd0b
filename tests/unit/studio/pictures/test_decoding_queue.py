"""Pictures are decoded by a few at once, first come, first served."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from studio.pictures.decoding_queue import DecodingQueue


class Decoding:
    """A turn in a thread of its own, until it is told to end."""

    def __init__(self, queue: DecodingQueue) -> None:
        self.places: list[int] = []
        self.told = threading.Event()
        self.running = threading.Event()
        self.end = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(queue,), daemon=True)
        self.thread.start()

    def _run(self, queue: DecodingQueue) -> None:
        with queue.turn(self._tell):
            self.running.set()
            self.end.wait(20)

    def _tell(self, place: int) -> None:
        self.places.append(place)
        self.told.set()

    def finish(self) -> None:
        self.end.set()
        self.thread.join(20)


def test_two_are_decoded_at_once_and_the_next_is_told_its_place() -> None:
    """In the order in which they came, and each place once."""
    queue = DecodingQueue()
    first, second = Decoding(queue), Decoding(queue)
    assert first.running.wait(20)
    assert second.running.wait(20)
    third = Decoding(queue)
    assert third.told.wait(20)
    fourth = Decoding(queue)
    assert fourth.told.wait(20)
    assert (third.places, fourth.places) == ([1], [2])
    fourth.told.clear()
    first.finish()
    assert third.running.wait(20)
    assert fourth.told.wait(20)
    assert not fourth.running.is_set()
    for one in (second, third, fourth):
        one.finish()
    assert fourth.places == [2, 1]
    assert first.places == []


def test_a_turn_is_given_back_whatever_happens() -> None:
    """A broken picture must not stop those that follow."""
    queue = DecodingQueue(1)
    for _ in range(3):
        with suppress(ZeroDivisionError), queue.turn():
            raise ZeroDivisionError


def test_a_place_in_line_is_given_back_by_a_page_that_is_left() -> None:
    """Streamlit ends a run where it draws: there, where the place is told."""
    queue = DecodingQueue(1)
    running = Decoding(queue)
    assert running.running.wait(20)

    def leave(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), queue.turn(leave):
        pass
    running.finish()
    last = Decoding(queue)
    assert last.running.wait(20)
    last.finish()


def test_never_more_than_allowed_are_decoded() -> None:
    """Under many threads."""
    queue, now, most, counting = DecodingQueue(3), 0, 0, threading.Lock()

    def decode(_: int) -> None:
        nonlocal now, most
        with queue.turn():
            with counting:
                now += 1
                most = max(most, now)
            with counting:
                now -= 1

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(decode, range(400)))
    assert 1 <= most <= 3
