"""The gallery of examples."""

from playwright.sync_api import Locator, Page, expect

from tests.helpers.browsing import button, say, words


def gallery(page: Page, language: str = "en") -> Locator:
    """The gallery of examples, opened."""
    name = words(language)["gallery"]
    dialog = page.get_by_role("dialog", name=name, exact=True)
    if not dialog.is_visible():
        button(page, name).click()
    return dialog


def open_example(page: Page, name: str) -> None:
    """Begin a preset or a trouble, by its name in the gallery of examples."""
    gallery(page).get_by_role("button", name=name, exact=True).click()


def expect_example(page: Page, name: str) -> None:
    """Expect the header to name the example that runs; no name where it is none."""
    expect(button(page, say("gallery"))).to_have_accessible_description(name)
