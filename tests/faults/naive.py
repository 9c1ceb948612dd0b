"""Ways that look right and are not: what the checks must find out in the very same worlds."""

from collections.abc import Mapping
from dataclasses import replace

from kling import ImageToVideoRequest, KlingError, NotFound
from studio.journal.create_outcome import CreateOutcome, OutcomeKind, outcome_of
from studio.journal.entry import Entry, State
from studio.tasks.steps import Client, NextStep, Steps
from tests.faults.far_side import FollowingClient, Theme
from tests.faults.mortal import MortalClient

MOST_RETRIES = 4


class RetriesEverything(Steps):
    """Any error means: send it again, a few times."""

    def _create(self, client: Client, request: ImageToVideoRequest, attempt: int) -> CreateOutcome:
        outcome = super()._create(client, request, attempt)
        if outcome.task or attempt > MOST_RETRIES:
            return outcome
        return CreateOutcome(kind=OutcomeKind.BACK_IN_LINE, wait_s=2.0)


class TrustsNotFound(Steps):
    """One look that does not find it means: it was never made."""

    def _decide_on_missing(self, entry: Entry, failure: KlingError) -> NextStep:
        if entry.state is State.UNKNOWN and isinstance(failure, NotFound):
            return self._plan(self.journal.send_again(entry) or self._as_it_stands(entry))
        return super()._decide_on_missing(entry, failure)


class SendsHoweverLate(Steps):
    """Whoever has claimed an entry sends it, whatever others have made of it since."""

    def _is_claim_fresh(self, claimed: Entry) -> bool:  # noqa: ARG002
        return True


class GivesUp(Steps):
    """An error means: there is no task."""

    def _create(self, client: Client, request: ImageToVideoRequest, attempt: int) -> CreateOutcome:  # noqa: ARG002
        try:
            return outcome_of(client.create(request))
        except KlingError as failure:
            return CreateOutcome(kind=OutcomeKind.REJECTED, message=str(failure))


class FollowsRedirects(Steps):
    """Its HTTP library follows redirects, a create's too."""

    def _create(self, client: Client, request: ImageToVideoRequest, attempt: int) -> CreateOutcome:
        assert isinstance(client, MortalClient)
        following = FollowingClient(client.client.far_side)
        return super()._create(replace(client, client=following), request, attempt)


class BelievesRefusals(Steps):
    """A refusal means: nothing was paid, even of what was sent before without a clear end."""

    def _record_outcome(self, claimed: Entry, outcome: CreateOutcome) -> Entry | None:
        return super()._record_outcome(replace(claimed, unclear_ends=0), outcome)


class KeepsItsSlot(Steps):
    """A task has its slot until its end, however long that is away."""

    def run_next_step(self, entry_id: str, *, may_send: bool = True) -> NextStep:
        return replace(super().run_next_step(entry_id, may_send=may_send), holds_slot=True)


NAIVE: Mapping[type[Steps], Theme] = {
    RetriesEverything: Theme.ANY,
    TrustsNotFound: Theme.REDIRECTS,
    SendsHoweverLate: Theme.STANDS_STILL,
    GivesUp: Theme.ANY,
    FollowsRedirects: Theme.REDIRECTS,
    BelievesRefusals: Theme.LATE,
    KeepsItsSlot: Theme.STUCK,
}
"""All of them, and the worlds that find each out soonest."""
