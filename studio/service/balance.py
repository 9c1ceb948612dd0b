"""The balance of an account, asked for with a typed key of one's own and only when its owner presses for it.

The key travels in the address, as the service wants it: it is asked for by the guarded client, follows no
redirect, and stands in no error and no log (`studio/process/log_redaction.py`).
Source: contract.md, "Time, price, lifetime".
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from kling.answer_json import parse, read_decimal
from kling.keys import BearerAuth
from studio.errors import StudioError
from studio.guarded_http import FetchProblem, Limits, Route, guarded_get
from studio.settings import COMETAPI_BASE_URL

COMETAPI_QUOTA_URL = "https://query.cometapi.com/user/quota"
LIMITS = Limits(max_bytes=100_000, total_timeout_s=15.0, max_redirects=0)
MOST_USD = Decimal(10) ** 9


class BalanceProblem(StudioError):
    """The service does not say what is left."""


@dataclass(frozen=True, kw_only=True)
class Balance:
    """An account as the service tells it, in its own unit: USD at CometAPI."""

    left: Decimal
    # None: not told
    used: Decimal | None


def quota_url(base_url: str) -> str:
    """Where the balance is asked for: CometAPI has a host of its own for it; others are asked themselves."""
    if base_url.rstrip("/") == COMETAPI_BASE_URL:
        return COMETAPI_QUOTA_URL
    return f"{base_url.rstrip('/')}/user/quota"


def ask_balance(base_url: str, api_key: str) -> Balance:
    """Ask once.

    Raises:
        BalanceProblem: the service cannot be asked, refuses, or answers something else; without the key.
    """
    auth = BearerAuth(api_key)  # while it lives, the key is blotted out of every log
    url = f"{quota_url(base_url)}?{urlencode({'key': api_key})}"
    # the operator's own address may be inside the network, as a gateway is
    route = Route(is_trusted=base_url.rstrip("/") != COMETAPI_BASE_URL)
    try:
        with guarded_get(url, lambda _: route, LIMITS) as answer:
            status, body = answer.http_status, b"".join(answer.pieces())
    except FetchProblem as failure:
        # without its cause, which quotes the address
        raise _problem(f"It could not be asked: {_words(failure)}.") from None
    if status != 200:
        raise _problem(f"It answered with HTTP {status}.")
    return _read(body, auth)


def _read(body: bytes, auth: BearerAuth) -> Balance:
    try:
        told = parse(body, auth.hide_key)
    except ValueError:
        told = None
    fields = told if isinstance(told, dict) else {}
    left = _amount(fields.get("total_quota"))
    if left is None:
        raise _problem("Its answer has no balance that can be read.")
    return Balance(left=left, used=_amount(fields.get("total_used_quota")))


def _amount(value: object) -> Decimal | None:
    amount = read_decimal(value)
    return amount if amount is not None and abs(amount) <= MOST_USD else None


def _words(failure: FetchProblem) -> str:
    """The kind of a failure: "too many redirects"."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(failure).__name__).lower()


def _problem(why: str) -> BalanceProblem:
    return BalanceProblem(
        "The balance is not known.", why, "Try again in a minute, or look at CometAPI's own page."
    )
