"""Ask a service whether it takes a key, by a call that costs nothing: a look at a task that nobody has."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kling import KlingError, Task
from kling.errors import AccountProblem, BadParameter, InvalidTaskId, NoAccess, NotFound, Unauthorized
from kling.task_ids import new_external_task_id


class KeyVerdict(StrEnum):
    """How a service answers to a key."""

    TAKEN = "taken"
    REFUSED = "refused"
    ACCOUNT = "account"
    """The key is known; the account behind it is empty or blocked."""
    UNKNOWN = "unknown"
    """The service could not be asked, or answered something else."""


@dataclass(frozen=True, kw_only=True)
class KeyAnswer:
    """The answer, and the service's own words where it refuses."""

    verdict: KeyVerdict
    words: str = ""


class Lookup(Protocol):
    """The part of kling.KlingClient that is needed."""

    def get(self, task_id_or_external_id: str) -> Task: ...


def check_key(client: Lookup) -> KeyAnswer:
    """Ask for a task under a fresh id: a service that knows the key answers that there is none."""
    try:
        client.get(new_external_task_id())
    except (NotFound, InvalidTaskId, BadParameter):
        return KeyAnswer(verdict=KeyVerdict.TAKEN)
    except (Unauthorized, NoAccess) as refused:
        return KeyAnswer(verdict=KeyVerdict.REFUSED, words=str(refused))
    except AccountProblem as problem:
        return KeyAnswer(verdict=KeyVerdict.ACCOUNT, words=str(problem))
    except KlingError as problem:
        return KeyAnswer(verdict=KeyVerdict.UNKNOWN, words=str(problem))
    return KeyAnswer(verdict=KeyVerdict.TAKEN)
