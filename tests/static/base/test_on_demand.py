"""A panel that is fetched when it is first shown: what it shows then, and what happens where it does not come."""

from typing import Any

from tests.helpers.node import answers

PANEL = """
const { createStore } = await import("./state/store.js");
const { ofPage } = await import("./base/keys.js");
const { onDemand } = await import("./base/on_demand.js");
const KEYS = {
  words: ofPage({}), notice: ofPage(null), connected: ofPage(true), front: ofPage("other"), size: ofPage(1),
};
const store = createStore(KEYS, { size: 2 });
const told = [];
const mount = (root, tools) => {
  told.push("mounted");
  tools.store.on(["size"], ({ size }) => told.push(`size ${size}`));
  return {
    show: (state, answer) => told.push(`shows ${state.size} ${answer}`),
    marks: ({ size }) => [{ value: size }],
    add: (number) => number + 1,
  };
};
const fetches = []; // what brings each fetch of the module to its end
const load = () =>
  new Promise((come, fail) => fetches.push({ come: () => come({ mount }), fail: () => fail(new TypeError()) }));
const root = { querySelectorAll: () => [] };
const soon = () => new Promise((go) => setTimeout(go));
const feature = { name: "own", watches: ["front"], wanted: ({ front }) => front === "own", load };
const panel = onDemand(feature, root, { store });
const notice = () => store.get().notice?.text ?? null;
@
const answer = (given) => given;
"""


def told(work: str) -> Any:
    """What a piece of JavaScript leaves in ``found``, given such a panel."""
    source = PANEL.replace("@", f"let found;\n{work}").replace("(given) => given", "() => found")
    (found,) = answers(source, [None])
    return found


def test_it_is_fetched_once_and_shows_what_was_asked_for_last():
    found = told("""
        panel.expect();
        panel.show(store.get(), "first");
        panel.show(store.get(), "last");
        const before = [fetches.length, [...told], panel.marks(store.get())];
        fetches[0].come();
        await soon();
        const then = [...told];
        panel.show(store.get(), "later");
        found = [before, then, told.slice(then.length), fetches.length, panel.marks(store.get()), notice()];
    """)
    assert found == [
        [1, [], []],
        ["mounted", "size 2", "shows 2 last"],
        ["shows 2 later"],
        1,
        [{"value": 2}],
        None,
    ]


def test_what_it_listens_to_it_hears_of_when_it_comes_and_of_each_change_after():
    found = told("""
        store.set({ size: 3 });
        panel.expect();
        store.set({ size: 4 });
        fetches[0].come();
        await soon();
        store.set({ size: 5 });
        found = told;
    """)
    assert found == ["mounted", "size 4", "size 5"]


def test_the_store_wants_it_once_its_values_say_so():
    found = told("""
        store.set({ front: "another" });
        const before = fetches.length;
        store.set({ front: "own" });
        fetches[0].come();
        await soon();
        store.set({ front: "other" });
        store.set({ front: "own" });
        found = [before, fetches.length, told];
    """)
    assert found == [0, 1, ["mounted", "size 2"]]


def test_where_it_does_not_come_that_is_said_and_the_next_press_tries_again():
    found = told("""
        panel.show(store.get(), "first");
        fetches[0].fail();
        await soon();
        const lost = [notice(), fetches.length];
        store.set({ notice: null });
        panel.show(store.get(), "second"); // a moment that passes by is no press
        const still = fetches.length;
        const whole = panel.whole();
        fetches[1].come();
        found = [lost, still, (await whole).add(1), told, notice()];
    """)
    assert found == [["panel.lost", 1], 1, 2, ["mounted", "size 2", "shows 2 second"], None]


def test_where_it_is_wanted_while_there_is_no_line_nothing_is_said_and_it_comes_with_the_line():
    found = told("""
        store.set({ connected: false });
        store.set({ front: "own" });
        fetches[0].fail();
        await soon();
        const lost = notice();
        store.set({ connected: true });
        fetches[1].come();
        await soon();
        found = [lost, fetches.length, told, notice()];
    """)
    assert found == [None, 2, ["mounted", "size 2"], None]


def test_of_one_that_was_only_expected_nothing_is_said():
    found = told("""
        panel.expect();
        fetches[0].fail();
        await soon();
        found = [notice(), fetches.length, told];
    """)
    assert found == [None, 1, []]


def test_it_is_not_mounted_where_all_has_ended_meanwhile():
    found = told("""
        panel.show(store.get());
        store.life.end();
        fetches[0].come();
        await soon();
        found = [told, notice()];
    """)
    assert found == [[], None]


def test_it_is_mounted_once_its_words_are_there_and_not_without_them():
    found = told("""
        const asked = [];
        const words = (language) => new Promise((come, fail) => asked.push({ language, come, fail }));
        store.set({ words: { "language.code": "fr-CA" } });
        const tools = { store, choices: { languages: ["en", "fr"] }, host: { words } };
        const spoken = onDemand({ ...feature, speaks: "own.title" }, root, tools);
        spoken.show(store.get());
        fetches[0].come();
        asked[0].fail();
        await soon();
        const lost = [notice(), [...told]];
        const whole = spoken.whole();
        fetches[1].come();
        await soon();
        const before = told.length;
        asked[1].come({ "language.code": "fr-CA", "own.title": "titre" });
        await whole;
        found = [lost, before, told, asked.map(({ language }) => language), store.get().words["own.title"]];
    """)
    assert found == [["panel.lost", []], 0, ["mounted", "size 2", "shows 2 undefined"], ["fr", "fr"], "titre"]
