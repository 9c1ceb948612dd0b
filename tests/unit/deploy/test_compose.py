"""docker-compose.yml, the Dockerfile and the example of .env agree with the app and with one another.

Docker itself does not run here: this reads the files.
"""

import re
import tomllib
from typing import Any

import pytest
import yaml

from studio.recipes.recipe_file import MAX_RECIPE_BYTES
from studio.settings import NAMES
from tests.support.running_app import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
TEXT = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / "deploy" / "env.example").read_text()
SECRETS = (ROOT / ".streamlit" / "secrets.toml.example").read_text()
APPS = ("app1", "app2")
# botocore's own and Streamlit's own, beside the app's
OTHERS_NAMES = {
    "AWS_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_DEFAULT_REGION",
    "STREAMLIT_SERVER_COOKIE_SECRET",
}
# what the other services here decide
GIVEN = {"COMETAPI_KEY", "COMETAPI_BASE_URL", "DATABASE_URL", "STORAGE_URL"}
# the image's own folder, and a simulator that does not run inside these apps
AT_HOME = {"STUDIO_DATA_DIR", "SIMULATOR_TASK_S"}


def test_both_apps_are_the_same() -> None:
    """Nothing is at home in one of them only."""
    assert SERVICES["app1"] == SERVICES["app2"]


def test_the_apps_share_one_database_and_one_storage_and_no_folder() -> None:
    """Whoever is sent to the other one finds everything."""
    told = SERVICES["app1"]["environment"]
    assert told["DATABASE_URL"].startswith("postgresql://")
    assert "@postgres:" in told["DATABASE_URL"]
    assert told["STORAGE_URL"].startswith("s3://")
    assert "volumes" not in SERVICES["app1"]


def test_the_apps_are_given_settings_that_exist() -> None:
    """A misspelt name would be ignored without a word."""
    assert set(SERVICES["app1"]["environment"]) - OTHERS_NAMES <= set(NAMES)


def test_the_far_end_is_the_stand_alone_simulator_unless_it_is_said() -> None:
    """Two apps with a simulator inside each would not know one another's tasks."""
    assert (
        SERVICES["app1"]["environment"]["COMETAPI_BASE_URL"] == "${COMETAPI_BASE_URL:-http://simulator:8900}"
    )
    assert SERVICES["simulator"]["command"][:3] == ["python", "-m", "simulator"]


def test_every_service_that_is_waited_for_can_become_what_is_waited_for() -> None:
    """A condition on a service without a health check would wait for ever."""
    for service in SERVICES.values():
        for name, how in service.get("depends_on", {}).items():
            built = "build" in SERVICES[name]  # the image has the check
            if how["condition"] == "service_healthy":
                assert built or "healthcheck" in SERVICES[name], name


def test_nginx_sends_to_the_apps_there_are() -> None:
    """Under the names that compose gives them."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    assert re.findall(r"server (\w+):8501", conf) == list(APPS)
    assert "EXPOSE 8501" in (ROOT / "Dockerfile").read_text()


def test_nginx_and_the_server_take_what_the_pages_take() -> None:
    """A recipe is the largest upload; one that the page offers to open must not be refused on its way."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    (by_nginx_mb,) = re.findall(r"client_max_body_size (\d+)m;", conf)
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert min(int(by_nginx_mb), config["server"]["maxUploadSize"]) * 1_000_000 > MAX_RECIPE_BYTES


def test_volumes_are_declared_and_used() -> None:
    """Nothing is kept in a container, and no volume is left over."""
    used = {v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", []) if not v.startswith(".")}
    assert used == set(COMPOSE["volumes"])


def test_no_password_is_in_the_files() -> None:
    """Each is asked for by name, and the start refuses without it."""
    for name in ("POSTGRES_PASSWORD", "STORAGE_PASSWORD", "COOKIE_SECRET"):
        assert f"${{{name}:?" in TEXT
        assert re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE)
    assert "\n.env\n" in (ROOT / ".gitignore").read_text()
    assert "\n.env\n" in (ROOT / ".dockerignore").read_text()


def test_what_nobody_chose_leaves_a_mounted_secrets_file_its_say() -> None:
    """A "false" of ours in the environment would outweigh the file's bare true, and open the door."""
    told = SERVICES["app1"]["environment"]
    assert {name for name, value in told.items() if value is None} == set(NAMES) - GIVEN - AT_HOME


def test_the_example_of_secrets_sets_nothing_as_it_is() -> None:
    """Streamlit writes its secrets over the environment: an empty key would silence one that is given."""
    assert tomllib.loads(SECRETS) == {}
    named = set(re.findall(r"^# ([A-Z_]+) =", SECRETS, re.MULTILINE))
    assert "COMETAPI_KEY" in named
    assert named <= set(NAMES)


def test_every_variable_is_in_the_example() -> None:
    """Whoever fills in the example has seen all that can be chosen, but for the port."""
    passed_on = {name for name, value in SERVICES["app1"]["environment"].items() if value is None}
    asked = set(re.findall(r"\$\{(\w+)", TEXT)) - {"PORT"} | passed_on
    assert asked == set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_of_a_named_version(name: str) -> None:
    """What starts today starts the same in a year."""
    image = SERVICES[name]["image"]
    assert "build" in SERVICES[name] or re.search(r":.*\d", image), image


def test_the_image_runs_as_nobody_special_and_holds_no_secret() -> None:
    """A fault in the app is not root's, and nobody's key is baked in."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER studio" in lines
    assert ".streamlit/secrets.toml" in (ROOT / ".dockerignore").read_text()
