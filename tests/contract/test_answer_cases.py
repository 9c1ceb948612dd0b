"""Answers that users of such gateways report, played to journal, steps, client and download on loopback."""

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from kling import ErrorKind, ImageToVideoRequest, KlingClient
from studio.files.artifact_store import ArtifactStore
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.journal.journal import Journal
from studio.journal.schema import upgrade
from studio.tasks.steps import Step, Steps
from tests.support.case_service import CaseService
from tests.support.make import new_task
from tests.support.services import Clock, FakeKeys

MOST_STEPS = 60
K = ErrorKind
REQUEST = ImageToVideoRequest(image="aW1n", model_name="kling-v1", mode="std")

KEPT = [
    "03_completed_video_object",
    "03_other_words_for_done",
    "03_processing_with_a_video",
    "03_succeeded_flat_url",
    "05_data_url",
    "05_fail_reason_holds_the_address",
    "05_result_url",
    "05_task_result_url",
    "05_task_result_video_url",
    "05_videos_is_one_object",
    "05_watermark_url_only",
    "08_found_under_one_id_then_another",
    "08_number_at_the_query",
    "08_number_at_the_query_our_id_in_it",
    "08_other_id_at_the_end",
    "20_success_with_empty_error",
]
FAILED = [
    "20_code_beside_a_failed_task",
    "20_error_at_the_top",
    "20_error_at_the_top_400",
    "20_error_message_field",
    "20_reason_in_data_error",
    "20_reason_is_json",
]
REFUSED = {
    "07_control_out_of_credit": K.OUT_OF_CREDIT,
    "07_payment_required_402": K.OUT_OF_CREDIT,
    "07_prompt_word_balance": K.BAD_PARAMETER,
    "07_prompt_word_credit": K.BAD_PARAMETER,
    "07_white_balance": K.BAD_PARAMETER,
    "07_wrong_key_balance": K.UNAUTHORIZED,
    "19_account_inside_429": K.ACCOUNT_BLOCKED,
    "19_message_is_an_object": K.POLICY_REFUSED,
    "19_policy_inside_400": K.POLICY_REFUSED,
    "24_400_cannot_parse": K.BAD_PARAMETER,
    "24_400_too_large_in_words": K.TOO_LARGE,
    "24_413_web_page": K.TOO_LARGE,
}
OPEN = {
    "03_unknown_word_on_the_card": (State.RUNNING, "“aborted”"),
    "05_no_address_ever": (State.SUCCEEDED, "quote the id t1"),
    "07_quota_concurrent": (State.INTENT, "Too many concurrent requests"),
    "07_quota_of_the_group": (State.INTENT, "rate is over its quota"),
    "07_quota_per_minute": (State.INTENT, "per minute"),
    "08_same_id_foreign_external_id": (State.ACCEPTED, "another task"),
    "09_task_not_exist_400": (State.NEEDS_PERSON, "may exist"),
    "19_unclear_inside_500": (State.NEEDS_PERSON, "may exist"),
}
"""Where it stands after many steps, with words of its card."""


def play(case: str, folder: Path, word: str = "done") -> tuple[Entry, CaseService]:
    """The entry after its end, or after many steps, each taken when it is due."""
    with ExitStack() as stack:
        service = stack.enter_context(CaseService(f"{case}.json", word))
        store = stack.enter_context(closing(Database(f"sqlite:///{folder}/studio.db")))
        upgrade(store)
        clock = Clock()
        journal = Journal(store, clock)
        client = stack.enter_context(KlingClient(service.url, "sk-for-tests"))
        artifacts = ArtifactStore(store, str(folder / "files"))
        steps = Steps(journal=journal, keys=FakeKeys(client), keep_video=artifacts.keep_video, now=clock)
        entry = journal.create_entry(new_task(service=service.url, request=REQUEST))
        for _ in range(MOST_STEPS):
            next_step = steps.run_next_step(entry.entry_id)
            if next_step.step in (Step.DONE, Step.WAIT_FOR_PERSON):
                break
            clock.advance(next_step.wait_s)
        return journal.queries.entry(entry.entry_id), service


@pytest.mark.parametrize("case", KEPT)
def test_the_video_is_kept(case: str, tmp_path: Path) -> None:
    """It is paid and made, wherever the answer has its address and whatever it calls the task."""
    entry, service = play(case, tmp_path)
    assert entry.state is State.KEPT
    assert ("watermark" in (entry.message or "")) == ("watermark" in case)
    assert len(service.created) == 1


@pytest.mark.parametrize("word", ["succeeded", "completed", "complete", "done", "finished", "FINISHED"])
def test_every_word_for_done_keeps_the_video(word: str, tmp_path: Path) -> None:
    """Also in capitals."""
    assert play("03_other_words_for_done", tmp_path, word)[0].state is State.KEPT


@pytest.mark.parametrize("case", FAILED)
def test_a_failed_task_has_failed_with_its_reason(case: str, tmp_path: Path) -> None:
    """Its own status decides, whatever error stands beside it."""
    entry, _ = play(case, tmp_path)
    assert (entry.state, entry.message) == (State.FAILED, "the reason")


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_create_is_refused_for_what_it_is(case: str, tmp_path: Path) -> None:
    """Once, by code and status; its sentence without JSON."""
    entry, service = play(case, tmp_path)
    assert (entry.state, entry.create_error) == (State.REJECTED, REFUSED[case])
    assert "{" not in (entry.message or "")
    assert len(service.created) == 1


@pytest.mark.parametrize("case", OPEN)
def test_what_is_open_says_why(case: str, tmp_path: Path) -> None:
    """Nothing of it is called unpaid, and nothing is sent again blindly."""
    entry, service = play(case, tmp_path)
    state, words = OPEN[case]
    assert entry.state is state
    assert words in (entry.message or "")
    assert state is State.INTENT or len(service.created) == 1


def test_an_end_in_seconds_is_no_end_of_long_ago(tmp_path: Path) -> None:
    """The card would say that thirty days are over."""
    entry, _ = play("03_times_in_seconds", tmp_path)
    assert entry.ended_at is not None
    assert entry.ended_at >= entry.created_at
