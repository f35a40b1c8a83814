"""How the tests change the experiment by its panel."""

from playwright.sync_api import Locator, Page

from tests.helpers.browsing import Plain, at, button, look_inside, untrue, words


def more_settings(page: Page, language: str = "en") -> None:
    """Unfold the settings that do not come first, unless they are."""
    more = button(page, words(language)["settings.more"])
    if more.get_attribute("aria-expanded") == "false":
        more.click()


def setting(page: Page, name: str, language: str = "en") -> Locator:
    """The field or the list of a setting that does not come first."""
    more_settings(page, language)
    found = [page.get_by_role(role, name=name, exact=True) for role in ("spinbutton", "combobox")]
    return found[0].or_(found[1])


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
