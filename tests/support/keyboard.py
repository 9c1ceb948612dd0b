"""A person without a mouse: the keys alone, and where the focus is."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 60
"""Nobody goes further than this for the next thing."""


@dataclass(frozen=True, kw_only=True)
class Keyboard:
    """Two hands on the keys."""

    page: Page

    def tab_to(self, target: Locator, *, back: bool = False) -> None:
        """Goes on with Tab until this, or one of these, has the focus; MOST_TABS at most."""
        self.settle()
        expect(target.first).to_be_visible()
        self._on_with("Shift+Tab" if back else "Tab", target, MOST_TABS)
        self.settle()

    def press(self, target: Locator, *, back: bool = False) -> None:
        """Goes there and presses Enter."""
        self.tab_to(target, back=back)
        self.page.keyboard.press("Enter")
        self.settle()

    def choose(self, group: str, option: str) -> None:
        """Goes to some radio buttons, with the arrows to one of them, and takes it with the space bar."""
        radios = self.page.get_by_role("radiogroup", name=group).get_by_role("radio")
        wanted = radios.filter(has_text=option)
        self.tab_to(radios)
        self._on_with("ArrowLeft", radios.first, radios.count())
        self._on_with("ArrowRight", wanted, radios.count())
        self.page.keyboard.press("Space")
        expect(wanted).to_be_checked()
        self.settle()

    def _on_with(self, key: str, target: Locator, most: int) -> None:
        for _ in range(most):
            if self._is_reached(target):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{target} is not reached by {key}.")

    def type_into(self, target: Locator, text: str) -> None:
        """Goes to a field and types over what it holds."""
        self.tab_to(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def settle(self) -> None:
        """Waits until the page has answered."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def _is_reached(self, targets: Locator) -> bool:
        """Whether one of these has the focus."""
        script = "all => all.some(element => element === element.getRootNode().activeElement)"
        return bool(targets.evaluate_all(script))
