"""All of training can be set on the page: at the beginning as another run, in mid-run as a change from there on."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.methods.schedules import SCHEDULES
from tests.helpers.browsing import (
    Plain,
    at,
    button,
    chooser,
    eventually,
    look,
    look_inside,
    number_field,
    put,
    region,
    say,
    untrue,
)
from tests.helpers.setup import press, refusal, running, setting, started

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, SPIRALS = PRESETS["xor"], PRESETS["spirals"]
STEP = 18  # micro-steps of a training step of the first network
MIXED = {
    "dataset": {"name": "moons"},
    "layers": [
        {"units": 5, "activation": "tanh", "batch_norm": True, "dropout": 0.4},
        {"units": 5, "activation": "gelu", "residual": True},
        {"units": 1, "activation": "sigmoid"},
    ],
    "optimizer": {"name": "adam"},
    "schedule": {"name": "cosine", "steps": 50, "warm_up": 3},
    "regularization": {"l1": 0.001, "l2": 0.01},
    "clip_norm": 0.2,
    "augment": {"noise": 0.1},
}

# What the view Why says of the line with that index, once it is pointed at; null where it is not there yet.
WHY = """index => {
    const overlay = document.querySelector("canvas.overlay");
    const { left, top, width, height } = overlay.getBoundingClientRect();
    for (let y = 0; y < height; y += 3) for (let x = width * 0.6; x < width * 0.9; x += 3) {
        overlay.dispatchEvent(new PointerEvent("pointermove", { clientX: left + x, clientY: top + y }));
        const text = document.querySelector("[data-part=why]").textContent;
        if (text.includes(`[${index[0]}, ${index[1]}]`)) {
            const all = (part) => [...document.querySelectorAll(`[data-part=why] ${part}`)];
            const [terms, numbers] = ["dt", "dd.number"].map(all);
            return terms.map((term, i) => [term.textContent, numbers[i].title]);
        }
    }
    return null;
}"""


def begin(page: Page, training_step: int) -> int:
    """The moment at which a training step of the run begins."""
    return Timeline(Experiment.from_dict(running(page))).t_of(training_step)


def changes(page: Page) -> list[Plain]:
    return list(running(page).get("changes", []))


def changed(page: Page, **fields: object) -> None:
    """Wait until the run has such a change of structure at this moment, and the page shows the engine's numbers."""
    page.wait_for_function(
        "wish => (backscope.experiment.changes ?? []).some(change => JSON.stringify(change) === JSON.stringify(wish))",
        arg={"t": page.evaluate("backscope.t"), **fields},
    )
    assert untrue(look_inside(page)) == []


def there(page: Page, label: str, name: str) -> None:
    """Choose from a list by the words that stand there."""
    setting(page, label).select_option(label=say(name))


def test_another_optimizer_takes_over_at_the_next_training_step(pages):
    page = pages.open(XOR, 3 * STEP)
    names = ["adam", "momentum", "lion", "gradient_descent"]  # two tensors a parameter beside it, one, one, and none
    last = 3 + 2 * len(names)
    for step, name in zip(range(3, last, 2), names, strict=True):
        page.keyboard.press("ArrowRight")
        at(page, t := begin(page, step) + page.evaluate("backscope.listing.grains.layer[0]"))
        there(page, "Method", f"optimizer.{name}")
        page.wait_for_function("name => backscope.experiment.changes?.at(-1).optimizer.name === name", arg=name)
        assert changes(page)[-1]["t"] == t
        for after in (step + 1, step + 2):
            press(page, "Shift+ArrowRight", begin(page, after))
        assert untrue(look_inside(page)) == [], name
    for before in range(last - 1, last - 4, -1):
        press(page, "Shift+ArrowLeft", begin(page, before))
        assert untrue(look_inside(page)) == [], before


def test_at_t_0_another_optimizer_begins_another_run(page):
    there(page, "Method", "optimizer.adam")
    page.wait_for_function("backscope.experiment.optimizer.name === 'adam'")
    at(page, 0)
    assert changes(page) == []
    there(page, "Method", "optimizer.gradient_descent")
    started(page, optimizer={"name": "gradient_descent", "learning_rate": 0.1})


def test_an_optimizers_settings_can_be_set_and_are_refused_beside_their_field(page):
    there(page, "Method", "optimizer.momentum")
    page.wait_for_function("backscope.experiment.optimizer.name === 'momentum'")
    beta = setting(page, say("setting.momentum"))
    put(beta, "0.8")
    page.wait_for_function("backscope.experiment.optimizer.momentum === 0.8")
    put(setting(page, say("setting.momentum")), "1.5")
    expect(refusal(setting(page, say("setting.momentum")))).to_have_text("invalid momentum: 1.5 (0 to 0.9999)")
    assert running(page)["optimizer"]["momentum"] == 0.8


def test_the_parameter_update_is_read_beside_the_raw_gradient(pages):
    page = pages.open({**XOR, "optimizer": {"name": "adam", "learning_rate": 0.01}})
    press(page, "Shift+ArrowRight", begin(page, 1))
    moment = look(page)
    line = next(mark for mark in moment.of("weight") if mark.tensor == "W2")
    found: list[list[str]] = []

    def is_said() -> bool:
        found[:] = page.evaluate(WHY, line.index) or []
        return found != []

    eventually(is_said)
    said = {symbol: float(number.replace("−", "-")) for symbol, number in found}
    engine = moment.engine
    for symbol, name in {
        "w": "W2",
        "∂C/∂w": "dW2",
        "m": "mW2",
        "v": "vW2",
        "m̂": "mhatW2",
        "v̂": "vhatW2",
        "Δw": "uW2",
    }.items():
        assert said[symbol] == pytest.approx(float(engine[name][line.index]), rel=1e-6), symbol


MOVING = sorted(SCHEDULES.keys() - {"constant"})


@pytest.mark.with_chart
@pytest.mark.parametrize(
    "names", [MOVING[::2], pytest.param(MOVING, marks=pytest.mark.long)], ids=["every other", "all"]
)
def test_a_schedule_moves_the_learning_rate_and_the_chart_draws_it(pages, names):
    page = pages.open(XOR)
    chooser(page, "Chart").select_option(label=say("chart.learning_rate"))
    there(page, "Schedule", "schedule.cosine")
    page.wait_for_function("backscope.experiment.schedule")
    there(page, "Schedule", "schedule.constant")
    page.wait_for_function("!backscope.experiment.schedule")
    for seed, name in enumerate(names, 1):
        pages.go(page, {**XOR, "seed": seed})
        chooser(page, "Chart").select_option(label=say("chart.learning_rate"))
        there(page, "Schedule", f"schedule.{name}")
        page.wait_for_function("name => backscope.experiment.schedule?.name === name", arg=name)
        put(setting(page, say("setting.warm_up")), "4")
        page.wait_for_function("backscope.experiment.schedule.warm_up === 4")
        for step in range(1, 6):
            press(page, "Shift+ArrowRight", begin(page, step))
        assert untrue(look_inside(page)) == [], name
        drawn = {mark.index[0]: mark.value for mark in look(page, "curve").marks}
        rates = [value for _, value in sorted(drawn.items())]
        assert rates[:4] == pytest.approx([0.125, 0.25, 0.375, 0.5], rel=1e-5), name


BOUNDS: list[tuple[str, str, Plain, set[str]]] = [
    ("l2", "0.01", {"regularization": {"l1": 0, "l2": 0.01}}, {"penalty", "gW1"}),
    ("l1", "0.02", {"regularization": {"l1": 0.02, "l2": 0}}, {"penalty", "gW2"}),
    ("clip_norm", "0.05", {"clip_norm": 0.05}, {"norm", "cW1", "cb2"}),
    ("coupled_weight_decay", "0.03", {"coupled_weight_decay": 0.03}, {"gtildeW1", "gtildeb2"}),
    ("augment.noise", "0.1", {"augment": {"noise": 0.1}}, {"x"}),
]


def test_what_keeps_it_in_bounds_is_a_change_in_mid_run_and_shows_in_the_tensors(pages):
    page = pages.open(XOR)
    for seed, (field, value, fields, tensors) in enumerate(BOUNDS, 1):
        pages.go(page, {**XOR, "seed": seed}, 2 * STEP)
        put(setting(page, say(field)), value)
        changed(page, **fields)
        press(page, "Shift+ArrowRight", begin(page, 3))
        moment = look(page)
        assert untrue(moment) == [], field
        assert tensors <= moment.tensors.keys(), field
        expect(setting(page, say(field))).to_have_value(value)
        press(page, "Shift+ArrowLeft", 2 * STEP)
        press(page, "Shift+ArrowLeft", STEP)
        assert not tensors & look_inside(page).tensors.keys(), field
        assert setting(page, say(field)).input_value() in ("0", ""), field  # as it was in force there


def test_pictures_come_uneven_bent_and_coarser_where_that_is_asked_for(pages):
    page = pages.open({**PRESETS["digits_100"], "mini_batch_size": 4, "seed": 1})
    asked = {"uneven": 0.5, "elastic": 1.5, "coarse": 2}
    for count, (name, value) in enumerate(asked.items(), 1):
        put(setting(page, say(f"augment.{name}")), str(value))
        page.wait_for_function("n => Object.keys(backscope.experiment.augment ?? {}).length === n", arg=count)
    assert running(page)["augment"] == asked
    press(page, "Shift+ArrowRight", begin(page, 1))
    moment = look(page)
    assert untrue(moment) == []
    assert {"x", "penned", "bent", "a0"} <= moment.tensors.keys()


def test_clipping_is_taken_off_by_emptying_the_field(pages):
    page = pages.open({**XOR, "clip_norm": 0.1})
    put(setting(page, say("clip_norm")), "")
    page.wait_for_function("!('clip_norm' in backscope.experiment) || backscope.experiment.clip_norm === null")
    press(page, "Shift+ArrowRight", STEP)
    assert "norm" not in look_inside(page).tensors


@pytest.mark.with_chart
def test_the_norm_is_plotted_against_its_limit(pages):
    page = pages.open({**XOR, "clip_norm": 0.05})
    for step in range(1, 4):
        press(page, "Shift+ArrowRight", begin(page, step))
    chooser(page, "Chart").select_option(label=say("chart.norm"))
    page.wait_for_function(
        "document.querySelector('[data-part=plot]').layout?.shapes?.some(shape => shape.y0 === 0.05)"
    )
    moment = look(page)
    norms = [mark.value for mark in sorted(moment.of("curve"), key=lambda mark: mark.index)]
    timeline = Timeline(Experiment.from_dict(moment.experiment))
    length = len(timeline.program)
    assert norms == [float(np.float32(timeline.seek(length * (step + 1))["norm"])) for step in range(3)]
    assert max(norms) > 0.05


@pytest.mark.with_chart
def test_the_norms_chart_says_what_to_do_where_there_is_no_norm(page):
    press(page, "Shift+ArrowRight", STEP)
    chooser(page, "Chart").select_option(label=say("chart.norm"))
    expect(region(page, "Loss")).to_contain_text(say("chart.norm.empty"))


def test_batch_norm_dropout_and_skip_of_a_layer_are_behind_its_dots(pages):
    page = pages.open(SPIRALS, 27)
    button(page, say("layer.more", title="Hidden 2")).click()
    page.get_by_role("checkbox", name="Hidden 2: skip", exact=True).check()
    page.wait_for_function("backscope.experiment.changes?.[0].layers[1].residual")
    page.get_by_role("checkbox", name="Hidden 2: batch norm", exact=True).check()
    page.wait_for_function("backscope.experiment.changes?.[0].layers[1].batch_norm")
    put(number_field(page, "Hidden 2: dropout"), "0.5")
    page.wait_for_function("backscope.experiment.changes?.[0].layers[1].dropout === 0.5")
    assert len(changes(page)) == 1  # at the same moment the last one holds
    press(page, "Shift+ArrowRight", begin(page, 2))
    moment = look(page)
    assert untrue(moment) == []
    assert {"mask2", "f2", "kept2", "gamma2", "running_mean2"} <= moment.tensors.keys()
    assert {mark.tensor for mark in moment.of("skip")} == {"da2"}
    assert {mark.tensor for mark in moment.of("mask")} == {"mask2"}
    assert {mark.tensor for mark in moment.of("scale")} == {"gamma2"}


def test_a_skip_between_unequal_widths_is_refused_beside_its_layer(page):
    button(page, say("layer.more", title="Hidden 1")).click()
    page.get_by_role("checkbox", name="Hidden 1: skip", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(
        "unfit residual connection: True (the layer has 4 neurons and is given 2"
    )
    assert "residual" not in running(page)["layers"][0]


def test_the_hard_step_is_refused_with_the_reason(page):
    chooser(page, "Hidden 1: activation").select_option(label="hard step")
    expect(page.get_by_role("alert")).to_contain_text("its slope is 0 everywhere")
    assert running(page)["layers"][0]["activation"] == "tanh"


def test_another_activation_in_mid_run_keeps_the_weights(pages):
    page = pages.open(XOR, 5 * STEP)
    before = look_inside(page).tensors["W1"]
    chooser(page, "Hidden 1: activation").select_option(label="SiLU")
    page.wait_for_function("backscope.experiment.changes")
    assert look_inside(page).tensors["W1"].tobytes() == before.tobytes()
    press(page, "Shift+ArrowRight", begin(page, 6))
    assert untrue(look_inside(page)) == []
    names = page.evaluate("backscope.listing.program.map(step => step.equation)")
    assert "silu" in names
    assert "tanh" not in names


def test_every_moment_of_a_run_with_everything_in_it_is_the_engines(pages):
    page = pages.open(MIXED)
    length = page.evaluate("backscope.listing.program.length")
    chooser(page, "Grain").select_option("equation")
    kinds = {"weight", "bias", "nudge", "delta", "activation", "target", "skip", "mask", "scale"}
    for t in [*range(2, length, 7), length, length + 3, 3 * length - 1]:
        page.get_by_role("slider", name="Timeline").evaluate(
            "(slider, t) => { slider.max = t; slider.value = t; slider.dispatchEvent(new Event('input')); }", t
        )
        at(page, t)
        moment = look(page)
        assert untrue(moment) == []
        engine = moment.engine
        for mark in moment.of(*kinds):
            assert np.float32(mark.value) == np.float32(engine[mark.tensor][mark.index]), mark
    assert {mark.kind for mark in moment.of(*kinds)} == kinds


def test_steps_of_every_grain_go_over_the_border_of_segments_and_back(pages):
    experiment = {**XOR, "changes": [{"t": 40, "optimizer": {"name": "momentum"}}]}
    timeline = Timeline(Experiment.from_dict(experiment))
    _, second = timeline.segments
    assert (second.t, second.training_step) == (54, 3)
    page = pages.open(experiment)
    length = len(second.program)
    for grain, stops in {
        "training_step": [0, 18, 36, 54, 54 + length, 54 + 2 * length],
        "equation": [52, 53, 54, 55, 56],
    }.items():
        chooser(page, "Grain").select_option(grain)
        page.get_by_role("slider", name="Timeline").evaluate(
            "(slider, t) => { slider.max = 200; slider.value = t; slider.dispatchEvent(new Event('input')); }", stops[0]
        )
        at(page, stops[0])
        page.locator("h1").click()
        for t in stops[1:]:
            page.keyboard.press("ArrowRight")
            at(page, t)
            assert untrue(look_inside(page)) == []
        for t in stops[-2::-1]:
            page.keyboard.press("ArrowLeft")
            at(page, t)
    expect(page.get_by_role("status", name="Position")).to_contain_text("t 52")
