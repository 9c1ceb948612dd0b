"""Answers that users of such gateways report, played the whole way: from the submit to what the card says.

Client, steps, journal, download and card are the product's own; the service is a loopback one.
"""

import json
import logging
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.foreign_text import markdown
from kling import ErrorKind, ImageToVideoRequest, KlingClient
from studio.files.artifact_store import ArtifactStore
from studio.journal.database import Database
from studio.journal.entry import Entry, State, utc_now
from studio.journal.journal import Journal
from studio.journal.schema import upgrade
from studio.tasks.steps import Step, Steps
from tests.support.case_service import CASES, CaseService
from tests.support.make import new_task
from tests.support.services import Clock, FakeKeys

FILES = CASES.parent / "files"
MOST_STEPS = 60
K = ErrorKind
REQUEST = ImageToVideoRequest(image="aW1n", model_name="kling-v1", mode="std")
HEAVY = ImageToVideoRequest(image="aW1n" * 3_300_000, model_name="kling-v1", mode="std")

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
    "07_control_out_of_credit": (K.OUT_OF_CREDIT, "The account has no credit left."),
    "07_payment_required_402": (K.OUT_OF_CREDIT, "The account has no credit left."),
    "07_prompt_word_balance": (K.BAD_PARAMETER, "she keeps her balance"),
    "07_prompt_word_credit": (K.BAD_PARAMETER, "a credit card"),
    "07_white_balance": (K.BAD_PARAMETER, "white balance"),
    "07_wrong_key_balance": (K.UNAUTHORIZED, "The key is missing, wrong or expired."),
    "19_account_inside_429": (
        K.ACCOUNT_BLOCKED,
        "account exception (HTTP 429, code 1100, request id R-inner)",
    ),
    "19_message_is_an_object": (K.POLICY_REFUSED, "against the policy (HTTP 400, code 1301)"),
    "19_policy_inside_400": (
        K.POLICY_REFUSED,
        "against the policy (HTTP 400, code 1301, request id R-inner)",
    ),
    "24_400_cannot_parse": (K.BAD_PARAMETER, "cannot parse the request"),
    "24_400_too_large_in_words": (K.TOO_LARGE, "Use a smaller picture."),
    "24_413_web_page": (K.TOO_LARGE, "Use a smaller picture."),
}
"""Why, with words of its card."""
OPEN = {
    "03_unknown_word_on_the_card": (State.RUNNING, "“aborted”"),
    "05_no_address_ever": (State.SUCCEEDED, "quote the id t1"),
    "07_quota_concurrent": (State.INTENT, "Too many requests were made at once. Position 1 in line."),
    "07_quota_of_the_group": (State.INTENT, "Too many requests were made at once. Position 1 in line."),
    "07_quota_per_minute": (State.INTENT, "Too many requests were made at once. Position 1 in line."),
    "08_same_id_foreign_external_id": (State.ACCEPTED, "another task"),
    "09_task_not_exist_400": (State.NEEDS_PERSON, "may exist"),
    "19_unclear_inside_500": (State.NEEDS_PERSON, "may exist"),
}
"""Where it stands after many steps, with words of its card."""


@dataclass(kw_only=True)
class Played:
    """A task after its end, or after many steps, and what its card says then."""

    entry: Entry
    service: CaseService
    app: AppTest

    @property
    def card(self) -> str:
        """All words on it."""
        app = self.app
        boxes = (app.markdown, app.caption, app.info, app.warning, app.error, app.text, app.code)
        return "\n".join(str(box.value) for kind in boxes for box in kind)

    @property
    def buttons(self) -> list[str]:
        """Their labels."""
        return [button.label for button in self.app.button]


def _screen() -> None:
    """The list of Ann's tasks, drawn once."""
    from components import session  # noqa: PLC0415 — AppTest runs a function's source alone
    from components.runtime import services  # noqa: PLC0415
    from components.tasks import task_card  # noqa: PLC0415
    from studio.journal.entry import utc_now  # noqa: PLC0415
    from tests.support.listed import listed  # noqa: PLC0415

    session.current().owner = "ann"
    for view in listed(services().tasks, "ann").tasks:
        task_card.show(view, utc_now(), video=task_card.find_video(view), thumbnail=None)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an app that starts when its card is drawn."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    return tmp_path


def play(
    case: str | list[dict[str, Any]],
    folder: Path,
    *,
    word: str = "done",
    key: str = "sk-for-tests",
    request: ImageToVideoRequest = REQUEST,
) -> Played:
    """A task sent and looked after, each step when it is due, and its card afterwards."""
    with ExitStack() as stack:
        service = stack.enter_context(CaseService(f"{case}.json" if isinstance(case, str) else case, word))
        store = stack.enter_context(closing(Database(f"sqlite:///{folder}/studio.db")))
        upgrade(store)
        clock = Clock(utc_now())
        journal = Journal(store, clock)
        client = stack.enter_context(KlingClient(service.url, key))
        artifacts = ArtifactStore(store, str(folder / "files"))
        steps = Steps(journal=journal, keys=FakeKeys(client), keep_video=artifacts.keep_video, now=clock)
        entry = journal.create_entry(
            new_task(owner="ann", service=service.url, request=request, thumbnail=None)
        )
        for _ in range(MOST_STEPS):
            next_step = steps.run_next_step(entry.entry_id)
            if next_step.step in (Step.DONE, Step.WAIT_FOR_PERSON):
                break
            clock.advance(next_step.wait_s)
        app = AppTest.from_function(_screen, default_timeout=30).run()
        assert not app.exception
        return Played(entry=journal.queries.entry(entry.entry_id), service=service, app=app)


@pytest.mark.parametrize("case", KEPT)
def test_the_video_is_kept(case: str, data_dir: Path) -> None:
    """It is paid and made, wherever the answer has its address and whatever it calls the task."""
    played = play(case, data_dir)
    assert played.entry.state is State.KEPT
    assert "succeed" in played.card
    assert ("watermark" in played.card) == ("watermark" in case)
    assert len(played.service.created) == 1


@pytest.mark.parametrize("word", ["succeeded", "completed", "complete", "done", "finished", "FINISHED"])
def test_every_word_for_done_keeps_the_video(word: str, data_dir: Path) -> None:
    """Also in capitals."""
    assert "succeed" in play("03_other_words_for_done", data_dir, word=word).card


@pytest.mark.parametrize("case", FAILED)
def test_a_failed_task_has_failed_with_its_reason(case: str, data_dir: Path) -> None:
    """Its own status decides, whatever error stands beside it."""
    played = play(case, data_dir)
    assert (played.entry.state, played.entry.message) == (State.FAILED, "the reason")
    assert "The service gave up: the reason." in played.card


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_create_is_refused_for_what_it_is(case: str, data_dir: Path) -> None:
    """Once, by code and status; its sentence without JSON."""
    kind, words = REFUSED[case]
    played = play(case, data_dir, request=HEAVY if case.startswith("24_") else REQUEST)
    assert (played.entry.state, played.entry.create_error) == (State.REJECTED, kind)
    assert "No task was made, and nothing was paid." in played.card
    assert words in played.card
    assert "{" not in played.card
    assert ("13.2 MB" in played.card) == case.startswith("24_")
    assert len(played.service.created) == 1


@pytest.mark.parametrize("case", OPEN)
def test_what_is_open_says_why(case: str, data_dir: Path) -> None:
    """Nothing of it is called unpaid, and nothing is sent again blindly."""
    played = play(case, data_dir)
    state, words = OPEN[case]
    assert played.entry.state is state
    assert words in played.card
    assert "nothing was paid" not in played.card
    assert state is State.INTENT or len(played.service.created) == 1


def test_a_word_that_is_not_known_leaves_the_task_to_its_owner(data_dir: Path) -> None:
    """It may be put aside."""
    assert "Forget it" in " ".join(play("03_unknown_word_on_the_card", data_dir).buttons)


def test_an_end_in_seconds_is_no_end_of_long_ago(data_dir: Path) -> None:
    """The card would say that thirty days are over."""
    played = play("03_times_in_seconds", data_dir)
    assert played.entry.ended_at is not None
    assert played.entry.ended_at >= played.entry.created_at
    assert "days left by Kling's promise" in played.card


def test_a_success_without_an_address_is_logged_once_and_without_secrets(
    data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody could make sense of, for whoever can."""
    page = "https://pages.test/t1?sig=secret"
    data = {"task_id": "t1", "status": "SUCCESS", "page": page, "note": "sk-for-tests"}
    answers = [CREATED, {"on": QUERY, "status": 200, "body": {"code": "success", "data": data}}]
    with caplog.at_level(logging.WARNING):
        card = play(answers, data_dir).card
    (said,) = [line for line in caplog.messages if "no video's address" in line]
    assert "https://pages.test/t1?…" in said
    assert "secret" not in said
    assert "sk-for-tests" not in caplog.text
    assert "Ask CometAPI's support for it, and quote the id t1." in card


def test_the_services_words_are_shown_letter_for_letter(data_dir: Path) -> None:
    """No picture, link or colour of theirs."""
    case = json.loads((CASES / "26_words_as_markdown.json").read_text())
    words = case["answers"][1]["body"]["data"]["task_status_msg"]
    played = play("26_words_as_markdown", data_dir)
    assert played.entry.message == words
    assert f"The service gave up: {markdown(words)}." in played.card


@pytest.mark.parametrize("on", ["create", "query by task id"])
def test_a_picture_in_the_services_words_is_not_drawn(on: str, data_dir: Path) -> None:
    """A browser would ask another host for it."""
    body = json.loads((FILES / "answer_picture_in_words.json").read_text())
    if on == "create":
        answers = [{"on": on, "status": 400, "body": body}]
    else:
        failed = {"task_id": "t1", "task_status": "failed", "task_status_msg": body["message"]}
        answers = [CREATED, {"on": on, "status": 200, "body": {"code": 0, "data": failed}}]
    card = play(answers, data_dir).card
    assert markdown(body["message"]) in card
    assert "![x](" not in card


def test_a_create_that_is_given_up_waiting_for_is_unclear_and_says_its_size(data_dir: Path) -> None:
    """408: relays say it of a body that came too slowly, and of what is behind them too."""
    answers = [{"on": "create", "status": 408, "body": "<html>408</html>"}]
    played = play(answers, data_dir, request=HEAVY)
    assert played.entry.state is State.NEEDS_PERSON
    assert "may have been charged" in played.card
    assert "13.2 MB, which may be too much" in played.card


QUERY = "query by task id"
CREATED = {"on": "create", "status": 200, "body": {"code": 0, "data": {"task_id": "t1"}}}


def _key_cases(key: str) -> dict[str, list[dict[str, Any]]]:
    """The answers of the files about a key that is echoed."""

    def body_of(name: str) -> Any:
        return json.loads((FILES / name).read_text().replace("<the key>", json.dumps(key)[1:-1]))

    named = body_of("answer_key_as_task_id.json")
    calls = ("create", QUERY, "query by external id")
    head = {"X-Request-Id": key}
    return {
        "as the task's id": [{"on": call, "status": 200, "body": named} for call in calls],
        "in the reason": [
            CREATED,
            {"on": QUERY, "status": 200, "body": body_of("answer_key_in_reason.json")},
        ],
        "in the head": [
            {"on": "create", "status": 400, "headers": head, "body": {"code": 1200, "message": "no"}}
        ],
        "as the status": [
            CREATED,
            {"on": QUERY, "status": 200, "body": {"data": {"task_id": "t1", "task_status": key}}},
        ],
        "in an address": [
            CREATED,
            {
                "on": QUERY,
                "status": 200,
                "body": {
                    "data": {"task_id": "t1", "status": "SUCCESS", "url": f"http://a.test/v?token={key}"}
                },
            },
        ],
    }


@pytest.mark.parametrize("key", ["sk-0123456789abcdef", "a.b*c+(d)[e]", "k9-Q"])
@pytest.mark.parametrize("where", _key_cases("key"))
def test_a_key_that_is_echoed_is_nowhere(
    key: str, where: str, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the database, not in the log, not on the card."""
    with caplog.at_level(logging.DEBUG):
        played = play(_key_cases(key)[where], data_dir, key=key)
    kept = b"".join(path.read_bytes() for path in data_dir.glob("studio.db*"))
    assert key.encode() not in kept
    assert key not in played.card
    assert key not in caplog.text


def test_half_a_character_in_a_refusal_breaks_nothing(data_dir: Path) -> None:
    """Neither the database nor the card."""
    body = (FILES / "answer_half_a_character.json").read_text()
    answers = [{"on": "create", "status": 400, "body": body}]
    assert "half \ufffd pair" in play(answers, data_dir).card
