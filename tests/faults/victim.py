"""A real process of the app without its pages, made to be killed: it submits, and carries on to the end.

`python -m tests.faults.victim OWNER SUBMISSIONS VIDEOS` reads its settings from the environment.
"""

import json
import os
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

from kling import ImageToVideoRequest
from studio.journal.entry import Entry, State
from studio.request.draft import Draft, Parameters
from studio.request.variants import variant_id
from studio.services import Services, build
from studio.settings import Settings, read_settings
from tests.faults.haste import make_haste

OWNER = "ann"
DECIDE_EVERY_S = 0.3


def external_ids(submissions: int) -> list[str]:
    """Names of the submissions at the service: by twos, as the variants of one draft."""
    return [variant_id(f"submission-{number // 2}", number % 2) for number in range(submissions)]


def draft(external_task_id: str) -> Draft:
    """The draft of one submission."""
    parameters = Parameters(
        model_name="kling-v1", mode="std", duration="5", external_task_id=external_task_id
    )
    return Draft(picture=None, tail=None, drawing=None, parameters=parameters)


def request(external_task_id: str) -> ImageToVideoRequest:
    """The request of one submission."""
    return ImageToVideoRequest(
        image="aW1n", model_name="kling-v1", mode="std", external_task_id=external_task_id
    )


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who submits once, looks again, and checks at the service before sending again."""

    services: Services
    owner: str = OWNER

    def submit_all(self, wanted: list[str]) -> None:
        """A click for each, and the same click again while it is not known to be sent.

        Every other two are sent together.
        """
        entries = self.services.tasks.journal.queries.entries(self.owner)
        sent = {entry.external_task_id for entry in entries if entry.state is not State.INTENT}
        twos = [wanted[first : first + 2] for first in range(0, len(wanted), 2)]
        together, alone = twos[::2], chain.from_iterable(twos[1::2])
        with ThreadPoolExecutor(4) as clicks:
            list(clicks.map(self._submit_batch, (two for two in together if not sent.issuperset(two))))
            list(clicks.map(self._submit, (name for name in alone if name not in sent)))

    def wait_for_videos(self, count: int) -> None:
        """Until so many are kept; nothing is waited for that a person can hurry."""
        while True:
            entries = self.services.tasks.journal.queries.entries(self.owner)
            if sum(entry.state is State.KEPT for entry in entries) >= count:
                return
            for entry in entries:
                self._decide(entry)
            time.sleep(DECIDE_EVERY_S)

    def _submit(self, external_task_id: str) -> None:
        endpoint, click = self.services.endpoint(), f"click-{external_task_id}"
        sent = request(external_task_id), draft(external_task_id)
        self.services.tasks.submit(self.owner, endpoint, sent[0], click, sent[1])

    def _submit_batch(self, external_task_ids: list[str]) -> None:
        endpoint, click = self.services.endpoint(), f"click-{external_task_ids[0]}"
        variants = [(request(external_task_ids[0]), draft(external_task_ids[0]))] * len(external_task_ids)
        self.services.tasks.submit_batch(self.owner, endpoint, variants, click)

    def _decide(self, entry: Entry) -> None:
        if entry.state is State.NEEDS_PERSON and entry.external_task_id not in self._made():
            self.services.tasks.send_again(self.owner, entry.entry_id)
        elif entry.state in (State.UNKNOWN, State.NEEDS_PERSON):
            self.services.tasks.look_again(self.owner, entry.entry_id)

    def _made(self) -> list[str]:
        with urllib.request.urlopen(f"{self.services.settings.base_url}/ledger") as answer:
            made: list[str] = json.load(answer)["made"]
        return made


def live(settings: Settings, owner: str, submissions: int, videos: int) -> None:
    """Submits what is not submitted yet, and stays until so many videos are kept."""
    make_haste()
    person = Person(services=build(settings), owner=owner)
    person.submit_all(external_ids(submissions))
    person.wait_for_videos(videos)


if __name__ == "__main__":
    live(read_settings(os.environ), sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.flush()
    os._exit(0)
