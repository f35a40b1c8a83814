"""Two whole Backscopes in one page train side by side, and one that is destroyed leaves nothing behind."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.helpers.browsing import Pages

pytestmark = pytest.mark.without_chart

# Counts what the page's scripts have going on: listeners of what outlives a mount, timers, frames, observers, lines.
COUNTING = """
const ours = () => new Error().stack.includes("/static/");
const going = { timers: new Set(), frames: new Set(), observers: new Set(), lines: new Set(), listeners: [] };
const { setTimeout: later, clearTimeout: cancel, requestAnimationFrame: frame, cancelAnimationFrame: drop } = window;
window.setTimeout = (work, ...rest) => {
  const timer = later((...values) => { going.timers.delete(timer); work(...values); }, ...rest);
  if (ours()) going.timers.add(timer);
  return timer;
};
window.clearTimeout = (timer) => { going.timers.delete(timer); cancel(timer); };
window.setInterval = () => { throw new Error("nothing here beats for ever"); };
window.requestAnimationFrame = (work) => {
  const due = frame((now) => { going.frames.delete(due); work(now); });
  if (ours()) going.frames.add(due);
  return due;
};
window.cancelAnimationFrame = (due) => { going.frames.delete(due); drop(due); };
for (const name of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
  window[name] = class extends window[name] {
    observe(...of) { if (ours()) going.observers.add(this); super.observe(...of); }
    disconnect() { going.observers.delete(this); super.disconnect(); }
  };
}
window.WebSocket = class extends WebSocket {
  constructor(...of) {
    super(...of);
    going.lines.add(this);
    add.call(this, "close", () => going.lines.delete(this));
  }
};
const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
EventTarget.prototype.addEventListener = function (type, listener, ...rest) {
  if (ours()) going.listeners.push({ target: this ?? window, type, listener });
  return add.call(this ?? window, type, listener, ...rest);
};
EventTarget.prototype.removeEventListener = function (type, listener, ...rest) {
  const target = this ?? window;
  const at = going.listeners.findIndex((each) =>
    each.target === target && each.type === type && each.listener === listener);
  if (at >= 0) going.listeners.splice(at, 1);
  return remove.call(target, type, listener, ...rest);
};
const outlives = (target) =>
  target instanceof Node ? target.isConnected : !(target instanceof WebSocket) || target.readyState < 2;
window.goingOn = () => ({
  timers: going.timers.size, frames: going.frames.size, observers: going.observers.size, lines: going.lines.size,
  listeners: going.listeners.filter(({ target }) => outlives(target)).map(({ target, type }) =>
    `${target.constructor.name} ${target.className ?? ""} ${type}`),
});
"""

# The page without its own host, in which mounts are made as any host would: from the page's markup and words.
PREPARE = """async () => {
  const [{ mount }, { connect }] = await Promise.all(
    ["mount.js", "ask/connection.js"].map((script) => import(new URL(`static/${script}`, location))));
  const catalogue = JSON.parse(document.getElementById("page-data").textContent);
  const markup = document.querySelector(".backscope");
  markup.remove();
  window.mounts = {};
  window.mountOne = (name, fragment) => {
    const root = markup.cloneNode(true);
    root.setAttribute("role", "group");
    root.ariaLabel = name;
    Object.assign(root.style, { width: "1200px", height: "800px" });
    document.body.append(root);
    const held = { href: new URL(fragment, "http://elsewhere/" + name).href, kept: null };
    const address = {
      get: () => ({ ...held }), put: (href, kept) => { Object.assign(held, { href, kept }); }, moved: () => () => {},
    };
    const line = (hears) => connect(location.origin.replace("http", "ws") + "/ws", hears);
    window.mounts[name] = { held, root, ...mount(root, line, catalogue, { address }) };
  };
}"""


def fragment(experiment: dict[str, Any]) -> str:
    return f"#t=0&experiment={quote(json.dumps(experiment))}"


XOR = {
    "dataset": {"name": "xor"},
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
}
SINE = {
    "dataset": {"name": "sine"},
    "layers": [{"units": 5, "activation": "tanh"}, {"units": 1, "activation": "identity"}],
    "loss": "squared_error",
}


def mount(page: Page, name: str, experiment: dict[str, Any]) -> Locator:
    """Mount one more, and wait until it is painted."""
    page.evaluate("([name, fragment]) => mountOne(name, fragment)", [name, fragment(experiment)])
    page.wait_for_function("name => mounts[name].run.stats().painted.at(-1)?.t === 0", arg=name)
    return page.get_by_role("group", name=name, exact=True)


@pytest.fixture
def empty(pages: Pages) -> Page:
    page = pages.blank(fresh=True)
    page.add_init_script(COUNTING)
    page.route("**/main.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(pages.address)
    page.evaluate(PREPARE)
    return page


def t(page: Page, name: str) -> int:
    moment: int = page.evaluate("name => mounts[name].run.t", name)
    return moment


def test_two_in_one_page_train_side_by_side_each_with_its_own_marks_ids_and_link(empty: Page):
    one, two = mount(empty, "one", XOR), mount(empty, "two", SINE)
    for each in (one, two):
        each.get_by_role("button", name="Full speed").click()
    empty.wait_for_function("() => mounts.one.run.t > 200 && mounts.two.run.t > 200")
    for each in (one, two):
        each.get_by_role("button", name="Pause").click()
    names = empty.evaluate(
        """() => Object.values(mounts).map(({ run }) =>
          [run.experiment.dataset.name, run.marks().filter(({ kind }) => kind === "weight").length])"""
    )
    assert names == [["xor", 3 * 2 + 3], ["sine", 5 + 5]]
    truth = empty.evaluate(
        """() => Object.values(mounts).map(({ run }) => run.marks().filter(({ kind }) => kind === "weight").every(
          ({ tensor, index: [j, k], value }) => {
            const { shape, data } = run.tensor(tensor);
            return data[j * shape[1] + k] === value;
          }))"""
    )
    assert truth == [True, True]
    empty.wait_for_function("() => Object.values(mounts).every(({ held, run }) => held.href.includes(`&t=${run.t}&`))")
    links = empty.evaluate("() => Object.values(mounts).map(({ held }) => held.href)")
    assert [link.partition("&")[0] for link in links] == [
        "http://elsewhere/one#preset=xor", "http://elsewhere/two#preset=sine",
    ]  # fmt: skip
    ids, groups, missing = empty.evaluate(
        """() => [
          [...document.querySelectorAll("[id]")].map(({ id }) => id),
          Object.values(mounts).map(({ root }) => root.querySelector("[type=radio]").name),
          [...document.querySelectorAll("[aria-labelledby]")].filter((each) =>
            !each.closest(".backscope").contains(document.getElementById(each.getAttribute("aria-labelledby")))).length,
        ]"""
    )
    assert len(ids) == len(set(ids)) and len(ids) > 10
    assert len(set(groups)) == 2
    assert missing == 0


def test_keys_and_choices_in_one_leave_the_other_alone(empty: Page):
    one, two = mount(empty, "one", XOR), mount(empty, "two", XOR)
    one.get_by_role("region", name="Transport").get_by_role("status", name="Position").click()
    empty.keyboard.press("Shift+ArrowRight")
    empty.wait_for_function("() => mounts.one.run.t > 0")
    assert t(empty, "two") == 0
    two.get_by_role("region", name="Transport").get_by_role("status", name="Position").click()
    empty.keyboard.press("Space")
    expect(two.get_by_role("button", name="Pause")).to_be_visible()
    expect(one.get_by_role("button", name="Play", exact=True)).to_be_visible()
    two.get_by_role("tab", name="Matrix").click()
    expect(two.get_by_role("tab", name="Matrix")).to_have_attribute("aria-selected", "true")
    expect(one.get_by_role("tab", name="Matrix")).to_have_attribute("aria-selected", "false")
    one.get_by_role("button", name="Theme").click()
    assert empty.evaluate("() => [mounts.one.view.get().themeChoice, mounts.two.view.get().themeChoice]") == [
        "light", "auto",
    ]  # fmt: skip


def test_one_that_is_destroyed_leaves_nothing_behind_and_the_other_goes_on(empty: Page):
    one = mount(empty, "one", XOR)
    one.get_by_role("button", name="Play", exact=True).click()
    before = empty.evaluate("goingOn()")
    two = mount(empty, "two", SINE)
    for view in ("Examples", "Wishes", "Column", "Proof", "Matrix"):
        two.get_by_role("tab", name=view, exact=True).click()
    two.get_by_role("tab", name="What it has learned").click()
    for count in (2, 3):
        two.get_by_role("button", name="Fork", exact=True).click()
        empty.wait_for_function("count => mounts.two.run.lanes.length === count", arg=count)
    two.get_by_role("button", name="Full speed").click()
    empty.wait_for_function("() => mounts.two.run.lanes.every(({ t }) => t > 50)")
    during = empty.evaluate("goingOn()")
    assert during["lines"] == 2
    assert during["observers"] > before["observers"]
    assert len(during["listeners"]) > len(before["listeners"])
    at = empty.evaluate("() => { mounts.two.destroy(); return mounts.one.run.t; }")
    empty.wait_for_function("at => goingOn().lines === 1 && mounts.one.run.t > at", arg=at)
    empty.get_by_role("button", name="Pause").click()
    empty.evaluate("() => mounts.one.destroy()")
    empty.wait_for_function("() => goingOn().lines === 0")
    assert empty.evaluate("goingOn()") == {"timers": 0, "frames": 0, "observers": 0, "lines": 0, "listeners": []}
    assert empty.evaluate("() => Object.values(mounts).every(({ root }) => root.innerHTML === '')")


def test_panels_and_style_sheets_that_come_after_the_end_are_not_put_in(empty: Page):
    one = mount(empty, "one", XOR)
    held: list[Route] = []
    empty.route(re.compile("/static/"), lambda route: held.append(route))
    for view in ("What it has learned", "Examples", "Proof"):
        one.get_by_role("tab", name=view, exact=True).click()
    one.get_by_role("button", name="Lessons", exact=True).click()
    empty.wait_for_function("() => performance.now() > 0")  # the requests of the page have reached the test
    assert held
    empty.evaluate("() => mounts.one.destroy()")
    late = [each.request.url for each in held]
    for each in held:
        each.continue_()
    empty.unroute(re.compile("/static/"))
    empty.evaluate(
        "async (scripts) => { await Promise.all(scripts.map((each) => import(each))); }",
        [u for u in late if ".js" in u],
    )
    assert empty.evaluate("() => mounts.one.root.innerHTML") == ""
