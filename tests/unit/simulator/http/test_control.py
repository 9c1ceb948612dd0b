"""The control prefix: what is set while the simulator runs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from simulator.faults.callbacks import CALLBACK_STRIKES
from simulator.faults.control_words import FaultFields
from simulator.faults.kinds import KINDS
from simulator.faults.strikes import STRIKES
from simulator.settings import SimulatorSettings
from tests.support.simulated import INSTANT, KEY, TASKS, Simulated, simulated

HOUR_S = 3600


@pytest.fixture
def service() -> Iterator[Simulated]:
    with simulated() as running:
        yield running


def statuses(service: Simulated, any_id: str, times: int) -> list[str]:
    return [service.look(any_id)["task_status"] for _ in range(times)]


def set_progression(service: Simulated, **fields: Any) -> httpx.Response:
    return service.control("PUT", "/progression", json=fields)


def test_it_shows_what_is_set_and_what_runs(service: Simulated) -> None:
    """Enough for a panel that knows nothing else."""
    service.create()
    service.fault("list", "html", status=524, times=None)
    shown = service.control("GET").json()
    assert shown["progression"] == {"kind": "seconds", "polls": 3, "submitted_s": 2.0, "processing_s": 8.0}
    assert (shown["seed"], shown["tasks"], shown["unfinished"], shown["renders_running"]) == (None, 1, 1, 0)
    (fault,) = shown["faults"]
    assert fault.pop("fault_id")
    assert fault == {
        "on": "list",
        "kind": "html",
        "times": None,
        "task": None,
        "status": 524,
        "accepted": False,
    }
    assert {kind["kind"] for kind in shown["kinds"]} == set(STRIKES) | set(CALLBACK_STRIKES)
    assert all(kind["says"] and kind["on"] for kind in shown["kinds"])


def test_at_once_means_as_soon_as_the_video_is_there(service: Simulated) -> None:
    """No time passes."""
    assert set_progression(service, kind="at_once").json()["kind"] == "at_once"
    assert statuses(service, service.created_id(), 1) == ["succeed"]


def test_polls_count_the_queries_of_each_task(service: Simulated) -> None:
    """By either id; the list does not count."""
    set_progression(service, kind="polls", polls=3)
    first, second = service.created_id(external_task_id="mine"), service.created_id()
    service.send("GET", TASKS, headers=KEY)
    service.clock.advance(HOUR_S)
    assert statuses(service, first, 1) + statuses(service, "mine", 2) == [
        "submitted",
        "processing",
        "succeed",
    ]
    assert statuses(service, second, 2) == ["submitted", "processing"]


def test_seconds_may_be_changed_for_tasks_to_come(service: Simulated) -> None:
    """A task keeps the pace that it was created with; a field that is not given stays."""
    old = service.created_id()
    assert set_progression(service, kind="seconds", processing_s=100).json()["submitted_s"] == 2.0
    new = service.created_id()
    service.clock.advance(10)
    assert statuses(service, old, 1) + statuses(service, new, 1) == ["succeed", "processing"]


def test_one_task_may_go_its_own_way_before_and_after_its_create(service: Simulated) -> None:
    """Named by either id; the others keep the common pace."""
    set_progression(service, kind="at_once", task="soon")
    soon, other = service.created_id(external_task_id="soon"), service.created_id()
    assert statuses(service, soon, 1) + statuses(service, other, 1) == ["succeed", "submitted"]
    set_progression(service, kind="at_once", task=other)
    assert statuses(service, other, 1) == ["succeed"]


def test_a_task_that_is_over_stays_so(service: Simulated) -> None:
    """A slower pace comes too late for it."""
    task_id = service.created_id()
    service.clock.advance(10)
    assert set_progression(service, kind="realistic", task=task_id).status_code == 200
    assert statuses(service, task_id, 1) == ["succeed"]


def realistic_ends_s(service: Simulated) -> list[float]:
    """How long each of five tasks takes."""
    ends = []
    for _ in range(5):
        task_id, started_s = service.created_id(), service.clock.now_s
        service.clock.advance(HOUR_S)
        ends.append(service.look(task_id)["updated_at"] / 1000 - started_s)
    return ends


def test_realistic_times_are_two_to_five_minutes_and_follow_from_the_seed(service: Simulated) -> None:
    """The same seed, the same times; spread, and others without it."""
    set_progression(service, kind="realistic")
    runs = []
    for seed in (7, 7, 8):
        assert service.control("PUT", "/seed", json={"seed": seed}).json() == {"seed": seed}
        runs.append([round(end_s, 1) for end_s in realistic_ends_s(service)])
    assert runs[0] == runs[1] != runs[2]
    assert all(120 <= end_s <= 300 for run in runs for end_s in run)
    assert max(runs[0]) - min(runs[0]) > 10


def test_a_realistic_failure_comes_within_two_seconds(service: Simulated) -> None:
    """As seen at the real one."""
    set_progression(service, kind="realistic")
    service.fault("create", "fail_task")
    task_id = service.created_id()
    service.clock.advance(2)
    assert statuses(service, task_id, 1) == ["failed"]


def test_reset_brings_back_the_start() -> None:
    """No tasks, videos, faults, log; settings as they were given."""
    with simulated(replace(INSTANT, seed=3)) as service:
        url = service.look(service.created_id(external_task_id="mine"))["task_result"]["videos"][0]["url"]
        service.fault("list", "html")
        set_progression(service, kind="realistic")
        service.control("PUT", "/seed", json={"seed": 4})
        assert service.control("POST", "/reset").status_code == 204
        shown = service.control("GET").json()
        assert (shown["tasks"], shown["faults"], shown["seed"], shown["progression"]["kind"]) == (
            0,
            [],
            3,
            "seconds",
        )
        assert service.control("GET", "/requests").json() == []
        assert service.send("GET", url).status_code == 404
        assert service.create(external_task_id="mine").status_code == 200


def test_faults_are_taken_away_one_by_one_or_all(service: Simulated) -> None:
    """One that is not there is a 404."""
    first = service.fault("list", "html").json()["fault_id"]
    service.fault("list", "redirect")
    assert service.control("DELETE", f"/faults/{first}").status_code == 204
    assert service.control("DELETE", f"/faults/{first}").status_code == 404
    assert [fault["kind"] for fault in service.control("GET").json()["faults"]] == ["redirect"]
    assert service.control("DELETE", "/faults").status_code == 204
    assert service.send("GET", TASKS, headers=KEY).status_code == 200


def test_the_log_tells_what_was_asked_without_keys_and_bodies(service: Simulated) -> None:
    """Newest last, with fault and task; control calls are not in it."""
    service.fault("create", "sparse")
    task_id = service.created_id(external_task_id="mine")
    service.look("mine")
    service.send("GET", "/nowhere?key=secret")
    logged = service.control("GET", "/requests?limit=2").json()
    whole = service.control("GET", "/requests").json()
    at = {entry.pop("at") for entry in whole}
    assert at == {round(service.clock.now_s * 1000)}
    assert whole == [
        {"method": "POST", "path": TASKS, "status": 200, "fault": "sparse", "task": task_id},
        {"method": "GET", "path": f"{TASKS}/mine", "status": 200, "fault": None, "task": task_id},
        {"method": "GET", "path": "/nowhere", "status": 404, "fault": None, "task": None},
    ]
    assert [entry["path"] for entry in logged] == [f"{TASKS}/mine", "/nowhere"]


def test_the_log_is_bounded(service: Simulated) -> None:
    """The last thousand."""
    for _ in range(1005):
        service.app.state.service.log.add(None)
    assert len(service.app.state.service.log.last(5000)) == 1000


@pytest.mark.parametrize("limit", ["0", "1001", "x", "-1", "1e2"])
def test_a_limit_out_of_range_is_refused(service: Simulated, limit: str) -> None:
    """In words."""
    answer = service.control("GET", f"/requests?limit={limit}")
    assert (answer.status_code, "limit" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("PUT", "/progression", {}, "kind"),
        ("PUT", "/progression", {"kind": "slow"}, "kind"),
        ("PUT", "/progression", {"kind": "polls", "polls": 0}, "polls"),
        ("PUT", "/progression", {"kind": "seconds", "submitted_s": -1}, "submitted_s"),
        ("PUT", "/progression", {"kind": "seconds", "processing_s": True}, "processing_s"),
        ("PUT", "/progression", {"kind": "seconds", "speed": 1}, "speed"),
        ("PUT", "/seed", {}, "seed"),
        ("PUT", "/seed", {"seed": "x"}, "seed"),
        ("POST", "/faults", {"on": "create"}, "kind"),
        ("POST", "/faults", {"on": "create", "kind": ["html"]}, "kind"),
        ("POST", "/faults", {"on": "video", "kind": "fail_task"}, "on"),
        ("POST", "/faults", {"on": "create", "kind": "html", "seconds": 1}, "seconds"),
        ("POST", "/faults", {"on": "create", "kind": "http", "status": 302}, "status"),
        ("POST", "/faults", {"on": "create", "kind": "http", "envelope": "x"}, "envelope"),
        ("POST", "/faults", {"on": "create", "kind": "http", "accepted": 2}, "accepted"),
        ("POST", "/faults", {"on": "create", "kind": "delay", "seconds": 3601}, "seconds"),
        ("POST", "/faults", {"on": "create", "kind": "html", "times": 0}, "times"),
        ("POST", "/faults", {"on": "callback", "kind": "repeated", "copies": 1}, "copies"),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(
    service: Simulated, method: str, path: str, body: dict[str, Any], named: str
) -> None:
    """400 with a sentence; nothing is set."""
    before = service.control("GET").json()
    answer = service.control(method, path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(named)
    assert service.control("GET").json() == before


def test_only_json_objects_are_taken(service: Simulated) -> None:
    """Another content type could come from a foreign web page."""
    typed = {"Content-Type": "application/json"}
    assert service.control("PUT", "/seed", content=b'{"seed": 1}').status_code == 415
    assert service.control("PUT", "/seed", content=b"{", headers=typed).status_code == 400
    assert service.control("PUT", "/seed", content=b"[]", headers=typed).status_code == 400


@pytest.mark.parametrize("path", ["", "/requests", "/faults"])
def test_it_is_hidden_from_other_machines(service: Simulated, path: str) -> None:
    """Asked under another name it is not there, as against a web page that rebinds its own."""
    for method in ("GET", "POST"):
        answer = service.send(method, f"http://far.test/_control{path}")
        assert answer.status_code == 404
    with simulated(SimulatorSettings(control=True)) as open_one:
        assert open_one.send("GET", "http://far.test/_control").status_code == 200


@pytest.mark.parametrize("host", ["a{b.far.test", "", "[::1"])
def test_it_is_hidden_from_whoever_asks_under_a_name_that_is_none(service: Simulated, host: str) -> None:
    """Some browsers let a page have one; Starlette takes our own address instead."""
    answer = service.send("GET", "http://localhost/_control", headers={"Host": host})
    assert answer.status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://localhost:1"])
def test_a_web_page_from_elsewhere_resets_nothing(service: Simulated, origin: str) -> None:
    """A browser sends a bare POST to any address without asking first, but says who wants it."""
    service.create(external_task_id="mine")
    assert service.control("POST", "/reset", headers={"Origin": origin}).status_code == 404
    assert service.look("mine")["task_status"] == "submitted"
    assert service.control("POST", "/reset", headers={"Origin": "http://localhost"}).status_code == 204


def test_it_asks_for_the_key_when_there_is_one() -> None:
    """And for none otherwise."""
    with simulated(SimulatorSettings(api_key="right")) as service:
        assert service.control("GET").status_code == 401
        assert service.control("GET", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert service.control("GET", headers={"Authorization": "Bearer right"}).status_code == 200


def test_every_field_of_every_kind_has_its_rule() -> None:
    """The tables are complete."""
    assert {field for kind in KINDS for field in kind["fields"]} == set(FaultFields.model_fields) - {
        "times",
        "task",
    }
