"""Wide and deep networks: only what is drawn is sent, and what is drawn is still the engine's, cell by cell."""

from collections import defaultdict

import numpy as np
import pytest
from playwright.sync_api import expect

from engine import Experiment
from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    FIRST,
    Mark,
    Moment,
    at,
    button,
    chooser,
    eventually,
    link,
    look,
    micro_steps,
    numbers,
    region,
    resized,
    say,
    slider,
    state,
)

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

DIGITS = PRESETS["digits_100"]
WIDE = {**DIGITS, "layers": [{"units": 512, "activation": "relu"}] * 2 + DIGITS["layers"][1:]}
DEEP = {**PRESETS["spirals"], "layers": [{"units": 8, "activation": "tanh"}] * 11 + PRESETS["spirals"]["layers"][-1:]}
SPIRALS_BY_7 = {**PRESETS["spirals"], "mini_batch_size": 7}
DIGITS_BY_7000 = {**DIGITS, "layers": DIGITS["layers"][1:], "mini_batch_size": 7000}
STAGE = ("weight", "bias", "nudge", "delta", "activation", "target", "pixel")


def false_marks(moment: Moment) -> list[Mark]:
    engine, tensors = moment.engine, defaultdict[str, list[Mark]](list)
    for mark in moment.of(*STAGE):
        tensors[mark.tensor].append(mark)
    false: list[Mark] = []
    for name, marks in tensors.items():
        shown = np.array([mark.value for mark in marks], np.float32)
        true = np.float32(engine[name][tuple(np.transpose([mark.index for mark in marks]))])
        wrong = (shown != true) & ~(np.isnan(shown) & np.isnan(true))
        false += [marks[place] for place in np.flatnonzero(wrong)]
    return false


def test_a_network_of_layers_512_wide_shows_the_engines_numbers_of_the_neurons_that_it_draws(pages):
    page = pages.open(WIDE, micro_steps(WIDE) + 12)
    for t in (micro_steps(WIDE) + 12, 9, 0):
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        moment = look(page, *STAGE)
        assert false_marks(moment) == []
        units = {mark.index[-1] for mark in moment.of("bias") if mark.tensor == "b1"}
        assert {0, 511} <= units
        assert len(units) < 100


def test_of_wide_layers_only_the_part_that_is_drawn_is_sent(pages):
    page = pages.blank(fresh=True)
    received: list[int] = []
    page.once("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(link(pages.address, WIDE, 5))
    at(page, 5)
    received.clear()
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 60")
    button(page, "Pause").click()
    whole = sum(array.nbytes for array in state(WIDE, micro_steps(WIDE)).values())
    assert whole > 5_000_000
    frames = [size for size in received if size > 1000]
    assert frames
    assert np.median(frames) < whole / 10
    assert false_marks(look(page, *STAGE)) == []


def test_where_the_stage_grows_as_a_wide_network_comes_all_that_is_drawn_then_is_there(pages):
    page = pages.blank(fresh=True)
    page.goto(pages.address)
    at(page, FIRST)  # with the stories above the stage, which go
    page.goto(link(pages.address, WIDE))
    page.wait_for_function("backscope.experiment.dataset.name === 'digits'")
    at(page, 0)
    eventually(lambda: false_marks(look(page, *STAGE)) == [] and len(look(page, "weight").marks) > 60)
    drawn = {(mark.tensor, mark.index) for mark in look(page, "weight").marks}
    page.reload()
    at(page, 0)
    assert {(mark.tensor, mark.index) for mark in look(page, "weight").marks} == drawn


SHOWS_EXAMPLE = "n => backscope.marks().every(({ kind, index }) => kind !== 'activation' || index[0] === n)"


def examples_shown(moment: Moment) -> set[int]:
    return {mark.index[0] for mark in moment.of("activation", "delta", "target")}


def test_another_example_of_a_wide_network_is_fetched_when_it_is_chosen(pages):
    page = pages.open(WIDE, 8)
    page.get_by_role("application", name=say("network.explore"), exact=True).focus()  # on the last of ten outputs
    for key in (*["ArrowUp"] * 6, "Enter"):
        page.keyboard.press(key)
    expect(region(page, "Inspector")).to_contain_text("Neuron 3 of layer 3")
    for _ in range(2):
        button(page, "Next example").click()
        chosen, _of = numbers(page.get_by_role("group", name="Example shown").inner_text())
        page.wait_for_function(SHOWS_EXAMPLE, arg=chosen - 1)
        expect(region(page, "Inspector")).to_contain_text("Neuron 3 of layer 3")
        expect(region(page, "Inspector")).to_contain_text(say("why.example", example=int(chosen)))
        assert false_marks(look(page, *STAGE)) == []


@pytest.mark.parametrize("experiment", [SPIRALS_BY_7, DIGITS_BY_7000], ids=["whole frames", "parts of frames"])
def test_of_an_epochs_last_and_smaller_mini_batch_an_example_is_shown_that_it_has(pages, experiment):
    page = pages.open(experiment)
    button(page, "Previous example").click()
    button(page, "Previous example").click()
    last = experiment["mini_batch_size"]
    group = page.get_by_role("group", name="Example shown")
    expect(group).to_contain_text(say("example", example=last, count=last))
    chooser(page, "Grain").select_option(label="epoch")
    button(page, "Step forward").click()
    steps = Experiment.from_dict(experiment).steps_per_epoch
    at(page, steps * micro_steps(experiment))
    moment = look(page, *STAGE)
    rows = len(moment.engine["a0"])
    assert rows < last
    expect(group).to_contain_text(say("example", example=rows, count=rows))
    assert examples_shown(moment) == {rows - 1}
    assert false_marks(moment) == []


def test_a_taller_window_draws_more_of_a_wide_layer(pages):
    page = pages.open(WIDE, 8)
    few = len(look(page, "bias").marks)
    resized(page, 1440, 1400)
    page.wait_for_function("few => backscope.marks().filter(({ kind }) => kind === 'bias').length > few", arg=few)
    at(page, 8)
    assert false_marks(look(page, *STAGE)) == []


def test_a_network_of_twelve_layers_is_drawn_whole_and_true(pages):
    page = pages.open(DEEP, 300)
    for t in (300, 0):
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        moment = look(page, *STAGE)
        assert false_marks(moment) == []
        assert {mark.tensor for mark in moment.of("weight")} == {f"W{layer}" for layer in range(1, 13)}
        assert len(moment.of("bias")) == 11 * 8 + 1


def test_a_deep_network_trains_at_full_speed(pages):
    page = pages.open(DEEP)
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 3000")
    button(page, "Pause").click()
    assert false_marks(look(page, *STAGE)) == []
    expect(region(page, "Transport")).to_contain_text(say("training_step"))
