"""The Ledger page: one's own spending, everybody's for an operator, and the balance for a typed key alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import services
from kling import TaskStatus
from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from tests.support.lying_server import LyingServer, reply
from tests.support.make import new_task
from tests.support.services import task
from tests.ui.conftest import ROOT

ADA = {"is_logged_in": True, "iss": "https://login.example.org", "sub": "ada", "email": "ada@example.org"}


@pytest.fixture
def server() -> Iterator[LyingServer]:
    """A service that says what is left."""
    with LyingServer(reply({"total_quota": 21.5})) as found:
        yield found


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, server: LyingServer) -> AppTest:
    """The app of a deployment with a key and an operator."""
    monkeypatch.setenv("COMETAPI_BASE_URL", server.url)
    monkeypatch.setenv("COMETAPI_KEY", "sk-of-the-deployment")
    monkeypatch.setenv("OPERATORS", "ada@example.org")
    return AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30)


def opened(page: AppTest) -> AppTest:
    page.run()
    page.switch_page("../pages/ledger.py").run()
    assert not page.exception
    return page


def send(owner: str, name: str) -> None:
    journal = services().tasks.journal
    claimed = journal.claim(journal.create_entry(new_task(owner=owner, price_usd="0.56")))
    assert claimed is not None
    made = task(TaskStatus.SUBMITTED, task_id=name)
    journal.settle(claimed, CreateOutcome(kind=OutcomeKind.ACCEPTED, task=made))


def asked_for_balance(server: LyingServer) -> list[str]:
    return [request.path for request in server.requests if "quota" in request.path]


def metrics(page: AppTest) -> dict[str, Any]:
    return {metric.label: metric.value for metric in page.metric}


def test_a_person_sees_their_own_spending(page: AppTest) -> None:
    """Another's is in no sum, and no way to it is offered."""
    opened(page)
    assert "Nothing was sent in this time." in [info.value for info in page.info]
    send(page.session_state["studio"].owner, "t1")
    send("bob", "t2")
    page.run()
    assert metrics(page) == {"Estimated": "0.56 USD", "Videos": "1", "Failed, free": "0"}
    assert [control.label for control in page.button_group] == ["Period"]


@pytest.mark.parametrize(("verified", "sees_all"), [(True, True), (False, False)])
def test_an_operator_sees_everybodys(page: AppTest, *, verified: bool, sees_all: bool) -> None:
    """By an address that is verified."""
    page.user = ADA | {"email_verified": verified}
    opened(page)
    send(page.session_state["studio"].owner, "t1")
    send("bob", "t2")
    page.run()
    whose = [control for control in page.button_group if control.label == "Whose"]
    assert bool(whose) is sees_all
    if whose:
        whose[0].set_value("Everybody's").run()
        assert metrics(page)["Estimated"] == "1.12 USD"
        assert "By person" in [tab.label for tab in page.tabs]


def test_the_balance_is_asked_at_the_press_of_a_button_for_a_typed_key_alone(
    page: AppTest, server: LyingServer
) -> None:
    """Never for the deployment's, and never by itself."""
    opened(page)
    assert not any("balance" in button.label for button in page.button)
    page.session_state["studio"].api_key = "sk-of-my-own"
    page.run()
    assert asked_for_balance(server) == []
    next(button for button in page.button if "balance" in button.label).click().run()
    assert asked_for_balance(server) == ["/user/quota?key=sk-of-my-own"]
    assert any("21.50 left" in info.value for info in page.info)
