"""What became of submissions: judged by the far side's ledger and the journal, and by nothing else."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from kling import TaskStatus
from studio.journal.entry import WITH_TASK, Entry, State
from tests.faults.far_side import FarSide, Paid
from tests.faults.line import Line, longest_wait_allowed_s

ENDED = {State.KEPT, State.FAILED, State.REJECTED, State.FORGOTTEN}


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Counts of submissions."""

    submissions: int = 0
    # tasks beyond the first that were paid for one submission
    paid_twice: int = 0
    # submissions that stand neither at an end nor at a person, or whose paid task nobody knows or looks for
    lost: int = 0
    # submissions called refused or failed, hence free, of which a task or a video was paid
    called_unpaid: int = 0
    # in line, while others held every slot
    longest_wait_s: float = 0.0
    # slots that one task held longer than may be while others waited, and waits beyond what follows from it
    waited_too_long: int = 0
    ends: Counter[State] = field(default_factory=Counter)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            submissions=self.submissions + other.submissions,
            paid_twice=self.paid_twice + other.paid_twice,
            lost=self.lost + other.lost,
            called_unpaid=self.called_unpaid + other.called_unpaid,
            longest_wait_s=max(self.longest_wait_s, other.longest_wait_s),
            waited_too_long=self.waited_too_long + other.waited_too_long,
            ends=self.ends + other.ends,
        )

    @property
    def faults(self) -> int:
        """All that must not be."""
        return self.paid_twice + self.lost + self.called_unpaid + self.waited_too_long


def waits(line: Line, others: int) -> Tally:
    """The counts of one world's line, in which so many may have stood before one."""
    too_long = line.held_too_long + (line.longest_wait_s > longest_wait_allowed_s(others, line.slots))
    return Tally(longest_wait_s=line.longest_wait_s, waited_too_long=too_long)


def judged(entries: Iterable[Entry], far_side: FarSide, videos: Collection[str], submissions: int) -> Tally:
    """The counts of one world, when nothing is due any more."""
    known = {entry.external_task_id or "": entry for entry in entries}
    made = Counter(paid.external_task_id for paid in far_side.ledger)
    unpaid = {name for name, entry in known.items() if is_called_unpaid(entry, far_side.made(name))}
    others = (entry for name, entry in known.items() if name not in unpaid)
    faults = [fault(entry, far_side.made(entry.external_task_id or ""), videos) for entry in others]
    return Tally(
        submissions=submissions,
        paid_twice=sum(times - 1 for times in made.values()),
        lost=sum(found is not None for found in faults) + submissions - len(known),
        called_unpaid=len(unpaid),
        ends=Counter(entry.state for entry in known.values()),
    )


def is_called_unpaid(entry: Entry, made: list[Paid]) -> bool:
    """Whether its owner reads that nothing is charged, and something is."""
    if entry.state is State.FAILED:
        return any(paid.succeeds and entry.task_id in paid.ids for paid in made)
    return entry.state is State.REJECTED and bool(made)


def fault(entry: Entry, made: list[Paid], videos: Collection[str]) -> str | None:
    """What is wrong with an entry at the end; None: nothing."""
    if entry.state is State.NEEDS_PERSON:
        return None if entry.message and entry.external_task_id else "nothing to go by for a person"
    if entry.state not in ENDED:
        return f"left as {entry.state}"
    if made and entry.state not in WITH_TASK:
        return f"a paid task that is {entry.state}"
    if entry.state in WITH_TASK:
        return _fault_of_task(entry, made, videos)
    return None


def _fault_of_task(entry: Entry, made: list[Paid], videos: Collection[str]) -> str | None:
    paid = next((paid for paid in made if entry.task_id in paid.ids), None)
    if paid is None:
        return "another task than its own"
    succeeded = paid.status(paid.ends_at) is TaskStatus.SUCCEED
    if succeeded != (entry.state is State.KEPT):
        return f"its task {'succeeded' if succeeded else 'failed'}, and it is {entry.state}"
    return "kept without a video" if succeeded and entry.entry_id not in videos else None
