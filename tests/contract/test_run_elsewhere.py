"""The scripts of "run it elsewhere", as they are in the zip, against the simulator on a real socket."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kling import ImageToVideoRequest
from simulator.embedded import API_KEY
from studio.drawing.model import Layer
from studio.recipes.script_export import scripts_zip
from studio.request.compose import compose
from tests.contract.conftest import Joined
from tests.support.lying_server import Behaviour, LyingServer, drop, html, reply
from tests.support.make import area, draft, path
from tests.support.simulated import FILM_BYTES

both_scripts = pytest.mark.parametrize(
    "script",
    [
        pytest.param([sys.executable, "make_video.py"], id="python"),
        pytest.param(["bash", "curl.sh"], id="curl"),
    ],
)


def request(external_task_id: str = "mine-1") -> ImageToVideoRequest:
    """A directed one, with signs that a shell would take for its own."""
    strokes = area(Layer.STATIC, right=30), area(Layer.MOTION_1), path(Layer.MOTION_1)
    return compose(
        draft(*strokes, prompt="“wind” & $HOME `x` 'y' \\", external_task_id=external_task_id)
    ).request


def unpacked(folder: Path, made: ImageToVideoRequest) -> Path:
    """The zip's files in a folder."""
    with zipfile.ZipFile(io.BytesIO(scripts_zip(made))) as archive:
        archive.extractall(folder)
    return folder


def run(
    script: list[str], folder: Path, base_url: str, *arguments: str, key: str = API_KEY
) -> "subprocess.CompletedProcess[str]":
    """A script as a person starts it, with the two variables of its README."""
    env = {"PATH": os.environ["PATH"], "COMETAPI_BASE_URL": base_url, "LC_ALL": "C.UTF-8"}
    env |= {"COMETAPI_KEY": key} if key else {}
    return subprocess.run(
        [*script, *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )


@both_scripts
def test_a_script_makes_the_video_as_it_is(script: list[str], tmp_path: Path, service: Joined) -> None:
    """Creates, waits and downloads, with nothing but the key and the address given."""
    folder = unpacked(tmp_path, request(f"mine-{script[0][-4:]}"))
    done = run(script, folder, service.base_url)
    assert done.returncode == 0, done.stdout + done.stderr
    (video,) = folder.glob("*.mp4")
    assert video.read_bytes() == FILM_BYTES
    task = service.client.get(f"mine-{script[0][-4:]}")
    assert video.name == f"motion-{task.task_id}.mp4"


@both_scripts
def test_a_task_that_exists_is_followed_without_making_another(
    script: list[str], tmp_path: Path, service: Joined
) -> None:
    """Also by our own id; it costs nothing."""
    task = service.client.create(request(f"known-{script[0][-4:]}"))
    folder = unpacked(tmp_path, request("never-sent"))
    assert run(script, folder, service.base_url, task.task_id).returncode == 0
    assert [video.read_bytes() for video in folder.glob("*.mp4")] == [FILM_BYTES]
    assert "never-sent" not in [known.external_task_id for known in service.client.list(size=500)]


@both_scripts
def test_the_request_leaves_as_the_app_sends_it_with_the_key_of_the_environment(
    script: list[str], tmp_path: Path
) -> None:
    """Same path, same JSON, a bearer token."""
    failed = {"code": 0, "data": {"task_id": "t1", "task_status": "failed", "task_status_msg": "Too windy"}}
    with LyingServer(reply(failed)) as server:
        done = run(script, unpacked(tmp_path, request()), server.url, key="sk-mine")
    created, looked = server.requests
    assert (created.method, created.path) == ("POST", "/kling/v1/videos/image2video")
    assert json.loads(created.body) == request().to_wire()
    assert created.headers["authorization"] == looked.headers["authorization"] == "Bearer sk-mine"
    assert (looked.method, looked.path) == ("GET", "/kling/v1/videos/image2video/t1")
    assert done.returncode != 0
    assert "Too windy" in done.stdout + done.stderr


@both_scripts
def test_a_lost_answer_is_not_answered_by_sending_again(script: list[str], tmp_path: Path) -> None:
    """A paid task may exist: the script stops and says how to look."""
    with LyingServer(drop) as server:
        done = run(script, unpacked(tmp_path, request()), server.url)
    assert len(server.requests) == 1
    assert done.returncode != 0
    assert "may exist" in done.stdout + done.stderr


@both_scripts
@pytest.mark.parametrize(
    "answer",
    [reply({"code": 5000, "message": "busy"}, 503), html(502), html(), reply({"code": 0, "data": {}})],
    ids=["busy", "gateway", "web-page", "no-id"],
)
def test_an_answer_that_leaves_it_open_is_not_called_a_refusal(
    script: list[str], answer: Behaviour, tmp_path: Path
) -> None:
    """Whoever reads that no task was made would send, and pay, again."""
    with LyingServer(answer) as server:
        done = run(script, unpacked(tmp_path, request()), server.url)
    assert len(server.requests) == 1
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "may exist" in said
    assert "made no task" not in said
    assert "Traceback" not in said


@both_scripts
def test_a_refusal_is_shown_in_the_services_words(script: list[str], tmp_path: Path) -> None:
    """Nothing is looked at, since there is no task."""
    with LyingServer(reply({"code": 1201, "message": "mask size is wrong"}, 400)) as server:
        done = run(script, unpacked(tmp_path, request()), server.url)
    assert len(server.requests) == 1
    assert done.returncode != 0
    assert "mask size is wrong" in done.stdout + done.stderr
    assert "may exist" not in done.stdout + done.stderr


@both_scripts
def test_a_task_that_nobody_knows_is_not_waited_for(
    script: list[str], tmp_path: Path, service: Joined
) -> None:
    """A mistyped id ends in the service's words."""
    done = run(script, unpacked(tmp_path, request()), service.base_url, "no-such-task")
    assert done.returncode != 0
    assert "HTTP 404" in done.stdout + done.stderr


@both_scripts
def test_without_a_key_nothing_is_sent(script: list[str], tmp_path: Path) -> None:
    """It says what is missing."""
    with LyingServer(drop) as server:
        done = run(script, unpacked(tmp_path, request()), server.url, key="")
    assert server.connections == 0
    assert done.returncode != 0
    assert "COMETAPI_KEY" in done.stdout + done.stderr
