"""The composition root: who is talked to, one simulator at most, everything ended."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
import requests

from studio.bootstrap import Services, build
from studio.far_end import FarEnd, KeyProblem
from studio.settings import COMETAPI_BASE_URL, Settings, SettingsProblem
from studio.tracker import Tracker


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
def services(tmp_path: Path, simulator: FakeSimulator) -> Iterator[Services]:
    """Services without a key of the deployment."""
    settings = Settings(data_dir=tmp_path)
    made = Services(settings=settings, tracker=Tracker(tmp_path), start_simulator=simulator.start)
    yield made
    made.close()


def with_deployment_key(services: Services) -> Services:
    return replace(services, settings=replace(services.settings, api_key="sk-deployment"))


def test_without_a_key_it_is_the_simulator_and_says_so(services: Services, simulator: FakeSimulator) -> None:
    """Nothing is paid and nobody takes it for the real one."""
    far_end = services.far_end()
    assert (far_end.base_url, far_end.api_key) == (simulator.base_url, simulator.api_key)
    assert (far_end.simulated, far_end.name) == (True, "Simulator")


def test_with_a_deployment_key_no_simulator_is_started(services: Services, simulator: FakeSimulator) -> None:
    """The very same code talks to CometAPI."""
    far_end = with_deployment_key(services).far_end()
    assert far_end == FarEnd(base_url=COMETAPI_BASE_URL, api_key="sk-deployment", simulated=False)
    assert simulator.started_with == []


def test_a_sessions_own_key_wins(services: Services, simulator: FakeSimulator) -> None:
    """Over the deployment's, and over the simulator."""
    assert with_deployment_key(services).far_end("sk-mine").api_key == "sk-mine"
    assert services.far_end("sk-mine").simulated is False
    assert simulator.started_with == []


@pytest.mark.parametrize("session_key", [None, ""])
def test_a_forgotten_session_key_gives_way_to_the_deployments(
    services: Services, session_key: str | None
) -> None:
    """Empty is absent."""
    assert with_deployment_key(services).far_end(session_key).api_key == "sk-deployment"


def test_many_sessions_share_one_simulator(services: Services, simulator: FakeSimulator) -> None:
    """Also when they all come at the same moment: while one starts it, no second one does."""
    together, second_start = Barrier(4), Barrier(2)

    def start(settings: Settings) -> Any:
        with suppress(BrokenBarrierError):
            second_start.wait(timeout=0.2)
        return simulator.start(settings)

    services.start_simulator = start

    def arrive(_: int) -> FarEnd:
        together.wait()
        return services.far_end()

    with ThreadPoolExecutor(4) as sessions:
        found = set(sessions.map(arrive, range(4)))
    assert len(found) == 1
    assert simulator.started_with == [services.settings]


def test_closing_ends_everything_and_may_be_repeated(tmp_path: Path, simulator: FakeSimulator) -> None:
    """The polling thread too."""
    tracker = Tracker(tmp_path)
    tracker.start()
    services = Services(
        settings=Settings(data_dir=tmp_path), tracker=tracker, start_simulator=simulator.start
    )
    services.far_end()
    services.close()
    services.close()
    assert simulator.stops >= 1
    assert not tracker._thread.is_alive()


def test_closing_what_never_started_a_simulator_starts_none(
    services: Services, simulator: FakeSimulator
) -> None:
    """Nothing to stop."""
    services.close()
    assert (simulator.started_with, simulator.stops) == ([], 0)


def test_no_text_of_the_services_holds_a_key(services: Services) -> None:
    """Neither its own repr nor its settings'."""
    keyed = with_deployment_key(services)
    assert "sk-deployment" not in repr(keyed) + repr(keyed.settings) + repr(keyed.far_end())


def test_built_without_a_key_a_real_simulator_answers_on_loopback(tmp_path: Path) -> None:
    """By itself, for no money; after closing it is gone."""
    services = build(Settings(data_dir=tmp_path, simulator_task_s=5.0))
    try:
        far_end = services.far_end()
        assert far_end.base_url.startswith("http://127.0.0.1:")
        assert requests.get(f"{far_end.base_url}/nothing-here", timeout=10).status_code == 404
        with far_end.connect() as client:
            assert client.list() == ()
        assert (tmp_path / "simulator" / "videos").is_dir()  # kept for the next start
        assert services.tracker._thread.is_alive()
    finally:
        services.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(far_end.base_url, timeout=10)


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
