"""The keyring: keys in memory only, found again by a fingerprint."""

import gc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.journal.entry import SIMULATOR
from studio.service.endpoint import KeyProblem, ServiceEndpoint
from studio.service.keyring import Keyring
from tests.support.make import entry

COMET = ServiceEndpoint(base_url="https://api.test", api_key="sk-secret", simulated=False)


@pytest.fixture
def keyring() -> Iterator[Keyring]:
    """Without any key."""
    made = Keyring(b"the deployment's")
    yield made
    made.close()


def test_a_fingerprint_names_a_key_and_does_not_hold_it(keyring: Keyring) -> None:
    """The same in every process of the deployment, and another in another."""
    name = keyring.fingerprint("sk-secret")
    assert "sk-secret" not in name
    assert name == Keyring(b"the deployment's").fingerprint("sk-secret")
    assert name not in (keyring.fingerprint("sk-other"), Keyring(b"another's").fingerprint("sk-secret"))


def test_an_entry_finds_the_client_of_its_own_key_and_no_other(keyring: Keyring) -> None:
    """Neither another key's, nor the same key's at another address."""
    client = keyring.remember(COMET)
    mine = entry(service=COMET.base_url, key_fingerprint=keyring.fingerprint("sk-secret"))
    assert keyring.connect(mine) is client
    assert keyring.connect(replace(mine, key_fingerprint="another")) is None
    assert keyring.connect(replace(mine, service="https://other.test")) is None


def test_a_simulator_is_the_same_one_at_its_new_address(keyring: Keyring) -> None:
    """Its port changes with every start; its tasks go on."""
    client = keyring.remember(
        ServiceEndpoint(base_url="http://127.0.0.1:1", api_key="simulator", simulated=True)
    )
    assert (
        keyring.connect(entry(service=SIMULATOR, key_fingerprint=keyring.fingerprint("simulator"))) is client
    )


def test_a_typed_key_is_gone_with_the_session_that_brought_it(keyring: Keyring) -> None:
    """It lives in that session's memory only; another session with the same key keeps it at hand."""
    first, second = keyring.remember(COMET), keyring.remember(COMET)
    del first
    gc.collect()
    assert keyring.holds(COMET)
    del second
    gc.collect()
    assert not keyring.holds(COMET)


def test_the_deployments_key_stays(keyring: Keyring) -> None:
    """Tasks go on without a visitor."""
    keyring.remember(COMET, for_good=True)
    gc.collect()
    assert keyring.holds(COMET)


def test_an_unusable_key_is_refused(keyring: Keyring) -> None:
    """Before anything is written down under its fingerprint."""
    with pytest.raises(KeyProblem):
        keyring.remember(replace(COMET, api_key="sk one"))
