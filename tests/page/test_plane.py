"""The plane shows what the network, or one neuron of it, answers to every input, over the points of the data."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Experiment
from engine.evaluate import evaluation as questions
from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    Moment,
    at,
    button,
    channels,
    chooser,
    colour,
    eventually,
    look,
    micro_steps,
    region,
    slider,
)
from tests.helpers.sights import neurons

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, SPIRALS, SINE = PRESETS["xor"], PRESETS["spirals"], PRESETS["sine"]
PLANE, CHOICE = "What it computes", "Show the answer of"


def answer(moment: Moment) -> np.ndarray:
    """The answer that is drawn, cell by cell."""
    return np.array([mark.value for mark in moment.of("surface", "response")], np.float32)


def expected(moment: Moment, layer: int, unit: int) -> np.ndarray:
    """The engine's answer over the inputs that the panel covers: those of the data, and a quarter more on each side."""
    experiment = Experiment.from_dict(moment.experiment)
    x = np.concatenate([experiment.data.x_train, experiment.data.x_held_out]).astype(np.float32)
    low, high = float(x.min()), float(x.max())
    room = max(0.25 * (high - low), 0.25)
    inputs = experiment.sizes[0]
    grid = questions.grid_over(low - room, high + room, inputs, 48 if inputs == 2 else 160)
    return questions.response(experiment, moment.engine, layer, unit, grid).astype(np.float32)


def shows(page: Page, layer: int, unit: int) -> None:
    """Wait until the panel shows this neuron's answer at the moment that the page shows."""

    def true() -> bool:
        moment = look(page, "surface", "response")
        drawn, engine = answer(moment), expected(moment, layer, unit)
        return drawn.shape == engine.shape and np.allclose(drawn, engine, rtol=1e-5, atol=1e-6)

    eventually(true)


@pytest.mark.parametrize(("name", "depth"), [("xor", 2), ("spirals", 3), ("sine", 2)])
def test_the_surface_is_the_answer_of_the_network_at_the_moment_that_is_shown(pages, name, depth):
    page = pages.open(PRESETS[name], 270)
    shows(page, depth, 0)
    slider(page, "Timeline").fill("100")
    at(page, 100)
    shows(page, depth, 0)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    steps = micro_steps(PRESETS[name])
    at(page, (100 // steps + 1) * steps)
    shows(page, depth, 0)


def test_the_surface_follows_the_network_while_it_trains_and_ends_where_it_pauses(pages):
    page = pages.open(SPIRALS)
    shows(page, 3, 0)
    before = answer(look(page, "surface"))
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 27 * 100")
    eventually(lambda: not np.allclose(answer(look(page, "surface")), before))
    button(page, "Pause").click()
    shows(page, 3, 0)


def test_pointing_at_a_neuron_shows_its_own_answer_and_pointing_away_the_networks_again(pages):
    page = pages.open(SPIRALS, 27 * 60)
    centres = neurons(page)
    for layer, unit in [(1, 2), (2, 5), (1, 7)]:
        page.mouse.move(*centres[f"Neuron {unit} of layer {layer}"])
        shows(page, layer, unit)
        expect(region(page, PLANE)).to_contain_text(f"What neuron {unit} of layer {layer} answers")
    page.mouse.move(5, 5)
    shows(page, 3, 0)
    expect(region(page, PLANE)).to_contain_text("The network's answer for every input")


def test_nothing_below_the_plane_moves_as_neurons_are_pointed_at(pages):
    page = pages.open(XOR, 18)
    centres = neurons(page)
    below = page.locator(".plane + p")
    page.mouse.move(5, 5)
    shows(page, 2, 0)
    tab = page.get_by_role("tab", name="Why", exact=True)
    place = tab.bounding_box()
    page.mouse.move(*centres["Neuron 2 of layer 1"])
    expect(below).to_have_text("What neuron 2 of layer 1 answers to every input.")
    assert tab.bounding_box() == place


def test_a_neuron_can_be_chosen_without_a_pointer(pages):
    page = pages.open(SPIRALS, 27 * 60)
    chooser(page, CHOICE).select_option(label="layer 2, neuron 4")
    shows(page, 2, 4)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowLeft")
    at(page, 27 * 59)
    shows(page, 2, 4)
    chooser(page, CHOICE).select_option(label="the network")
    shows(page, 3, 0)


def test_each_of_two_outputs_can_be_chosen(pages):
    layers = [{"units": 4, "activation": "tanh"}, {"units": 2, "activation": "softmax"}]
    page = pages.open({**SPIRALS, "layers": layers, "loss": "cross_entropy"}, 20)
    shows(page, 2, 1)
    chooser(page, CHOICE).select_option(label="output 0")
    shows(page, 2, 0)


def test_the_points_are_those_of_the_data_set(pages):
    page = pages.open()
    for experiment in (SPIRALS, SINE, {**SPIRALS, "dataset": {"name": "moons"}}, XOR):
        pages.go(page, experiment)
        data = Experiment.from_dict(experiment).data
        expected = {
            (f"y_{split}", (i, 0)): float(np.float32(value))
            for split in ("training", "held_out")
            for i, (value,) in enumerate(data.split(split)[1])
        }
        page.wait_for_function("n => backscope.marks().filter(m => m.kind === 'point').length === n", arg=len(expected))
        assert {(mark.tensor, mark.index): mark.value for mark in look(page, "point").marks} == expected


def test_classes_have_two_colours_which_are_neither_blue_nor_red(pages):
    page = pages.open(SPIRALS)
    eventually(lambda: look(page, "point").marks)
    first, second = colour(page, "first"), colour(page, "second")
    for mark in look(page, "point").marks:
        assert mark.colour == (second if mark.value == 1 else first)
    assert not {first, second} & {colour(page, "up"), colour(page, "down")}


def test_the_surface_leans_to_the_colour_of_the_class_that_it_answers(pages):
    page = pages.open(SPIRALS, 27 * 300)
    shows(page, 3, 0)
    paper, first, second = (np.array(channels(colour(page, name))) for name in ("paper", "first", "second"))
    ways = np.array([way / np.linalg.norm(way) for way in (first - paper, second - paper)])
    cells = look(page, "surface").marks
    assert {mark.value > 0.5 for mark in cells} == {True, False}
    for mark in cells:
        if abs(mark.value - 0.5) > 0.1:
            to_first, to_second = ways @ (channels(mark.colour) - paper)
            assert (to_second > to_first) == (mark.value > 0.5)


def painted(page: Page) -> set[tuple[int, ...]]:
    """The colours of the pixels of the panel."""
    pixels = page.evaluate("""() => {
        const canvas = document.querySelector("[aria-label='What it computes'] canvas");
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        const different = [...new Set(new Uint32Array(data.buffer))];
        return different.map((pixel) => [pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255]);
    }""")
    return {tuple(pixel) for pixel in pixels}


def test_the_points_and_the_surface_are_painted(pages):
    page = pages.open(SPIRALS, 27 * 300)
    shows(page, 3, 0)
    eventually(lambda: len(painted(page)) > 500)
    assert {channels(colour(page, name)) for name in ("first", "second")} <= painted(page)


def test_pictures_have_no_plane(pages):
    page = pages.open(PRESETS["digits_100"])
    expect(page.get_by_role("region", name="Digit pad")).to_be_visible()
    expect(region(page, PLANE)).to_have_count(0)
    assert not look(page, "surface", "response", "point").marks
