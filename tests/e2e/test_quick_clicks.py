"""What is clicked in a bad moment is done all the same."""

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

# A hand on a sample photograph in the last moment before the browser would answer.
CLICK_BEFORE_ANSWER = """
Object.defineProperty(navigator, "userActivation", { get: () => ({ isActive: true }) });
const ask = Storage.prototype.getItem;
const later = window.setTimeout;
// a second becomes five: the page is at rest then
window.setTimeout = (act, ms, ...rest) => later(act, ms === 1000 ? 5000 : ms, ...rest);
let asked = false;
function click() {
  const buttons = [...document.querySelectorAll("button")];
  const sample = buttons.find(each => each.innerText.includes("Cup of coffee"));
  if (sample) sample.click(); else later(click, 10);
}
Storage.prototype.getItem = function (name) {
  if (name === "motion-studio-id" && !asked) {
    asked = true;
    later(click, 4992);
  }
  return ask.call(this, name);
};
"""


def test_a_click_is_not_swallowed_by_the_browsers_own_answer(browser: Browser, app_url: str) -> None:
    """Streamlit drops a click when another message follows at once: the answer waits for quiet hands."""
    for _ in range(2):  # about every second was lost
        context = browser.new_context()
        context.add_init_script(CLICK_BEFORE_ANSWER)
        page = context.new_page()
        page.goto(app_url)
        expect(page.get_by_role("button", name="Change picture")).to_be_visible()
        context.close()
