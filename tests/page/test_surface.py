"""The loss surface in the page: its losses, its paths and its gaps are the engine's; it moves with the run."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.surface.plane import Plane, layout_of, main_directions, of_two_weights
from engine.surface.surface import Surface
from tests.helpers.axe import violations
from tests.helpers.browsing import button, chooser, eventually, look, resized

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
STEP = 18  # micro-steps of a training step of XOR


def panel(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name="Loss surface", exact=True)


def within(page: Page, role: Any, name: str) -> Locator:
    return panel(page).get_by_role(role, name=name, exact=True)


def told(page: Page) -> Any:
    return page.evaluate("backscope.surface")


def whole(page: Page) -> Any:
    """The reading of the surface, once all of its losses are there."""
    page.wait_for_function("backscope.surface?.losses.every((row) => row.every((loss) => loss !== null))")
    return told(page)


def opened(page: Page) -> Any:
    """Open the panel by the button beside the chart, where it is not open."""
    shown = button(page, "Loss surface")
    if shown.get_attribute("aria-pressed") == "false":
        shown.click()
    return whole(page)


def engine_plane(form, make) -> tuple[Surface, Timeline]:
    chosen = Experiment.from_dict(form)
    timeline = Timeline(chosen)
    layout = layout_of(chosen)
    plane: Plane = make(layout, lambda t: layout.vector(timeline.seek(t)))
    return Surface(chosen, plane, chosen.data.x_train, chosen.data.y_train), timeline


def agrees(reading, surface: Surface, timeline: Timeline) -> None:
    """The losses, and of each moment of the path its place, its true loss and the surface's, are the engine's."""
    along, across = reading["axes"]["along"], reading["axes"]["across"]
    places = [(0, 0), (40, 40), (3, 17), (20, 20), (39, 1)]
    losses = surface.losses([(along[i], across[j]) for i, j in places])
    assert np.allclose([reading["losses"][j][i] for i, j in places], losses, rtol=1e-5)
    points = reading["paths"][0]["points"]
    for point in [*points[::9], points[-1]]:
        state = timeline.seek(point["t"])
        coordinates = surface.plane.coordinates(surface.plane.layout.vector(state))
        assert np.allclose(point["coordinates"], coordinates, rtol=1e-4, atol=1e-5)
        assert point["loss"] == pytest.approx(surface.true_loss(state), rel=1e-5)
        assert point["below"] == pytest.approx(surface.losses([tuple(point["coordinates"])])[0], rel=1e-5)
    gaps = [abs(point["loss"] - point["below"]) for point in points]
    assert reading["gap"] == pytest.approx(max(gaps))


def test_the_button_beside_the_chart_shows_the_engines_surface_and_the_path_of_the_run(pages):
    page = pages.open(XOR, 60 * STEP)
    reading = opened(page)
    moments = [point["t"] for point in reading["paths"][0]["points"]]
    surface, timeline = engine_plane(XOR, lambda layout, vector: main_directions(layout, [vector(t) for t in moments]))
    agrees(reading, surface, timeline)
    assert moments[0] == 0
    assert moments[-1] == 60 * STEP
    assert 0.9 < reading["variance"] <= 1
    marks = look(page, "surface_loss", "path_loss", "path_below")
    assert np.allclose([mark.value for mark in marks.of("surface_loss")], np.ravel(reading["losses"]))
    assert [mark.index for mark in marks.of("path_loss")] == [(t,) for t in moments]
    assert [mark.value for mark in marks.of("path_below")] == [each["below"] for each in reading["paths"][0]["points"]]
    expect(panel(page)).to_contain_text(re.compile(r"9\d\.\d% of its variance lies in it"))
    expect(panel(page)).to_contain_text("over 4 training examples")
    button(page, "Loss surface").click()
    expect(panel(page)).to_be_hidden()
    assert told(page) is None


def test_keys_and_clicks_point_at_the_surface_and_go_to_moments_of_the_path(pages):
    page = pages.open(XOR, 60 * STEP)
    opened(page)
    said = panel(page).get_by_role("status")
    expect(said).to_contain_text("This moment, after training step 60")
    canvas = panel(page).get_by_role("application")
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text(re.compile(r"the loss is \d|true loss \d"))
    for _ in range(50):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    eventually(lambda: page.evaluate("backscope.t") < 40 * STEP)
    before = page.evaluate("backscope.t")
    page.keyboard.press("Escape")
    profile = panel(page).get_by_role("img", name="Loss along the path")
    box = profile.bounding_box()
    assert box is not None
    profile.click(position={"x": box["width"] * 0.8, "y": 30})
    eventually(lambda: page.evaluate("backscope.t") > before)
    expect(said).to_contain_text("This moment")


def test_a_step_becomes_a_point_of_the_path_and_the_plane_is_laid_anew_when_asked(pages):
    page = pages.open(XOR, 30 * STEP)
    opened(page)
    chooser(page, "Grain").select_option("training_step")
    button(page, "Step forward").click()
    page.wait_for_function("t => backscope.t === t", arg=31 * STEP)
    eventually(lambda: told(page)["paths"][0]["points"][-1]["t"] > 30 * STEP)
    assert told(page)["axes"]["t"] == 30 * STEP
    last = told(page)["paths"][0]["points"][-1]
    reading = whole(page)
    moments = [point["t"] for point in reading["paths"][0]["points"] if point["t"] <= 30 * STEP]
    surface, timeline = engine_plane(XOR, lambda layout, vector: main_directions(layout, [vector(t) for t in moments]))
    state = timeline.seek(31 * STEP)
    assert last["loss"] == pytest.approx(surface.true_loss(state), rel=1e-5)
    within(page, "button", "Up to here").click()
    eventually(lambda: (told(page) or {"axes": {"t": 0}})["axes"]["t"] == 31 * STEP)
    expect(within(page, "button", "Up to here")).to_be_hidden()


def test_the_plane_of_two_weights_is_part_of_the_scene_and_the_same_weight_twice_is_refused_beside_it(pages):
    page = pages.open(XOR, 20 * STEP)
    opened(page)
    within(page, "combobox", "Plane").select_option("weights")
    weights = [panel(page).get_by_role("textbox", name=name) for name in ("The weight across", "The weight upwards")]
    for field, name in zip(weights, ("W1[2,1]", "b2[0]"), strict=True):
        field.fill(name)
        field.press("Enter")
    eventually(lambda: (told(page) or {"axes": {"plane": {}}})["axes"]["plane"].get("weights") == ["W1[2, 1]", "b2[0]"])
    reading = whole(page)

    def plane(layout, vector):
        return of_two_weights(layout, vector(20 * STEP), (layout.place("W1", (2, 1)), layout.place("b2", (0,))))

    surface, timeline = engine_plane(XOR, plane)
    agrees(reading, surface, timeline)
    view = page.evaluate("backscope.view")
    assert view["stage"] == "surface"
    assert view["surfacePlane"] == {"kind": "weights", "weights": ["W1[2, 1]", "b2[0]"]}
    weights[1].fill("W1[2, 1]")
    weights[1].press("Enter")
    expect(panel(page).get_by_role("alert")).to_contain_text("two different ones")
    within(page, "combobox", "Plane").select_option("random")
    whole(page)
    expect(panel(page).get_by_role("alert")).to_be_hidden()


def test_getting_nearer_measures_a_part_anew(pages):
    page = pages.open(XOR, 40 * STEP)
    first = opened(page)
    within(page, "button", "Nearer (+)").click()
    eventually(lambda: (told(page) or first)["axes"]["along"] != first["axes"]["along"])
    near = whole(page)
    widths = [reading["axes"]["along"][-1] - reading["axes"]["along"][0] for reading in (near, first)]
    assert widths[0] == pytest.approx(widths[1] / 2)
    moments = [point["t"] for point in near["paths"][0]["points"]]
    surface, timeline = engine_plane(XOR, lambda layout, vector: main_directions(layout, [vector(t) for t in moments]))
    agrees(near, surface, timeline)
    within(page, "button", "Whole path").click()
    eventually(lambda: whole(page)["axes"]["along"] == first["axes"]["along"])


def test_without_a_path_it_says_so_and_shows_the_surface_once_there_is_one(pages):
    page = pages.open(XOR)
    button(page, "Loss surface").click()
    expect(panel(page).get_by_role("alert")).to_contain_text("there is no path yet")
    chooser(page, "Grain").select_option("training_step")
    for step in (1, 2, 3):
        button(page, "Step forward").click()
        page.wait_for_function("t => backscope.t === t", arg=step * STEP)
    whole(page)
    expect(panel(page).get_by_role("alert")).to_be_hidden()


def test_axe_finds_nothing_in_the_panel_of_any_plane_and_all_of_it_fits_a_narrow_window(pages):
    page = pages.open(XOR, 40 * STEP)
    opened(page)
    resized(page, 320, 700)
    for kind in ("moments", "weights", "random"):
        within(page, "combobox", "Plane").select_option(kind)
        page.wait_for_function("kind => backscope.surface?.axes.plane.kind === kind", arg=kind)
        assert violations(page, ".stage") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        small = "(all) => all.filter((each) => Math.min(each.offsetWidth, each.offsetHeight) < 24).length"
        assert panel(page).locator("button:visible, select, input").evaluate_all(small) == 0


def test_the_paths_of_lanes_lie_over_one_surface_each_up_to_where_it_is(pages):
    page = pages.open(XOR, 60 * STEP)
    button(page, "Fork").click()
    lane = page.get_by_role("region", name="Lane B", exact=True)
    expect(lane).to_be_visible()
    button(page, "Laboratory").click()
    reading = opened(page)
    other = page.evaluate("backscope.lanes[1]")
    runs = [path["run"] for path in reading["paths"]]
    assert runs == [None, other["run"]]
    ends = [path["points"][-1] for path in reading["paths"]]
    assert [end["t"] for end in ends] == [60 * STEP, other["t"]]
    assert ends[0]["loss"] == ends[1]["loss"]
    marks = page.evaluate("backscope.marks().filter(({ kind }) => kind === 'path_loss')")
    assert {mark["lane"] for mark in marks} == {"A", "B"}
    assert len({mark["colour"] for mark in marks}) == 2
    page.wait_for_function("['lanes', 'surface'].every((each) => location.hash.includes(each))")
    page.reload()  # lanes come back after the surface has begun
    page.wait_for_function("backscope.surface?.paths.length === 2")
    assert [path["points"][-1]["t"] for path in whole(page)["paths"]] == [60 * STEP, other["t"]]
