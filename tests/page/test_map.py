"""The map in the page: its runs are the engine's, each can be pointed at, opened alone, and come back from."""

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Position, expect

from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.maps.axes import axes
from engine.maps.map import Map
from tests.helpers.axe import violations
from tests.helpers.browsing import button, channels, eventually, look, number_field, region, resized
from tests.helpers.maps import map_of
from tests.helpers.setup import more_settings
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
STEPS = 60


def panel(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name="Map", exact=True)


def within(page: Page, role: Any, name: str) -> Locator:
    return panel(page).get_by_role(role, name=name, exact=True)


def whole(page: Page, count: int = 64) -> None:
    """Wait until all runs are there."""
    expect(within(page, "progressbar", "Runs computed")).to_be_hidden()
    page.wait_for_function(
        "count => backscope.marks().filter(({ kind }) => kind === 'map_outcome').length === count", arg=count
    )


def opened(pages: Any, form: Any = XOR) -> Page:
    """The page with its map in front, of 8 x 8 short runs."""
    page: Page = pages.open(form)
    page.mouse.move(0, 0)  # so that nothing is pointed at
    button(page, "Map").click()
    within(page, "combobox", "Runs on a side").select_option("8")
    steps = within(page, "spinbutton", "training steps")
    steps.fill(str(STEPS))
    steps.press("Enter")
    whole(page)
    return page


def outcomes(found: Map) -> dict[tuple[int, ...], int]:
    """What has become of the runs, by row and column."""
    parts = [(cells, found.part(cells)) for cells in found.parts]
    return {
        (int(row), int(column)): int(outcome)
        for cells, part in parts
        for (column, row), outcome in zip(cells, part.outcomes, strict=True)
    }


def shown(page: Page) -> dict[tuple[int, ...], int]:
    return {mark.index: int(mark.value) for mark in look(page, "map_outcome").marks}


def point_at(page: Page, column: int, row: int, side: int = 8) -> None:
    """Point at a cell by the keys, from the middle of the map."""
    within(page, "application", "Map: arrow keys point at a run, with Shift further on; Enter opens it").focus()
    page.keyboard.press("Escape")
    for far, ways in ((column - side // 2, ("ArrowRight", "ArrowLeft")), (row - side // 2, ("ArrowUp", "ArrowDown"))):
        for _ in range(abs(far)):
            page.keyboard.press(ways[far < 0])


def test_the_button_beside_the_chart_shows_the_engines_map(pages):
    page = opened(pages)
    found = map_of(XOR, 8, STEPS)
    assert shown(page) == outcomes(found)
    marks = look(page, "map_outcome").marks
    assert len({mark.colour for mark in marks}) == len({mark.value for mark in marks}) >= 3
    counts = [sum(value == place for value in shown(page).values()) for place in range(4)]
    for name, count in zip(("solved", "slow", "stuck", "diverged"), counts, strict=True):
        expect(
            panel(page).get_by_role("listitem").filter(has_text=re.compile(rf"^{name} {count} runs?"))
        ).to_be_visible()
    expect(panel(page)).to_contain_text("8 × 8 runs of 60 training steps")
    expect(panel(page)).to_contain_text("computed alone, so its last bits differ")
    button(page, "Map").click()
    expect(panel(page)).to_be_hidden()
    assert look(page, "map_outcome").marks == []


def test_pointing_shows_the_curve_and_opening_a_run_begins_it_alone_from_which_one_comes_back(pages):
    page = opened(pages)
    found = map_of(XOR, 8, STEPS)
    point_at(page, 5, 6)
    said = panel(page).get_by_role("status")
    expect(said).to_contain_text(
        re.compile(r"Learning rate \d.*, Initial scale \d.*: (solved|slow|stuck|diverged)\. Loss")
    )
    curve = look(page, "map_loss").marks
    cells = next(cells for cells in found.parts if [5, 6] in cells.tolist())
    part = found.part(cells)
    losses = part.curves[cells.tolist().index([5, 6])]
    assert [mark.value for mark in curve] == pytest.approx(losses, rel=1e-5)
    assert [mark.index[0] for mark in curve] == found.steps_of_curves.tolist()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_hidden()
    alone = found.opened(5, 6).to_dict()
    eventually(lambda: page.evaluate("backscope.t") == 18 * STEPS)
    assert page.evaluate("backscope.experiment") == alone
    more_settings(page)
    scale = number_field(page, "Initial scale")
    assert float(scale.input_value()) == pytest.approx(alone["initial_scale"])
    page.go_back()
    expect(panel(page)).to_be_visible()
    eventually(lambda: page.evaluate("backscope.experiment.optimizer.learning_rate") == 0.5)
    whole(page)


def test_the_initial_scale_is_put_back_to_1(pages):
    page = pages.open({**XOR, "initial_scale": 3})
    more_settings(page)
    assert number_field(page, "Initial scale").input_value() == "3"
    button(page, "Put back: Initial scale 1").click()
    eventually(lambda: "initial_scale" not in page.evaluate("backscope.experiment"))
    number_field(page, "Initial scale").fill("-1")
    number_field(page, "Initial scale").press("Enter")
    expect(region(page, "Experiment").get_by_role("alert")).to_contain_text("invalid initial scale: -1 (0 to 100)")


def test_a_finger_points_first_and_opens_with_the_second_touch(pages):
    page = opened(pages)
    canvas = panel(page).get_by_role("application")
    touch = """(canvas) => {
      const [offsetX, offsetY] = [canvas.clientWidth / 2, canvas.clientHeight / 2];
      const { left, top } = canvas.getBoundingClientRect();
      const place = { clientX: left + offsetX, clientY: top + offsetY, bubbles: true, pointerType: "touch" };
      for (const kind of ["pointermove", "pointerleave", "click"]) canvas.dispatchEvent(new PointerEvent(kind, place));
    }"""
    canvas.evaluate(touch)
    expect(panel(page).get_by_role("status")).to_contain_text("Click to open this run")
    assert page.evaluate("backscope.experiment") == Experiment.from_dict(XOR).to_dict()
    canvas.evaluate(touch)
    expect(panel(page)).to_be_hidden()
    eventually(lambda: page.evaluate("backscope.t") == 18 * STEPS)


def test_the_map_speaks_chinese(pages):
    page = chinese(pages, XOR)
    page.get_by_role("button", name="超参数图", exact=True).click()
    page.wait_for_function("backscope.marks().filter(({ kind }) => kind === 'map_outcome').length === 4096")
    page.get_by_role("application", name=re.compile("^超参数图")).focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("tabpanel", name="超参数图", exact=True)).to_contain_text("单击打开这次训练")
    assert foreign(page) == set()


def test_a_click_opens_the_run_below_the_pointer(pages):
    page = opened(pages)
    found = map_of(XOR, 8, STEPS)
    canvas = panel(page).get_by_role("application")
    box = canvas.bounding_box()
    assert box
    left, right, top, bottom = 62, box["width"] - 10, 8, box["height"] - 42
    at: Position = {"x": left + (2.5 / 8) * (right - left), "y": bottom - (6.5 / 8) * (bottom - top)}
    canvas.hover(position=at)
    expect(panel(page).get_by_role("status")).to_contain_text("Click to open this run")
    canvas.click(position=at)
    eventually(lambda: page.evaluate("backscope.experiment") == found.opened(2, 6).to_dict())


def test_axes_are_chosen_among_the_settings_and_are_part_of_the_scene(pages):
    page = opened(pages, {**XOR, "optimizer": {"name": "momentum"}})
    within(page, "combobox", "Setting upwards").select_option("optimizer.momentum")
    high = within(page, "spinbutton", "Upwards, to")
    eventually(lambda: high.input_value() == "0.9999")
    high.fill("0.8")
    high.press("Enter")
    chosen = map_of({**XOR, "optimizer": {"name": "momentum"}}, 8, STEPS)
    momentum = axes(chosen.experiment)["optimizer.momentum"]
    rate = chosen.axes[0]
    found = Map(chosen.experiment, (rate, momentum), (chosen.values[0], tuple(momentum.values(0, 0.8, 8))), STEPS)
    eventually(lambda: shown(page) == outcomes(found))
    view = page.evaluate("backscope.view")
    assert view["mapAxes"]["y"] == {"field": "optimizer.momentum", "low": 0, "high": 0.8}
    assert (view["stage"], view["mapSide"], view["mapSteps"]) == ("map", 8, STEPS)
    page.wait_for_function("location.hash.includes('0.8')")
    page.reload()
    whole(page)
    assert shown(page) == outcomes(found)


def test_what_cannot_be_is_said_beside_its_control_and_the_map_stays_usable(pages):
    page = opened(pages)
    high = within(page, "spinbutton", "Across, to")
    high.fill("0.0001")
    high.press("Enter")
    refused = panel(page).get_by_role("alert")
    expect(refused).to_have_text("invalid number: 0.0001 (more than 0.001)")
    expect(high).to_have_attribute("aria-invalid", "true")
    high.fill("10")
    high.press("Enter")
    expect(refused).to_be_hidden()
    whole(page)


def test_a_map_of_a_wide_network_is_refused_with_the_sides_that_fit(pages):
    page = pages.open(PRESETS["digits_100"])
    button(page, "Map").click()
    within(page, "combobox", "Runs on a side").select_option("64")
    steps = within(page, "spinbutton", "training steps")
    steps.fill("200")
    steps.press("Enter")
    expect(panel(page).get_by_role("alert")).to_have_text("unfit runs on a side: 64 (this network has room for: 8, 16)")


def test_axe_finds_nothing_in_the_map_and_all_of_it_fits_a_narrow_window(pages):
    page = opened(pages)
    point_at(page, 3, 3)
    assert violations(page, ".stage") == []
    resized(page, 320, 700)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = "(all) => all.filter((each) => Math.min(each.offsetWidth, each.offsetHeight) < 24).length"
    assert panel(page).locator("button:visible, select, input").evaluate_all(small) == 0
    assert violations(page, ".stage") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_outcomes_differ_in_lightness_too(pages, scheme):
    page = pages.open(XOR, color_scheme=scheme)
    button(page, "Map").click()
    within(page, "combobox", "Runs on a side").select_option("8")
    whole(page)
    tones = {mark.colour for mark in look(page, "map_outcome").marks}
    lightness = sorted(sum(channels(tone)) for tone in tones)
    assert min(b - a for a, b in pairwise(lightness)) > 8


def test_a_map_that_is_another_is_not_told_before_it_is_there(pages):
    page = opened(pages)
    change = """(select) => {
      select.value = "16";
      select.dispatchEvent(new Event("change"));
      return backscope.marks().filter(({ kind }) => kind === "map_outcome").length;
    }"""
    assert within(page, "combobox", "Runs on a side").evaluate(change) == 0
    whole(page, 256)
