"""Four videos in step in Chromium: how far they drift apart while they loop, and after they were scrubbed."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.rows import Row, row
from motion import RenderSettings, Scene, render_mp4
from tests.support.browser import chromium
from tests.support.kept_task import kept_task
from tests.support.pictures import gradient
from tests.support.running_app import running_app

OWNER = "bench-of-four-videos-in-step-001"
VIDEOS, SIZE_PX, FPS, LENGTH_S = 4, (1280, 720), 24, 5.0
LOOPING_S = 30
SCRUBS = 10

# Asked when the first video has shown a frame: how far apart all of them are at that moment.
_DRIFT = """
async (frames) => {
  const within = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
    [...(each.matches("video") ? [each] : []), ...(each.shadowRoot ? within(each.shadowRoot) : [])]);
  const videos = within(document);
  const [first] = videos, found = [];
  while (found.length < frames) {
    await new Promise((shown) => first.requestVideoFrameCallback(shown));
    const at = videos.map((video) => video.currentTime);
    if (!videos.some((video) => video.seeking || video.paused)) found.push(Math.max(...at) - Math.min(...at));
  }
  return found;
}
"""


def run(*, looping_s: float = LOOPING_S, scrubs: int = SCRUBS) -> list[Row]:
    """Plays for a while, then scrubs and plays on."""
    with tempfile.TemporaryDirectory() as folder:
        ids = _keep_videos(Path(folder))
        with running_app(Path(folder)) as url, chromium() as browser:
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            context.add_init_script(f"localStorage.setItem('motion-studio-id', '{OWNER}')")
            page = context.new_page()
            page.goto(f"{url}/compare?tasks={','.join(ids)}")
            return _rows(page, looping_s, scrubs)


def _keep_videos(folder: Path) -> list[str]:
    picture = gradient(*SIZE_PX)
    settings = RenderSettings(fps=FPS, max_width=SIZE_PX[0], max_height=SIZE_PX[1])
    mp4 = render_mp4(Scene(image=picture, duration_s=LENGTH_S), settings)
    return [kept_task(folder, OWNER, mp4, task_id=f"task-{n}").entry_id for n in range(VIDEOS)]


def _rows(page: Page, looping_s: float, scrubs: int) -> list[Row]:
    page.get_by_role("button", name="Play", exact=True).click(timeout=60_000)
    page.wait_for_timeout(looping_s * 1_000)
    looped = page.evaluate(_DRIFT, FPS)
    for number in range(scrubs):
        page.get_by_label("Moment").fill(str(round((number * 0.7 + 0.3) % (LENGTH_S - 1), 2)))
        page.wait_for_timeout(250)
    scrubbed = page.evaluate(_DRIFT, FPS)
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    return [
        _about(f"after {looping_s:g} s of looping", looped),
        _about(f"after {scrubs} scrubs", scrubbed),
    ]


def _about(when: str, drifts_s: list[float]) -> Row:
    """The largest drift over a second."""
    name = f"compare: {VIDEOS} videos of {LENGTH_S:g} s, {SIZE_PX[0]}×{SIZE_PX[1]}, apart {when}"
    return row(name, max(drifts_s) * FPS, "frames", limit=1)
