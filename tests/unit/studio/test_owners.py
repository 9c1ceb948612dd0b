"""Owners: nobody can guess one, and no browser can pass for a login."""

import pytest

from studio.owners import (
    LoginProblem,
    is_browser_owner,
    is_left_behind,
    is_login_owner,
    is_operator,
    is_recognised,
    login_owner,
    new_browser_owner,
    owner_on_record,
)

GOOGLE = "https://accounts.google.com"


def test_a_browser_s_owner_is_new_each_time_and_known_as_one() -> None:
    """192 random bits, in the characters that the browser's id is checked for."""
    owners = {new_browser_owner() for _ in range(1000)}
    assert len(owners) == 1000
    assert all(is_browser_owner(owner) and not is_login_owner(owner) for owner in owners)


def test_a_login_s_owner_is_the_same_on_every_machine() -> None:
    """Issuer and subject name a person for good."""
    assert login_owner(GOOGLE, "1178") == login_owner(GOOGLE, "1178")
    assert is_login_owner(login_owner(GOOGLE, "1178"))


def test_the_same_subject_at_another_issuer_is_somebody_else() -> None:
    """A subject is only unique at its issuer, and no joining of the two makes one pair of another."""
    pairs = [(GOOGLE, "1178"), ("https://login.example.org", "1178"), (GOOGLE + "1", "178"), (GOOGLE, "1179")]
    assert len({login_owner(issuer, subject) for issuer, subject in pairs}) == len(pairs)


def test_what_is_on_record_tells_no_browser_s_id_and_names_the_same_owner() -> None:
    """It is no id that a browser could offer, and is on record as itself; a login's is a hash already."""
    browser, login = new_browser_owner(), login_owner(GOOGLE, "1178")
    assert browser not in owner_on_record(browser)
    assert not is_browser_owner(owner_on_record(browser))
    assert owner_on_record(owner_on_record(browser)) == owner_on_record(browser)
    assert owner_on_record(login) == login


def test_no_browser_can_offer_a_login_s_owner() -> None:
    """What a browser says it is comes from outside: a copied owner of a login is not taken."""
    assert not is_browser_owner(login_owner(GOOGLE, "1178"))


@pytest.mark.parametrize("claimed", [None, 7, "", "../../etc", "a" * 31, "a" * 33, "a" * 31 + "\n", ["a"]])
def test_what_is_no_browser_s_id_is_not_taken_for_one(claimed: object) -> None:
    """Only the 32 characters that this app gives out."""
    assert not is_browser_owner(claimed)


@pytest.mark.parametrize(("issuer", "subject"), [(None, "1"), ("iss", None), ("", "1"), ("iss", "")])
def test_a_token_that_names_nobody_is_refused(issuer: object, subject: object) -> None:
    """Two such people must not share one owner."""
    with pytest.raises(LoginProblem):
        login_owner(issuer, subject)


ANN, BEA = login_owner(GOOGLE, "ann"), login_owner(GOOGLE, "bea")
SESSION, BROWSER = "s" * 32, "b" * 32


@pytest.mark.parametrize(
    ("session_owner", "signed_in", "expected"),
    [(ANN, None, True), (ANN, BEA, True), (ANN, ANN, False), (BROWSER, None, False), (BROWSER, ANN, False)],
)
def test_a_login_s_work_is_left_behind_once_that_login_is_gone(
    session_owner: str, signed_in: str | None, *, expected: bool
) -> None:
    """A browser's work is not: it comes back when its person signs out."""
    assert is_left_behind(session_owner, signed_in) is expected


@pytest.mark.parametrize(
    ("told", "has_tasks", "expected"),
    [
        (BROWSER, False, True),
        (BROWSER, True, False),
        (SESSION, False, False),
        (ANN, False, False),
        (None, False, False),
        ({"id": BROWSER}, False, False),
    ],
)
def test_a_session_goes_over_to_its_browser_s_id_while_nothing_was_sent_under_its_own(
    told: object, *, has_tasks: bool, expected: bool
) -> None:
    """Tasks that were sent before the browser spoke stay in sight; a browser never names a login."""
    assert is_recognised(told, SESSION, lambda owner: has_tasks and owner == SESSION) is expected


@pytest.mark.parametrize(
    ("email", "email_verified", "is_one"),
    [
        ("Ann@Example.org", True, True),
        ("ann@example.org", "true", True),
        ("ann@example.org", False, False),
        ("ann@example.org", None, False),
        ("bob@example.org", True, False),
        (None, True, False),
        (["ann@example.org"], True, False),
    ],
)
def test_an_operator_is_known_by_a_verified_address(
    email: object, email_verified: object, *, is_one: bool
) -> None:
    """With some providers anybody may write any address into their own account."""
    assert is_operator(frozenset({"ann@example.org"}), email, email_verified) is is_one
