"""One app and one browser for the whole run; a fresh profile, and so a new owner, for each test.

A module whose app needs settings of its own has an `app_url` of its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import chromium, open_app
from tests.support.running_app import running_app

TIMEOUT_S = 300
"""Of one test: with its own app and browser to start, on a machine that is busy with others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser takes its time."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.timeout(TIMEOUT_S))


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The running app on its simulator, whose tasks take a second here."""
    folder: Path = tmp_path_factory.mktemp("data")
    with running_app(folder, SIMULATOR_TASK_S="1") as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, app_url: str) -> Iterator[Page]:
    """The app as a new user meets it; a page error fails the test."""
    faults: list[str] = []
    opened = open_app(browser, app_url)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    opened.context.close()
    assert faults == []
