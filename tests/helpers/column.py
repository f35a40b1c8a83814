"""How the tests open the list of all parameters and read its rows."""

from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

from engine import Experiment, Timeline
from tests.helpers.browsing import bring

Row = dict[str, Any]
ROWS = """() => [...document.querySelectorAll("[data-part=column] [role=option]")].filter((row) => !row.hidden)
  .map((row) => ({
    position: Number(row.getAttribute("aria-posinset")) - 1, size: Number(row.getAttribute("aria-setsize")),
    place: row.querySelector(".place").textContent, name: row.children[1].textContent,
    arrow: row.querySelector("b").textContent,
    colour: getComputedStyle(row.querySelector("b")).color, bar: parseFloat(row.querySelector("i").style.width),
    brief: row.querySelector(".number").textContent, value: row.querySelector(".number").title, title: row.title,
    top: row.getBoundingClientRect().top, height: row.getBoundingClientRect().height,
    selected: row.getAttribute("aria-selected") === "true", id: row.id,
  })).sort((a, b) => a.position - b.position)"""
QUIET = "() => document.querySelector('[data-part=column] [role=listbox]')?.getAttribute('aria-busy') === 'false'"


def column(page: Page) -> Locator:
    return page.locator("[data-part=column]")


def listed(page: Page) -> Locator:
    return page.get_by_role("listbox", name="All parameters")


def opened(page: Page) -> Page:
    bring(page, "column")
    page.wait_for_function(QUIET)
    return page


def rows(page: Page) -> list[Row]:
    """The rows in the document, which are those in sight and some around them, from top to bottom."""
    page.wait_for_function(QUIET)
    found: list[Row] = page.evaluate(ROWS)
    return found


def names(chosen: Experiment) -> list[str]:
    """The names of all parameters in the order of the column."""
    state = Timeline(chosen).seek(0)
    return [
        f"{name}[{', '.join(map(str, index))}]" for name in chosen.parameters for index in np.ndindex(state[name].shape)
    ]


def finder(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Find a parameter")


def in_sight(page: Page, name: str) -> Row:
    """The row of that name, which must be in sight."""
    row = next(row for row in rows(page) if row["name"] == name)
    box = listed(page).bounding_box()
    assert box
    assert box["y"] - 1 <= row["top"] <= box["y"] + box["height"] - row["height"] + 3
    return row


def active(page: Page) -> Row:
    """The row with the keyboard focus."""
    name = listed(page).get_attribute("aria-activedescendant")
    return next(row for row in rows(page) if row["id"] == name)
