"""The click that sends: recorded first, and done by whichever run gets to it, under one token."""

import secrets
from collections.abc import Callable, Sequence

import streamlit as st

from components import page_paths, session
from components.frame import draft_autosave
from components.problem_box import show_problem
from studio.errors import StudioError
from studio.journal.entry import Entry
from studio.journal.queries import SpentExternalId
from studio.request.draft import Draft
from studio.service.endpoint import ServiceEndpoint

Submit = Callable[[session.Session], Entry | Sequence[Entry]]


def ask_to_send() -> None:
    """Record the wish only, for a callback; a run ended before it has sent leaves that to the next."""
    session.current().sending = True


def send(draft: Draft, endpoint: ServiceEndpoint, submit: Submit) -> None:
    """Send what was asked for, and go to the tasks; a problem is shown here.

    Args:
        draft: whose external task id is spent then.
        endpoint: where to.
        submit: does it, under the session's click token.
    """
    current = session.current()
    with st.spinner(f"Sending to {endpoint.name} …"):
        problem = _submitted(current, draft, submit)
    if problem:
        show_problem(problem)
    else:
        draft_autosave.go_along()


def _submitted(current: session.Session, draft: Draft, submit: Submit) -> StudioError | None:
    """Send, and record the outcome on the session before a newer run can end this one."""
    try:
        sent = submit(current)
    except StudioError as problem:
        if isinstance(problem, SpentExternalId):
            current.spent_task_id = draft.parameters.external_task_id  # its field gets a new one
        # nothing was made: another click is another try
        current.sending, current.click_token = False, secrets.token_hex(16)
        return problem
    current.reviewing = current.sending = False
    current.spent_task_id, current.heading_for = draft.parameters.external_task_id, page_paths.TASKS
    current.heading_with = _address(sent)
    return None


def _address(sent: Entry | Sequence[Entry]) -> dict[str, str]:
    """One task's own page, or what was sent together in the gallery: there it is seen how each goes on."""
    if isinstance(sent, Entry):
        return {page_paths.TASK: sent.entry_id}
    return {page_paths.BATCH: sent[0].batch_id or ""}
