"""The glossary: what opens it, and where that leads; its shapes and numbers are the engine's, and it covers nothing."""

import json
import re
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    Pages,
    at,
    button,
    chooser,
    eventually,
    explored,
    legend,
    look_inside,
    numbers,
    region,
    resized,
    say,
    words,
)
from tests.helpers.layout import CLIPPED, OVERFLOW
from tests.helpers.words import RECORD_CANVASES, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

Plain = dict[str, Any]
XOR = PRESETS["xor"]
BACKWARD = 14  # micro-steps until all gradients are there


def glossary(page: Page, language: str = "en") -> Locator:
    return region(page, words(language)["glossary"])


def heading(page: Page) -> Locator:
    return glossary(page).get_by_role("heading", level=2)


def card(page: Page, title: str) -> Locator:
    """The card of that title, once it is shown and has the focus."""
    expect(heading(page)).to_contain_text(title)
    expect(heading(page)).to_be_focused()
    return glossary(page)


def sought(page: Page, text: str) -> Locator:
    """Type into the field of the list."""
    field = glossary(page).get_by_role("searchbox", name=say("glossary.search"))
    field.fill(text)
    return field


def linked(pages: Pages, asked: str, scene: str = f"#preset=xor&t={BACKWARD}", **options: Any) -> Page:
    """A page that a link opens with something asked of the glossary."""
    page = pages.blank(**options)
    page.goto(f"{pages.address}{scene}&view={quote(json.dumps({'glossary': asked}))}")
    expect(region(page, say("glossary"))).to_be_visible()
    return page


def test_the_caption_leads_to_the_card_of_a_number_and_back(pages):
    page = pages.open(XOR, BACKWARD)
    number = page.locator(".caption-equation mn[aria-label^=delta1]").first
    name = number.get_attribute("data-term") or ""
    number.click()
    shown = card(page, "Error δ")
    value = float(
        page.evaluate(
            "([x, j]) => backscope.tensor('delta1').data[x * 4 + j]", [int(n) for n in re.findall(r"\d", name)[1:]]
        )
    )
    line = shown.locator(".glossary-value b").inner_text()
    assert line.startswith(f"{name} = ")
    assert numbers(line.split("=")[1])[0] == pytest.approx(value, rel=1e-2)
    page.keyboard.press("Escape")
    expect(glossary(page)).to_be_hidden()
    expect(number).to_be_focused()


def test_a_symbol_of_a_formula_is_lit_as_before_and_opens_its_card(pages):
    page = pages.open(XOR, BACKWARD)
    symbol = page.locator(".equations .formula [data-tensor=da1]").first
    symbol.hover()
    expect(symbol).to_have_class(re.compile("alight"))
    symbol.click()
    card(page, "Derivative by an activation")
    page.locator(".equations .formula mo", has_text="⊙").first.click()
    card(page, "Product element by element")
    page.locator(".equations pre [data-tensor=db1]").first.click()
    card(page, "Gradient of weights and biases")


def test_by_keys_alone_a_neuron_has_a_card_whose_relations_lead_on(pages):
    page = pages.open(XOR, BACKWARD)
    explored(page).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+?")
    shown = card(page, "Activation")
    expect(shown.locator(".glossary-value")).to_contain_text(re.compile(r"a1\[\d, \d\] = "))
    following = shown.get_by_role("button", name="Activation function", exact=True).last
    for _ in range(20):
        page.keyboard.press("Tab")
        if following.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    card(page, "Activation function")
    page.keyboard.press("Escape")
    expect(explored(page)).to_be_focused()
    page.keyboard.press("Enter")  # keeps the neuron
    about = region(page, "Card").get_by_role("button", name=say("card.ask"))
    about.focus()
    page.keyboard.press("Enter")
    card(page, "Activation")


def test_the_list_has_what_the_caption_speaks_of_and_finds_names_of_both_languages(pages):
    page = pages.open(XOR, BACKWARD)
    button(page, say("explain")).click()
    spoken = glossary(page).get_by_role("list").first
    for title in ("Backpropagation", "Error δ", "Layer", "Slope of the activation", "Index j"):
        expect(spoken.get_by_role("button", name=title)).to_be_visible()
    for text in ("误差项", "error", "δ"):
        sought(page, text)
        expect(glossary(page).locator("li button").first).to_contain_text("Error δ")
    sought(page, "no such thing")
    expect(glossary(page)).to_contain_text(say("glossary.none"))
    sought(page, "one-hot").press("Enter")
    card(page, "Label, one-hot")
    page.keyboard.press("Escape")
    expect(button(page, say("explain"))).to_be_focused()
    legend(page).get_by_role("button", name=say("glossary"), exact=True).click()
    expect(glossary(page).get_by_role("searchbox")).to_be_focused()


KINDS = {"weight": ["W"], "bias": ["b"], "input": ["a0"], "activation": ["a"], "error": ["delta"], "slope": ["slope"],
         "weight_gradient": ["dW", "db"], "loss": ["loss"], "learning_rate": ["learning_rate"]}  # fmt: skip


@pytest.mark.parametrize("preset", ["xor", "digits_100", "worked_example", "spirals"])
def test_the_shapes_are_those_of_the_engines_arrays(pages, preset):
    page = linked(pages, "", f"#preset={preset}&t=14")
    at(page, 14)
    arrays = look_inside(page).engine
    seen = set()
    for entry in KINDS:
        sought(page, entry.replace("_", " ") if entry != "weight_gradient" else "dW").press("Enter")
        expect(heading(page)).to_be_focused()
        for line in glossary(page).locator(".glossary-here p:has(> b):not(.glossary-value)").all():
            name, text = line.locator("b").inner_text(), line.inner_text()
            if name not in arrays:
                continue
            shape = [
                int(n.replace(",", ""))
                for n in re.findall(r"[\d,]+", text.removeprefix(name).split(":")[0].split(" number")[0])
            ]
            assert tuple(shape) == np.shape(arrays[name]), (preset, line.inner_text())
            seen.add(name)
        button(page, say("glossary.all")).click()
    assert {"W1", "b1", "a0", "a1"} <= seen


def test_where_to_see_it_leads_there(pages):
    page = linked(pages, "delta1")
    shown = glossary(page)
    go = lambda name: shown.get_by_role("button", name=name, exact=True).click()  # noqa: E731
    go(say("glossary.see.tensor", name="delta1"))
    expect(chooser(page, say("matrix.select"))).to_have_value("delta1")
    go(say("glossary.see.view", name=say("view.why")))
    expect(page.get_by_role("tab", name=say("view.why"), exact=True)).to_have_attribute("aria-selected", "true")
    assert page.evaluate("backscope.view.selected.tensor") == "a1"
    page = linked(pages, "schedule")
    shown = glossary(page)
    go(say("glossary.see.chart", name=say("chart.learning_rate")))
    expect(chooser(page, say("chart"))).to_have_value("learning_rate")
    go(say("glossary.see.with", name=say("preset.xor")))
    page.wait_for_function("backscope.experiment.schedule?.name === 'cosine' && backscope.t > 0")
    expect(glossary(page).locator(".glossary-here b").first).to_have_text("base_rate")
    page = linked(pages, "initialization")
    shown = glossary(page)
    go(say("experiment"))
    expect(region(page, say("experiment"))).to_have_class(re.compile("led-to"))
    expect(glossary(page)).to_be_hidden()  # it lay there
    page = linked(pages, "chain_rule")
    shown = glossary(page)
    go(say("glossary.see.lesson", name="The chain rule"))
    page.wait_for_function("backscope.lesson?.name === 'chain'")


def covers(page: Page, target: Locator) -> bool:
    """Whether the glossary lies over an element."""
    one, other = glossary(page).bounding_box(), target.bounding_box()
    assert one and other
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 1


def test_a_term_of_a_lesson_opens_its_card_beside_the_prose(pages):
    page = pages.blank()
    page.goto(f"{pages.address}#preset=xor&t=14&view={quote(json.dumps({'lesson': 'chain.2'}))}")
    term = region(page, say("lesson.region")).get_by_role("button", name="chain rule", exact=True)
    for size in ((1440, 900), (1024, 768), (390, 844)):
        resized(page, *size)
        term.scroll_into_view_if_needed()
        term.focus()
        page.keyboard.press("Enter")
        card(page, "Chain rule")
        eventually(lambda: not covers(page, term))
        if size[0] > 860:
            assert not covers(page, button(page, say("lesson.next")))
        page.keyboard.press("Escape")
        expect(term).to_be_focused()
    resized(page, 1440, 900)
    button(page, say("lessons")).click()
    region(page, say("lessons")).get_by_role("button", name=say("glossary"), exact=True).click()
    expect(glossary(page).get_by_role("searchbox")).to_be_visible()


@pytest.mark.parametrize("size", [(390, 844), (844, 390)])
def test_on_a_phone_it_is_a_sheet_that_leaves_what_is_asked_in_sight(pages, size):
    page = pages.open(XOR, BACKWARD, fresh=True)  # whose panels are written anew as the words come
    resized(page, *size)
    symbol = page.locator(".equations .formula [data-tensor=slope1]").first
    symbol.scroll_into_view_if_needed()
    symbol.click()
    card(page, "Slope of the activation")
    eventually(lambda: not covers(page, symbol))
    assert page.evaluate(OVERFLOW)["page"] <= 0
    box = button(page, say("glossary.close")).bounding_box()
    assert box and min(box["width"], box["height"]) >= 24
    glossary(page).get_by_role("button", name=say("glossary.see.view", name=say("view.activations"))).click()
    expect(glossary(page)).to_be_hidden()  # it makes way for what it leads to
    expect(page.get_by_role("tab", name=say("view.activations"), exact=True)).to_be_in_viewport()


def test_cards_have_room_and_chinese_words(pages):
    page = pages.blank(fresh=True, locale="zh-CN", viewport={"width": 1024, "height": 768})
    page.add_init_script(RECORD_CANVASES)
    page.goto(f"{pages.address}#preset=xor&t=14&view={quote(json.dumps({'glossary': ''}))}")
    at(page, 14)
    shown = glossary(page, "zh")
    expect(shown).to_be_visible()
    assert foreign(page) == set()
    names = shown.locator(".glossary-groups button").evaluate_all(
        "all => [...new Set(all.map((each) => each.dataset.term))]"
    )
    assert len(names) > 90
    for name in names[::9]:
        shown.locator(f"[data-term={name}]").first.click()
        expect(shown.get_by_role("heading", level=2)).to_be_focused()
        assert [each for each in page.evaluate(CLIPPED) if "SMALL" not in each] == [], name
        assert foreign(page) == set(), name
        button(page, words("zh")["glossary.all"]).click()


def test_without_the_server_the_glossary_says_so_and_the_next_press_tries_again(pages):
    page = pages.open(XOR, BACKWARD, fresh=True)
    page.route("**/glossary.json*", lambda route: route.fulfill(status=503))
    pages.server_may_stop = True
    button(page, say("explain")).click()
    expect(page.get_by_text(say("panel.lost"))).to_be_visible()
    expect(region(page, say("glossary"))).to_be_hidden()
    page.unroute("**/glossary.json*")
    button(page, say("explain")).click()
    expect(glossary(page).get_by_role("searchbox")).to_be_visible()
    assert [text for text in pages.said if "503" not in text] == []
    pages.said.clear()
