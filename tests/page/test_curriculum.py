"""The links of docs/curriculum.md open where they say, and something is to be seen there."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browsing import Pages, button, chooser, eventually, region, say, words
from tests.helpers.curriculum import ADDRESS, Row, rows

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

ROWS = rows()
SAMPLE = 9  # rows from one that is run with the suite to the next
VIEWS = {said for name, said in words().items() if re.fullmatch(r"view\.\w+", name)}
REGIONS = [
    say(name) for name in ("card", "laboratory", "loss.panel", "plane", "pad", "experiment", "transport", "diagnosis")
]
SIDES = [say(f"stage.{name}") for name in ("learned", "surface")]
SOMETHING = re.compile(r"\d")  # every place but the plane has numbers to show


def tab(page: Page, name: str) -> Locator:
    """The panel of a tab that is in front."""
    expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")
    return page.get_by_role("tabpanel", name=name, exact=True)


def place(page: Page, name: str) -> Locator:
    """What is in front, by its name."""
    if name in VIEWS or name in SIDES:
        return tab(page, name)
    if name in REGIONS:
        return region(page, name)
    if name == say("caption"):
        return page.get_by_role("status", name=name, exact=True)
    if name == say("check"):
        return region(page, say("inspector")).filter(has=button(page, name))
    assert name == say("now")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    return page.locator("[data-part=now] pre")


def within(page: Page, names: list[str]) -> None:
    """Wait until what has these names, one within the other, is in front and shows something."""
    first, *inner = names
    if first == say("network"):
        expect(page.get_by_role("tab", name=first, exact=True)).to_have_attribute("aria-selected", "true")
        expect(region(page, first)).to_be_visible()
        eventually(lambda: page.evaluate("backscope.marks().length"))
        return
    found = place(page, first)
    expect(found).to_be_visible()
    if first == say("plane"):
        eventually(lambda: page.evaluate("backscope.marks().some(({ kind }) => kind === 'surface')"))
    else:
        expect(found).to_contain_text(SOMETHING)
    for name in inner:
        if first == say("loss.panel"):
            expect(chooser(page, say("chart")).locator("option:checked")).to_have_text(name)
        else:
            chosen = found.get_by_role("tab", name=name, exact=True, selected=True)
            expect(chosen.or_(found.get_by_role("button", name=name, exact=True))).to_be_visible()


def told(row: Row) -> str:
    return row.concept


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=[] if i % SAMPLE == 0 else pytest.mark.long) for i, row in enumerate(ROWS)],
    ids=told,
)
def test_a_link_opens_where_it_says(pages: Pages, row: Row):
    page = pages.blank()
    fragment = row.link.removeprefix(ADDRESS)
    page.goto(f"{pages.address}{fragment}")
    t = int(parse_qs(urlsplit(fragment).fragment).get("t", ["0"])[0])
    page.wait_for_function("t => window.backscope?.t === t", arg=t)
    within(page, row.place)
    expect(page.locator("[data-region=notices] [data-part=said]")).to_be_hidden()
