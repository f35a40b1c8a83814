"""A person's own drawings in a storage that several pages share, that is full, closed, or holds what cannot be read."""

import base64
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.browsing import Pages, at, button, eventually, region, say
from tests.helpers.networks import plain

pytestmark = pytest.mark.without_chart

DIGITS = plain((10, "softmax"), dataset="digits")
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
CLOSED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("closed", "SecurityError"); },
});"""


def picture(place: int) -> str:
    """A picture of one stroke, in base64."""
    pixels = bytearray(784)
    for row in range(5, 23):
        pixels[28 * row + place] = 255
    return base64.b64encode(pixels).decode()


def opened(pages: Pages, script: str = "") -> Page:
    page = pages.blank(alone=bool(script))
    if script:
        page.add_init_script(script)
    pages.go(page, DIGITS)
    teach(page)
    return page


def teach(page: Page) -> None:
    at(page, 0)
    page.get_by_role("tab", name="Teach").click()


def reloaded(page: Page) -> None:
    page.reload()
    teach(page)


def add(page: Page, folder: Path, *places: int) -> None:
    """Open a file of its own of drawings, each of the digit of its place's last figure."""
    path = folder / f"drawings{places}.json"
    form = {"pictures": [picture(place) for place in places], "labels": [place % 10 for place in places]}
    path.write_text(json.dumps({"drawings": form}))
    with page.expect_file_chooser() as chosen:
        button(page, say("open.label")).click()
    chosen.value.set_files(path)


def has(page: Page, *places: int) -> None:
    """Wait until the page shows these drawings as a person's own, in this order."""
    expect(region(page, "Digit pad")).to_contain_text(say("teach.own", count=len(places)))
    names = [say("teach.own.put", label=place % 10, number=i + 1) for i, place in enumerate(places)]
    shown = page.get_by_role("listitem").get_by_role("button")
    eventually(lambda: [each.get_attribute("aria-label") for each in shown.all()][-len(names) :] == names)


def test_pages_that_share_a_storage_add_to_what_the_others_keep_and_take_away_only_what_they_are_told_to(
    pages, tmp_path
):
    one, other = opened(pages), opened(pages)
    add(one, tmp_path, 11)
    has(other, 11)
    add(other, tmp_path, 12, 11)
    add(one, tmp_path, 13)
    for page in (one, other):
        has(page, 11, 12, 13)
    button(other, say("teach.own.put", label=2, number=2)).click()
    button(other, say("teach.own.remove")).click()
    has(one, 11, 13)
    reloaded(one)
    has(one, 11, 13)
    button(other, say("teach.own.put", label=1, number=1)).click()
    button(other, say("teach.own.remove")).click()
    has(one, 13)


@pytest.mark.parametrize("script", [FULL, CLOSED], ids=["full", "closed"])
def test_what_the_storage_does_not_take_lasts_as_long_as_the_page_and_that_is_said(pages, tmp_path, script):
    page = opened(pages, script)
    add(page, tmp_path, 11, 12)
    has(page, 11, 12)
    expect(region(page, "Digit pad").get_by_role("status").filter(has_text=say("teach.own.passing"))).to_be_visible()


def test_what_cannot_be_read_is_left_alone_and_what_an_earlier_version_kept_is_there(pages, tmp_path):
    page = opened(pages)
    page.evaluate("""([form]) => {
        localStorage.setItem("backscope.drawings", form);
        localStorage.setItem("backscope.drawing.3.none", "5");
    }""", [json.dumps({"pictures": [picture(14)], "labels": [4]})])  # fmt: skip
    reloaded(page)
    has(page, 14)
    assert page.evaluate("localStorage.getItem('backscope.drawings')") is None
    assert page.evaluate("localStorage.getItem('backscope.drawing.3.none')") == "5"
    page.evaluate("localStorage.setItem('backscope.drawings', '{')")
    reloaded(page)
    has(page, 14)
    add(page, tmp_path, 15)
    has(page, 14, 15)
    assert page.evaluate("localStorage.getItem('backscope.drawings')") == "{"
