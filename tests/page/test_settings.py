"""Settings that are changed in mid-run: when they come into force, and that another run begins with them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from tests.helpers.browsing import Plain, at, button, chooser, look_inside, micro_steps, number_field, put, say, untrue
from tests.helpers.gallery import open_example
from tests.helpers.setup import more_settings, setting

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, SPIRALS, DIGITS = PRESETS["xor"], PRESETS["spirals"], PRESETS["digits_100"]
WAITS = say("waiting")
TWO = XOR | {"layers": [{"units": 4, "activation": "tanh"}] * 2 + XOR["layers"][1:]}


def running(page: Page) -> Plain:
    return dict(page.evaluate("backscope.experiment"))


def toggle(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=name, exact=True)


def begun(page: Page, **fields: object) -> Plain:
    """Wait until a run has begun with these fields; its experiment."""
    true = "([name, value]) => JSON.stringify(backscope.experiment[name]) === JSON.stringify(value)"
    page.wait_for_function(f"fields => Object.entries(fields).every({true})", arg=fields)
    at(page, 0)
    assert untrue(look_inside(page)) == []
    return running(page)


def more(page: Page) -> None:
    button(page, "More of this layer: Hidden 2").click()


def select(name: str, label: str) -> Callable[[Page], Locator]:
    def choose(page: Page) -> Locator:
        setting(page, name).select_option(label=label)
        return setting(page, name)

    return choose


def fill(name: str, value: str) -> Callable[[Page], Locator]:
    def type_in(page: Page) -> Locator:
        if name.endswith("dropout"):
            more(page)
        put(setting(page, name), value)
        return setting(page, name)

    return type_in


def tick(name: str) -> Callable[[Page], Locator]:
    def click(page: Page) -> Locator:
        more(page)
        toggle(page, name).check()
        return toggle(page, name)

    return click


CONTROLS = {
    "activation": (select("Hidden 1: activation", "ReLU"), "layers"),
    "output activation": (select("Output: activation", "identity"), "layers"),
    "batch norm": (tick("Hidden 2: batch norm"), "layers"),
    "skip": (tick("Hidden 2: skip"), "layers"),
    "dropout": (fill("Hidden 2: dropout", "0.25"), "layers"),
    "method": (select("Method", "Adam"), "optimizer"),
    "schedule": (select("Schedule", "cosine"), "schedule"),
    "l2": (fill("L2 penalty λ₂", "0.01"), "regularization"),
    "l1": (fill("L1 penalty λ₁", "0.02"), "regularization"),
    "clip": (fill("Clip the norm at", "1.5"), "clip_norm"),
    "noise": (fill("Noise on inputs", "0.1"), "augment"),
}


def value(control: Locator) -> str | bool:
    return control.is_checked() if control.get_attribute("type") == "checkbox" else control.input_value()


OTHERS = {"output activation", "skip", "dropout", "l1"}  # of each field of a change and kind of control one is there


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in OTHERS else name for name in CONTROLS]
)
def test_what_is_asked_for_in_mid_step_stands_in_its_control_and_says_from_when_on(pages, name):
    ask, field = CONTROLS[name]
    step = micro_steps(TWO)
    page = pages.open(TWO, step + 2)
    control = ask(page)
    page.wait_for_function("backscope.experiment.changes")
    at(page, step + 2)
    asked = value(control)
    expect(control).to_have_accessible_description(WAITS)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowLeft")
    at(page, step)
    expect(control).not_to_have_accessible_description(WAITS)
    assert value(control) != asked
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("t => backscope.t === t", arg=2 * step)
    expect(control).not_to_have_accessible_description(WAITS)
    assert value(control) == asked
    page.keyboard.press("ArrowLeft")
    expect(control).to_have_accessible_description(WAITS)
    assert value(control) == asked
    change = running(page)["changes"][-1]
    setting(page, "Initialization").select_option(label="He")
    after = begun(page, initializer="he")
    assert value(control) == asked
    if field in ("optimizer", "schedule"):
        assert after[field]["name"] == change[field]["name"]
    else:
        assert after[field] == change[field]
    expect(control).not_to_have_accessible_description(WAITS)


def test_two_changes_of_one_training_step_are_both_kept(pages):
    page = pages.open(TWO, 20)
    chooser(page, "Hidden 1: activation").select_option(label="ReLU")
    page.wait_for_function("backscope.experiment.changes?.length === 1")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("backscope.t > 20")
    chooser(page, "Hidden 2: activation").select_option(label="sigmoid")
    page.wait_for_function("backscope.experiment.changes?.length === 2")
    for layer, label in enumerate(("ReLU", "sigmoid"), 1):
        control = chooser(page, f"Hidden {layer}: activation")
        expect(control.locator("option:checked")).to_have_text(label)
        expect(control).to_have_accessible_description(WAITS)
    page.keyboard.press("Shift+ArrowRight")
    at(page, micro_steps(TWO))
    expect(chooser(page, "Hidden 2: activation").locator("option:checked")).to_have_text("sigmoid")
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowLeft")
    at(page, 0)
    expect(chooser(page, "Hidden 1: activation").locator("option:checked")).to_have_text("tanh")


def test_a_rate_that_is_set_while_another_method_waits_is_that_methods_rate(pages):
    step = micro_steps(XOR)
    page = pages.open(XOR, step + 2)
    setting(page, "Method").select_option(label="Adam")
    page.wait_for_function("backscope.experiment.changes?.length === 1")
    put(number_field(page, "Learning rate"), "0.025")
    page.wait_for_function("backscope.experiment.changes[0].optimizer.learning_rate === 0.025")
    expect(number_field(page, "Learning rate")).to_have_accessible_description(WAITS)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 2 * step)
    assert look_inside(page).tensors["learning_rate"] == pytest.approx(0.025)
    expect(number_field(page, "Learning rate")).to_have_value("0.025")


def test_a_remedy_that_waits_says_so(pages):
    page = pages.open()
    open_example(page, say("scenario.plateau"))
    at(page, 0)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    step = micro_steps(SCENARIOS["plateau"]["experiment"])
    at(page, step)
    page.keyboard.press("ArrowRight")
    at(page, step + 1)
    remedy = button(page, say("remedy.adam"))
    remedy.click()
    expect(remedy).to_have_attribute("aria-pressed", "true")
    expect(remedy).to_have_accessible_description(WAITS)
    page.keyboard.press("Shift+ArrowRight")
    at(page, 2 * step)
    expect(remedy).to_have_attribute("aria-pressed", "true")
    expect(remedy).not_to_have_accessible_description(WAITS)


def another_seed(page: Page) -> None:
    more_settings(page)
    button(page, "Another seed").click()


RESTARTS = {
    "seed": lambda page: put(setting(page, "Seed"), "12"),
    "another seed": another_seed,
    "initialization": lambda page: setting(page, "Initialization").select_option(label="He"),
    "data": lambda page: chooser(page, "Data").select_option(label="moons"),
    "noise": lambda page: put(number_field(page, "Noise"), "0.2"),
    "examples": lambda page: put(number_field(page, "Examples"), "200"),
    "mini-batch": lambda page: put(setting(page, "Mini-batch"), "10"),
    "loss": lambda page: setting(page, "Loss").select_option(label="squared error"),
    "units": lambda page: put(number_field(page, "Hidden 1: units"), "6"),
    "a layer more": lambda page: button(page, "+ add a layer").click(),
    "a layer less": lambda page: button(page, "Remove layer: Hidden 2").click(),
}


ONE_EACH = {"seed", "data", "a layer more", "a layer less"}  # by a number, a menu and the buttons of layers


@pytest.mark.parametrize(
    "restart", [name if name in ONE_EACH else pytest.param(name, marks=pytest.mark.long) for name in RESTARTS]
)
def test_another_run_begins_with_all_settings_that_are_in_force_and_says_so(pages, restart):
    changes = [
        {"t": 27, "learning_rate": 0.25},
        {"t": 27, "clip_norm": 2.0},
        {"t": 54, "layers": [{"units": 8, "activation": "relu", "dropout": 0.1}] * 2 + SPIRALS["layers"][2:]},
        {"t": 100, "regularization": {"l1": 0.0, "l2": 0.001}},
        {"t": 100, "learning_rate": 0.05},
        {"t": 5000, "learning_rate": 3.0},
    ]
    page = pages.open(SPIRALS | {"changes": changes}, 400)
    expect(number_field(page, "Learning rate")).to_have_value("0.05")
    RESTARTS[restart](page)
    page.wait_for_function("!backscope.experiment.changes && backscope.t === 0")
    after = running(page)
    assert after["optimizer"] == {"name": "gradient_descent", "learning_rate": 0.05}
    assert (after["clip_norm"], after["regularization"]) == (2, {"l1": 0, "l2": 0.001})
    for layer in after["layers"][:-1]:
        assert (layer["activation"], layer["dropout"]) == ("relu", 0.1)
    assert untrue(look_inside(page)) == []
    said = page.get_by_text(say("settings.kept", settings="")[:-2])
    expect(said).to_be_visible()
    for noun in ("learning rate", "activation", "dropout", "regularization", "limit of the norm"):
        expect(said).to_contain_text(say(f"noun.{noun}"))


def test_a_run_that_begins_as_the_one_before_began_says_nothing_of_settings(pages):
    page = pages.open(XOR, 40, fresh=True)
    put(setting(page, "Seed"), "12")
    begun(page, seed=12)
    expect(page.get_by_text(say("settings.kept", settings="")[:-2])).to_have_count(0)


def test_a_change_that_lies_ahead_goes_into_no_other_run(pages):
    page = pages.open(XOR | {"changes": [{"t": 90, "learning_rate": 0.05}]}, 40)
    put(setting(page, "Seed"), "12")
    assert begun(page, seed=12)["optimizer"]["learning_rate"] == 0.5


def test_batch_norm_that_was_added_to_a_trained_network_begins_another_run_from_scratch(pages):
    trained = {**DIGITS, "start": "digits_100"}
    page = pages.open(trained)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("backscope.t > 10")
    button(page, "More of this layer: Hidden 1").click()
    toggle(page, "Hidden 1: batch norm").check()
    page.wait_for_function("backscope.experiment.changes")
    put(setting(page, "Seed"), "12")
    after = begun(page, seed=12)
    assert after["layers"][0]["batch_norm"] is True
    assert "start" not in after


def test_play_that_is_pressed_while_a_change_is_on_its_way_is_kept(pages):
    page = pages.open(SPIRALS, 54)
    number_field(page, "Learning rate").fill("0.25")
    button(page, "Play").click()  # which also leaves the field
    page.wait_for_function("backscope.experiment.changes && backscope.t > 60")
    expect(button(page, "Pause")).to_be_visible()
