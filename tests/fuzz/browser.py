"""Words of others on the pages of the real app, in a real browser: no request may leave it for any of them.

A person opens somebody else's recipe, whose picture has an odd name too, and asks for a task by an odd id.
"""

import math
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import Browser, Page, Route, expect
from playwright.sync_api import Error as BrowserError

from studio.drawing.model import Layer
from studio.recipes.recipe_file import SentTask, dump_recipe
from studio.request.draft import Picture
from tests.fuzz.campaign import Tally
from tests.fuzz.oddities import ODD_TEXTS, words
from tests.fuzz.trial import Result
from tests.support.browser import chromium
from tests.support.make import area, draft, path, photo
from tests.support.running_app import running_app

CANARY: Final = "canary.test"
_ADDRESSES: Final = (
    f"https://{CANARY}/a",
    f"//{CANARY}/b.png",
    f"http://{CANARY}:81/c?d=e",
    f"ftp://{CANARY}/",
)
_WRITINGS: Final = (
    *(
        "![a]({0})",
        "![a]({0} 'b')",
        "![a][1]\n\n[1]: {0}",
        "<img src={0}>",
        "<img src='{0}' onerror=alert(1)>",
    ),
    *("<link rel=prefetch href={0}>", "<style>@import url({0})</style>", "<iframe src={0}></iframe>"),
    *(
        "<video src={0} autoplay></video>",
        "<svg><image href='{0}'/></svg>",
        "<div style='background:url({0})'>",
    ),
    *("<script src={0}></script>", "$\\includegraphics{{{0}}}$", "$$\\href{{{0}}}{{a}}$$", ":red[![a]({0})]"),
    *("[![a]({0})]({0})", "> ![a]({0})", "| a |\n|---|\n| ![a]({0}) |", "`` ![a]({0})", "{0}", "<{0}>"),
)


@dataclass(kw_only=True)
class Watch:
    """The requests of a browser that do not go to the app; none of them leaves it."""

    app_url: str
    outside: list[str] = field(default_factory=list)

    def __call__(self, route: Route) -> None:
        """Let one pass, or keep it."""
        url = route.request.url
        if url.startswith((f"{self.app_url}/", "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(url)
            route.abort()


def foreign_text(rng: random.Random) -> str:
    """Words that would have a browser ask the canary, were they more than words."""
    text = rng.choice(_WRITINGS).format(rng.choice(_ADDRESSES))
    around = rng.choice(("{}", "{}", "a {} b", "a\n\n{}\n", "\\{}", "*{}*", "{}" * 3))
    plain = rng.choice([one for one in ODD_TEXTS if "\0" not in one and len(one) < 100])
    return around.replace("{}", text) + (plain if rng.random() < 0.2 else "")


def recipe(rng: random.Random) -> bytes:
    """A recipe of another person's, with such words wherever it has some."""
    some = {name: foreign_text(rng)[:400] for name in words("prompt negative_prompt motion_words")}
    if rng.random() < 0.3:
        some[rng.choice(words("model_name mode duration extra_fields callback_url"))] = foreign_text(rng)
    drawing = (area(Layer.STATIC), area(Layer.MOTION_1, left=5), path(Layer.MOTION_1))
    source = replace(photo(), name=foreign_text(rng))
    task = SentTask(task_id=foreign_text(rng), external_task_id="mine", status="kept", service="CometAPI")
    return dump_recipe(draft(*drawing, picture=Picture(source=source), **some), task)


def run(seed: int, seconds: float, number: int = 0, most: float = math.inf) -> Tally:
    """Try one after another, from a number on."""
    tally, until_s = Tally(), time.monotonic() + seconds
    with TemporaryDirectory() as folder, chromium() as browser, running_app(Path(folder)) as url:
        while tally.tried < most and time.monotonic() < until_s:
            tally.count(number, try_texts(browser, url, random.Random(f"{seed} browser {number}")))
            number += 1
    return tally


def try_texts(browser: Browser, url: str, rng: random.Random) -> Result:
    """The result of one person's visit."""
    error, began_s = "", time.perf_counter()
    with watched_page(browser, url) as (page, watch):
        try:
            _visit(page, url, rng)
        except (BrowserError, AssertionError) as failure:
            error = " ".join(str(failure).split())[:200]
        seconds = time.perf_counter() - began_s
    # the browser's own pace is no promise
    return Result(error=error, seconds=min(seconds, 1.0), requests_outside=tuple(watch.outside))


@contextmanager
def watched_page(browser: Browser, url: str) -> Iterator[tuple[Page, Watch]]:
    """A page in a fresh profile, not opened yet."""
    context = browser.new_context()
    watch = Watch(app_url=url)
    context.route("**/*", watch)
    try:
        yield context.new_page(), watch
    finally:
        context.close()


def _visit(page: Page, url: str, rng: random.Random) -> None:
    page.goto(url)
    expect(page.get_by_text("Your photograph").first).to_be_visible()
    page.get_by_role("button", name="Recipe", exact=False).last.click()
    fields = page.locator("input[type=file]")
    fields.last.set_input_files(_file("a.motion", recipe(rng)))
    expect(page.get_by_text(re.compile("Opened|cannot|not ")).first).to_be_visible()
    _rest(page)
    page.goto(f"{url}/tasks")  # the draft with its words is brought back when one comes again
    task_id = page.get_by_label("Follow a task made elsewhere")
    task_id.fill(foreign_text(rng))
    page.get_by_role("button", name="Follow").click()
    _rest(page)


def _file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def _rest(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(300)
