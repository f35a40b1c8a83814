"""The caption under the network: its equation is true of every program, terms and marks light each other."""

import math
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    Plain,
    at,
    button,
    chooser,
    eventually,
    look,
    micro_steps,
    numbers,
    resized,
    say,
    slider,
    state,
    words,
)
from tests.helpers.experiments import EXPERIMENTS
from tests.helpers.networks import plain

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
RICH = plain(
    (4, "tanh", {"batch_norm": True}), (4, "relu", {"residual": True, "dropout": 0.5}), (1, "sigmoid"),
    dataset="spirals",
) | {"regularization": {"l2": 0.01}, "clip_norm": 1.0, "optimizer": {"name": "adam"}}  # fmt: skip
SQUARES = {**XOR, "loss": "squared_error", "optimizer": {"name": "momentum"}}
# The equation as text that Python can read; what it cannot, such as the dots of a sum, stays as it is.
READ = """() => {
  const names = { "·": "*", "−": "-", "[": "(", "]": ")", "≤": "<=", "≥": ">=" };
  const read = (node) => {
    const parts = [...node.children].map(read);
    const name = node.localName;
    if (name === "mfrac") return `((${parts[0]})/(${parts[1]}))`;
    if (name === "msup") return `${parts[0]}**(${parts[1]})`;
    if (name === "msqrt") return `sqrt(${parts.join("")})`;
    if (name === "mn") return `(${node.textContent.replaceAll("−", "-").replace("∞", "inf")})`;
    return parts.length ? parts.join("") : (names[node.textContent] ?? node.textContent);
  };
  const equation = document.querySelector(".caption-equation");
  const sides = [[]];
  for (const node of equation.querySelector("math > mrow").children) {
    if (node.textContent === "=") sides.push([]); else sides.at(-1).push(node);
  }
  return {
    sides: sides.map((side) => side.map(read).join("")),
    cells: [...equation.querySelectorAll("mn[aria-label]")].map((node) => node.getAttribute("aria-label")),
  };
}"""
KNOWN: dict[str, Any] = {
    "sqrt": math.sqrt, "tanh": math.tanh, "ln": math.log, "max": max, "min": min, "e": math.e, "inf": math.inf,
    "sign": np.sign,
}  # fmt: skip


def caption(page: Page) -> Locator:
    return page.get_by_role("status", name="Caption", exact=True)


def digits(value: float) -> float:
    """How far a number may be off that has three digits, but at most four decimals, or two digits where it is tiny."""
    return max(0.06 * abs(value), 1e-12) if abs(value) < 0.001 else max(0.006 * abs(value), 5.1e-5)


def computed(text: str) -> float | None:
    """The value of a side of an equation; None where it has symbols left."""
    try:
        return float(eval(text, {"__builtins__": {}}, KNOWN))
    except (SyntaxError, NameError, TypeError):
        return None


def untrue(found: Plain, experiment: Plain, t: int) -> list[str]:
    """The numbers of an equation that differ from the engine's."""
    before, after = state(experiment, t - 1), state(experiment, t)
    wrong = []
    for place, label in enumerate(found["cells"]):
        name, index, number = re.fullmatch(r"(\w+)(?:\[([\d, ]+)\])? (\S+)", label).groups()  # type: ignore[union-attr]
        cell = tuple(map(int, index.split(", "))) if index else ()
        result = place == len(found["cells"]) - 1
        true = float((after if result or name not in before else before).get(name, after[name])[cell])
        if abs(numbers(number)[0] - true) > digits(true):
            wrong.append(f"t {t}: {label} is {true}")
    return wrong


FURTHER = [(each, columns) for each in (SQUARES, *EXPERIMENTS[1:]) for columns in (False, True)]


@pytest.mark.parametrize(
    ("experiment", "columns"),
    [(XOR, False), (RICH, True), *(pytest.param(*each, marks=pytest.mark.long) for each in [(RICH, False), *FURTHER])],
)
def test_the_equation_of_every_micro_step_has_the_engines_numbers_and_comes_out(pages, experiment, columns):
    page = pages.open(experiment)
    page.get_by_label(say("now.columns"), exact=True).set_checked(columns)
    experiment = page.evaluate("backscope.experiment")
    chooser(page, "Grain").select_option("equation")
    program = page.evaluate("backscope.listing.program")
    wrong, checked, length = [], 0, micro_steps(experiment)
    for t in range(1, length + 1):
        slider(page, "Timeline").fill(str(t))
        at(page, t)
        moved = {*program[t - 1]["reads"]} & {*program[t - 1]["writes"]}
        if moved:  # what it was before is asked for
            expect(caption(page).locator(f'mn[aria-label^="{next(iter(moved))}"]').nth(1)).to_be_attached()
        found = page.evaluate(READ)
        wrong += untrue(found, experiment, t)
        value = computed(found["sides"][-2])
        result = float(found["sides"][-1].strip("()"))
        if value is not None and len(found["sides"]) > 2:
            checked += 1
            assert value == pytest.approx(result, abs=0.02), (t, found)
    assert wrong == []
    assert checked > length / 5


def test_it_says_what_the_output_and_the_target_are_and_which_way_the_output_is_asked_to_go(pages):
    page = pages.open(XOR, 9)
    engine = look(page, "delta").engine
    example = 1
    text = caption(page).locator("p").inner_text()
    a, y = numbers(text)
    assert a == pytest.approx(float(engine["a2"][example, 0]), abs=1e-3)
    assert y == engine["y"][example, 0] == 1
    assert text.endswith("asked to go up.")
    assert engine["delta2"][example, 0] < 0


def test_a_term_lights_its_mark_and_a_mark_lights_its_term(pages):
    page = pages.open(XOR, 9)
    overlay = page.locator("canvas.overlay")
    term = caption(page).locator('mn[aria-label^="a2[1, 0]"]').first
    expect(overlay).to_have_class(re.compile("empty"))
    term.hover()
    expect(overlay).not_to_have_class(re.compile("empty"))
    page.mouse.move(0, 0)
    expect(overlay).to_have_class(re.compile("empty"))
    overlay.focus()  # points at the output
    expect(term).to_have_class(re.compile("lit"))


def test_pointing_at_a_weight_brings_its_own_equation(pages):
    page = pages.open(XOR, 9)
    page.locator("canvas.overlay").focus()
    page.keyboard.press("PageDown")
    expect(caption(page).locator('[aria-label^="dW2["]').first).to_be_visible()


@pytest.mark.with_motion
def test_at_full_speed_it_says_only_what_is_true_and_seldom(pages):
    page = pages.open(XOR, fresh=True)
    page.evaluate("""() => {
        window.written = [];
        new MutationObserver(() => window.written.push(performance.now()))
            .observe(document.querySelector(".caption"), { childList: true, subtree: true, characterData: true });
    }""")
    button(page, "Full speed").click()
    page.wait_for_function("written.length > 8")
    assert caption(page).locator("math").count() == 0
    assert np.median(np.diff(page.evaluate("written"))) > 90
    button(page, "Pause").click()
    expect(caption(page).locator("math")).to_have_count(1)
    eventually(lambda: caption(page).locator("p").inner_text() != say("caption.start"))


@pytest.mark.parametrize(
    ("size", "language"), [((1440, 900), "en"), ((1024, 768), "en"), ((390, 844), "zh"), ((844, 390), "zh")]
)
def test_it_keeps_its_place_and_its_height_and_shows_all_that_it_says(pages, size, language):
    page = pages.open(RICH)
    resized(page, *size)
    if language != "en":
        page.get_by_role("combobox", name="Language", exact=True).select_option(language)
        expect(page).to_have_title(words(language)["title"])
    element = page.get_by_role("status", name=words(language)["caption"], exact=True)
    boxes, cut = set(), []
    for t in (0, 1, 10, 17, 22, 38, 42, 46):
        slider(page, words(language)["timeline"]).fill(str(t))
        at(page, t)
        boxes.add(tuple(element.evaluate("e => { const b = e.getBoundingClientRect(); return [b.width, b.height]; }")))
        cut += element.evaluate("""(e, t) => [...e.querySelectorAll("p, .caption-equation")]
            .filter((each) => each.scrollWidth > each.clientWidth + 1
                || each.scrollHeight > (each.localName === "p" ? 32 : 36))
            .map((each) => `${t} ${each.textContent}`)""", t)  # fmt: skip
    assert len(boxes) == 1
    assert cut == []
