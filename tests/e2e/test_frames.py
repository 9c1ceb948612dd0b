"""The page under its own policy, and in a frame of another site."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.support.browser import Brush
from tests.support.pictures import encoded, gradient

pytestmark = pytest.mark.browser


def test_nothing_of_the_app_is_against_its_own_policy(page: Page) -> None:
    """An upload, the canvas, the preview and the guide's videos."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    file = FilePayload(
        name="*hill*_~v2~ :smile:.png", mimeType="image/png", buffer=encoded(gradient(400, 320))
    )
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text("*hill*_~v2~ :smile:.png · 400 × 320")).to_be_visible()
    brush = Brush(page=page)
    brush.layer("Motion 1")
    brush.drag([(0.2, 0.2), (0.3, 0.3)])
    brush.tool("Path")
    brush.drag([(0.25, 0.25), (0.5, 0.4)])
    expect(page.locator("video")).to_be_visible()
    page.get_by_role("link", name="Guide").click()
    expect(page.locator("video").first).to_be_visible()
    assert [text for text in complaints if "Content Security Policy" in text] == []


@pytest.fixture
def elsewhere(app_url: str) -> Iterator[str]:
    """Another site with the app in a frame: another host name, which leads to this machine too."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{app_url}/?share=x"></iframe>'.encode())

        def log_message(self, *_: object) -> None:
            """Into no test's output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def test_a_frame_of_another_site_says_to_open_the_app_outside(
    browser: Browser, app_url: str, elsewhere: str
) -> None:
    """Its uploads would fail there; the link opens the app."""
    page = browser.new_page()
    page.goto(elsewhere)
    link = page.frame_locator("iframe").get_by_role("link", name="Open it outside the frame")
    expect(link).to_be_visible()
    with page.context.expect_page() as opening:
        link.click()
    assert opening.value.url == f"{app_url}/?share=x"
    page.context.close()
