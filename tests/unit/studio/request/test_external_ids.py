"""When an external task id is spent."""

from dataclasses import replace

import pytest

from studio.request.external_ids import needs_new_id, with_unspent_id, without_external_id
from tests.support.make import draft

WITH_ID = replace(draft(), parameters=replace(draft().parameters, external_task_id="mine-1"))


def test_a_kept_draft_loses_the_id_that_was_sent_and_nothing_else() -> None:
    """One that a crash kept from being sent stays: sent once more, it is refused instead of paid twice."""
    assert with_unspent_id(WITH_ID, is_sent=False) == WITH_ID
    assert with_unspent_id(WITH_ID, is_sent=True) == without_external_id(WITH_ID)
    assert without_external_id(WITH_ID).parameters.external_task_id == ""
    assert replace(without_external_id(WITH_ID), parameters=WITH_ID.parameters) == WITH_ID


@pytest.mark.parametrize(
    ("typed", "sent_last", "expected"),
    [
        (None, None, True),
        ("mine-1", "mine-1", True),
        ("mine-2", "mine-1", False),
        ("mine-1", None, False),
        ("", None, False),
    ],
)
def test_the_field_gets_a_new_id_when_it_has_none_or_a_spent_one(
    typed: str | None, sent_last: str | None, *, expected: bool
) -> None:
    """What a person typed, or emptied, stays."""
    assert needs_new_id(typed, sent_last) is expected
