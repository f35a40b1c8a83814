"""Stop when: training stops at the very micro-step at which conditions become true, and shows why."""

import json
from functools import partial
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.until.kinds import CONDITIONS
from engine.until.reading import until_of
from tests.helpers.browsing import at, button, chooser, eventually, look_inside, now, region, say, untrue
from tests.helpers.networks import plain

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
RELU = plain((5, "relu"), (3, "tanh"), (1, "sigmoid"), dataset={"name": "moons", "examples": 40}, rate=0.8) | {
    "mini_batch_size": 10
}


WEIGHTS = "name => backscope.marks().filter(({ lane, tensor }) => lane === name && tensor === 'W1')"


def lanes(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("backscope.lanes")
    return found


def panel(page: Page) -> Locator:
    if button(page, "Stop when").get_attribute("aria-expanded") == "false":
        button(page, "Stop when").click()
    opened = region(page, "Stop when")
    expect(opened.get_by_role("button", name=say("until.add"))).to_be_enabled()
    return opened


def add(page: Page, name: str, join: str = "", **fields: Any) -> Locator:
    """Add a condition, and fill its fields in."""
    opened = panel(page)
    count = opened.get_by_role("listitem").count()
    opened.get_by_role("button", name=say("until.add")).click()
    row = opened.get_by_role("listitem", name=say("until.condition", count=count + 1), exact=True)
    row.get_by_role("combobox", name=say("until.kind"), exact=True).select_option(name)
    if join:
        row.get_by_role("combobox", name=say("until.join")).select_option(join)
    for field, value in fields.items():
        control = row.get_by_label(say(f"until.field.{field}"), exact=True)
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(str(value))
        else:
            control.fill(str(value))
            control.press("Enter")
    return row


def stops_at(form: dict[str, Any], until: Any) -> int:
    """The moment at which the engine stops."""
    timeline = Timeline(Experiment.from_dict(form))
    timeline.seek(10**6, until=until_of(until, timeline.experiment))
    assert timeline.ended_by
    return timeline.t


def stopped(page: Page, t: int, name: str) -> Locator:
    """The panel of the stop at t, once it is there."""
    at(page, t)
    told = region(page, "Stop when").get_by_role("status")
    expect(told).to_contain_text(say("until.stopped", t=f"{t:,}", name=say(f"until.kind.{name}")))
    expect(button(page, say("play"))).to_be_visible()
    return told


def test_playing_stops_at_full_speed_where_a_condition_becomes_true_and_shows_why(pages):
    page = pages.open(XOR)
    add(page, "loss_below", value=0.1)
    t = stops_at(XOR, {"name": "loss_below", "value": 0.1})
    button(page, say("full_speed")).click()
    told = stopped(page, t, "loss_below")
    assert untrue(look_inside(page)) == []
    expect(told).to_contain_text("below 0.100")
    told.get_by_role("button", name=say("until.before")).click()
    at(page, t - 1)
    told.get_by_role("button", name=say("until.stop"), exact=True).click()
    at(page, t)
    told.get_by_role("button", name="Why").click()
    begin = t // 18 * 18
    at(page, begin)
    expect(region(page, "Inspector").get_by_role("tab", name="Why")).to_have_attribute("aria-selected", "true")
    selected = page.evaluate("backscope.view.selected")
    expect(told.get_by_role("button", name=f"Why {selected['tensor']}[")).to_be_visible()
    assert page.evaluate("backscope.scene.view.stops") == [{"name": "loss_below", "value": 0.1, "of": "mini_batch"}]
    button(page, say("play")).click()
    stopped(page, t, "loss_below")  # it is true again on the way from there
    opened = region(page, "Stop when")
    opened.get_by_text(say("until.all")).click()
    opened.get_by_role("checkbox", name=say("until.on")).uncheck()
    button(page, say("play")).click()
    expect(told).to_be_hidden()


def test_conditions_go_together_and_what_is_off_stops_nothing(pages):
    page = pages.open(RELU)
    add(page, "sign_changes", tensor="W3", index="0, 0")
    add(page, "dead", "and", layer=1, times=2)
    row = add(page, "loss_above", value=1e-9)
    row.get_by_role("checkbox", name=say("until.on")).uncheck()
    both = {
        "all": [{"name": "sign_changes", "tensor": "W3", "index": [0, 0]}, {"name": "dead", "layer": 1, "times": 2}]
    }
    sign = stops_at(RELU, both["all"][0])
    dead = stops_at(RELU, both["all"][1])
    assert sign != dead
    timeline = Timeline(Experiment.from_dict(RELU))
    timeline.seek(10**4, until=until_of(both, timeline.experiment))
    button(page, say("full_speed")).click()
    if timeline.ended_by:
        stopped(page, timeline.t, timeline.ended_by.name)
    else:
        eventually(lambda: now(page) > 10**4)
        button(page, say("pause")).click()
    row.get_by_role("button", name=say("until.remove")).click()
    expect(region(page, "Stop when").get_by_role("listitem")).to_have_count(2)


def test_a_link_brings_its_conditions_and_paced_playing_stops_too(pages):
    page = pages.open(XOR)
    form = {"name": "gradient_norm", "low": 0.05, "high": 10}
    view = {"stops": [form], "speed": 60, "grain": "equation"}
    page.goto(f"{pages.address}#preset=xor&t=9&view={quote(json.dumps(view))}")
    at(page, 9)
    button(page, say("play")).click()
    stopped(page, stops_at(XOR, form), "gradient_norm")


def test_what_can_never_be_is_refused_beside_its_field_before_work_begins(pages):
    page = pages.open(XOR)
    row = add(page, "sign_changes", tensor="W1", index="9, 0")
    expect(row.get_by_role("alert")).to_have_text("invalid index: 9 (0 to 3)")
    expect(row.get_by_label(say("until.field.index"))).to_have_attribute("aria-invalid", "true")
    region(page, "Stop when").get_by_role("button", name=say("until.close")).click()
    expect(button(page, "Stop when")).to_be_focused()
    button(page, say("play")).click()
    expect(row.get_by_role("alert")).to_be_visible()  # it opens again, and says why nothing goes on
    assert now(page) == 0
    kinds = row.get_by_role("combobox", name=say("until.kind"), exact=True).get_by_role("option")
    assert kinds.count() == len(CONDITIONS)
    refused = [each.inner_text() for each in kinds.all() if each.is_disabled()]
    assert refused == [
        f"{say(f'until.kind.{name}')} ({say(f'expected.{why}')})"
        for name, why in (("held_out_rises", "none_held_out"), ("dead", "no_slope"))
    ]
    row.get_by_label(say("until.field.tensor")).select_option("b1")
    expect(row.get_by_label(say("until.field.index"))).to_have_value("9")
    row.get_by_label(say("until.field.index")).fill("2")
    row.get_by_label(say("until.field.index")).press("Enter")
    expect(row.get_by_role("alert")).to_be_hidden()
    button(page, "Step forward").click()
    eventually(lambda: now(page) > 0)


def test_run_to_stops_at_a_condition_on_its_way(pages):
    page = pages.open(XOR)
    add(page, "loss_below", value=0.1)
    region(page, "Stop when").get_by_role("button", name=say("until.close")).click()
    button(page, "Run to").click()
    chooser(page, say("run_to.what")).select_option("training_step")
    button(page, "Go").click()
    stopped(page, stops_at(XOR, {"name": "loss_below", "value": 0.1}), "loss_below")


def test_a_cure_is_a_lane_of_its_own_and_the_run_that_was_stopped_stays(pages):
    page = pages.open(XOR | {"optimizer": {"name": "gradient_descent", "learning_rate": 50}})
    add(page, "gradient_norm", low=0, high=1.5)
    form = page.evaluate("backscope.experiment")
    t = stops_at(form, {"name": "gradient_norm", "low": 0, "high": 1.5})
    button(page, say("full_speed")).click()
    told = stopped(page, t, "gradient_norm")
    cures = told.locator(".stop-buttons").last.get_by_role("button")
    expect(cures.first).to_be_visible()
    cures.first.click()
    eventually(lambda: [bool((each["experiment"] or {}).get("changes")) for each in lanes(page)] == [False, True])
    eventually(lambda: lanes(page)[0]["t"] == lanes(page)[1]["t"])
    ill, cured = lanes(page)
    assert (ill["name"], cured["name"], ill["experiment"]) == ("A", "B", form)
    (change,) = cured["experiment"]["changes"]
    assert change["t"] <= t
    for name, each in (("A", ill), ("B", cured)):
        weights = Timeline(Experiment.from_dict(each["experiment"])).seek(each["t"])["W1"]
        eventually(partial(page.evaluate, WEIGHTS, name))
        drawn = page.evaluate(WEIGHTS, name)
        assert all(np.float32(mark["value"]) == weights[tuple(mark["index"])] for mark in drawn)
