"""The laboratory: forks in lockstep with the run, drawn truly, kept in the address, and gone with the mount."""

import json
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.axe import violations
from tests.helpers.browsing import Pages, at, button, chooser, eventually, region, say, state
from tests.helpers.interruption import lost

pytestmark = pytest.mark.without_chart

XOR = PRESETS["xor"]
STEP = 18  # micro-steps of a training step
LANES = "backscope.lanes.map(({ name, run, t, experiment }) => ({ name, run, t, experiment }))"
MARKS = """(lane) => backscope.marks().filter((mark) => mark.lane === lane && mark.index)
  .map(({ tensor, index, value, minus, kind }) => ({ tensor, index, value, minus, kind }))"""


def lanes(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(LANES)
    return found


def together(page: Page, names: str, t: int) -> None:
    """Wait until these lanes, and no others, are at the moment t."""
    eventually(lambda: [(each["name"], each["t"]) for each in lanes(page)] == [(name, t) for name in names])


def lane(page: Page, name: str) -> Locator:
    return region(page, say("lane.region", name=name))


def forked(page: Page) -> Locator:
    """Fork the run by its key; the settings of the new lane."""
    count = len(lanes(page))
    page.keyboard.press("f")
    eventually(lambda: len(lanes(page)) == count + 1)
    return region(page, say("lane.change", name=lanes(page)[-1]["name"]))


def true_marks(page: Page, name: str, run: dict[str, Any], less: dict[str, Any] | None = None) -> int:
    """How many marks of parameters, gradients and activations a lane has, all of which are the engine's elements."""
    drawn = [mark for mark in page.evaluate(MARKS, name) if mark["tensor"][0] in "Wbad" and mark["value"] is not None]
    tensors = state(run["experiment"], run["t"])
    other = state(less["experiment"], less["t"]) if less else None
    for mark in drawn:
        index, value = tuple(mark["index"]), tensors[mark["tensor"]]
        true = value[index] if other is None else np.float32(value[index]) - np.float32(other[mark["tensor"]][index])
        assert np.float32(mark["value"]) == np.float32(true), mark
        assert mark.get("minus") == ("A" if less else None)
    return len(drawn)


def test_a_fork_shares_the_past_takes_one_change_and_goes_along_step_by_step(pages: Pages):
    page = pages.open(XOR, 2 * STEP)
    settings = forked(page)
    together(page, "AB", 2 * STEP)
    assert lanes(page)[0]["experiment"] == lanes(page)[1]["experiment"]
    rate = settings.get_by_label("Learning rate")
    rate.fill("2")
    rate.press("Enter")
    eventually(lambda: lanes(page)[1]["experiment"].get("changes") == [{"t": 2 * STEP, "learning_rate": 2}])
    assert violations(page) == []
    settings.get_by_role("button", name=say("lane.change.close")).click()
    expect(settings).to_be_hidden()
    for keys, t in (("Shift+ArrowRight", 3 * STEP), ("ArrowRight", 3 * STEP + 1), ("ArrowLeft", 3 * STEP)):
        page.keyboard.press(keys)
        together(page, "AB", t)
    page.keyboard.press("Shift+ArrowRight")
    together(page, "AB", 4 * STEP)
    first, second = lanes(page)
    assert "changes" not in first["experiment"]
    for each in (first, second):
        assert true_marks(page, each["name"], each) > 25
    assert page.evaluate("backscope.marks().every(({ lane }) => lane)")

    expect(region(page, "Laboratory")).to_contain_text(say("lane.parted", one="A", other="B", step=2, element="W1[0,0]",
        value="@", its="@").split("@")[0])  # fmt: skip
    expect(region(page, "Laboratory")).to_contain_text("0, 1, 2, 3 · B as A")
    chooser(page, say("lane.difference")).select_option("B")
    eventually(lambda: any(mark["minus"] for mark in page.evaluate(MARKS, "B")))
    assert true_marks(page, "B", second, first) > 25
    expect(region(page, "Laboratory")).to_contain_text("Lane B shows B − A at the same moment")

    address = page.url
    assert quote('"differs":{"changes":', safe=":,") in address.replace("%3A", ":").replace("%2C", ",")
    page.goto("about:blank")
    page.goto(address)
    together(page, "AB", 4 * STEP)
    assert lanes(page) == [first, second]

    lane(page, "B").get_by_role("textbox").fill("faster")
    lane(page, "B").get_by_role("button", name=say("lane.promote")).click()
    eventually(lambda: [each["experiment"] for each in lanes(page)] == [second["experiment"], first["experiment"]])
    together(page, "AB", 4 * STEP)
    expect(lane(page, "A").get_by_role("textbox")).to_have_value("faster")
    lane(page, "B").get_by_role("button", name="Drop lane").click()
    together(page, "A", 4 * STEP)
    expect(lane(page, "B")).to_have_count(0)
    button(page, "Laboratory").click()
    expect(region(page, "Network")).to_be_visible()


def test_lanes_of_other_programs_go_along_by_training_steps_at_full_speed_and_a_seventh_is_refused(pages: Pages):
    page = pages.open(XOR, STEP)
    for _ in range(5):
        forked(page)
    together(page, "ABCDEF", STEP)
    page.keyboard.press("f")
    expect(page.get_by_role("status").filter(has_text="7 (at most 6 at once)")).to_be_visible()
    for name in "DEF":
        lane(page, name).get_by_role("button", name="Drop lane").click()
    lane(page, "C").get_by_role("button", name=say("lane.settings"), exact=True).click()
    settings = region(page, say("lane.change", name="C"))
    settings.get_by_role("button", name=say("settings.more")).click()
    settings.get_by_label(say("optimizer"), exact=True).select_option("momentum")
    eventually(lambda: lanes(page)[2]["experiment"].get("changes"))
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 3000")
    page.wait_for_function("""() => new Promise((done) => {
      const watch = () => {
        const [a, b, c] = backscope.lanes.map(({ t }) => t);
        done(a > 3000 && b === a && c > a);
      };
      requestAnimationFrame(watch);
    })""")  # fmt: skip
    button(page, "Pause").click()
    eventually(lambda: page.evaluate("backscope.lanes[1].t === backscope.t"))
    first, second, third = lanes(page)
    program = len(page.evaluate("backscope.listing.program"))
    assert first["t"] == second["t"] and first["t"] % program == 0
    for each in (first, second, third):
        assert true_marks(page, each["name"], each) > 25


def test_a_race_begins_with_one_press_and_lanes_go_by_examples(pages: Pages):
    page = pages.open(XOR)
    button(page, "Laboratory").click()
    page.get_by_role("button", name=say("race.batches")).click()
    page.wait_for_function("backscope.lanes.length === 3 && backscope.t > 0 && backscope.lanes[2].t > 60 * 18")
    button(page, "Pause").click()
    eventually(lambda: [each["t"] for each in lanes(page)] == [page.evaluate("backscope.t") * by for by in (1, 6, 60)])
    assert [each["experiment"]["mini_batch_size"] for each in lanes(page)] == [60, 10, 1]
    expect(chooser(page, say("lane.pace"))).to_have_value("examples")


def test_while_lanes_play_what_is_told_of_them_is_of_one_training_step(pages: Pages):
    page = pages.open(XOR)
    button(page, "Laboratory").click()
    page.get_by_role("button", name=say("race.rates")).click()
    told = page.get_by_text(say("lane.batches", told="").strip())
    expect(told).to_contain_text("B as A")
    seen: set[str] = set()
    while len(seen) < 5:
        seen.add(told.inner_text())
        page.wait_for_timeout(50)
    assert [text for text in seen if not text.endswith("B as A · C as A")] == []
    assert page.evaluate("backscope.lanes.every(({ t }) => t === backscope.lanes[0].t)")
    expect(button(page, "Pause")).to_be_visible()


def test_three_lanes_are_there_again_at_a_server_that_has_lost_them(pages: Pages, interrupted: Any):
    page = interrupted.open(pages, XOR, 2 * STEP)
    for _ in range(2):
        forked(page)
    together(page, "ABC", 2 * STEP)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    interrupted.start()
    expect(lost(page)).to_be_hidden(timeout=15_000)
    page.keyboard.press("Shift+ArrowRight")
    together(page, "ABC", 3 * STEP)
    for each in lanes(page):
        assert true_marks(page, each["name"], each) > 25


def test_lanes_that_a_link_cannot_have_are_told_and_the_run_is_shown(pages: Pages):
    page = pages.blank()
    view = quote(json.dumps({"lanes": [{"name": "G", "experiment": {}}]}))
    page.goto(f"{pages.address}#preset=xor&t=5&view={view}")
    at(page, 5)
    expect(page.get_by_role("status").filter(has_text="lanes")).to_be_visible()
    assert [each["name"] for each in lanes(page)] == ["A"]
    wrong = quote(json.dumps({"lanes": [{"name": "B", "differs": {"seed": -1}}]}))
    page.goto("about:blank")
    page.goto(f"{pages.address}#preset=xor&t=5&view={wrong}")
    at(page, 5)
    expect(page.get_by_role("status").filter(has_text="seed")).to_be_visible()
    eventually(lambda: [each["name"] for each in lanes(page)] == ["A"])
