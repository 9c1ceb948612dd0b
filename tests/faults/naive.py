"""Ways that look right and are not: what the checks must find out in the very same worlds."""

from kling import ImageToVideoRequest, KlingError, NotFound
from studio.journal.create_outcome import CreateOutcome, OutcomeKind, outcome_of
from studio.journal.entry import Entry, State
from studio.tasks.steps import Client, NextStep, Steps

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
