"""Whom a session talks to, and the key that stays out of every text."""

import pytest

from kling import KlingClient
from studio.service.endpoint import KeyProblem, ServiceEndpoint, key_checked, typical_time
from studio.settings import COMETAPI_BASE_URL, SettingsProblem

REMOTE = ServiceEndpoint(base_url=COMETAPI_BASE_URL, api_key="sk-secret", simulated=False)
LOCAL = ServiceEndpoint(base_url="http://127.0.0.1:1", api_key="simulator", simulated=True)


def test_a_person_is_told_which_of_the_two_it_is() -> None:
    """Its name and its typical time, which is 2 to 5 minutes at CometAPI (contract.md)."""
    assert (REMOTE.name, LOCAL.name) == ("CometAPI", "Simulator")
    assert "2 to 5 minutes" in typical_time(simulated=False)
    assert "under a minute" in typical_time(simulated=True)


def test_the_journal_knows_the_simulator_by_one_name_and_the_others_by_address() -> None:
    """The simulator's port changes with every start."""
    assert (REMOTE.journal_name, LOCAL.journal_name) == (COMETAPI_BASE_URL, "simulator")


def test_the_key_is_not_in_the_repr() -> None:
    """A log line of it must not hold the key."""
    assert "sk-secret" not in repr(REMOTE)
    assert COMETAPI_BASE_URL in repr(REMOTE)


def test_a_client_is_made_for_it() -> None:
    """With its address; nothing is sent."""
    with REMOTE.connect() as client:
        assert isinstance(client, KlingClient)
        assert client.base_url == COMETAPI_BASE_URL


@pytest.mark.parametrize("typed", ["sk-1", "  sk-1", "sk-1\r\n", "\tsk-1 \n"])
def test_white_space_around_a_typed_key_is_left_out(typed: str) -> None:
    """Copying brings it along."""
    assert key_checked(typed) == "sk-1"


@pytest.mark.parametrize("typed", ["sk 1", "sk\n1", "sk-1\x00", "“sk-1”", "sk-é", "", "  \n"])
def test_a_key_with_what_no_key_has_is_refused_in_words_that_do_not_quote_it(typed: str) -> None:
    """The library requests would put the whole Authorization value into its error text (reliability.md)."""
    with pytest.raises(KeyProblem, match="cannot be used") as caught:
        key_checked(typed)
    texts = (caught.value.what, caught.value.why, caught.value.next_step)
    assert all(text.endswith(".") for text in texts)
    assert "sk" not in str(caught.value)


@pytest.mark.parametrize("url", ["https://x.test:99999", "https://x.test/?a=b", "nowhere"])
def test_an_address_that_no_client_takes_is_a_setting_to_correct(url: str) -> None:
    """In words, not as an error of the wire; and a password in it is not repeated."""
    with pytest.raises(SettingsProblem, match="COMETAPI_BASE_URL") as caught:
        ServiceEndpoint(base_url=url, api_key="sk-1", simulated=False).connect()
    assert url not in str(caught.value)


@pytest.mark.parametrize(("simulated", "shown"), [(True, "a word"), (False, "a <key>")])
def test_only_a_key_that_is_worth_money_is_hidden(*, simulated: bool, shown: str) -> None:
    """The simulator's key is a word of many sentences."""
    with ServiceEndpoint(
        base_url="https://far.test", api_key="word", simulated=simulated
    ).connect() as client:
        assert client.auth.hide_key("a word") == shown
