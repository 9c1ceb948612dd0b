"""All settings of a deployment, in one frozen record.

Read from environment variables or Streamlit's secrets (same names, the secrets win). Every process reads them
before its first page, hence no pydantic here (docs/decisions/2026-11-28-pydantic.md).
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import urlsplit

from studio.errors import StudioError
from studio.ip_addresses import NONE_ALLOWED, AllowedAddresses, allowed_addresses

COMETAPI_BASE_URL = "https://api.cometapi.com"
MAX_CAP_USD = 1_000_000
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
OPEN_DEPLOYMENT = (
    "Anybody who finds this app can spend with its key, as much as they like: COMETAPI_KEY is set, and "
    "neither a login nor a cap is. Set SPENDING_CAP_USD, or LOGIN_REQUIRED with st.login's settings."
)
"""Said in the log and on the Settings page of such a deployment."""


class SettingsProblem(StudioError):
    """A setting of the deployment is unusable."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The choices of a deployment: each with its variable, unit, default and range."""

    # COMETAPI_KEY: CometAPI's key, any text. Absent: everything runs on the simulator.
    api_key: str | None = field(default=None, repr=False)
    # COMETAPI_BASE_URL: the API's address, http(s), without a user name. Absent: CometAPI's own.
    base_url: str = COMETAPI_BASE_URL
    # STUDIO_DATA_DIR: folder for everything without a place of its own below.
    # Absent: motion-studio in the system's temporary folder.
    data_dir: Path = field(default_factory=lambda: Path(tempfile.gettempdir()) / "motion-studio")
    # SIMULATOR_TASK_S: seconds from submitted to succeed on the simulator, 0 to 600. Absent: 10.
    simulator_task_s: float = 10.0
    # LOGIN_REQUIRED: whether a visitor must sign in with st.login, true or false. Absent: false.
    login_required: bool = False
    # PUBLIC_URL: this app's address from outside, http(s), for callbacks, shared links, and as a contact.
    # Absent: the service is not asked to call back.
    public_url: str | None = None
    # SPENDING_CAP_USD: one person's spending a UTC day with COMETAPI_KEY, USD over 0 and up to 1,000,000.
    # Absent: no cap.
    spending_cap_usd: Decimal | None = None
    # TASKS_PER_PERSON: one person's unfinished tasks at a time, with any key, 1 to 1,000. Absent: 20.
    tasks_per_person: int = 20
    # PICTURES_PER_PERSON: different pictures that one person's open pages hold in memory, up to 23 MB each,
    # 8 (more than one page holds) to 1,000. Absent: 12.
    pictures_per_person: int = 12
    # PREVIEWS_PER_PERSON: one person's previews that are made, or in line with other people's, at a time,
    # 1 to 10. Absent: 1.
    previews_per_person: int = 1
    # OPERATORS: e-mail addresses, parted by commas, of who sees everybody's spending once signed in with a
    # verified one of them. Absent: nobody.
    operators: frozenset[str] = frozenset()
    # DATABASE_URL: sqlite:///… or postgresql://…. Absent: studio.db in STUDIO_DATA_DIR.
    database_url: str | None = field(default=None, repr=False)
    # STORAGE_URL: folder or object store (s3://bucket/folder) for videos. Absent: files in STUDIO_DATA_DIR.
    storage_url: str | None = None
    # PARALLEL_TASKS: tasks of one key at the service at a time, 1 to 100. Absent: 3.
    parallel_tasks: int = 3
    # STORAGE_CAP_MB: above it the oldest videos are offered for removal, 100 to 100,000,000 MB.
    # Absent: 10,000.
    storage_cap_mb: int = 10_000
    # RESULT_ADDRESSES_ALLOWED: where finished videos may be fetched from although the address is not public:
    # CIDR ranges (of what a name leads to, /7 at the widest) and hosts, parted by commas. Absent: nowhere.
    result_addresses_allowed: AllowedAddresses = NONE_ALLOWED

    def key_of(self, session_key: str | None) -> str | None:
        """The key of a session: its own, or the deployment's; None: the simulator."""
        return session_key or self.api_key

    @property
    def is_open(self) -> bool:
        """Whether all who find this app can spend with the deployment's key, without a login or a cap."""
        return bool(self.api_key) and not self.login_required and self.spending_cap_usd is None


VARIABLES = (
    "COMETAPI_KEY",
    "COMETAPI_BASE_URL",
    "STUDIO_DATA_DIR",
    "SIMULATOR_TASK_S",
    "LOGIN_REQUIRED",
    "PUBLIC_URL",
    "SPENDING_CAP_USD",
    "TASKS_PER_PERSON",
    "PICTURES_PER_PERSON",
    "PREVIEWS_PER_PERSON",
    "OPERATORS",
    "DATABASE_URL",
    "STORAGE_URL",
    "PARALLEL_TASKS",
    "STORAGE_CAP_MB",
    "RESULT_ADDRESSES_ALLOWED",
)


def read_settings(values: Mapping[str, str]) -> Settings:
    """Settings from raw values; empty ones count as absent.

    Raises:
        SettingsProblem: a value is outside its range.
    """
    given = {name: values[name] for name in VARIABLES if values.get(name)}
    defaults = Settings()
    return Settings(
        api_key=given.get("COMETAPI_KEY"),
        base_url=_web_address("COMETAPI_BASE_URL", given.get("COMETAPI_BASE_URL", defaults.base_url)),
        data_dir=Path(given.get("STUDIO_DATA_DIR", defaults.data_dir)).expanduser(),
        simulator_task_s=_seconds(given.get("SIMULATOR_TASK_S", defaults.simulator_task_s)),
        login_required=_yes_or_no("LOGIN_REQUIRED", given.get("LOGIN_REQUIRED", "false")),
        public_url=_web_address("PUBLIC_URL", given["PUBLIC_URL"]) if "PUBLIC_URL" in given else None,
        spending_cap_usd=_usd(given["SPENDING_CAP_USD"]) if "SPENDING_CAP_USD" in given else None,
        tasks_per_person=_whole("TASKS_PER_PERSON", given, defaults.tasks_per_person, range(1, 1001)),
        pictures_per_person=_whole(
            "PICTURES_PER_PERSON", given, defaults.pictures_per_person, range(8, 1001)
        ),
        previews_per_person=_whole("PREVIEWS_PER_PERSON", given, defaults.previews_per_person, range(1, 11)),
        operators=_addresses_of_mail(given.get("OPERATORS", "")),
        database_url=given.get("DATABASE_URL"),
        storage_url=given.get("STORAGE_URL"),
        parallel_tasks=_whole("PARALLEL_TASKS", given, defaults.parallel_tasks, range(1, 101)),
        storage_cap_mb=_whole("STORAGE_CAP_MB", given, defaults.storage_cap_mb, range(100, 100_000_001)),
        result_addresses_allowed=_addresses(given.get("RESULT_ADDRESSES_ALLOWED", "")),
    )


def _addresses(text: str) -> AllowedAddresses:
    try:
        return allowed_addresses(text)
    except ValueError as error:
        raise SettingsProblem(
            "RESULT_ADDRESSES_ALLOWED is not usable.",
            f"It must be ranges such as 198.18.0.0/15 and host names, parted by commas; {error}.",
            "Correct it, or remove it to fetch videos from public addresses alone.",
        ) from error


def _addresses_of_mail(text: str) -> frozenset[str]:
    found = frozenset(part.strip().casefold() for part in text.split(",") if part.strip())
    if not all(_MAIL.fullmatch(address) for address in found):
        raise SettingsProblem(
            "OPERATORS is not usable.",
            "It must be e-mail addresses, parted by commas.",
            "Correct it, or remove it: then each person sees their own spending alone.",
        )
    return found


def _web_address(name: str, text: str) -> str:
    try:
        parts = urlsplit(text.strip())
    except ValueError:  # such as a bracket that is not closed
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc:
        raise SettingsProblem(
            f"{name} is not usable.",
            "It must be an http(s) address without a user name.",
            f"Set it to something like {COMETAPI_BASE_URL}, or remove it.",
        )
    return text.strip().rstrip("/")


def _usd(text: str) -> Decimal:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(0)
    if not (amount.is_finite() and 0 < amount <= MAX_CAP_USD):
        raise SettingsProblem(
            "SPENDING_CAP_USD is not usable.",
            f"It must be an amount in USD over 0 and up to {MAX_CAP_USD}.",
            "Set it to something like 5, or remove it to have no cap.",
        )
    return amount


def _whole(name: str, given: Mapping[str, str], default: int, allowed: range) -> int:
    text = given.get(name, str(default)).strip()
    number = int(text) if text.isascii() and text.isdigit() else -1
    if number not in allowed:
        raise SettingsProblem(
            f"{name} is not usable.",
            f"It must be a whole number from {allowed[0]} to {allowed[-1]}.",
            f"Correct it, or remove it to get {default}.",
        )
    return number


def _yes_or_no(name: str, text: str) -> bool:
    if text.strip().lower() not in {"true", "false"}:
        raise SettingsProblem(
            f"{name} is not usable.", "It must be true or false.", "Correct it, or remove it."
        )
    return text.strip().lower() == "true"


def _seconds(value: str | float) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= 600.0:
        raise SettingsProblem(
            "SIMULATOR_TASK_S is not usable.",
            "It must be a number of seconds from 0 to 600.",
            "Correct it, or remove it to get 10 seconds.",
        )
    return seconds
