"""How the tests change the experiment by its panel."""

from playwright.sync_api import Locator, Page

from tests.helpers.browsing import Plain, at, look_inside, untrue


def running(page: Page) -> Plain:
    return dict(page.evaluate("backscope.experiment"))


def started(page: Page, **fields: object) -> None:
    """Wait until the page runs an experiment with these fields, from its beginning, and shows the engine's numbers."""
    true = "([name, value]) => JSON.stringify(backscope.experiment[name]) === JSON.stringify(value)"
    page.wait_for_function(f"fields => Object.entries(fields).every({true})", arg=fields)
    at(page, 0)
    assert untrue(look_inside(page)) == []


def press(page: Page, key: str, t: int) -> None:
    page.locator("h1").click()
    page.keyboard.press(key)
    at(page, t)


def refusal(control: Locator) -> Locator:
    """The alert right after the field or the layer of a control."""
    return control.locator("xpath=ancestor::*[@data-field][1]/following-sibling::*[1][@role='alert']")
