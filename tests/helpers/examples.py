"""The view of the inspector with the per-example gradients."""

from playwright.sync_api import Locator, Page

from tests.helpers.browsing import say


def view(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name=say("view.examples"))


def mean(page: Page) -> Locator:
    return view(page).locator(".mean .big")
