"""Task cards: what each state says, and the choices of a person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from components.runtime import close_services, services
from kling import ErrorKind, Task, TaskStatus
from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.entry import SIMULATOR, Entry, State
from studio.journal.journal import Journal
from studio.journal.schema import entries
from studio.tasks.error_messages import duration
from studio.tasks.schedule import longest_wait_s
from tests.support.services import task
from tests.support.videos import small_mp4
from tests.support.worlds import REQUEST, new_task

# Nobody has a key for this far end here: what is written down stays as it is.
ELSEWHERE = "https://far.test"


def _screen() -> None:
    """The list of Ann's tasks, drawn once."""
    from datetime import UTC, datetime  # noqa: PLC0415 — AppTest runs a function's source alone

    from components import session  # noqa: PLC0415
    from components.runtime import services  # noqa: PLC0415
    from components.tasks import task_card  # noqa: PLC0415
    from tests.support.listed import listed  # noqa: PLC0415

    session.current().owner = "ann"
    views = listed(services().tasks, "ann")
    for view in views.tasks + views.put_aside:
        task_card.show(view, datetime.now(UTC), video=None, thumbnail=None)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    """The journal behind the pages."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    yield services().tasks.journal
    close_services()


def written(journal: Journal, state: State, service: str = ELSEWHERE) -> Entry:
    """A task in this state."""
    entry = journal.create_entry(new_task(service=service))
    if state is State.INTENT:
        return entry
    sending = _done(journal.claim(entry))
    if state is State.SENDING:
        return sending
    if state in (State.UNKNOWN, State.NEEDS_PERSON):
        unclear = CreateOutcome(
            kind=OutcomeKind.UNKNOWN, error_kind=ErrorKind.READ_TIMEOUT, message="No answer."
        )
        unknown = _done(journal.settle(sending, unclear))
        return unknown if state is State.UNKNOWN else _done(journal.ask_person(unknown, "Not found."))
    if state is State.REJECTED:
        refused = CreateOutcome(
            kind=OutcomeKind.REJECTED, error_kind=ErrorKind.BAD_PARAMETER, message="cfg_scale is wrong"
        )
        return _done(journal.settle(sending, refused))
    return _done(journal.settle(sending, CreateOutcome(kind=OutcomeKind.ACCEPTED, task=_told(state))))


def _told(state: State) -> Task:
    status = {
        State.ACCEPTED: TaskStatus.SUBMITTED,
        State.RUNNING: TaskStatus.PROCESSING,
        State.SUCCEEDED: TaskStatus.SUCCEED,
        State.FAILED: TaskStatus.FAILED,
    }[state]
    return task(status, message="Image pixel is invalid" if state is State.FAILED else None)


def _done(entry: Entry | None) -> Entry:
    assert entry is not None
    return entry


def shown() -> AppTest:
    """The cards."""
    app = AppTest.from_function(_screen, default_timeout=30).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    """Everything that is written on them."""
    boxes = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return "\n".join(box.value for box in boxes)


def labels(app: AppTest) -> list[str]:
    """The buttons."""
    return [button.label for button in app.button]


@pytest.mark.parametrize(
    ("state", "badge", "told"),
    [
        (State.INTENT, "in line", "Position 1 in line. Nothing has been charged yet."),
        (State.SENDING, "sending", ""),
        (State.UNKNOWN, "unclear", "it may be charged"),
        (State.NEEDS_PERSON, "needs you", "This may have been charged"),
        (State.ACCEPTED, "submitted", ""),
        (State.RUNNING, "processing", ""),
        (State.SUCCEEDED, "saving", "saving the video"),
        (State.FAILED, "failed", "The service gave up: Image pixel is invalid."),
        (
            State.REJECTED,
            "refused",
            "nothing was paid. A value was refused. (The service: “cfg_scale is wrong",
        ),
    ],
)
def test_a_card_says_where_its_task_stands(journal: Journal, state: State, badge: str, told: str) -> None:
    """And what that means for one's money."""
    written(journal, state)
    said = words(shown())
    assert badge in said
    assert told in said


def test_an_unclear_task_that_needs_a_person_offers_three_choices_and_the_id_to_quote(
    journal: Journal,
) -> None:
    """reliability.md: look again, I checked, send again, forget it."""
    written(journal, State.NEEDS_PERSON)
    app = shown()
    assert labels(app) == ["Look again", "I checked, send again", "Forget it", "Put it aside"]
    assert "mine-one" in words(app)


def press(app: AppTest, label: str) -> AppTest:
    """Presses the button."""
    return next(button for button in app.button if button.label == label).click().run()


def test_look_again_takes_it_up_anew(journal: Journal) -> None:
    """It is looked for again, and not sent."""
    entry = written(journal, State.NEEDS_PERSON)
    press(shown(), "Look again")
    assert journal.queries.entry(entry.entry_id).state is State.UNKNOWN


def test_i_checked_send_again_puts_it_back_in_line(journal: Journal) -> None:
    """Under the same id, which the service refuses should it exist after all."""
    entry = written(journal, State.NEEDS_PERSON)
    press(shown(), "I checked, send again")
    again = journal.queries.entry(entry.entry_id)
    assert (again.state, again.external_task_id) == (State.INTENT, "mine-one")


def test_forget_it_takes_the_card_away(journal: Journal) -> None:
    """And nothing is sent."""
    entry = written(journal, State.NEEDS_PERSON)
    assert words(press(shown(), "Forget it")) == ""
    assert journal.queries.entry(entry.entry_id).state is State.FORGOTTEN


def test_an_unclear_task_may_only_be_looked_at_while_time_may_still_tell(journal: Journal) -> None:
    """Sending it again so soon could pay twice."""
    written(journal, State.UNKNOWN)
    assert labels(shown()) == ["Look again", "Put it aside"]


def test_one_may_leave_the_line(journal: Journal) -> None:
    """Nothing was sent yet."""
    entry = written(journal, State.INTENT)
    press(shown(), "Leave the line")
    assert journal.queries.entry(entry.entry_id).state is State.FORGOTTEN


def test_a_task_that_something_holds_up_may_be_forgotten(journal: Journal) -> None:
    """Its key may be lost; while all goes well there is nothing to decide."""
    entry = written(journal, State.RUNNING)
    assert labels(shown()) == ["Put it aside"]
    journal.note(entry, message="Its key is not at hand.")
    press(shown(), "Forget it")
    assert journal.queries.entry(entry.entry_id).state is State.FORGOTTEN


def test_in_line_one_reads_why_in_words_and_nothing_that_one_would_have_to_do(journal: Journal) -> None:
    """It is sent by itself; codes and request ids are for those who asked for them."""
    busy = CreateOutcome(
        kind=OutcomeKind.BACK_IN_LINE,
        error_kind=ErrorKind.TOO_MANY_TASKS,
        message="parallel task over resource pack limit (HTTP 429, code 1303)",
    )
    entry = _done(journal.settle(written(journal, State.SENDING), busy))
    said = words(shown())
    assert "Too many tasks of this account are running. Position 1 in line." in said
    assert "1303" not in said
    journal.note(entry, message="Its key is not at hand.")
    assert "Its key is not at hand. Position 1 in line." in words(shown())


def test_a_task_whose_key_is_not_at_hand_says_so(journal: Journal) -> None:
    """And what to do about it."""
    entry = written(journal, State.INTENT)
    services().tasks.runner.start_workflow(entry)
    while journal.queries.entry(entry.entry_id).message is None:
        pass
    assert "It goes on when you enter the same key" in words(shown())


@pytest.mark.parametrize("state", [State.UNKNOWN, State.NEEDS_PERSON, State.ACCEPTED, State.RUNNING])
def test_what_is_put_aside_may_be_taken_back(journal: Journal, state: State) -> None:
    """Its owner is told that it may be charged, before and after."""
    entry = written(journal, state)
    app = shown()
    assert "it may be charged" in words(app)
    press(app, "Put it aside")
    assert "Put aside: it may be charged" in words(app)
    assert journal.queries.entry(entry.entry_id).slot_given_back
    press(app, "Take it back")
    assert "Put aside: it may be charged" not in words(app)
    assert journal.queries.entry(entry.entry_id).put_aside_at is None


@pytest.mark.parametrize("state", [State.UNKNOWN, State.NEEDS_PERSON, State.RUNNING])
def test_a_simulated_task_is_never_said_to_be_charged(journal: Journal, state: State) -> None:
    """Neither when it is unclear nor before and after it is put aside."""
    written(journal, state, SIMULATOR)
    app = press(shown(), "Put it aside")
    assert "nothing is paid on the simulator" in words(app).lower()
    assert "charged" not in words(app)


def test_a_card_in_a_queue_that_stands_still_says_why_since_when_and_how_long(journal: Journal) -> None:
    """And its owner, who has seen to the account, may have it tried now."""
    refused = CreateOutcome(kind=OutcomeKind.REJECTED, error_kind=ErrorKind.OUT_OF_CREDIT, stop_key=True)
    sending = written(journal, State.SENDING)
    waiting = journal.create_entry(new_task("two", service=ELSEWHERE))
    journal.settle(sending, refused)
    app = shown()
    said = words(app)
    assert "The account has no credit left. Nothing is sent with this key since " in said
    assert "The next try comes by itself in " in said
    assert "Position 1 in line. Nothing has been charged yet." in said
    press(app, "Try now")
    stop = journal.queries.queue_stop(waiting)
    assert stop is not None
    assert stop.next_try_at <= datetime.now(UTC)


def test_in_line_one_reads_the_longest_that_it_can_take(journal: Journal) -> None:
    """Whatever becomes of the tasks before it."""
    written(journal, State.INTENT)
    assert f"It is sent within {duration(longest_wait_s(1, 3), round_up=True)} at the latest" in words(
        shown()
    )


def test_a_prompt_is_shown_as_it_was_sent(journal: Journal) -> None:
    """Stars, dollars and brackets in it are no Markdown."""
    prompt = "**wind** for $5, then $6"
    journal.create_entry(new_task(service=ELSEWHERE, request=replace(REQUEST, prompt=prompt)))
    assert prompt in [text.value for text in shown().text]


HOSTILE = "https://cdn.test/v.mp4?sig=1&x=](https://evil.test)![a](https://evil.test/b.png)<b>"


def test_a_video_that_cannot_be_fetched_shows_its_owner_the_link_letter_for_letter(journal: Journal) -> None:
    """To copy, and never as Markdown: the service may have written anything into it; nor are its words."""
    cause = "Cause: the server answered “![a](https://evil.test/c.png)” instead of a video."
    _done(journal.note(written(journal, State.SUCCEEDED), message=cause, result_url=HOSTILE))
    app = shown()
    assert HOSTILE in [code.value for code in app.code]
    assert cause in [text.value for text in app.text]
    assert "evil.test" not in words(app)


def test_a_link_whose_time_is_over_is_not_shown(journal: Journal) -> None:
    """Thirty days after it was told nobody has the file any more; who has it may still bring it."""
    entry = _done(journal.note(written(journal, State.SUCCEEDED), message="Cause: X.", result_url=HOSTILE))
    with journal._store.writing() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=31)
        connection.execute(update(entries).filter_by(entry_id=entry.entry_id).values(state_since=long_ago))
    app = shown()
    assert HOSTILE not in [code.value for code in app.code]
    assert "Keep it as this task's video" in labels(app)


def test_a_file_that_was_fetched_by_hand_becomes_the_tasks_video(journal: Journal) -> None:
    """And the card says how it came."""
    entry = _done(journal.note(written(journal, State.SUCCEEDED), message="Cause: X.", result_url=HOSTILE))
    services().tasks.bring_video("ann", entry.entry_id, BytesIO(small_mp4()))
    app = shown()
    assert "Brought by hand" in words(app)
    assert HOSTILE not in [code.value for code in app.code]
