"""The service that a session talks to: CometAPI with a key, or the simulator."""

from dataclasses import dataclass, field

from kling import InvalidApiKey, InvalidBaseUrl, KlingClient
from kling.transport import GET_RETRY
from studio.errors import StudioError
from studio.journal.entry import SIMULATOR
from studio.settings import COMETAPI_BASE_URL, SettingsProblem


class KeyProblem(StudioError):
    """A key cannot be used as it is."""


# The steps wait out a Retry-After themselves: asleep inside a query it could not be woken.
PATIENT_RETRY = GET_RETRY.new(respect_retry_after_header=False)


@dataclass(frozen=True, kw_only=True)
class ServiceEndpoint:
    """An API's address and the key for it; the key stays in memory only."""

    base_url: str
    api_key: str = field(repr=False)
    simulated: bool

    @property
    def name(self) -> str:
        """Its name on the screen."""
        return "Simulator" if self.simulated else "CometAPI"

    @property
    def journal_name(self) -> str:
        """Its name in the journal, the same in every process and after every start."""
        return SIMULATOR if self.simulated else self.base_url

    def connect(self) -> KlingClient:
        """A client for it.

        Raises:
            KeyProblem: the key is empty or has characters that no key has.
            SettingsProblem: the address is no web address.
        """
        try:
            return KlingClient(
                self.base_url, self.api_key, get_retry=PATIENT_RETRY, is_secret=not self.simulated
            )
        except InvalidApiKey as refused:
            raise KeyProblem(
                "This key cannot be used.",
                "It is empty, or holds a space, a line break or another character that a key never has.",
                "Copy it once more from CometAPI, without anything around it.",
            ) from refused
        except InvalidBaseUrl as refused:
            raise SettingsProblem(
                "COMETAPI_BASE_URL is not usable.",
                "It must be an http(s) address without a user name, a query or a fragment.",
                f"Set it to something like {COMETAPI_BASE_URL}, or remove it.",
            ) from refused


def typical_time(simulated: bool) -> str:  # noqa: FBT001 — it is what the answer depends on
    """The words for how long a task takes there, as far as it is known (contract.md)."""
    return "usually under a minute" if simulated else "typically 2 to 5 minutes"


def key_checked(typed: str) -> str:
    """The key without the white space that copying leaves around it.

    Raises:
        KeyProblem: it is empty or has characters that no key has.
    """
    key = typed.strip()
    ServiceEndpoint(base_url="https://unused.invalid", api_key=key, simulated=False).connect().close()
    return key
