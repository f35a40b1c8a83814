"""Every value that the page shows has one owner, begins as something, and is forgotten when its declaration says so."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.browsing import Pages, at

pytestmark = pytest.mark.without_chart
STORE = """async ([work, ...args]) => {
  const { createStore } = await import("/static/state/store.js");
  const { KEYS } = await import("/static/features.js");
  const run = new Function("store", "args", `return (${work})(store, ...args)`);
  try { return run(createStore(KEYS), args); } catch (error) { return error.message; }
}"""


def store(page: Page, work: str, *args: Any) -> Any:
    """What a function makes of a store of the page's keys; a refusal as its text."""
    return page.evaluate(STORE, [work, *args])


def keys(page: Page) -> dict[str, Any]:
    """The declared keys, each with whether a scene holds it."""
    return page.evaluate("""async () => {
      const { KEYS } = await import("/static/features.js");
      const linked = (key) => ({ ...key, linked: Boolean(key.linked), personal: Boolean(key.linked?.personal) });
      return Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, linked(key)]));
    }""")


def test_each_key_says_whose_it_is_and_when_it_is_forgotten(page: Page):
    declared = keys(page)
    assert {key["owner"] for key in declared.values()} == {"page", "run", "view"}
    assert all(key["forget"] in ("run", "change") for key in declared.values() if key["owner"] == "run")
    assert all(key["forget"] == "never" for key in declared.values() if key["owner"] == "page")
    assert all(key["owner"] == ("page" if key["personal"] else "view") for key in declared.values() if key["linked"])


@pytest.mark.parametrize("work", ["store => store.set({ pase: 1 })", "store => store.on(['pase'], () => {})"])
def test_a_key_that_is_not_declared_is_refused_with_those_that_are(page: Page, work: str):
    assert store(page, work).startswith("unknown key: 'pase' (one of: words, theme,")


@pytest.mark.parametrize(
    ("happens", "gone"), [("preset", ("preset", "run", "change")), ("run", ("run", "change")), ("change", ("change",))]
)
def test_what_happens_makes_go_just_what_is_declared_to_go_with_it(page: Page, happens: str, gone: tuple[str, ...]):
    work = """(store, happens) => {
      const before = { ...store.get() };
      store.set(Object.fromEntries(Object.keys(before).map((name) => [name, `another ${name}`])));
      store.forget(happens, { listing: "new" });
      const now = store.get();
      const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
      return Object.keys(before).filter((name) => name !== "listing" && same(now[name], before[name]));
    }"""
    declared = keys(page)
    assert set(store(page, work, happens)) == {
        name for name, key in declared.items() if key["forget"] in gone and name != "listing"
    }


def test_another_run_forgets_what_was_chosen_in_the_last_but_not_how_it_is_looked_at(pages: Pages):
    page = pages.open()
    page.get_by_role("combobox", name="Grain").select_option("training_step")
    page.get_by_role("combobox", name="Show the answer of").select_option("1.2")
    page.get_by_role("button", name="Next example").click()
    page.get_by_role("group", name="Example shown").get_by_text("example 3 of").wait_for()
    page.get_by_role("button", name="Spirals", exact=True).click()
    page.wait_for_function("() => backscope.experiment.dataset.name === 'spirals'")
    at(page, 0)
    expect(page.get_by_role("combobox", name="Grain")).to_have_value("training_step")
    assert page.get_by_role("combobox", name="Show the answer of").input_value() != "1.2"
    expect(page.get_by_role("group", name="Example shown").get_by_text("example 2 of")).to_be_visible()
