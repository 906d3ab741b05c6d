"""Two ways to use a page: with a mouse, and with nothing but the keyboard."""

from typing import Literal, Protocol

from playwright.sync_api import Locator, Page

KEYS_MAX = 200
"""After so many presses of Tab, somebody who has no mouse has given up."""

Role = Literal["link", "button", "radio", "textbox", "searchbox"]


class Hands(Protocol):
    """What a visitor does on a page, by the words they see."""

    def press(self, page: Page, role: Role, words: str, *, beside: str = "") -> None:
        """Follow a link or press a button, if need be the one beside other words."""
        ...

    def write(self, page: Page, label: str, words: str) -> None:
        """Write into a field."""
        ...

    def choose(self, page: Page, words: str, *, question: str = "") -> None:
        """Choose one of the answers to a question."""
        ...


class Mouse:
    """Points and clicks."""

    def press(self, page: Page, role: Role, words: str, *, beside: str = "") -> None:
        """Follow a link or press a button, if need be the one beside other words."""
        _find(page, role, words, beside).click()

    def write(self, page: Page, label: str, words: str) -> None:
        """Write into a field."""
        _field(page, label).fill(words)

    def choose(self, page: Page, words: str, *, question: str = "") -> None:
        """Choose one of the answers to a question."""
        _answer(page, words, question).check()


class Keyboard:
    """Tab, arrows, space and enter."""

    def press(self, page: Page, role: Role, words: str, *, beside: str = "") -> None:
        """Follow a link or press a button, if need be the one beside other words."""
        self._reach(page, _find(page, role, words, beside))
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def write(self, page: Page, label: str, words: str) -> None:
        """Write into a field."""
        self._reach(page, _field(page, label))
        page.keyboard.type(words)

    def choose(self, page: Page, words: str, *, question: str = "") -> None:
        """Choose one of the answers to a question: Tab leads to the first, arrows to the others."""
        answer = _answer(page, words, question)
        name = answer.get_attribute("name")
        same = f"document.activeElement.name === {name!r}"
        self._tab_until(page, lambda: bool(page.evaluate(same)), words)
        page.keyboard.press("Space")
        for _ in range(KEYS_MAX):
            if answer.is_checked():
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not lead to {words!r}")

    def _reach(self, page: Page, target: Locator) -> None:
        here = "one => one === document.activeElement"
        self._tab_until(page, lambda: bool(target.evaluate(here)), str(target))

    @staticmethod
    def _tab_until(page: Page, is_there: "Check", what: str) -> None:
        for _ in range(KEYS_MAX):
            if is_there():
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {what}")


class Check(Protocol):
    """Tells whether something is so."""

    def __call__(self) -> bool:
        """Tell it."""
        ...


def _find(page: Page, role: Role, words: str, beside: str) -> Locator:
    inside = page.locator("main")
    if beside:
        inside = inside.get_by_role("listitem").filter(has_text=beside)
    return inside.get_by_role(role, name=words).first


def _field(page: Page, label: str) -> Locator:
    return page.locator("main :is(input, textarea)").and_(page.get_by_label(label)).first


def _answer(page: Page, words: str, question: str) -> Locator:
    inside = page.get_by_role("group", name=question) if question else page.locator("main")
    return inside.get_by_role("radio", name=words).first
