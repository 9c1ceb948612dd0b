"""The balance: one request, guarded and bounded, whose key stands nowhere else."""

import io
import logging
import traceback
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from studio.process.log_redaction import install
from studio.service.balance import Balance, BalanceProblem, ask_balance, quota_url
from tests.support.lying_server import LyingServer, html, reply
from tests.support.running_app import free_port

KEY = "a-typed.key_of+no/looks=1234"
TOLD = {"username": "ann", "total_quota": 21.5, "total_used_quota": "3.25", "request_count": 7}


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """All that is logged, from DEBUG on, as the app logs it."""
    before, root, written = logging.getLogRecordFactory(), logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(written), root.level
    install()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(before)


def test_it_is_asked_once_with_the_key_in_the_address_and_none_in_a_log(logs: io.StringIO) -> None:
    """urllib3 logs each address that it asks for."""
    with LyingServer(reply(TOLD)) as server:
        assert ask_balance(server.url, KEY) == Balance(left=Decimal("21.5"), used=Decimal("3.25"))
        (asked,) = server.requests
    assert asked.path == "/user/quota?key=a-typed.key_of%2Bno%2Flooks%3D1234"
    assert "authorization" not in asked.headers
    assert "/user/quota" in logs.getvalue()
    assert "a-typed" not in logs.getvalue()


def test_cometapi_has_a_host_of_its_own_for_it() -> None:
    """Another gateway is asked at its own address."""
    assert quota_url("https://api.cometapi.com/") == "https://query.cometapi.com/user/quota"
    assert quota_url("https://relay.example/x/") == "https://relay.example/x/user/quota"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply({"message": f"bad key {KEY}"}, 401), "HTTP 401"),
        (html(), "no balance that can be read"),
        (reply({"total_quota": True}), "no balance"),
        (reply({"total_quota": "NaN"}), "no balance"),
        (reply({"total_quota": 1e30}), "no balance"),
        (reply([1]), "no balance"),
        (reply(b"[" * 100_000), "no balance"),
        (reply(b"x" * 100_001), "asked: too large"),
        (reply({}, 302, {"Location": "/elsewhere"}), "asked: too many redirects"),
    ],
)
def test_any_other_answer_is_a_problem_in_words_without_the_key(answer: Any, why: str) -> None:
    """A redirect is not followed: the key would go along."""
    with LyingServer(answer) as server, pytest.raises(BalanceProblem, match=why) as problem:
        ask_balance(server.url, KEY)
    assert len(server.requests) == 1
    assert KEY not in "".join(traceback.format_exception(problem.value))


def test_a_service_that_is_away_is_a_problem_whose_trace_has_no_key() -> None:
    """The transport's own error quotes the address."""
    with pytest.raises(BalanceProblem, match="could not be asked: unreachable") as problem:
        ask_balance(f"http://127.0.0.1:{free_port()}", KEY)
    assert "a-typed" not in str(problem.value)
    assert problem.value.__suppress_context__
