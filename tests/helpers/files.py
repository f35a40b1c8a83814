"""How the tests open a file in the page."""

from pathlib import Path

from playwright.sync_api import Page

from tests.helpers.browsing import button


def choose(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chosen:
        button(page, "Open a checkpoint").click()
    chosen.value.set_files(path)
