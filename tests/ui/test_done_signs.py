"""Signs that a task is done, on every page: toasts for news alone, and what is seen where."""

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import page_paths, session
from components.frame import done_signs
from components.runtime import services
from kling import TaskStatus
from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.unseen import Progress, UnseenEnd
from tests.support.make import new_task
from tests.support.services import task


def end(app: AppTest, name: str) -> str:
    """A task of this session's owner that has failed; its id."""
    journal = services().tasks.journal
    made = new_task(name, owner=app.session_state["studio"].owner)
    claimed = journal.claim(journal.create_entry(made))
    assert claimed is not None
    told = task(TaskStatus.FAILED, task_id=name)
    journal.settle(claimed, CreateOutcome(kind=OutcomeKind.ACCEPTED, task=told))
    return claimed.entry_id


def toasts(app: AppTest) -> list[str]:
    return [toast.value for toast in app.toast]


def test_an_end_is_told_once_on_any_page_and_leads_to_its_task(app: AppTest) -> None:
    """A rerun says nothing again."""
    app.switch_page("../pages/guide.py").run()
    ended = end(app, "t1")
    app.run()
    assert toasts(app) == [f"Failed: wind in the leaves [Look](tasks?task={ended})"]
    app.run()
    assert toasts(app) == []


def test_many_at_once_are_one_toast(app: AppTest) -> None:
    """A batch that ends fills no corner of the page."""
    for number in range(3):
        end(app, f"t{number}")
    app.run()
    assert toasts(app) == ["3 tasks are done. [Look](tasks)"]


def test_what_ended_before_the_session_is_no_news_and_the_tasks_page_shows_itself(app: AppTest) -> None:
    """The title counts it; nothing pops up."""
    end(app, "t1")
    app.session_state["studio"].ends_known = None
    app.run()
    assert toasts(app) == []
    app.switch_page("../pages/tasks.py").run()
    end(app, "t2")
    app.run()
    assert toasts(app) == []


ENDS = tuple(UnseenEnd(entry_id=name, is_kept=True, title=name) for name in ("a", "b"))


@pytest.mark.parametrize(
    ("page", "query", "seen"),
    [
        (page_paths.TASKS, {}, ["a", "b"]),
        (page_paths.TASKS, {"task": "b"}, ["b"]),
        (page_paths.TASKS, {"task": "another"}, []),
        (page_paths.CREATE, {}, []),
    ],
)
def test_what_is_seen_depends_on_the_page(
    monkeypatch: pytest.MonkeyPatch, page: Any, query: dict[str, str], seen: list[str]
) -> None:
    """All in the gallery, one on its own page, none elsewhere; the browser says whether it is looked at."""
    monkeypatch.setattr(st, "query_params", query)
    here = session.Session(page=page)
    assert done_signs._seen_here(here, Progress(unseen=ENDS, is_any_open=False)) == seen
