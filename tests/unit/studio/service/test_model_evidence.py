"""Which models live: what this deployment saw, then the catalogue, then the table."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kling import BadParameter, ImageToVideoRequest, KlingError, ModelNotServed, Task, TaskStatus
from kling.model_lives import ModelState
from studio.checks.model_checks import model_findings
from studio.journal.create_outcome import outcome_of
from studio.journal.database import Database
from studio.journal.journal import Journal
from studio.journal.queries import ModelSighting
from studio.journal.schema import upgrade
from studio.service.catalogue import Catalogue, Listing
from studio.service.endpoint import ServiceEndpoint
from studio.service.model_evidence import ModelKnowledge, ModelTable, model_table
from tests.support.make import draft, new_task
from tests.support.services import NOON, Clock, task

SERVICE = "https://far.example"
ACCEPTED, REFUSED = ModelSighting(accepted=True, at=NOON), ModelSighting(accepted=False, at=NOON)


def table(**seen: ModelSighting) -> ModelTable:
    """The table with these sightings, by `kling_v1` for kling-v1."""
    found = {name.replace("_", "-"): sighting for name, sighting in seen.items()}
    return model_table(found, {}, is_simulated=False)


def test_a_model_that_was_accepted_here_lives_whatever_the_table_says() -> None:
    """And nobody is warned of it."""
    life = table(kling_v1=ACCEPTED).life_of("kling-v1")
    assert (life.state, life.accepted_on) == (ModelState.LIVING, NOON.date())
    assert list(model_findings(draft(model_name="kling-v1"), table(kling_v1=ACCEPTED).life_of)) == []


def test_a_model_that_was_refused_here_is_warned_of_and_replaced() -> None:
    """By the cheapest one whose evidence is good, which is not itself."""
    seen = table(kling_v2_6=REFUSED)
    (found,) = model_findings(draft(model_name="kling-v2-6"), seen.life_of)
    assert found.problem == "The service answered on 1 May 2026 that it does not serve kling-v2-6."
    assert seen.life_of("kling-v2-6").replacement == "kling-v3"


@pytest.mark.parametrize(
    ("seen", "default"),
    [
        ({}, "kling-v2-6"),
        ({"kling_v2_6": REFUSED}, "kling-v3"),
        ({"kling_v2_5_turbo": ACCEPTED}, "kling-v2-5-turbo"),
        ({"kling_v1": ACCEPTED}, "kling-v1"),
        ({"kling_v2_6": REFUSED, "kling_v3": REFUSED}, "kling-v2-6"),
    ],
)
def test_with_a_key_the_first_choice_is_the_cheapest_with_good_evidence(
    seen: dict[str, ModelSighting], default: str
) -> None:
    """Where all evidence is bad, the table's cheapest."""
    assert table(**seen).default_model == default


def test_on_the_simulator_the_brush_stays_the_first_thing_that_one_sees() -> None:
    """It costs nothing there; the retired model's warning says what CometAPI may do."""
    assert model_table({}, {}, is_simulated=True).default_model == "kling-v1"


def test_the_words_give_the_strongest_evidence_first_with_its_date() -> None:
    """Seen here, listed, then the table."""
    listing = Listing(listed_as="Kling V3", price_usd=Decimal("0.42"), unit="a video")
    known = model_table({"kling-v3": ACCEPTED}, {"kling-v3": listing}, is_simulated=False).evidence(
        "kling-v3"
    )
    assert known.words == (
        "Accepted here on 1 May 2026. Today listed as Kling V3 at $0.42 a video. "
        "Tasks ended well on 6 September 2026."
    )
    assert known.price_words == "$0.42 a video, listed today"


def test_a_listing_of_an_earlier_day_is_told_with_its_date() -> None:
    """It is not today's."""
    listing = Listing(
        listed_as="Kling V3", price_usd=Decimal("0.42"), unit="a video", listed_on=date(2026, 11, 27)
    )
    known = model_table({}, {"kling-v3": listing}, is_simulated=False).evidence("kling-v3")
    assert known.words.startswith("On 27 November 2026 listed as Kling V3 at $0.42 a video. ")
    assert known.price_words == "$0.42 a video, listed on 27 November 2026"


def test_a_price_that_nobody_told_is_said_to_be_unknown() -> None:
    """The list has none for a model that was announced later."""
    assert table().evidence("kling-3.0-turbo").price_words == "not known"
    assert table().evidence("kling-v3").price_words == "from $0.42 for 5 s (May 2026)"


def test_a_name_that_a_person_typed_is_not_shown_to_others() -> None:
    """It counts as evidence all the same."""
    seen = table(our_secret=ACCEPTED)
    assert "our-secret" not in seen.listed
    assert seen.life_of("our-secret").state is ModelState.LIVING


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Iterator[Journal]:
    """A real journal on SQLite."""
    store = Database(f"sqlite:///{tmp_path / 'studio.db'}")
    upgrade(store)
    yield Journal(store, clock)
    store.close()


@pytest.fixture
def clock() -> Clock:
    """Noon."""
    return Clock()


def sent(journal: Journal, model_name: str, answer: Task | KlingError, service: str = SERVICE) -> None:
    """A create of that model, answered so."""
    request = ImageToVideoRequest(image="aW1n", model_name=model_name)
    entry = journal.claim(journal.create_entry(new_task(request=request, service=service)))
    assert entry is not None
    assert journal.settle(entry, outcome_of(answer)) is not None


def accepted(task_id: str) -> Task:
    """The answer to a create that made a task."""
    return task(TaskStatus.SUBMITTED, task_id=task_id)


def test_the_newest_answer_about_a_model_wins_for_each_service(journal: Journal, clock: Clock) -> None:
    """Accepted, or refused as not served; another refusal tells nothing of the model."""
    sent(journal, "kling-v1", accepted("t1"))
    sent(journal, "kling-v3", ModelNotServed("invalid model name"))
    sent(journal, "kling-v2-1", BadParameter("no"))
    clock.advance(60)
    sent(journal, "kling-v1", ModelNotServed("model_not_found"))
    sent(journal, "kling-v3", accepted("t2"))
    sent(journal, "kling-v2-6", accepted("t3"), "https://elsewhere.example")
    later = NOON + timedelta(seconds=60)
    assert journal.queries.model_sightings(SERVICE) == {
        "kling-v1": ModelSighting(accepted=False, at=later),
        "kling-v3": ModelSighting(accepted=True, at=later),
    }


def test_the_journal_is_read_once_in_a_few_seconds(journal: Journal) -> None:
    """A page asks at each stroke."""
    now = [0.0]
    models = ModelKnowledge(
        journal.queries, Catalogue(fetch=lambda _: b"", start=lambda _: None), clock_s=lambda: now[0]
    )
    endpoint = ServiceEndpoint(base_url=SERVICE, api_key="k", simulated=False)
    assert models.table(endpoint).evidence("kling-v3").seen is None
    sent(journal, "kling-v3", accepted("t1"))
    assert models.table(endpoint).evidence("kling-v3").seen is None
    now[0] = 10.0
    assert models.table(endpoint).evidence("kling-v3").seen == ACCEPTED
