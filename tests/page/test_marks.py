"""Every mark on the screen is an element of an array that the engine computed, in the size and colour that it says."""

import math
import re

import numpy as np
import pytest
from playwright.sync_api import Page

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    Mark,
    Moment,
    at,
    button,
    channels,
    choose_arrows,
    chooser,
    colour,
    look,
    micro_steps,
    numbers,
    random_moments,
    same,
    slider,
    untrue,
)
from tests.helpers.sights import neurons, sights

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

STAGE = ("weight", "bias", "nudge", "delta", "activation", "pre-activation", "target", "pixel")
# The marks of the other panels.
ELSEWHERE = ("curve", "point", "surface", "response", "bar", "drawing", "function", "derivative", "rug", "beyond")
BEFORE = ("earlier",)  # a curve of the run before
OF_AN_EXAMPLE = {"a": "activation", "delta": "delta", "y": "target"}
OF_A_PARAMETER = {"W": "weight", "b": "bias", "dW": "nudge", "db": "nudge"}
STEPS = {"digits_13002": 60, "digits_100": 60}
HALO = 38  # how far from the middle of its circle a delta is painted, in these small networks
XOR, DIGITS = PRESETS["xor"], PRESETS["digits_13002"]


def false_marks(moment: Moment) -> list[Mark]:
    """The marks of the stage that stand for nothing, or for another number than the engine's."""
    engine = moment.engine
    return [
        mark
        for mark in moment.of(*STAGE)
        if mark.tensor not in engine
        or len(mark.index) != engine[mark.tensor].ndim
        or (mark.value != (true := engine[mark.tensor][mark.index]) and not same(mark.value, true))
    ]


def scale(page: Page, name: str) -> list[float]:
    """The full scales that a line of the legend states."""
    text = page.locator(f"[data-legend={name}]").inner_text()
    return [numbers(part)[0] for part in text.split("≥")[1:]]


def misfit(marks: list[tuple[Mark, float]]) -> float:
    """How far off the sizes are from the best ``least + span * min(1, |value| / full)``, for marks and their scales."""
    shares = np.array([min(1, abs(mark.value) / full) for mark, full in marks])
    sizes = np.array([mark.size for mark, _ in marks])
    assert np.ptp(shares) > 0
    (least, span), *_ = np.linalg.lstsq(np.stack([np.ones_like(shares), shares], axis=1), sizes)
    assert least > 0
    assert span > 0
    return float(np.abs(least + span * shares - sizes).max())


def go(page: Page, t: int) -> None:
    slider(page, "Timeline").fill(str(t))
    at(page, t)


TOLD = ["spirals", "digits_13002"]  # lines, and pictures; the others look no different
OTHERS = [pytest.param(name, marks=pytest.mark.long) for name in PRESETS if name not in TOLD]


@pytest.mark.parametrize("name", [*TOLD, *OTHERS])
def test_every_mark_is_an_element_of_the_engines_arrays(pages, name):
    moments = random_moments(PRESETS[name], 3, STEPS.get(name, 300))
    page = pages.open(PRESETS[name], moments[0])
    for t in moments:
        go(page, t)
        moment = look(page)
        assert moment.of(*STAGE)
        assert {mark.kind for mark in moment.marks} <= {*STAGE, *ELSEWHERE, *BEFORE}
        assert false_marks(moment) == []
        assert untrue(moment) == []


def test_all_that_has_been_computed_is_drawn_and_nothing_else(pages):
    page = pages.open(XOR)
    chooser(page, "Grain").select_option("equation")
    for t in range(micro_steps(XOR) + 3):
        at(page, t)
        moment = look(page, *STAGE)
        example = {mark.index[0] for mark in moment.of(*OF_AN_EXAMPLE.values()) if mark.value is not None}
        expected = set()
        for name, array in moment.engine.items():
            kind = re.sub(r"\d+$", "", name)
            if kind in OF_A_PARAMETER:
                expected |= {(OF_A_PARAMETER[kind], name, index) for index in np.ndindex(array.shape)}
            if kind == "z" and f"a{name[1:]}" not in moment.engine:
                expected |= {("pre-activation", name, (1, unit)) for unit in range(array.shape[1])}
            if kind in OF_AN_EXAMPLE:
                expected |= {(OF_AN_EXAMPLE[kind], name, (*example, unit)) for unit in range(array.shape[1])}
        assert {(mark.kind, mark.tensor, mark.index) for mark in moment.of(*STAGE)} == expected, t
        assert len(moment.of(*STAGE)) == len(expected)
        page.keyboard.press("ArrowRight")


def test_arrows_appear_layer_by_layer_as_the_backward_pass_reaches_them(pages):
    page = pages.open(PRESETS["spirals"])
    layers = page.evaluate("backscope.listing.grains.layer")
    seen: list[set[str]] = []
    for t in (*layers, layers[-1] + layers[0]):
        button(page, "Step forward").click()
        at(page, t)
        arrows = {mark.tensor for mark in look(page, "nudge").marks}
        if not seen or seen[-1] != arrows:
            seen.append(arrows)
    third, second, first = ({f"dW{layer}", f"db{layer}"} for layer in (3, 2, 1))
    assert seen[:4] == [set(), third, third | second, third | second | first]
    assert seen[4] == set()  # the next training step begins with none


def test_the_example_shown_is_the_one_that_the_page_names(pages):
    page = pages.open(DIGITS, 29)
    for name in ("Next example", "Next example", "Previous example"):
        button(page, name).click()
        shown, _of = numbers(page.get_by_role("group", name="Example shown").inner_text())
        moment = look(page, *STAGE)
        assert {mark.index[0] for mark in moment.of("activation", "delta", "target")} == {shown - 1}
        assert {mark.index[0] for mark in moment.of("pixel") if mark.tensor == "a0"} == {shown - 1}
        assert false_marks(moment) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_blue_arrows_are_weights_to_raise_and_red_ones_weights_to_lower(pages, scheme):
    page = pages.open(PRESETS["spirals"], 27 * 3 - 1, color_scheme=scheme)
    moment = look(page, *STAGE)
    arrows = moment.of("nudge")
    up, down = colour(page, "up"), colour(page, "down")
    assert {mark.colour for mark in arrows} == {up, down}
    for mark in arrows:
        gradient = moment.engine[mark.tensor][mark.index]
        assert mark.colour == (up if gradient < 0 else down)
        assert gradient != 0


def test_an_arrow_of_a_gradient_of_zero_is_neither_blue_nor_red(pages):
    dead = {**XOR, "layers": [{"units": 4, "activation": "relu"}, XOR["layers"][-1]]}
    page = pages.open(dead, 18)
    still = [mark for mark in look(page, "nudge").marks if mark.value == 0]
    assert still
    assert {mark.colour for mark in still} == {colour(page, "muted")}


@pytest.mark.parametrize(
    ("name", "training_steps"), [("xor", (1310, 700, 1)), ("worked_example", (40, 1)), ("sine", (200, 2))]
)
def test_sizes_grow_in_proportion_to_the_numbers_on_the_scales_that_the_legend_states(pages, name, training_steps):
    page = pages.open(PRESETS[name], training_steps[0] * micro_steps(PRESETS[name]))
    choose_arrows(page, "Arrow scale", "linear")
    gradients, weights = [], []
    # The legend, once it is written, takes its room from the stage.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    for training_step in training_steps:
        go(page, training_step * micro_steps(PRESETS[name]))
        moment = look(page, *STAGE)
        (gradient,), (weight,) = scale(page, "gradient"), scale(page, "weight")
        gradients += [(mark, gradient) for mark in moment.of("nudge")]
        weights += [(mark, weight) for mark in moment.of("weight", "bias")]
    assert misfit(gradients) < 0.01
    assert misfit(weights) < 0.01
    assert max(abs(mark.value) / full for mark, full in gradients) > 0.5
    assert max(abs(mark.value) / full for mark, full in weights) > 0.5


def test_circles_are_as_full_as_activations_are_large_and_halos_as_wide_as_deltas(pages):
    page = pages.open(PRESETS["spirals"], 27 * 40)
    moment = look(page, *STAGE)
    for mark in moment.of("activation"):
        assert mark.size == pytest.approx(min(1, abs(mark.value)), abs=1e-6)
    largest = max(abs(mark.value) for mark in moment.of("delta"))
    assert misfit([(mark, largest) for mark in moment.of("delta")]) < 0.01


def opacity(mark: Mark) -> float:
    return float(mark.colour.rstrip(")").split(",")[3])


def test_pictures_show_the_input_the_weights_and_their_gradients_pixel_by_pixel(pages):
    page = pages.open(DIGITS, 29 * 5)
    moment = look(page, *STAGE)
    pixels = {name: [mark for mark in moment.of("pixel") if mark.tensor == name] for name in ("a0", "W1", "dW1")}
    assert {name: len(marks) for name, marks in pixels.items()} == {"a0": 784, "W1": 16 * 784, "dW1": 16 * 784}
    assert not [mark for mark in moment.of("nudge", "weight") if mark.tensor in ("W1", "dW1")]
    weight, gradient = scale(page, "picture")
    up, down, ink, paper = (channels(colour(page, name)) for name in ("up", "down", "ink", "paper"))
    for mark in pixels["a0"]:
        assert channels(mark.colour) == ink
        assert opacity(mark) == pytest.approx(mark.value, abs=0.005)
    for mark in pixels["dW1"]:
        if abs(mark.value) > gradient / 1000:
            assert channels(mark.colour) == (up if mark.value < 0 else down)
    by_size = sorted(pixels["dW1"], key=lambda mark: abs(mark.value))
    assert np.all(np.diff([opacity(mark) for mark in by_size]) >= 0)
    assert {opacity(mark) for mark in by_size if abs(mark.value) > gradient} == {1}
    assert {opacity(mark) < 1 for mark in by_size if abs(mark.value) < 0.98 * gradient} == {True}
    by_value = sorted(pixels["W1"], key=lambda mark: mark.value)
    assert {channels(mark.colour) for mark in by_value if mark.value < -weight} == {paper}
    assert {channels(mark.colour) for mark in by_value if mark.value > weight} == {ink}
    way = np.sign(np.subtract(ink, paper))
    assert np.all(np.diff([channels(mark.colour) for mark in by_value], axis=0) * way >= 0)


@pytest.mark.parametrize("name", ["one_neuron_a_layer", "worked_example"])
def test_pointing_at_a_blue_pixel_of_the_stage_names_a_weight_to_raise_and_at_a_red_one_a_weight_to_lower(pages, name):
    page = pages.open(PRESETS[name], micro_steps(PRESETS[name]))
    found = sights(page, 2, channels(colour(page, "up")), channels(colour(page, "down")))
    circles = neurons(page).values()
    away = [sight for sight in found if min(math.dist((sight.x, sight.y), centre) for centre in circles) > HALO]
    arrows = [sight for sight in away if "∂C/∂" in sight.why]
    assert {sight.colour for sight in arrows} == {0, 1}
    assert [sight for sight in arrows if "↑↓"[sight.colour] + " −dC/d" not in sight.why] == []


def test_pixels_of_the_gradient_pictures_are_painted_in_the_colour_of_their_gradient(pages):
    page = pages.open(DIGITS, 29 * 5)
    found = sights(page, 3, channels(colour(page, "up")), channels(colour(page, "down")))
    pixels = [sight for sight in found if "W¹[" in sight.why]
    assert {sight.colour for sight in pixels} == {0, 1}
    assert [sight for sight in pixels if "↑↓"[sight.colour] + " −dC/dw" not in sight.why] == []


def test_before_anything_is_computed_no_pixel_of_the_stage_is_blue_or_red(pages):
    page = pages.open(PRESETS["one_neuron_a_layer"])
    assert sights(page, 1, channels(colour(page, "up")), channels(colour(page, "down"))) == []
    assert {mark.kind for mark in look(page, *STAGE).marks} == {"weight", "bias"}
    assert {sight.why.count("—") for sight in sights(page, 5)} > {1}


def test_circles_too_small_for_a_number_carry_a_minus_where_the_activation_is_negative(pages):
    experiment = XOR | {"layers": [{"units": 24, "activation": "tanh"}, XOR["layers"][1]]}
    page = pages.open(experiment, 5, viewport={"width": 1024, "height": 640})
    places = {name: at for name, at in neurons(page, 4).items() if name.endswith("of layer 1")}
    page.mouse.move(5, 5)
    middles = page.evaluate(
        """points => {
            const scene = document.querySelector("canvas.scene");
            const copy = new OffscreenCanvas(scene.width, scene.height).getContext("2d", { willReadFrequently: true });
            copy.drawImage(scene, 0, 0);
            const box = scene.getBoundingClientRect();
            return points.map(([x, y]) => {
                const { data } = copy.getImageData(Math.round(x - box.left), Math.round(y - box.top) - 3, 1, 7);
                const reds = Array.from({ length: 7 }, (_, row) => data[4 * row]);
                return Math.max(...reds) - Math.min(...reds);
            });
        }""",
        list(places.values()),
    )
    moment = look(page)
    row = next(mark.index[0] for mark in moment.of("activation") if mark.tensor == "a1")
    negative = {name: moment.tensors["a1"][row, int(name.split()[1])] < 0 for name in places}
    assert len({*negative.values()}) > 1
    crossed = {name: contrast > 60 for name, contrast in zip(places, middles, strict=True)}
    assert crossed == negative
