"""A few hostile inputs of every kind, always the same; `make fuzz` takes as many as it has time for."""

import random
from pathlib import Path

import pytest

from tests.fuzz import addresses, misdeeds
from tests.fuzz.campaign import WARM_UPS, Campaign, broken_promises
from tests.fuzz.kinds import KINDS
from tests.fuzz.network import is_inside
from tests.fuzz.trial import Result, bench, try_input

INPUTS = {"files": 8, "mutants": 30, "recipes": 15, "answers": 25, "addresses": 100, "keys": 40}


@pytest.mark.parametrize("name", KINDS)
def test_no_hostile_input_breaks_a_promise(name: str, tmp_path: Path) -> None:
    """Errors of ours alone, in bounded time and memory, no connection inside, no key beside its header."""
    with bench(tmp_path) as made:
        for number in range(INPUTS[name]):
            result = try_input(KINDS[name], f"1 {name} {number}", made)
            assert (number, broken_promises(result)) == (number, [])


def test_every_broken_promise_is_counted() -> None:
    """Also when the process hangs or dies, after which the next input is tried."""
    seed = next(seed for seed in range(10**6) if breaks_every_promise(seed))
    tally = Campaign(name="misdeeds", seed=seed, kind=misdeeds.KIND, most=8, hangs_after_s=3).run(600)
    assert (tally.tried, tally.errors) == (8, 3)
    assert (tally.connections_inside, tally.keys_outside) == (1, 1)
    assert tally.most_memory_mb > 500
    said = " ".join(promise for _, promise in tally.broken)
    for words in ("ZeroDivisionError", "it hangs", "died", "169.254.169.254:80", "a key outside", " MB"):
        assert words in said


def breaks_every_promise(seed: int) -> bool:
    """Whether eight inputs are all different, and none that warm a process up stop it."""
    warm, tried = (
        {misdeeds.misdeed(random.Random(f"{before}{seed} misdeeds {number}")) for number in range(count)}
        for before, count in (("warm ", WARM_UPS), ("", 8))
    )
    return not warm & {"hang", "die"} and tried == set(misdeeds.MISDEEDS)


def test_what_takes_too_long_is_a_broken_promise() -> None:
    """More than five seconds."""
    assert broken_promises(Result(seconds=5.1)) == ["took 5.1 s"]
    assert not broken_promises(Result(seconds=4.9, memory_mb=499))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.1.2.3", "::ffff:a00:1", "64:ff9b::7f00:1", "2002:7f00:1::"]
)
def test_the_oracle_knows_the_inside(address: str) -> None:
    """By Python's own tables, and not by the product's."""
    assert is_inside(address)
    assert not is_inside("8.8.8.8")
    assert not is_inside("64:ff9b::808:808")


def test_addresses_lead_on_and_inside(tmp_path: Path) -> None:
    """Some are really asked, redirects included: what is refused at its first letter proves little."""
    with bench(tmp_path) as made:
        asked = 0
        for number in range(150):
            try_input(addresses.KIND, f"1 addresses {number}", made)
            asked += len(made.service.requests) > 1
    assert asked > 10
