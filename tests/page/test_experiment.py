"""The experiment panel changes what runs, or says beside the control why it will not."""

import pytest
from playwright.sync_api import expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.methods.losses import LOSSES
from tests.helpers.browsing import (
    Plain,
    at,
    button,
    chooser,
    eventually,
    link,
    look,
    look_inside,
    micro_steps,
    now,
    number_field,
    put,
    region,
    resized,
    say,
    untrue,
)
from tests.helpers.gallery import expect_example, gallery, open_example
from tests.helpers.interception import held_back
from tests.helpers.setup import press, refusal, running, setting, started

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]


def full(experiment: Plain) -> Plain:
    return Experiment.from_dict(experiment).to_dict()


def test_the_field_of_the_units_shows_all_digits_of_1024(pages):
    page = pages.open(XOR)
    for width in (1440, 1024, 320):
        resized(page, width, 800)
        field = number_field(page, "Hidden 1: units")
        if width < 861:
            page.get_by_role("tab", name="Experiment").click()
        field.fill("1024")
        assert field.evaluate("field => field.scrollWidth <= field.clientWidth"), width
        field.fill("4")


def test_every_preset_starts_is_named_and_trains(pages):
    page = pages.open({**XOR, "seed": 9})
    for name, plain in PRESETS.items():
        open_example(page, say(f"preset.{name}"))
        started(page, **full(plain))
        assert running(page) == full(plain)
        expect_example(page, say(f"preset.{name}"))
        press(page, "Shift+ArrowRight", micro_steps(plain))
        assert untrue(look_inside(page)) == []


def test_a_run_that_is_changed_is_no_preset_any_more(page):
    expect_example(page, "XOR 2-4-1")
    put(setting(page, "Seed"), "5")
    started(page, seed=5)
    expect_example(page, "")
    expect(gallery(page).get_by_role("button", pressed=True)).to_have_count(0)


def test_another_data_set_brings_the_output_layer_and_the_loss_that_it_needs(page):
    for dataset, name, units, activation, loss in [
        ("circles", "circles", 1, "sigmoid", "binary_cross_entropy"),
        ("sine curve", "sine", 1, "identity", "squared_error"),
        ("digits (MNIST)", "digits", 10, "softmax", "cross_entropy"),
        ("xor, noisy cloud", "xor", 1, "sigmoid", "binary_cross_entropy"),
    ]:
        chooser(page, "Data").select_option(label=dataset)
        page.wait_for_function("name => backscope.experiment.dataset.name === name", arg=name)
        started(page, layers=[XOR["layers"][0], {"units": units, "activation": activation}], loss=loss)
        press(page, "Shift+ArrowRight", page.evaluate("backscope.listing.program.length"))
        assert untrue(look_inside(page)) == []


def test_every_data_set_that_is_offered_starts_after_every_other(page):
    labels = chooser(page, "Data").locator("option").all_inner_texts()
    other = "before => JSON.stringify(backscope.experiment.dataset) !== JSON.stringify(before)"
    for label in [*labels[1:], *labels[::-1][1:]]:
        before = running(page)["dataset"]
        chooser(page, "Data").select_option(label=label)
        page.wait_for_function(other, arg=before)
        at(page, 0)
        expect(chooser(page, "Data").locator("option:checked")).to_have_text(label)
        expect(page.get_by_role("alert")).to_have_count(0)


def test_the_noise_of_a_data_set_can_be_changed(pages):
    page = pages.open(PRESETS["spirals"])
    put(number_field(page, "Noise"), "0.2")
    started(page, dataset={"name": "spirals", "examples": 400, "noise": 0.2})


def test_layers_can_be_widened_changed_added_and_removed(page):
    output = XOR["layers"][1]
    put(number_field(page, "Hidden 1: units"), "7")
    started(page, layers=[{"units": 7, "activation": "tanh"}, output])
    chooser(page, "Hidden 1: activation").select_option(label="leaky ReLU")
    started(page, layers=[{"units": 7, "activation": "leaky_relu"}, output])
    button(page, "+ add a layer").click()
    started(page, layers=[{"units": 7, "activation": "leaky_relu"}] * 2 + [output])
    put(number_field(page, "Hidden 2: units"), "3")
    started(page, layers=[{"units": 7, "activation": "leaky_relu"}, {"units": 3, "activation": "leaky_relu"}, output])
    button(page, "Remove layer: Hidden 1").click()
    started(page, layers=[{"units": 3, "activation": "leaky_relu"}, output])
    button(page, "Remove layer: Hidden 1").click()
    started(page, layers=[output])
    assert look_inside(page).tensors["W1"].shape == (1, 2)


def test_there_is_no_end_of_adding_layers_but_the_limit(pages):
    hidden, output = XOR["layers"]
    page = pages.open({**XOR, "layers": [hidden] * 10 + [output]})
    button(page, "+ add a layer").click()
    started(page, layers=[hidden] * 11 + [output])
    expect(button(page, "+ add a layer")).to_be_disabled()


def test_a_change_of_the_output_activation_brings_a_loss_that_goes_with_it(page):
    chooser(page, "Output: activation").select_option(label="identity")
    started(page, loss="squared_error", layers=[XOR["layers"][0], {"units": 1, "activation": "identity"}])
    chooser(page, "Output: activation").select_option(label="sigmoid")
    started(page, loss="squared_error", layers=XOR["layers"])
    setting(page, "Loss").select_option(label="binary cross-entropy")
    started(page, loss="binary_cross_entropy")


def test_only_losses_that_go_with_the_output_can_be_chosen_and_the_others_say_what_they_need(pages):
    page = pages.open()
    for output, units in [("identity", 1), ("sigmoid", 1), ("tanh", 1), ("softmax", 2)]:
        layers = [XOR["layers"][0], {"units": units, "activation": output}]
        pages.go(page, {**XOR, "layers": layers, "loss": "squared_error"})
        expect(setting(page, "Loss").locator("option:checked")).to_have_text("squared error")
        options = setting(page, "Loss").locator("option").all()
        allowed = [each.get_attribute("value") for each in options if each.is_enabled()]
        assert {*allowed} == {name for name, loss in LOSSES.items() if output in loss.activations}
        for option in options:
            assert ("needs" in option.inner_text()) == option.is_disabled()
        for name in {*allowed} - {"squared_error"}:
            setting(page, "Loss").select_option(name)
            started(page, loss=name)


def test_the_output_layer_alone_is_offered_softmax_and_cannot_be_removed(page):
    expect(button(page, "Remove layer: Output")).to_be_disabled()
    assert "softmax" not in chooser(page, "Hidden 1: activation").locator("option").all_inner_texts()
    assert "softmax" in chooser(page, "Output: activation").locator("option").all_inner_texts()


def test_initialization_mini_batch_and_seed_begin_another_run(pages):
    page = pages.open(PRESETS["spirals"], 100)
    setting(page, "Initialization").select_option(label="zeros")
    started(page, initializer="zeros")
    assert not look_inside(page).tensors["W1"].any()
    setting(page, "Initialization").select_option(label="He")
    started(page, initializer="he")
    put(setting(page, "Mini-batch"), "3")
    started(page, mini_batch_size=3)
    put(setting(page, "Seed"), "41")
    started(page, seed=41)
    before = look_inside(page).tensors["W1"]
    button(page, "Another seed").click()
    started(page, seed=42)
    assert (look_inside(page).tensors["W1"] != before).any()


def test_the_mini_batch_is_as_large_as_it_was_set(pages):
    page = pages.open(PRESETS["spirals"])
    put(setting(page, "Mini-batch"), "7")
    started(page, mini_batch_size=7)
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    at(page, 1)
    assert look_inside(page).tensors["a0"].shape == (7, 2)
    expect(page.get_by_role("group", name="Example shown")).to_contain_text("of 7")


def test_a_step_that_is_pressed_while_a_change_is_on_its_way_comes_after_it(pages):
    page = pages.blank(fresh=True)
    held = held_back(page, lambda command: command["command"] == "change")
    t = 20 * micro_steps(XOR)
    page.goto(link(pages.address, XOR, t))
    at(page, t)
    put(number_field(page, "Learning rate"), "0.25")
    eventually(lambda: now(page) == t and held)
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    page.evaluate("new Promise((done) => setTimeout(done, 200))")  # nothing can be seen of waiting
    assert now(page) == t
    for let_go in held:
        let_go()
    at(page, t + 1)
    assert running(page)["changes"] == [{"t": t, "learning_rate": 0.25}]
    assert untrue(look_inside(page)) == []


def test_the_learning_rate_at_t_0_begins_the_run_with_it(page):
    put(number_field(page, "Learning rate"), "0.25")
    started(page, optimizer={"name": "gradient_descent", "learning_rate": 0.25})
    assert "changes" not in running(page)


def test_the_learning_rate_in_mid_run_holds_from_there_on(pages):
    page = pages.open(XOR, 18 * 5 + 7)
    before = look_inside(page).tensors
    put(number_field(page, "Learning rate"), "0.125")
    page.wait_for_function("backscope.experiment.changes")
    at(page, 18 * 5 + 7)
    assert running(page)["changes"] == [{"t": 97, "learning_rate": 0.125}]
    here = look(page)
    assert untrue(here) == []
    assert here.tensors["W1"].tobytes() == before["W1"].tobytes()
    assert here.tensors["learning_rate"] == 0.125
    press(page, "Shift+ArrowRight", 18 * 6)
    after = look(page)
    assert untrue(after) == []
    plain = Timeline(Experiment.from_dict(XOR)).seek(18 * 6)
    assert after.tensors["W1"].tobytes() != plain["W1"].tobytes()
    press(page, "Shift+ArrowLeft", 18 * 5)
    assert look_inside(page).tensors["learning_rate"] == 0.5
    expect(number_field(page, "Learning rate")).to_have_value("0.5")


REFUSED = [
    ("Hidden 1: units", "0", "invalid layer width: 0 (1 to 1,024)"),
    ("Hidden 1: units", "1025", "invalid layer width: 1025 (1 to 1,024)"),
    ("Hidden 1: units", "2.5", "invalid layer width: 2.5 (1 to 1,024)"),
    ("Output: units", "3", "unfit number of outputs: 3 (“xor, 4 points” takes 1, 2)"),
    ("Learning rate", "-1", "invalid learning rate: -1 (0 to 1,000,000)"),
    ("Mini-batch", "5", "invalid mini-batch size: 5 (1 to 4)"),
    ("Mini-batch", "0", "invalid mini-batch size: 0 (1 to 4)"),
    ("Seed", "-7", "invalid seed: -7 (0 to 4,294,967,295)"),
]


@pytest.mark.parametrize("t", [0, 25])
def test_a_refusal_stands_beside_its_control_and_changes_nothing(pages, t):
    page = pages.open(XOR, t)
    of_each_field = {each[0]: each for each in REFUSED}.values()
    refused = of_each_field if t else [each for each in REFUSED if each not in of_each_field]
    for seed, (field, value, text) in enumerate(refused, 1):
        pages.go(page, {**XOR, "seed": seed}, t)
        before = look(page)
        put(setting(page, field), value)
        expect(refusal(setting(page, field))).to_have_text(text)
        expect(page.get_by_role("alert")).to_have_count(1)
        expect(setting(page, field)).to_have_attribute("aria-invalid", "true")
        after = look(page)
        assert (after.experiment, after.t) == (before.experiment, t)
        assert after.of("weight", "nudge", "activation") == before.of("weight", "nudge", "activation")
        press(page, "Shift+ArrowRight", 18 * (t // 18 + 1))
        assert untrue(look_inside(page)) == []


def test_a_refusal_goes_once_the_value_is_right(page):
    put(setting(page, "Mini-batch"), "99")
    expect(page.get_by_role("alert")).to_be_visible()
    put(setting(page, "Mini-batch"), "2")
    started(page, mini_batch_size=2)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)


def test_a_value_that_was_refused_does_not_stand_in_the_way_of_other_controls(page):
    put(number_field(page, "Hidden 1: units"), "0")
    expect(page.get_by_role("alert")).to_be_visible()
    open_example(page, "784-100-10")
    started(page, layers=PRESETS["digits_100"]["layers"])
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_emptied_field_is_refused_in_words_that_are_no_program_code(page):
    put(setting(page, "Seed"), "")
    expect(refusal(setting(page, "Seed"))).to_contain_text("seed")
    said = page.get_by_role("alert").inner_text()
    assert not [code for code in ("None", "null", "NaN", "undefined") if code in said], said


def test_a_network_too_large_for_the_server_is_refused_at_the_mini_batch(pages):
    wide = [{"units": 1024, "activation": "relu"}, {"units": 10, "activation": "softmax"}]
    page = pages.open({**PRESETS["digits_100"], "layers": wide})
    put(setting(page, "Mini-batch"), "60000")
    expect(refusal(setting(page, "Mini-batch"))).to_contain_text("unfit mini-batch size: 60000 (its tensors take")
    assert running(page)["mini_batch_size"] == 32


def test_another_run_can_begin_on_the_way_to_a_far_moment(pages):
    page = pages.blank()
    page.goto(link(pages.address, PRESETS["digits_100"], 10**9))
    page.wait_for_function("window.backscope?.t > 1000")
    open_example(page, "Spirals")
    page.wait_for_function("backscope.experiment.dataset.name === 'spirals'")
    at(page, 0)
    press(page, "Shift+ArrowRight", 27)
    assert untrue(look_inside(page)) == []
    expect(page.get_by_text("1,000,000,000")).to_be_hidden()


def test_another_run_can_begin_while_this_one_plays_and_then_it_rests_at_its_beginning(page):
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 500")
    put(number_field(page, "Hidden 1: units"), "6")
    started(page, layers=[{"units": 6, "activation": "tanh"}, XOR["layers"][1]])
    expect(button(page, "Play")).to_be_visible()
    expect(region(page, "Transport")).to_contain_text("before the first step")


def test_typing_goes_on_in_the_control_that_was_changed(page):
    seed = setting(page, "Seed")
    seed.fill("8")
    seed.press("Enter")
    started(page, seed=8)
    expect(setting(page, "Seed")).to_be_focused()
