"""Shared links, on both databases: one task, read-only, until they are withdrawn."""

import secrets
from dataclasses import fields

import pytest
from sqlalchemy import select

from studio.journal.database import Database
from studio.journal.journal import Journal
from studio.journal.schema import shares
from studio.journal.share_links import SharedEntry, ShareLinks, ShareProblem, more_parameters
from tests.support.make import new_task


def test_a_link_shows_its_task(store: Database) -> None:
    """Prompt, parameters and picture, as they were sent."""
    entry = Journal(store).create_entry(new_task())
    seen = ShareLinks(store).find_shared(ShareLinks(store).make("ann", entry.entry_id))
    assert seen is not None
    assert (seen.prompt, seen.model_name, seen.thumbnail) == ("wind in the leaves", "kling-v1", b"JPEG")


def test_a_link_names_nobody(store: Database) -> None:
    """No owner, no account, no id at the service: what the page does not have it cannot show."""
    entry = Journal(store).create_entry(new_task())
    seen = ShareLinks(store).find_shared(ShareLinks(store).make("ann", entry.entry_id))
    values = [getattr(seen, field.name) for field in fields(SharedEntry)]
    assert not {"ann", entry.external_task_id, entry.key_fingerprint, entry.service} & set(map(str, values))
    assert entry.entry_id not in repr(seen)


def test_the_database_does_not_hold_the_link(store: Database) -> None:
    """Whoever reads the database, or a backup of it, opens nothing with it."""
    entry = Journal(store).create_entry(new_task())
    token = ShareLinks(store).make("ann", entry.entry_id)
    with store.reading() as connection:
        row = connection.execute(select(shares)).one()
    assert token not in map(str, row)
    assert ShareLinks(store).find_shared(row.token_sha256) is None


def test_a_withdrawn_link_opens_nothing(store: Database) -> None:
    """Its owner ends it at any time; withdrawing twice is nothing."""
    entry = Journal(store).create_entry(new_task())
    links = ShareLinks(store)
    token = links.make("ann", entry.entry_id)
    assert links.is_shared("ann", entry.entry_id)
    links.withdraw("ann", entry.entry_id)
    links.withdraw("ann", entry.entry_id)
    assert links.find_shared(token) is None
    assert not links.is_shared("ann", entry.entry_id)


def test_a_new_link_ends_the_one_before(store: Database) -> None:
    """One task, one link: whoever lost track of the old one makes a new one."""
    entry = Journal(store).create_entry(new_task())
    links = ShareLinks(store)
    old, new = links.make("ann", entry.entry_id), links.make("ann", entry.entry_id)
    assert links.find_shared(old) is None
    assert links.find_shared(new) is not None


def test_a_forgotten_task_is_shared_no_more(store: Database) -> None:
    """Who wants to hear no more of a task does not show it either."""
    journal = Journal(store)
    entry = journal.create_entry(new_task())
    token = ShareLinks(store).make("ann", entry.entry_id)
    assert journal.forget(entry) is not None
    assert ShareLinks(store).find_shared(token) is None


def test_a_guessed_token_opens_nothing(store: Database) -> None:
    """Neither a random one, nor a part of a real one, nor words of SQL, nor half a surrogate."""
    entry = Journal(store).create_entry(new_task())
    token = ShareLinks(store).make("ann", entry.entry_id)
    guesses = ["", token[:-1], token + "=", token.swapcase(), entry.entry_id, "' OR 1=1 --", "%", "\ud800"]
    guesses += [secrets.token_urlsafe(24) for _ in range(200)]
    assert [guess for guess in guesses if ShareLinks(store).find_shared(guess)] == []


def test_nobody_shares_or_withdraws_another_person_s_task(store: Database) -> None:
    """An id that was copied is of no use, and the refusal is the same as for one that never was."""
    entry = Journal(store).create_entry(new_task())
    links = ShareLinks(store)
    token = links.make("ann", entry.entry_id)
    told = []
    for entry_id in (entry.entry_id, "0" * 32):
        with pytest.raises(ShareProblem) as refused:
            links.make("bob", entry_id)
        told.append(str(refused.value))
    links.withdraw("bob", entry.entry_id)
    assert not links.is_shared("bob", entry.entry_id)
    assert links.find_shared(token) is not None
    assert told[0] == told[1]


def test_only_harmless_fields_of_the_request_are_shown() -> None:
    """The callback address may hold a secret of the owner's, and the external id is theirs."""
    more = more_parameters(
        b'{"negative_prompt": "blur", "cfg_scale": 0.5, "callback_url": "https://hooks.test/secret",'
        b' "external_task_id": "mine"}'
    )
    assert (more.negative_prompt, more.cfg_scale) == ("blur", 0.5)
    assert "secret" not in repr(more)


def test_a_damaged_request_tells_nothing_more() -> None:
    """The video and its picture are shown all the same."""
    for damaged in (b'{"negative_prompt": "bl', b"\xff\x00"):
        assert more_parameters(damaged) == more_parameters(b"{}")
