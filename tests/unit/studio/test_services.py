"""The composition root: who is talked to, one simulator at most, everything ended."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
import requests

from studio.errors import StudioError
from studio.files.video_download import DownloadProblem
from studio.journal.database import Database, StoreProblem
from studio.journal.deployment import DeploymentValues
from studio.journal.entry import State
from studio.journal.journal import Journal
from studio.service.endpoint import KeyProblem, ServiceEndpoint
from studio.service.kept_catalogue import NAME
from studio.services import ServiceEndpoints, build, start_simulator
from studio.settings import COMETAPI_BASE_URL, OPEN_DEPLOYMENT, Settings, SettingsProblem
from tests.support.lying_server import LyingServer, reply
from tests.support.make import draft, entry
from tests.support.s3 import running_s3
from tests.support.videos import small_mp4
from tests.support.waiting import wait_until
from tests.support.worlds import new_task


@dataclass
class FakeSimulator:
    """Counts how often it is started and stopped."""

    base_url: str = "http://127.0.0.1:1"
    api_key: str = "simulator"
    started_with: list[Settings] = field(default_factory=list)
    stops: int = 0

    def start(self, settings: Settings) -> Any:  # stands for a RunningSimulator
        self.started_with.append(settings)
        return self

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture
def simulator() -> FakeSimulator:
    return FakeSimulator()


@pytest.fixture
def endpoints(tmp_path: Path, simulator: FakeSimulator) -> ServiceEndpoints:
    """Without a key of the deployment."""
    return ServiceEndpoints(settings=Settings(data_dir=tmp_path), start_simulator=simulator.start)


def with_deployment_key(endpoints: ServiceEndpoints) -> ServiceEndpoints:
    return replace(
        endpoints, settings=replace(endpoints.settings, api_key="sk-deployment", spending_cap_usd=Decimal(5))
    )


def test_without_a_key_it_is_the_simulator_and_says_so(
    endpoints: ServiceEndpoints, simulator: FakeSimulator
) -> None:
    """Nothing is paid and nobody takes it for the real one."""
    endpoint = endpoints.of(None)
    assert (endpoint.base_url, endpoint.api_key) == (simulator.base_url, simulator.api_key)
    assert (endpoint.simulated, endpoint.name) == (True, "Simulator")


def test_with_a_deployment_key_no_simulator_is_started(
    endpoints: ServiceEndpoints, simulator: FakeSimulator
) -> None:
    """The very same code talks to CometAPI."""
    endpoint = with_deployment_key(endpoints).of(None)
    assert endpoint == ServiceEndpoint(base_url=COMETAPI_BASE_URL, api_key="sk-deployment", simulated=False)
    assert simulator.started_with == []


def test_a_sessions_own_key_wins(endpoints: ServiceEndpoints, simulator: FakeSimulator) -> None:
    """Over the deployment's, and over the simulator."""
    assert with_deployment_key(endpoints).of("sk-mine").api_key == "sk-mine"
    assert endpoints.of("sk-mine").simulated is False
    assert simulator.started_with == []


@pytest.mark.parametrize("session_key", [None, ""])
def test_a_forgotten_session_key_gives_way_to_the_deployments(
    endpoints: ServiceEndpoints, session_key: str | None
) -> None:
    """Empty is absent."""
    assert with_deployment_key(endpoints).of(session_key).api_key == "sk-deployment"


def test_only_the_deployments_key_has_a_cap(endpoints: ServiceEndpoints) -> None:
    """Whoever pays decides."""
    keyed = with_deployment_key(endpoints)
    assert keyed.cap_usd(keyed.of(None)) == 5
    assert keyed.cap_usd(keyed.of("sk-mine")) is None
    assert endpoints.cap_usd(endpoints.of(None)) is None


def test_people_share_the_deployments_key_and_the_simulator_but_no_typed_key(
    endpoints: ServiceEndpoints,
) -> None:
    """What others made with a shared key is not for following."""
    keyed = with_deployment_key(endpoints)
    assert keyed.are_shared(keyed.of(None))
    assert not keyed.are_shared(keyed.of("sk-mine"))
    assert endpoints.are_shared(endpoints.of(None))


def test_many_sessions_share_one_simulator(endpoints: ServiceEndpoints, simulator: FakeSimulator) -> None:
    """Also when they all come at the same moment: while one starts it, no second one does."""
    together, second_start = Barrier(4), Barrier(2)

    def start(settings: Settings) -> Any:
        with suppress(BrokenBarrierError):
            second_start.wait(timeout=0.2)
        return simulator.start(settings)

    endpoints.start_simulator = start

    def arrive(_: int) -> ServiceEndpoint:
        together.wait()
        return endpoints.of(None)

    with ThreadPoolExecutor(4) as sessions:
        found = set(sessions.map(arrive, range(4)))
    assert len(found) == 1
    assert simulator.started_with == [endpoints.settings]


@pytest.mark.parametrize("cap_usd", [None, Decimal(5)])
def test_an_open_deployment_says_so_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, cap_usd: Decimal | None
) -> None:
    """At its start: its key is anybody's to spend."""
    settings = Settings(data_dir=tmp_path, api_key="sk-deployment", spending_cap_usd=cap_usd)
    build(settings).close()
    assert (OPEN_DEPLOYMENT in caplog.messages) is (cap_usd is None)


def test_one_person_s_unfinished_tasks_have_the_cap_of_the_settings(
    tmp_path: Path, simulator: FakeSimulator
) -> None:
    """The pages' service has it."""
    services = build(Settings(data_dir=tmp_path, tasks_per_person=7), simulator.start)
    assert services.tasks.most_open == 7
    services.close()


def test_closing_ends_everything_and_may_be_repeated(tmp_path: Path, simulator: FakeSimulator) -> None:
    """The simulator, and the recovery's thread too."""
    services = build(Settings(data_dir=tmp_path), simulator.start)
    services.endpoint()
    services.close()
    services.close()
    assert simulator.stops >= 1
    assert not any(thread.name == "recovery" for thread in threading.enumerate())


def test_closing_ends_a_download(tmp_path: Path, simulator: FakeSimulator) -> None:
    """A process waits for its threads, and a video that comes in drops may take minutes."""
    services = build(Settings(data_dir=tmp_path), simulator.start)
    services.close()
    with LyingServer(reply(small_mp4())) as endpoint:
        finished, link = entry(state=State.SUCCEEDED), f"{endpoint.url}/one.mp4"
        with pytest.raises(DownloadProblem, match="stopped"):
            services.artifacts.keep_video(finished, link, endpoint.url)


def test_closing_what_never_started_a_simulator_starts_none(
    endpoints: ServiceEndpoints, simulator: FakeSimulator
) -> None:
    """Nothing to stop."""
    endpoints.close()
    assert (simulator.started_with, simulator.stops) == ([], 0)


def test_no_text_of_the_services_holds_a_key(endpoints: ServiceEndpoints) -> None:
    """Neither its own repr nor its settings'."""
    keyed = with_deployment_key(endpoints)
    assert "sk-deployment" not in repr(keyed) + repr(keyed.settings) + repr(keyed.of(None))


def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path, simulator: FakeSimulator) -> None:
    """The next one, with what was wrong corrected, works."""
    with pytest.raises(StoreProblem):
        build(Settings(data_dir=tmp_path, database_url="mysql://nowhere"), simulator.start)
    build(Settings(data_dir=tmp_path), simulator.start).close()


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    """Whoever runs the app sees what to look at, and no traceback instead of the app."""
    (tmp_path / "studio.db").write_bytes(b"not a database, and longer than the header of one" * 100)
    with pytest.raises(StoreProblem, match="is damaged"):
        build(Settings(data_dir=tmp_path))


def test_a_data_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    """Here a file stands in its way."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreProblem, match="STUDIO_DATA_DIR"):
        build(Settings(data_dir=tmp_path / "file" / "data"))


def test_a_start_with_unfinished_simulated_tasks_starts_the_simulator(
    tmp_path: Path, simulator: FakeSimulator
) -> None:
    """They go on without a visitor; without any, nothing is started."""
    build(Settings(data_dir=tmp_path), simulator.start).close()
    assert simulator.started_with == []
    store = Database(f"sqlite:///{tmp_path}/studio.db")
    Journal(store).create_entry(new_task())
    store.close()
    build(Settings(data_dir=tmp_path), simulator.start).close()
    assert len(simulator.started_with) == 1


def test_built_without_a_key_a_real_simulator_answers_on_loopback(tmp_path: Path) -> None:
    """By itself, for no money; after closing it is gone."""
    services = build(Settings(data_dir=tmp_path, simulator_task_s=5.0))
    try:
        endpoint = services.endpoint()
        assert endpoint.base_url.startswith("http://127.0.0.1:")
        assert requests.get(f"{endpoint.base_url}/nothing-here", timeout=10).status_code == 404
        with endpoint.connect() as client:
            assert client.list() == ()
        assert (tmp_path / "simulator" / "videos").is_dir()  # kept for the next start
    finally:
        services.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(endpoint.base_url, timeout=10)


def test_a_folder_whose_simulator_runs_elsewhere_is_said_so(tmp_path: Path) -> None:
    """With what to do; a page shows it instead of a traceback."""
    settings = Settings(data_dir=tmp_path)
    running = start_simulator(settings)
    try:
        with pytest.raises(StudioError) as caught:
            start_simulator(settings)
    finally:
        running.stop()
    assert "used by another simulator" in caught.value.why
    assert "STUDIO_DATA_DIR" in caught.value.next_step


def test_built_with_an_unusable_key_it_does_not_start(tmp_path: Path) -> None:
    """The deployment learns it at once, and the key is not quoted."""
    with pytest.raises(KeyProblem) as caught:
        build(Settings(api_key="sk-one\nsk-two", data_dir=tmp_path))
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize("key", [None, "sk-1"])
def test_built_with_an_unusable_address_it_does_not_start(tmp_path: Path, key: str | None) -> None:
    """Without a key too: a session may bring its own."""
    with pytest.raises(SettingsProblem, match="COMETAPI_BASE_URL"):
        build(Settings(api_key=key, base_url="https://x.test:99999", data_dir=tmp_path))


def test_two_machines_with_one_storage_have_the_same_drafts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft in hand when one of them dies is on the other."""
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        for machine in ("one", "other"):
            settings = Settings(data_dir=tmp_path / machine, storage_url=s3.storage_url)
            services = build(settings, FakeSimulator().start)
            if machine == "one":
                services.drafts.keep("ann", draft(prompt="in hand"))
            services.close()
        assert services.drafts.load("ann") == draft(prompt="in hand")


def test_without_a_storage_drafts_are_in_the_data_folder(tmp_path: Path) -> None:
    """Where every release has kept them."""
    services = build(Settings(data_dir=tmp_path), FakeSimulator().start)
    services.drafts.keep("ann", draft())
    services.close()
    assert len(list((tmp_path / "drafts").glob("*/manifest.json"))) == 1


def test_the_next_start_shows_the_catalogue_that_was_read_last(tmp_path: Path) -> None:
    """Without having asked for it anew: the service is gone."""
    with LyingServer(reply({"data": [{"id": "kling-v3"}]})) as service:
        settings = Settings(data_dir=tmp_path, api_key="sk-deployment", base_url=service.url)
        with closing(build(settings)) as first:
            first.models.table(first.endpoint())
            store = Database(first.database_url)
            wait_until(lambda: DeploymentValues(store).get(NAME) is not None, "the catalogue to be kept")
            store.close()
    with closing(build(settings)) as second:
        assert second.models.table(second.endpoint()).evidence("kling-v3").listing is not None
