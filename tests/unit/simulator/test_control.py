"""The control prefix: what is set while the simulator runs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from simulator.callbacks import CALLBACK_STRIKES
from simulator.control_words import FAULT_FIELDS, KINDS
from simulator.settings import SimulatorSettings
from simulator.strikes import STRIKES
from tests.support.simulated import INSTANT, KEY, TASKS, Simulated, simulated

HOUR_S = 3600


@pytest.fixture
def far_end() -> Iterator[Simulated]:
    with simulated() as running:
        yield running


def statuses(far_end: Simulated, any_id: str, times: int) -> list[str]:
    return [far_end.look(any_id)["task_status"] for _ in range(times)]


def set_progression(far_end: Simulated, **fields: Any) -> httpx.Response:
    return far_end.control("PUT", "/progression", json=fields)


def test_it_shows_what_is_set_and_what_runs(far_end: Simulated) -> None:
    """Enough for a panel that knows nothing else."""
    far_end.create()
    far_end.fault("list", "html", status=524, times=None)
    shown = far_end.control("GET").json()
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


def test_at_once_means_as_soon_as_the_video_is_there(far_end: Simulated) -> None:
    """No time passes."""
    assert set_progression(far_end, kind="at_once").json()["kind"] == "at_once"
    assert statuses(far_end, far_end.created_id(), 1) == ["succeed"]


def test_polls_count_the_queries_of_each_task(far_end: Simulated) -> None:
    """By either id; the list does not count."""
    set_progression(far_end, kind="polls", polls=3)
    first, second = far_end.created_id(external_task_id="mine"), far_end.created_id()
    far_end.send("GET", TASKS, headers=KEY)
    far_end.clock.advance(HOUR_S)
    assert statuses(far_end, first, 1) + statuses(far_end, "mine", 2) == [
        "submitted",
        "processing",
        "succeed",
    ]
    assert statuses(far_end, second, 2) == ["submitted", "processing"]


def test_seconds_may_be_changed_for_tasks_to_come(far_end: Simulated) -> None:
    """What a task was created with stays; what is not said stays."""
    old = far_end.created_id()
    assert set_progression(far_end, kind="seconds", processing_s=100).json()["submitted_s"] == 2.0
    new = far_end.created_id()
    far_end.clock.advance(10)
    assert statuses(far_end, old, 1) + statuses(far_end, new, 1) == ["succeed", "processing"]


def test_one_task_may_go_its_own_way_before_and_after_its_create(far_end: Simulated) -> None:
    """Named by either id; the others keep the common pace."""
    set_progression(far_end, kind="at_once", task="soon")
    soon, other = far_end.created_id(external_task_id="soon"), far_end.created_id()
    assert statuses(far_end, soon, 1) + statuses(far_end, other, 1) == ["succeed", "submitted"]
    set_progression(far_end, kind="at_once", task=other)
    assert statuses(far_end, other, 1) == ["succeed"]


def test_a_task_that_is_over_stays_so(far_end: Simulated) -> None:
    """A slower pace comes too late for it."""
    task_id = far_end.created_id()
    far_end.clock.advance(10)
    assert set_progression(far_end, kind="realistic", task=task_id).status_code == 200
    assert statuses(far_end, task_id, 1) == ["succeed"]


def realistic_ends_s(far_end: Simulated) -> list[float]:
    """How long each of five tasks takes."""
    ends = []
    for _ in range(5):
        task_id, started_s = far_end.created_id(), far_end.clock.now_s
        far_end.clock.advance(HOUR_S)
        ends.append(far_end.look(task_id)["updated_at"] / 1000 - started_s)
    return ends


def test_realistic_times_are_two_to_five_minutes_and_follow_from_the_seed(far_end: Simulated) -> None:
    """The same seed, the same times; spread, and others without it."""
    set_progression(far_end, kind="realistic")
    runs = []
    for seed in (7, 7, 8):
        assert far_end.control("PUT", "/seed", json={"seed": seed}).json() == {"seed": seed}
        runs.append([round(end_s, 1) for end_s in realistic_ends_s(far_end)])
    assert runs[0] == runs[1] != runs[2]
    assert all(120 <= end_s <= 300 for run in runs for end_s in run)
    assert max(runs[0]) - min(runs[0]) > 10


def test_a_realistic_failure_comes_within_two_seconds(far_end: Simulated) -> None:
    """As seen at the real one."""
    set_progression(far_end, kind="realistic")
    far_end.fault("create", "fail_task")
    task_id = far_end.created_id()
    far_end.clock.advance(2)
    assert statuses(far_end, task_id, 1) == ["failed"]


def test_reset_brings_back_the_start() -> None:
    """No tasks, videos, faults, log; settings as they were given."""
    with simulated(replace(INSTANT, seed=3)) as far_end:
        url = far_end.look(far_end.created_id(external_task_id="mine"))["task_result"]["videos"][0]["url"]
        far_end.fault("list", "html")
        set_progression(far_end, kind="realistic")
        far_end.control("PUT", "/seed", json={"seed": 4})
        assert far_end.control("POST", "/reset").status_code == 204
        shown = far_end.control("GET").json()
        assert (shown["tasks"], shown["faults"], shown["seed"], shown["progression"]["kind"]) == (
            0,
            [],
            3,
            "seconds",
        )
        assert far_end.control("GET", "/requests").json() == []
        assert far_end.send("GET", url).status_code == 404
        assert far_end.create(external_task_id="mine").status_code == 200


def test_faults_are_taken_away_one_by_one_or_all(far_end: Simulated) -> None:
    """One that is not there is a 404."""
    first = far_end.fault("list", "html").json()["fault_id"]
    far_end.fault("list", "redirect")
    assert far_end.control("DELETE", f"/faults/{first}").status_code == 204
    assert far_end.control("DELETE", f"/faults/{first}").status_code == 404
    assert [fault["kind"] for fault in far_end.control("GET").json()["faults"]] == ["redirect"]
    assert far_end.control("DELETE", "/faults").status_code == 204
    assert far_end.send("GET", TASKS, headers=KEY).status_code == 200


def test_the_log_tells_what_was_asked_without_keys_and_bodies(far_end: Simulated) -> None:
    """Newest last, with fault and task; control calls are not in it."""
    far_end.fault("create", "sparse")
    task_id = far_end.created_id(external_task_id="mine")
    far_end.look("mine")
    far_end.send("GET", "/nowhere?key=secret")
    logged = far_end.control("GET", "/requests?limit=2").json()
    whole = far_end.control("GET", "/requests").json()
    at = {entry.pop("at") for entry in whole}
    assert at == {round(far_end.clock.now_s * 1000)}
    assert whole == [
        {"method": "POST", "path": TASKS, "status": 200, "fault": "sparse", "task": task_id},
        {"method": "GET", "path": f"{TASKS}/mine", "status": 200, "fault": None, "task": task_id},
        {"method": "GET", "path": "/nowhere", "status": 404, "fault": None, "task": None},
    ]
    assert [entry["path"] for entry in logged] == [f"{TASKS}/mine", "/nowhere"]


def test_the_log_is_bounded(far_end: Simulated) -> None:
    """The last thousand."""
    for _ in range(1005):
        far_end.app.state.far_end.log.note(None)
    assert len(far_end.app.state.far_end.log.last(5000)) == 1000


@pytest.mark.parametrize("limit", ["0", "1001", "x", "-1", "1e2"])
def test_a_limit_out_of_range_is_refused(far_end: Simulated, limit: str) -> None:
    """In words."""
    answer = far_end.control("GET", f"/requests?limit={limit}")
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
    far_end: Simulated, method: str, path: str, body: dict[str, Any], named: str
) -> None:
    """400 with a sentence; nothing is set."""
    before = far_end.control("GET").json()
    answer = far_end.control(method, path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(named)
    assert far_end.control("GET").json() == before


def test_only_json_objects_are_taken(far_end: Simulated) -> None:
    """Another content type could come from a foreign web page."""
    typed = {"Content-Type": "application/json"}
    assert far_end.control("PUT", "/seed", content=b'{"seed": 1}').status_code == 415
    assert far_end.control("PUT", "/seed", content=b"{", headers=typed).status_code == 400
    assert far_end.control("PUT", "/seed", content=b"[]", headers=typed).status_code == 400


@pytest.mark.parametrize("path", ["", "/requests", "/faults"])
def test_it_is_hidden_from_other_machines(far_end: Simulated, path: str) -> None:
    """Asked under another name it is not there, as against a web page that rebinds its own."""
    for method in ("GET", "POST"):
        answer = far_end.send(method, f"http://far.test/_control{path}")
        assert answer.status_code == 404
    with simulated(SimulatorSettings(control=True)) as open_one:
        assert open_one.send("GET", "http://far.test/_control").status_code == 200


@pytest.mark.parametrize("host", ["a{b.far.test", "", "[::1"])
def test_it_is_hidden_from_whoever_asks_under_a_name_that_is_none(far_end: Simulated, host: str) -> None:
    """Some browsers let a page have one; Starlette takes our own address instead."""
    answer = far_end.send("GET", "http://localhost/_control", headers={"Host": host})
    assert answer.status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://localhost:1"])
def test_a_web_page_from_elsewhere_resets_nothing(far_end: Simulated, origin: str) -> None:
    """A browser sends a bare POST to any address without asking first, but says who wants it."""
    far_end.create(external_task_id="mine")
    assert far_end.control("POST", "/reset", headers={"Origin": origin}).status_code == 404
    assert far_end.look("mine")["task_status"] == "submitted"
    assert far_end.control("POST", "/reset", headers={"Origin": "http://localhost"}).status_code == 204


def test_it_asks_for_the_key_when_there_is_one() -> None:
    """And for none otherwise."""
    with simulated(SimulatorSettings(api_key="right")) as far_end:
        assert far_end.control("GET").status_code == 401
        assert far_end.control("GET", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert far_end.control("GET", headers={"Authorization": "Bearer right"}).status_code == 200


def test_every_field_of_every_kind_has_its_rule() -> None:
    """The tables are complete."""
    assert {field for kind in KINDS for field in kind["fields"]} <= set(FAULT_FIELDS)
