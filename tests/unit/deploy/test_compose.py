"""docker-compose.yml, the Dockerfile and the example of .env agree with the app and with one another.

Docker itself does not run here: this reads the files.
"""

import re
import tomllib
from typing import Any

import yaml

from studio.recipes.recipe_file import MAX_RECIPE_BYTES
from studio.settings import VARIABLES
from tests.support.running_app import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
TEXT = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / "deploy" / "env.example").read_text()
SECRETS = (ROOT / ".streamlit" / "secrets.toml.example").read_text()
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


def test_the_apps_are_given_settings_that_exist() -> None:
    """A misspelt name would be ignored without a word."""
    assert set(SERVICES["app1"]["environment"]) - OTHERS_NAMES <= set(VARIABLES)


def test_nginx_and_the_server_take_what_the_pages_take() -> None:
    """A recipe is the largest upload; one that the page offers to open must not be refused on its way."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    (by_nginx_mb,) = re.findall(r"client_max_body_size (\d+)m;", conf)
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert min(int(by_nginx_mb), config["server"]["maxUploadSize"]) * 1_000_000 > MAX_RECIPE_BYTES


def test_what_nobody_chose_leaves_a_mounted_secrets_file_its_say() -> None:
    """A "false" of ours in the environment would outweigh the file's bare true, and open the door."""
    told = SERVICES["app1"]["environment"]
    assert {name for name, value in told.items() if value is None} == set(VARIABLES) - GIVEN - AT_HOME


def test_the_example_of_secrets_sets_nothing_as_it_is() -> None:
    """Streamlit writes its secrets over the environment: an empty key would silence one that is given."""
    assert tomllib.loads(SECRETS) == {}
    named = set(re.findall(r"^# ([A-Z_]+) =", SECRETS, re.MULTILINE))
    assert "COMETAPI_KEY" in named
    assert named <= set(VARIABLES)


def test_every_variable_is_in_the_example() -> None:
    """Whoever fills in the example has seen all that can be chosen, but for the port."""
    passed_on = {name for name, value in SERVICES["app1"]["environment"].items() if value is None}
    asked = set(re.findall(r"\$\{(\w+)", TEXT)) - {"PORT"} | passed_on
    assert asked == set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
