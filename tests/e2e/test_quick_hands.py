"""People are quicker than a loading page: what they clicked is what they get."""

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

# A hand on "Settings" in the very moment in which the browser is asked for its id; and a note of its answer.
CLICK_WHILE_ASKED = """
Object.defineProperty(navigator, "userActivation", { get: () => ({ isActive: true }) });
const ask = Storage.prototype.getItem;
let clicked = false;
Storage.prototype.getItem = function (name) {
  if (name === "motion-studio-id" && !clicked) {
    clicked = true;
    document.querySelector("a[href$=settings]").click();
  }
  return ask.call(this, name);
};
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  window.answered ||= new TextDecoder().decode(message).includes("browser-id");
  return send.call(this, message);
};
"""


def test_a_click_on_another_page_is_not_taken_back_by_the_browsers_own_answer(
    browser: Browser, app_url: str
) -> None:
    """Streamlit runs the page of the newest message; the answer waits until that is the new one."""
    context = browser.new_context()
    context.add_init_script(CLICK_WHILE_ASKED)
    page = context.new_page()
    page.goto(app_url)
    page.wait_for_function("() => window.answered")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_label("Your key")).to_be_visible()
    context.close()


# A hand on "Settings" in the very moment in which the canvas says that its picture is there, on a slow line.
CLICK_AT_MOUNT = """
const send = WebSocket.prototype.send;
let clicked = false;
WebSocket.prototype.send = function (message) {
  const late = !clicked && new TextDecoder().decode(message).includes("backgroundFit");
  if (!late) return send.call(this, message);
  clicked = true;
  document.querySelector("a[href$=settings]").click();
  setTimeout(() => {
    this.addEventListener("message", () => { window.ran = true; });
    send.call(this, message);
  }, 300);
};
"""


def test_a_click_on_another_page_is_not_taken_back_by_the_canvas(browser: Browser, app_url: str) -> None:
    """It speaks by itself at its mount and after a stroke; who had left by then gets to where they go."""
    context = browser.new_context()
    context.add_init_script(CLICK_AT_MOUNT)
    page = context.new_page()
    page.goto(app_url)
    page.get_by_role("button", name="Rocket at dusk", exact=True).click()
    page.wait_for_function("() => window.ran")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_label("Your key")).to_be_visible()
    page.get_by_role("link", name="Create").click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    context.close()
