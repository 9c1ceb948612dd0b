"""Videos in step in a real browser: one transport for all, by mouse and by keyboard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.kept_task import kept_task
from tests.support.labelled_films import labelled_film
from tests.support.running_app import running_app

pytestmark = pytest.mark.browser
OWNER = "c" * 32
FPS = 24


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder with a video of two seconds, one of one second, and one that will vanish."""
    folder = tmp_path_factory.mktemp("compared")
    films = [
        labelled_film(folder / f"{n}.mp4", range(count)).read_bytes() for n, count in enumerate((48, 24))
    ]
    entries = [kept_task(folder, OWNER, film, task_id=f"t{n}") for n, film in enumerate((*films, films[0]))]
    return folder, [entry.entry_id for entry in entries]


@pytest.fixture
def compared(browser: Browser, kept: tuple[Path, list[str]]) -> Iterator[Page]:
    """The page with all three, in the browser that they belong to."""
    folder, ids = kept
    with running_app(folder) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_init_script(f"localStorage.setItem('motion-studio-id', '{OWNER}')")
        page = context.new_page()
        # what was removed after the page was made: its address answers as the app's own does then
        page.route(re.compile(f"/api/video/{ids[2]}/"), lambda route: route.fulfill(status=404))
        page.goto(f"{url}/compare?tasks={','.join(ids)}")
        yield page
        context.close()


def places(page: Page) -> list[float]:
    """Where each video is, in frames."""
    seconds: list[float] = page.locator("video").evaluate_all("all => all.map((each) => each.currentTime)")
    return [at * FPS for at in seconds]


def test_all_obey_one_transport_and_what_vanished_stops_none(compared: Page) -> None:
    """Space, full stop, comma and arrows; a shorter one holds its last frame; a gone one says so."""
    expect(compared.get_by_text("This video is not there any more.")).to_be_visible()
    expect(compared.locator(".clock")).to_have_text("0.00 / 2.00 s")
    for key, first, second in ((".", 1, 1), (".", 2, 2), (",", 1, 1), ("ArrowRight", 25, 23)):
        compared.keyboard.press(key)
        expect(compared.locator(".clock")).to_have_text(f"{(first + 0.5) / FPS:.2f} / 2.00 s")
        expect(compared.locator("video").first).to_have_js_property("seeking", value=False)
        assert [int(at) for at in places(compared)] == [first, second]
    compared.keyboard.press("Space")
    expect(compared.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    compared.get_by_role("button", name="Pause", exact=True).press("Space")
    expect(compared.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert compared.locator("video").evaluate_all("all => all.every((each) => each.paused)")
