"""The column: the number of every parameter in one long list, true, searchable, sorted on demand, and lit both ways."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.parameter_update import parameter_updates
from tests.helpers.autodiff import true_gradients
from tests.helpers.browsing import (
    at,
    bring,
    button,
    channels,
    choose_arrows,
    colour,
    eventually,
    look,
    micro_steps,
    numbers,
    resized,
    same,
    say,
    slider,
)
from tests.helpers.column import ROWS, Row, active, column, finder, in_sight, listed, names, opened, rows
from tests.helpers.layout import HEIGHTS, WIDTHS
from tests.helpers.networks import table_experiments
from tests.helpers.sights import sight, sights

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS, LARGE = PRESETS["xor"], PRESETS["digits_13002"], PRESETS["digits_100"]
ADAM = {**XOR, "optimizer": {"name": "adam", "learning_rate": 0.01}}

# The cells of rows and of their head that take more than a line, or run into the next one.
CROWDED = """() => [...document.querySelectorAll("[data-part=column] :is(.entry, .head)")].flatMap((row) => {
  const seen = (each) => each.checkVisibility({ visibilityProperty: true }) && each.textContent.trim();
  const cells = [...row.children].filter(seen);
  const ink = (each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return range.getBoundingClientRect();
  };
  return cells.filter((each, i) => each.offsetHeight > 24
    || (i && ink(each).left < ink(cells[i - 1]).right));
}).map((each) => each.textContent)"""


def starting(page: Page, position: float) -> Callable[[], bool]:
    """Whether the rows that are there begin at this position or further down."""
    return lambda: rows(page)[0]["position"] >= position


def flat(chosen: Experiment, letter: str, arrays: Any) -> np.ndarray:
    """All numbers in the order of the column, NaN where there are none."""
    shapes = Timeline(chosen).seek(0)
    parts = [arrays.get(letter + name, np.full(shapes[name].shape, np.nan)) for name in chosen.parameters]
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float32)


def shown(row: Row) -> float:
    return numbers(row["value"])[0]


def misses(found: list[Row], chosen: Experiment, values: np.ndarray, sign: int = -1) -> list[Row]:
    """The rows whose name, place or number is not that of the column; the sign is that of the arrows beside them."""
    spelled = names(chosen)
    return [
        row
        for row in found
        if spelled[int(row["place"].replace(",", "")) - 1] != row["name"]
        or not same(shown(row), np.float32(sign * values[int(row["place"].replace(",", "")) - 1] + 0))
    ]


def test_every_number_of_a_small_networks_column_is_the_engines(pages):
    t = micro_steps(XOR)
    page = opened(pages.open(XOR, t))
    chosen = Experiment.from_dict(XOR)
    found, values = rows(page), flat(chosen, "d", Timeline(chosen).seek(t))
    assert [row["position"] for row in found] == list(range(17))
    assert {row["size"] for row in found} == {17}
    assert misses(found, chosen, values) == []
    full = numbers(column(page).locator(".head").inner_text())[-1]
    for row, value in zip(found, values, strict=True):
        assert row["bar"] == pytest.approx(100 * abs(value) / full, abs=0.02)
        assert numbers(row["brief"])[0] == pytest.approx(-value, rel=0.06)
    assert max(row["bar"] for row in found) > 45
    expect(column(page)).to_contain_text("17 parameters")


@given(table_experiments())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_numbers_of_any_networks_column_are_those_of_autodiff(pages, chosen):
    timeline = Timeline(chosen)
    t = len(timeline.program)
    start, state = timeline.seek(0), timeline.seek(t)
    truth = true_gradients(chosen, {**state, **{name: start[name] for name in chosen.parameters}})
    values = flat(chosen, "d", truth)
    page = pages.blank() if not pages.opened else pages.opened[0]
    opened(pages.go(page, chosen.to_dict(), t))
    found, spelled = rows(page), names(chosen)
    assert found
    for row in found:
        place = int(row["place"].replace(",", "")) - 1
        assert row["name"] == spelled[place]
        assert shown(row) == pytest.approx(-float(values[place]), rel=2e-3, abs=2e-5)
    expect(column(page)).to_contain_text(say("column.count", count=f"{len(values):,}"))


@pytest.mark.parametrize(
    ("name", "sign", "experiment"), [("nudge", -1, XOR), ("gradient", 1, ADAM), ("update", 1, XOR), ("update", 1, ADAM)]
)
def test_arrows_and_colours_mean_what_the_switch_says(pages, name, sign, experiment):
    t, chosen = micro_steps(experiment), Experiment.from_dict(experiment)
    page = opened(pages.open(experiment, t))
    choose_arrows(page, "Arrows show", name)
    timeline = Timeline(chosen)
    letter = "u" if name == "update" else "d"
    values = flat(chosen, letter, {**timeline.seek(t), **parameter_updates(timeline, t)})
    heads = {"nudge": "−dC/dw", "gradient": "dC/dw", "update": "Δw"}
    expect(column(page).locator(".head")).to_have_text(re.compile(f"(?<!−){heads[name]}"))
    eventually(lambda: misses(rows(page), chosen, values, sign) == [])
    alike = say("column.alike", size="0.0100").split("±")[1] if (experiment, name) == (ADAM, "update") else ""
    expect(column(page).get_by_role("status")).to_contain_text(alike or re.compile("^$"))
    up, down = (f"rgb{channels(colour(page, each))}" for each in ("up", "down"))
    for row in rows(page):
        raised = shown(row) > 0
        assert (row["arrow"], row["colour"]) == (("↑", up) if raised else ("↓", down))
    assert {row["arrow"] for row in rows(page)} == {"↑", "↓"}


def test_the_column_of_13002_parameters_scrolls_to_its_end_and_every_row_on_the_way_is_true(pages):
    t, chosen = 2 * micro_steps(DIGITS), Experiment.from_dict(DIGITS)
    page = opened(pages.open(DIGITS, t))
    values = flat(chosen, "d", Timeline(chosen).seek(t))
    assert len(values) == 13_002
    expect(column(page)).to_contain_text("13,002 parameters")
    seen = set()
    for share in (0, 0.21, 0.5, 0.77, 1):
        listed(page).evaluate("(list, share) => { list.scrollTop = share * list.scrollHeight; }", share)
        eventually(starting(page, share * 13_002 - 40))
        found = rows(page)
        assert len(found) < 60  # only the rows in sight are there
        assert misses(found, chosen, values) == []
        assert {row["size"] for row in found} == {13_002}
        tops = [row["top"] for row in found]
        assert np.ptp(np.diff(tops)) < 0.5
        box = listed(page).bounding_box()
        assert box
        assert min(tops) <= box["y"] + 1
        assert max(tops) + found[-1]["height"] >= box["y"] + box["height"] - 3
        seen |= {row["position"] for row in found}
    assert {0, 13_001} <= seen
    for width in WIDTHS:
        resized(page, width, HEIGHTS[width])
        assert page.evaluate(CROWDED) == [], width


def test_scrolling_through_79510_rows_is_smooth(pages):
    page = opened(pages.open(LARGE, micro_steps(LARGE)))
    typical = page.evaluate("""async () => {
      const list = document.querySelector("[data-part=column] [role=listbox]");
      const spent = [];
      const scroll = (done) => { // all that it does in a frame, between the two that begin and end with it
        let began;
        list.scrollTop += 6420;
        requestAnimationFrame(() => (began = performance.now()));
        list.dispatchEvent(new Event("scroll"));
        requestAnimationFrame(() => {
          list.getBoundingClientRect();
          spent.push(performance.now() - began);
          done();
        });
      };
      for (let i = 0; i < 30; i++) await new Promise(scroll);
      return spent.sort((a, b) => a - b)[15];
    }""")
    assert typical < 33
    assert rows(page)[0]["position"] > 7000
    assert len(page.query_selector_all("[data-part=column] [role=option]")) < 60


def test_before_anything_is_computed_every_row_says_so_and_what_will_compute_it(pages):
    page = opened(pages.open(XOR))
    program = page.evaluate("backscope.listing.program")
    first = next(k for k, step in enumerate(program) if step["writes"] == ["dW2"])
    assert {row["brief"] for row in rows(page)} == {"—"}
    assert {row["arrow"] for row in rows(page)} == {""}
    assert {row["bar"] for row in rows(page)} == {0}
    expect(column(page)).to_contain_text(f"at t {first + 1}")
    expect(column(page)).to_contain_text("dW2")
    due = {row["name"]: row["title"] for row in rows(page)}
    for tensor in ("W1", "b1", "W2", "b2"):
        t = 1 + next(k for k, step in enumerate(program) if step["writes"] == [f"d{tensor}"])
        assert f"d{tensor}, at t {t}." in due[f"{tensor}[0]" if tensor[0] == "b" else f"{tensor}[0, 0]"]
    choose_arrows(page, "Arrows show", "update")
    t = 1 + next(k for k, step in enumerate(program) if "W1" in step["writes"])
    expect(column(page)).to_contain_text(f"at t {t}")
    expect(column(page)).to_contain_text("update")


def test_rows_whose_tensor_is_not_there_yet_say_so_while_others_have_numbers(pages):
    program = len(Timeline(Experiment.from_dict(XOR)).program)
    page = opened(pages.open(XOR, 10))
    chosen, state = Experiment.from_dict(XOR), Timeline(Experiment.from_dict(XOR)).seek(10)
    there = {name for name in ("W1", "b1", "W2", "b2") if f"d{name}" in state}
    assert {"W2"} <= there < {"W1", "b1", "W2", "b2"}
    for row in rows(page):
        assert (row["brief"] != "—") == (row["name"].split("[")[0] in there)
    expect(column(page).get_by_role("status")).to_contain_text("—")
    slider(page, "Timeline").fill(str(program))
    at(page, program)
    eventually(lambda: misses(rows(page), chosen, flat(chosen, "d", Timeline(chosen).seek(program))) == [])
    expect(column(page).get_by_role("status")).to_have_text("")


@pytest.mark.parametrize("experiment", [DIGITS, XOR], ids=["13,002", "17"])
def test_the_biggest_come_first_as_numpy_sorts_them(pages, experiment):
    t, chosen = 3 * micro_steps(experiment), Experiment.from_dict(experiment)
    page = opened(pages.open(experiment, t))
    values = flat(chosen, "d", Timeline(chosen).seek(t))
    order = np.argsort(-np.abs(values), kind="stable")
    button(page, "biggest first").click()
    for share in (0, 0.4, 0.93, 1):
        listed(page).evaluate("(list, share) => { list.scrollTop = share * list.scrollHeight; }", share)
        first = min(share * len(order), len(order) - 21) - 30
        eventually(starting(page, first))
        for row in rows(page):
            assert int(row["place"].replace(",", "")) - 1 == order[row["position"]]
        assert misses(rows(page), chosen, values) == []
    if experiment is DIGITS:
        finder(page).fill("b2")
        inside = [place for place in order if 12_816 <= place < 12_832]
        assert [int(row["place"].replace(",", "")) - 1 for row in rows(page)] == inside
    button(page, "biggest first").click()
    expect(button(page, "biggest first")).to_have_attribute("aria-pressed", "false")
    places = [int(row["place"].replace(",", "")) for row in rows(page)]
    assert places == sorted(places)


LIT = """() => {
  const overlay = document.querySelector("canvas.overlay");
  const { width, height } = overlay;
  return overlay.toDataURL() !== Object.assign(document.createElement("canvas"), { width, height }).toDataURL();
}"""


def tells(said: Locator, value: float) -> bool:
    return numbers(said.inner_text())[:1] == pytest.approx([value], rel=0.06)


def test_a_row_that_is_pointed_at_lights_its_parameter_in_the_picture(pages):
    page = opened(pages.open(XOR, micro_steps(XOR)))
    chosen = Experiment.from_dict(XOR)
    assert not page.evaluate(LIT)
    said = page.locator("[data-legend=saying]")
    values = dict(zip(names(chosen), flat(chosen, "d", Timeline(chosen).seek(micro_steps(XOR))), strict=True))
    for name in ("W1[2, 1]", "b1[2]", "W2[0, 3]", "b2[0]"):
        page.get_by_role("option").filter(has_text=name).hover()
        page.wait_for_function(LIT)
        eventually(partial(tells, said, values[name]))
        expect(said).to_contain_text(f"dC/d{name[0].lower()}")
    page.mouse.move(600, 5)
    page.wait_for_function(f"() => !({LIT})()")


def test_of_digits_a_row_lights_its_pixel_its_line_and_also_a_line_that_is_not_drawn(pages):
    page = opened(pages.open(DIGITS, 29))
    drawn = {mark.index for mark in look(page, "weight").marks if mark.tensor == "W2"}
    missing = next((j, k) for j in range(16) for k in range(16) if (j, k) not in drawn)
    for name in ("W1[3, 200]", f"W2[{missing[0]}, {missing[1]}]", "W3[1, 1]"):
        finder(page).fill(name)
        page.mouse.move(600, 5)
        page.wait_for_function(f"() => !({LIT})()")
        row = in_sight(page, name)
        page.get_by_role("option").filter(has_text=name).hover()
        page.wait_for_function(LIT)
        assert row["name"] == name


def test_a_row_that_is_clicked_is_chosen_and_once_more_it_is_not(pages):
    page = opened(pages.open(XOR, micro_steps(XOR)))
    row = page.get_by_role("option").filter(has_text="W2[0, 1]")
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    assert [each["name"] for each in rows(page) if each["selected"]] == ["W2[0, 1]"]
    bring(page, "why")
    expect(page.locator("[data-part=why]")).to_contain_text("W²[0, 1]")
    bring(page, "column")
    row.click()
    expect(row).to_have_attribute("aria-selected", "false")


def test_what_is_chosen_in_the_picture_is_brought_into_sight_and_marked(pages):
    page = pages.open(DIGITS, 29)
    found = [each for each in sights(page, 14, clicked=True) if re.search(r"Weight W²\[\d+, \d+\]", each.why)]
    opened(page)
    finder(page).fill("b1")
    for each in (found[0], found[-1]):
        page.mouse.click(each.x + 0.5, each.y + 0.5)
        inside = re.search(r"W²(\[\d+, \d+\])", each.why)
        assert inside
        row = page.get_by_role("option").filter(has_text=f"W2{inside[1]}")
        expect(row).to_have_attribute("aria-selected", "true")
        assert in_sight(page, f"W2{inside[1]}")["selected"]
        assert rows(page)[0]["size"] == 13_002


def test_a_parameter_that_is_pointed_at_in_the_picture_is_marked_without_moving_the_list(pages):
    page = pages.open(XOR, micro_steps(XOR))
    there = sight(page, 4, "Weight W¹[1, 1]")
    opened(page)
    page.mouse.move(there.x + 0.5, there.y + 0.5)
    row = page.get_by_role("option").filter(has_text="W1[1, 1]")
    expect(row).to_have_class(re.compile(r"\blit\b"))
    page.mouse.move(5, 5)
    expect(row).not_to_have_class(re.compile(r"\blit\b"))


def test_the_keys_go_through_the_column_and_choose(pages):
    page = opened(pages.open(DIGITS, 29))
    listed(page).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert active(page)["position"] == 0
    for key, position in (
        ("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", 13_001), ("ArrowDown", 13_001), ("ArrowUp", 13_000),
        ("Home", 0), ("ArrowUp", 0),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(listed(page)).to_have_attribute("aria-activedescendant", f"column-{position}")
        in_sight(page, active(page)["name"])
    page.keyboard.press("PageDown")
    below = active(page)["position"]
    assert 8 < below < 30
    page.keyboard.press("PageDown")
    assert active(page)["position"] == 2 * below
    page.keyboard.press("PageUp")
    assert active(page)["position"] == below
    page.wait_for_function(LIT)
    page.keyboard.press("Enter")
    assert active(page)["selected"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    assert [row["position"] for row in rows(page) if row["selected"]] == [below + 1]
    assert page.evaluate("backscope.t") == 29  # the space bar did not play, nor did the keys step
    page.keyboard.press("Tab")
    expect(listed(page)).not_to_be_focused()


def test_while_it_plays_the_numbers_change_and_the_list_stays_where_it_is(pages):
    page = opened(pages.open(DIGITS, 29))
    button(page, "b2").click()
    top = listed(page).evaluate("list => list.scrollTop")
    before = {row["name"]: row["value"] for row in page.evaluate(ROWS)}
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 2000")
    button(page, "Pause").click()
    assert listed(page).evaluate("list => list.scrollTop") == top
    after = {row["name"]: row["value"] for row in rows(page)}
    assert after.keys() == before.keys()
    assert after != before
    t, chosen = page.evaluate("backscope.t"), Experiment.from_dict(DIGITS)
    assert misses(rows(page), chosen, flat(chosen, "d", Timeline(chosen).seek(t))) == []


def test_a_change_of_structure_changes_the_column(pages):
    page = opened(pages.open(XOR, micro_steps(XOR)))
    changed = {**XOR, "layers": [{**XOR["layers"][0], "batch_norm": True}, XOR["layers"][1]]}
    pages.go(page, changed, micro_steps(changed))
    bring(page, "column")
    expect(column(page)).to_contain_text("25 parameters")
    chosen = Experiment.from_dict(changed)
    listed(page).evaluate("list => { list.scrollTop = 0; }")
    assert {"gamma1[3]", "beta1[0]"} <= {row["name"] for row in rows(page)}
    values = flat(chosen, "d", Timeline(chosen).seek(micro_steps(changed)))
    assert misses(rows(page), chosen, values) == []
    finder(page).fill("γ1")
    assert [row["name"] for row in rows(page)] == [f"gamma1[{unit}]" for unit in range(4)]
