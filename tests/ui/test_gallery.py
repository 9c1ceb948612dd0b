"""The gallery and a task's own page: what they show, find and do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services, services
from kling import TaskStatus
from studio.journal.entry import Entry
from studio.journal.gallery import Shows
from studio.tasks.gallery import PAGE_SIZE
from tests.support.kept_task import kept_task
from tests.support.listed import listed
from tests.support.make import new_task, request
from tests.support.services import task
from tests.support.videos import small_mp4

# Nobody has a key for this service here: what is written down stays as it is.
ELSEWHERE = "https://far.test"


def _screen() -> None:
    """Ann's Tasks page."""
    import runpy  # noqa: PLC0415 — AppTest runs a function's source alone

    from components import page_paths, session  # noqa: PLC0415

    session.current().owner = "ann"
    runpy.run_path(str(page_paths.TASKS))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the app, without a key."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    yield tmp_path
    close_services()


def write(name: str, owner: str = "ann", **fields: Any) -> Entry:
    """A task in line, found by the id `mine-<name>`."""
    return services().tasks.journal.create_entry(
        new_task(name, owner=owner, service=ELSEWHERE, thumbnail=None, **fields)
    )


def fail(entry: Entry, message: str = "Image pixel is invalid") -> None:
    """Its end."""
    journal = services().tasks.journal
    claimed = journal.claim(entry)
    assert claimed is not None
    journal.record_status(claimed, task(TaskStatus.FAILED, task_id=f"t-{entry.entry_id}", message=message))


def page(entry_id: str | None = None) -> AppTest:
    """The gallery, or a task's own page."""
    app = AppTest.from_function(_screen, default_timeout=60)
    if entry_id is not None:
        app.query_params["task"] = entry_id
    app.run()
    assert not app.exception
    return app


def links(app: AppTest) -> list[str]:
    """The words of what opens a task, on the cards and among a task's relatives."""
    return [button.label for button in app.button if (button.key or "").startswith(("open-", "relative-"))]


def words(app: AppTest) -> str:
    """Everything that is written."""
    return "\n".join(box.value for box in (*app.markdown, *app.caption, *app.text, *app.info, *app.error))


def labels(app: AppTest) -> list[str]:
    """The buttons that have a name."""
    return [button.label for button in app.button if not button.label.startswith(":")]


def test_a_page_is_bounded_and_the_next_one_goes_on(data: Path) -> None:
    """Newest first; a filter begins at the first page again, and all come back without it."""
    assert data.exists()
    for number in range(PAGE_SIZE + 2):
        write(str(number), request=request(prompt=f"task {number}"))
    app = page()
    assert links(app)[0] == f"task {PAGE_SIZE + 1}"
    assert len(links(app)) == PAGE_SIZE
    app.session_state["gallery-page"] = 2
    app.run()
    assert links(app) == ["task 1", "task 0"]
    app.text_input(key="gallery-search").set_value("task 3").run()
    assert links(app) == ["task 3"]
    app.text_input(key="gallery-search").set_value("").run()
    assert len(links(app)) == PAGE_SIZE


def test_nothing_found_is_said_and_is_not_no_tasks(data: Path) -> None:
    """One who searches has not lost their tasks."""
    assert data.exists()
    assert "No tasks yet" in words(page())
    write("one")
    app = page()
    app.text_input(key="gallery-search").set_value("%").run()
    assert "Nothing like this" in words(app)


def test_a_card_says_in_words_what_went_wrong(data: Path) -> None:
    """Without opening it."""
    assert data.exists()
    fail(write("one"))
    assert "The service gave up: Image pixel is invalid" in words(page())


def test_a_name_is_shown_letter_for_letter(data: Path) -> None:
    """It is foreign text: no link, no heading, no picture."""
    assert data.exists()
    entry = write("one")
    services().gallery.rename("ann", entry.entry_id, "**b** [x](https://evil.test) :tada:")
    (link,) = links(page())
    assert link == "\\*\\*b\\*\\* \\[x\\](https\\::gray[]//evil.test) \\::gray[]tada:"


def test_several_are_starred_at_once_and_put_aside(data: Path) -> None:
    """All on this page by one box; what cannot be put aside is left alone."""
    assert data.exists()
    journal = services().tasks.journal
    entries = [write("one"), write("two")]
    running = journal.claim(entries[0])
    assert running is not None
    journal.record_status(running, task(TaskStatus.PROCESSING, task_id="t1"))
    app = page()
    assert "Star" not in labels(app)
    app.checkbox(key="pick-all").check().run()
    next(button for button in app.button if button.label == "Star").click().run()
    assert all(entry.is_starred for entry in journal.queries.entries("ann"))
    next(button for button in app.button if button.label == "Put aside").click().run()
    assert not app.exception
    aside = [entry.put_aside_at is not None for entry in journal.queries.entries("ann")]
    assert sorted(aside) == [False, True]


def test_what_is_put_aside_is_found_and_taken_back(data: Path) -> None:
    """It is in no other list, and comes back into it."""
    assert data.exists()
    journal = services().tasks.journal
    running = journal.claim(write("one"))
    assert running is not None
    entry = journal.record_status(running, task(TaskStatus.PROCESSING, task_id="t1"))
    assert entry is not None
    journal.put_aside(entry)
    app = page()
    assert links(app) == []
    app.button_group(key="gallery-shows").set_value(Shows.PUT_ASIDE).run()
    assert len(links(app)) == 1
    app.checkbox(key="pick-all").check().run()
    next(button for button in app.button if button.label == "Take back").click().run()
    assert journal.queries.entry(entry.entry_id).put_aside_at is None


def test_kept_videos_of_several_are_removed_once_asked_and_pinned_ones_stay(data: Path) -> None:
    """It is said what stays: the tasks."""
    first = kept_task(data, "ann", small_mp4())
    app = page()
    app.checkbox(key=f"pick-{first.entry_id}").check().run()
    assert "The tasks stay" in words(app)
    next(button for button in app.button if button.label == "Remove for good").click().run()
    assert not app.exception
    assert services().artifacts.videos("ann") == ()
    assert len(links(app)) == 1


def test_a_task_has_a_page_of_its_own(data: Path) -> None:
    """Its name to be changed, its steps, what was sent, without the address of its callback."""
    entry = kept_task(data, "ann", small_mp4())
    app = page(entry.entry_id)
    app.text_input(key=f"name-{entry.entry_id}").set_value("The kite").run()
    said = words(app)
    for expected in ("Written down", "Accepted by the service", "Video kept here", "blur"):
        assert expected in said
    assert "0.56 USD by the price list" in said
    assert listed(services().tasks, "ann").entries[0].name == "The kite"
    assert "hooks.example.org" not in str(app.json[0].value)


@pytest.mark.parametrize("whose", ["bob", None], ids=["another's", "nobody's"])
def test_another_s_task_is_as_unknown_as_one_that_never_was(data: Path, whose: str | None) -> None:
    """The same words for both."""
    assert data.exists()
    entry_id = write("hers", owner=whose).entry_id if whose else "0" * 32
    app = page(entry_id)
    assert [box.value for box in app.info] == ["No such task among yours."]
    assert not app.text_input


def test_a_page_shows_the_chain_and_the_batch(data: Path) -> None:
    """Each opens its own page; another person's is never among them."""
    assert data.exists()
    first = write("first", request=request(prompt="the first"), batch_id="b" * 32)
    write("next", request=request(prompt="the next"), continues_entry_id=first.entry_id)
    write("with", request=request(prompt="sent with it"), batch_id="b" * 32)
    write("eve's", owner="eve", request=request(prompt="eve's"), batch_id="b" * 32)
    shown = links(page(first.entry_id))
    assert {"the next", "sent with it"} <= set(shown)
    assert "eve's" not in shown
