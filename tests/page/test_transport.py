"""The transport goes to every moment there is, in both directions, and shows what the engine has there."""

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
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
    put,
    region,
    say,
    slider,
    untrue,
)
from tests.helpers.setup import setting

pytestmark = [pytest.mark.without_chart, pytest.mark.with_motion, pytest.mark.same_page]

XOR, SPIRALS, DIGITS = PRESETS["xor"], PRESETS["spirals"], PRESETS["digits_100"]
GRAINS = ("equation", "layer", "training step", "epoch")
EVALUATED = "t => backscope.marks().some(mark => mark.tensor === 'training.loss' && mark.index[0] === t)"
SHORT_OF = 3  # moments short of the end of a unit: a busy server may have to stop on the way, but seldom has to


def ends(experiment: Plain, grain: str, most: int) -> list[int]:
    """The moments where units of the grain end, the beginning included, up to about ``most``."""
    run = Timeline(Experiment.from_dict(experiment))
    steps, epoch = run.program, run.experiment.steps_per_epoch
    step_ends = {
        "equation": range(1, len(steps) + 1),
        "layer": [
            k for k in range(1, len(steps) + 1)
            if k == len(steps) or (steps[k].phase, steps[k].layer) != (steps[k - 1].phase, steps[k - 1].layer)
        ],
        "training step": [len(steps)],
    }  # fmt: skip
    if grain == "epoch":
        return [*range(0, most + 1, len(steps) * epoch)]
    return [0, *(base + end for base in range(0, most, len(steps)) for end in step_ends[grain])]


def position(page: Page) -> str:
    return page.get_by_role("status", name="Position").inner_text().strip()


def t_when_pressed(control: Locator) -> int:
    """Press a button; t at once, before any answer that is still on its way."""
    return int(control.evaluate("button => { button.click(); return backscope.t; }"))


def test_step_forward_and_step_back_go_by_the_grain_that_is_chosen(pages):
    page = pages.open(SPIRALS)
    for grain in GRAINS:
        chooser(page, "Grain").select_option(label=grain)
        moments = ends(SPIRALS, grain, 1300)[:4]
        for t in moments[1:]:
            button(page, "Step forward").click()
            at(page, t)
        for t in reversed(moments[:-1]):
            button(page, "Step back").click()
            at(page, t)
        expect(button(page, "Step back")).to_be_disabled()


def test_stepping_from_inside_a_unit_ends_it_and_stepping_back_begins_it_anew(pages):
    page = pages.open(SPIRALS, 27 * 4 + 10)
    for grain, after, before in [("training step", 27 * 5, 27 * 4), ("epoch", 27 * 15, 0)]:
        chooser(page, "Grain").select_option(label=grain)
        button(page, "Step forward").click()
        at(page, after)
        slider(page, "Timeline").fill(str(27 * 4 + 10))
        at(page, 27 * 4 + 10)
        button(page, "Step back").click()
        at(page, before)
        slider(page, "Timeline").fill(str(27 * 4 + 10))
        at(page, 27 * 4 + 10)


def test_arrow_keys_step_by_the_grain_and_with_shift_by_training_steps(page):
    for key, t in [
        ("ArrowRight", 1), ("ArrowRight", 3), ("Shift+ArrowRight", 18), ("Shift+ArrowRight", 36),
        ("ArrowLeft", 34), ("Shift+ArrowLeft", 18), ("Shift+ArrowLeft", 0), ("ArrowLeft", 0),
    ]:  # fmt: skip
        page.keyboard.press(key)
        at(page, t)


def test_keys_pressed_faster_than_the_server_answers_all_count(page):
    for _ in range(12):
        page.keyboard.press("Shift+ArrowRight")
    at(page, 12 * 18)
    for _ in range(5):
        page.keyboard.press("Shift+ArrowLeft")
    at(page, 7 * 18)
    assert untrue(look_inside(page)) == []


def test_space_plays_and_pauses_and_the_button_says_which_it_will_do(page):
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.wait_for_function("backscope.t > 0")
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()
    expect(button(page, "Pause")).to_have_count(0)
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()


def test_keys_typed_into_a_field_are_the_fields_own(page):
    seed = setting(page, "Seed")
    seed.fill("17")
    seed.press("ArrowLeft")
    seed.press("Space")
    seed.press("Enter")
    page.wait_for_function("backscope.experiment.seed === 17")
    at(page, 0)
    expect(button(page, "Play")).to_be_visible()


def test_playing_shows_every_unit_of_the_grain_in_turn(pages):
    page = pages.open(SPIRALS, fresh=True)  # nothing was painted before
    slider(page, "Speed").fill("50")
    button(page, "Play").click()
    page.wait_for_function("backscope.t > 60")
    button(page, "Pause").click()
    shown = page.evaluate("backscope.stats().painted.map(({ t }) => t)")
    different = [t for before, t in zip([None, *shown], shown, strict=False) if t != before]
    units = ends(SPIRALS, "layer", different[-1] + 27)
    due = [t for t in units if t <= different[-1]]
    assert [t for t in different if t in units] == due
    assert sorted(different) == different
    assert len(different) - len(due) < SHORT_OF


def test_the_speed_slider_says_how_fast_it_plays_and_faster_plays_more(pages):
    page = pages.open(fresh=True)  # nothing was painted before
    slider(page, "Speed").fill("0")
    expect(region(page, "Transport")).to_contain_text("1 in 2.0 s")
    assert slider(page, "Speed").get_attribute("aria-valuetext") == "1 in 2.0 s"
    chooser(page, "Grain").select_option(label="training step")
    slider(page, "Speed").fill("99")
    expect(region(page, "Transport")).to_contain_text("4,000 a second")
    button(page, "Play").click()
    page.wait_for_function("backscope.t > 18 * 200")
    button(page, "Pause").click()
    shown = page.evaluate("backscope.stats().painted.map(({ t }) => t)")
    assert len(set(shown)) < 100  # each shows the end of many
    assert len({t for t in shown if t % 18}) < SHORT_OF


def test_full_speed_trains_on_and_on_and_pressed_again_goes_back_to_the_speed_before(page):
    slider(page, "Speed").fill("30")
    button(page, "Full speed").click()
    expect(button(page, "Full speed")).to_have_attribute("aria-pressed", "true")
    expect(region(page, "Transport")).to_contain_text("full speed")
    page.wait_for_function("backscope.t > 5000")
    button(page, "Full speed").click()
    expect(button(page, "Full speed")).to_have_attribute("aria-pressed", "false")
    expect(slider(page, "Speed")).to_have_value("30")
    expect(button(page, "Pause")).to_be_visible()
    button(page, "Pause").click()
    assert untrue(look_inside(page)) == []


@pytest.mark.parametrize("name", ["xor", "digits_100"])
def test_pausing_leaves_t_where_it_was_and_no_late_answer_moves_it(pages, name):
    page = pages.open(PRESETS[name])
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 400")
    t = t_when_pressed(button(page, "Pause"))
    # Many answers come after this: the full evaluation is asked for only once a moment has stayed.
    page.wait_for_function(EVALUATED, arg=t)
    expect(region(page, "Loss")).not_to_contain_text(say("summary.sample", examples="1,000"))
    assert now(page) == t
    assert untrue(look_inside(page)) == []
    expect(button(page, "Play")).to_be_visible()


def test_restart_brings_back_the_same_initial_weights_bit_for_bit(pages):
    page = pages.open(SPIRALS)
    initial = look_inside(page).tensors
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 2000")
    button(page, "Restart").click()
    at(page, 0)
    again = look_inside(page).tensors
    assert again.keys() == initial.keys()
    assert all(again[name].tobytes() == initial[name].tobytes() for name in initial)
    expect(button(page, "Restart")).to_be_disabled()
    expect(button(page, "Play")).to_be_visible()


def test_stepping_back_shows_the_same_bits_as_on_the_way_there(page):
    chooser(page, "Grain").select_option(label="equation")
    # The legend, once it is written, takes its room from the stage.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    passed = {0: look(page)}
    for t in range(1, 22):
        page.keyboard.press("ArrowRight")
        at(page, t)
        if t % 3 == 0:
            passed[t] = look(page)
    for t in range(20, -1, -1):
        page.keyboard.press("ArrowLeft")
        at(page, t)
        if t not in passed:
            continue
        here, before = look(page), passed[t]
        assert {name: array.tobytes() for name, array in here.tensors.items()} == {
            name: array.tobytes() for name, array in before.tensors.items()
        }
        stage = ("weight", "bias", "nudge", "delta", "activation", "target")
        assert here.of(*stage) == before.of(*stage)


def test_the_timeline_is_dragged_to_earlier_and_later_moments_and_shows_what_the_engine_has_there(pages):
    page = pages.open(SPIRALS, 27 * 200)
    box = slider(page, "Timeline").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    x = {share: box["x"] + share * box["width"] for share in (0.2, 0.5, 0.9, 1)}
    page.mouse.move(x[1] - 3, y)
    page.mouse.down()
    for share in (0.2, 0.9, 0.5):
        page.mouse.move(x[share], y, steps=8)
        page.wait_for_function("wish => Math.abs(backscope.t - wish) < 27 * 4", arg=share * 27 * 200)
        assert untrue(look_inside(page)) == []
    page.mouse.up()
    eventually(lambda: int(slider(page, "Timeline").input_value()) == now(page))


def test_dragging_the_timeline_while_playing_pauses_there(pages):
    page = pages.open(SPIRALS, 27 * 50)
    button(page, "Play").click()
    page.wait_for_function("backscope.t > 27 * 50")
    slider(page, "Timeline").fill("700")
    at(page, 700)
    expect(button(page, "Play")).to_be_visible()


def test_a_far_moment_is_reached_in_pieces_and_the_page_says_where_it_is_going(pages):
    page = pages.open(DIGITS, fresh=True)
    chooser(page, "Grain").select_option(label="epoch")
    page.evaluate("""() => {
        window.seen = [];
        const transport = document.querySelector("[aria-label=Transport]");
        const look = () => seen.push([backscope.t, transport.innerText]);
        new MutationObserver(look).observe(transport, { subtree: true, childList: true, attributes: true });
    }""")
    button(page, "Step forward").click()
    at(page, 18 * 1875)
    going = say("going", t="33,750")
    expect(page.get_by_text(going)).to_be_hidden()
    reached = [t for t, text in page.evaluate("seen") if going in text]
    assert len({*reached}) > 3
    assert reached == sorted(reached)
    assert untrue(look_inside(page)) == []


def test_going_to_a_far_moment_can_be_given_up_on_the_way(pages):
    page = pages.blank(fresh=True)
    page.goto(link(pages.address, DIGITS, 10**9))
    page.wait_for_function("window.backscope?.t > 1000")
    t = t_when_pressed(button(page, say("going.stop")))
    page.wait_for_function(EVALUATED, arg=t)
    assert now(page) == t < 10**9
    assert untrue(look_inside(page)) == []
    expect(page.get_by_text(say("going.stop"))).to_be_hidden()


def test_restart_gives_up_a_far_moment_too(pages):
    page = pages.blank(fresh=True)
    page.goto(link(pages.address, DIGITS, 10**9))
    page.wait_for_function("window.backscope?.t > 1000")
    button(page, "Restart").click()
    at(page, 0)
    page.wait_for_function(EVALUATED, arg=0)
    assert position(page) == "t 0 · training step 0 · epoch 0 · before the first step"


def test_the_position_says_where_the_moment_lies(pages):
    page = pages.open(XOR, 18 * 1500 + 8)
    for t, text in [
        (18 * 1500 + 8, "t 27,008 · training step 1,500 · epoch 1,500 · backward · layer 2 · dW2"),
        (19, "t 19 · training step 1 · epoch 1 · forward · layer 0 · a0, y"),
        (18, "t 18 · training step 0 · epoch 0 · update · layer 2 · b2"),
        (7, "t 7 · training step 0 · epoch 0 · backward · layer 2 · delta2"),
        (6, "t 6 · training step 0 · epoch 0 · loss · layer 2 · loss"),
        (5, "t 5 · training step 0 · epoch 0 · forward · layer 2 · a2"),
        (1, "t 1 · training step 0 · epoch 0 · forward · layer 0 · a0, y"),
        (0, "t 0 · training step 0 · epoch 0 · before the first step"),
    ]:
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        assert position(page) == text


def test_the_position_names_what_the_program_has_written_last_at_every_moment(page):
    chooser(page, "Grain").select_option(label="equation")
    program = page.evaluate("backscope.listing.program")
    for t, step in enumerate(program, 1):
        page.keyboard.press("ArrowRight")
        at(page, t)
        written = [name for name in step["writes"] if not (name[0] == "u" and name[1:] in step["writes"])]
        where = f"{step['phase']} · layer {step['layer']} · {', '.join(written)}"
        assert position(page) == f"t {t} · training step 0 · epoch 0 · {where}"
        assert micro_steps(XOR) == len(program)


def test_what_has_just_been_computed_is_explained_with_its_formula_and_its_code(pages):
    page = pages.open(XOR, 8)
    inspector = region(page, "Inspector")
    expect(inspector).to_contain_text("Weight gradient")
    expect(inspector).to_contain_text("dW2 = (1 / m * delta2).T @ a1")
    expect(inspector).to_contain_text("dW2 (1, 4)")
    assert inspector.locator("math").count() >= 1
    page.keyboard.press("ArrowLeft")
    expect(inspector).to_contain_text("Loss: binary cross-entropy")
    put(setting(page, "Seed"), "3")
    expect(inspector).to_contain_text("Nothing yet")
