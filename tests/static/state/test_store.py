"""Every value that the page shows has one owner, begins as something, and is forgotten when its declaration says so."""

from typing import Any

import pytest

from tests.helpers.node import answers

STORE = """
globalThis.matchMedia = () => ({ matches: false, addEventListener() {} });
const { createStore } = await import("./state/store.js");
const { KEYS } = await import("./features.js");
const answer = (args) => {
  try { return (@)(createStore(KEYS), ...args); } catch (error) { return error.message; }
};
"""
DECLARED = """() => {
  const linked = (key) => ({ ...key, linked: Boolean(key.linked), personal: Boolean(key.linked?.personal) });
  return Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, linked(key)]));
}"""


def store(work: str, *args: Any) -> Any:
    """What a function makes of a store of the page's keys; a refusal as its text."""
    (found,) = answers(STORE.replace("@", work), [args])
    return found


def keys() -> dict[str, Any]:
    """The declared keys, each with whether a scene holds it."""
    found: dict[str, Any] = store(DECLARED)
    return found


def test_each_key_says_whose_it_is_and_when_it_is_forgotten():
    declared = keys()
    assert {key["owner"] for key in declared.values()} == {"page", "run", "view"}
    assert all(key["forget"] in ("run", "change") for key in declared.values() if key["owner"] == "run")
    assert all(key["forget"] == "never" for key in declared.values() if key["owner"] == "page")
    assert all(key["owner"] == ("page" if key["personal"] else "view") for key in declared.values() if key["linked"])


@pytest.mark.parametrize("work", ["store => store.set({ pase: 1 })", "store => store.on(['pase'], () => {})"])
def test_a_key_that_is_not_declared_is_refused_with_those_that_are(work: str):
    assert store(work).startswith("unknown key: 'pase' (one of: words, theme,")


@pytest.mark.parametrize(
    ("happens", "gone"), [("preset", ("preset", "run", "change")), ("run", ("run", "change")), ("change", ("change",))]
)
def test_what_happens_makes_go_just_what_is_declared_to_go_with_it(happens: str, gone: tuple[str, ...]):
    work = """(store, happens) => {
      const before = { ...store.get() };
      store.set(Object.fromEntries(Object.keys(before).map((name) => [name, `another ${name}`])));
      store.forget(happens, { listing: "new" });
      const now = store.get();
      const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
      return Object.keys(before).filter((name) => name !== "listing" && same(now[name], before[name]));
    }"""
    declared = keys()
    assert set(store(work, happens)) == {
        name for name, key in declared.items() if key["forget"] in gone and name != "listing"
    }
