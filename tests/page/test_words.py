"""Every word on the page comes from the catalogues, which say the same things in every language."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from engine.data import DATASETS
from engine.experiment.presets import PRESETS
from engine.health.remedies import REMEDIES
from engine.health.scenarios import SCENARIOS
from engine.health.troubles import TROUBLES
from engine.methods.activations import ACTIVATIONS
from engine.methods.initializers import INITIALIZERS
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS
from engine.methods.schedules import SCHEDULES
from engine.run.program import PHASES, program
from server.words import LATER
from tests.helpers.browsing import (
    LINK_TO_XOR,
    Moment,
    at,
    button,
    chooser,
    eventually,
    explored,
    link,
    look,
    number_field,
    put,
    words,
)
from tests.helpers.experiments import EXPERIMENTS
from tests.helpers.serving import ROOT
from tests.helpers.setup import setting
from tests.helpers.words import PROPER_NAMES, RECORD_CANVASES, SAID, chinese, foreign

pytestmark = pytest.mark.without_chart

MARKING = ROOT / "engine" / "marking"
ENGLISH, CHINESE = words("en"), words("zh")
SETTINGS = [setting for each in OPTIMIZERS.values() for setting in each.settings]
SETTINGS += [setting for each in SCHEDULES.values() for setting in each.settings]
XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)[|}]", text))


def scripts() -> Iterator[str]:
    for path in sorted((ROOT / "static").rglob("*.js")):
        yield path.read_text(encoding="utf-8")


def templates() -> Iterator[str]:
    for path in sorted((ROOT / "templates").glob("*.html")):
        yield path.read_text(encoding="utf-8")


def arguments(script: str) -> Iterator[str]:
    """The text between the brackets of each call that says a word, without the blanks that it fills in."""
    for call in re.finditer(r"\b(?:say|word)\(", script):
        depth, end = 1, call.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(script[end], 0)
            end += 1
        yield re.sub(r"(?<!\$)\{.*", "", script[call.end() : end - 1], flags=re.DOTALL)


def asked_for() -> set[str]:
    """The names of words in scripts and templates; where a part is filled in, it stands as ``*``."""
    found = set()
    for script in scripts():
        texts = [*arguments(script), *re.findall(r"(?:dataset\.(?:word|label|hint) =|text:)\s*[^,;]+", script)]
        for text in texts:
            found |= set(re.findall(r'"([^"]+)"', text))
            found |= {re.sub(r"\$\{[^}]*\}", "*", name) for name in re.findall(r"`([^`]+)`", text)}
    for template in templates():
        found |= set(re.findall(r'\b(?:say|label|hint)\("([^"]+)"\)', template))
        found |= set(re.findall(r'words\["([\w.]+)"\]', template))
        found |= {f"{name}*" for name in re.findall(r'words\["([\w.]+)" ~', template)}
    return found


def matching(name: str) -> list[str]:
    pattern = re.compile(".+".join(map(re.escape, name.split("*"))))
    return [key for key in ENGLISH if pattern.fullmatch(key)]


def test_all_catalogues_have_the_same_names_with_the_same_blanks():
    for path in (ROOT / "static" / "words").glob("*.json"):
        catalogue = json.loads(path.read_text(encoding="utf-8"))
        assert catalogue.keys() == ENGLISH.keys(), path.name
        assert {name: blanks(text) for name, text in catalogue.items()} == {
            name: blanks(text) for name, text in ENGLISH.items()
        }, path.name


def test_no_word_is_left_untranslated():
    own_words = {
        name: set(re.findall("[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", "", text))) for name, text in CHINESE.items()
    }
    assert {name for name, text in CHINESE.items() if text == ENGLISH[name] and own_words[name] - PROPER_NAMES} == set()


def test_the_scan_of_the_scripts_finds_words():
    found = asked_for()
    assert {"why.weight", "pause", "equation.*", "equation.*.says", "share.done", "preset.*", "grain.*"} <= found
    assert len(found) > 120


def test_every_word_that_is_asked_for_is_in_the_catalogue():
    assert [name for name in sorted(asked_for()) if not matching(name)] == []


def test_every_word_of_the_catalogue_is_asked_for():
    used = {key for name in asked_for() for key in matching(name)}
    used |= {f"expected.{form}" for form in refused()[1]} | {f"noun.{noun}" for noun in refused()[0]}
    used |= {key for key in ENGLISH if key.startswith(LATER)}  # tests/server/test_predictions.py has them asked for
    metadata = {"language", "language.code", "title", "description"}
    assert set(ENGLISH) - used - metadata == set()


def names(*experiments: Any) -> set[str]:
    return {step.equation.name for chosen in experiments for step in program(chosen)}


def test_everything_that_the_engine_offers_has_a_name():
    equations = names(*EXPERIMENTS)
    assert len(equations) > 60
    expected = {
        *(f"equation.{name}" for name in equations),
        *(f"equation.{name}.says" for name in equations),
        *(f"phase.{name}" for name in PHASES),
        *(f"activation.{name}" for name in ACTIVATIONS),
        *(f"dataset.{name}" for name in (*DATASETS, "xor_cloud", "table")),
        *(f"loss.{name}" for name in LOSSES),
        *(f"initializer.{name}" for name in INITIALIZERS),
        *(f"optimizer.{name}" for name in OPTIMIZERS),
        *(f"schedule.{name}" for name in SCHEDULES),
        *(f"setting.{setting.name}" for setting in SETTINGS),
        *(f"setting.{setting.name}.hint" for setting in SETTINGS),
        *(f"noun.{setting.name.replace('_', ' ')}" for setting in SETTINGS),
        *(f"diagnosis.{name}" for name in TROUBLES),
        *(f"diagnosis.{name}.says" for name in TROUBLES),
        *(f"remedy.{name}" for name in REMEDIES),
        *(f"remedy.{name}.hint" for name in REMEDIES),
        *(f"scenario.{name}" for name in SCENARIOS),
        *(f"scenario.{name}.says" for name in SCENARIOS),
        *(f"scenario.{name}.hint" for name in SCENARIOS),
        *(f"preset.{name}" for name in PRESETS),
        *(f"preset.{name}.hint" for name in PRESETS),
        *(f"series.{split}.loss" for split in ("mini_batch", "training", "held_out")),
        *(f"refused.{kind}" for kind in ("unknown", "invalid", "unfit", "missing", "unsupported")),
    }
    assert expected - ENGLISH.keys() == set()


NOUN = {"Refusal": 2, "one_of": 1, "whole": 1, "number": 1}  # which argument of these names what is refused


def refused() -> tuple[set[str], set[str]]:
    """What may be refused and the forms of what was expected instead, of all the refusals in engine and server."""
    nouns, forms = {"experiment", "optimizer", "mini-batch size"}, {"one_of", "range", "mapping", "field"}
    for path in (*(ROOT / "engine").rglob("*.py"), *(ROOT / "server").rglob("*.py")):
        if path.parent == MARKING:  # what it refuses is told in the terminal alone
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name, given = node.func.id, [constant(item) for item in node.args]
                nouns |= set(given[NOUN[name] : NOUN[name] + 1] if name in NOUN else [])
                forms |= set(
                    given[5:6]
                    if name == "Refusal"
                    else given[2:3]
                    if name == "_too_large"
                    else given[1:2]
                    if name == "Need"
                    else []
                )
                forms |= {constant(word.value) for word in node.keywords if word.arg == "form"}
    return nouns - {""}, forms - {""}


def constant(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_everything_that_may_be_refused_has_a_name_and_a_sentence_for_what_would_have_done():
    nouns, forms = refused()
    assert {"layer width", "seed", "loss"} <= nouns
    assert {"range", "pair", "memory", "targets", "targets_sum", "base64"} <= forms
    assert {noun for noun in nouns if f"noun.{noun}" not in ENGLISH} == set()
    assert {form for form in forms if f"expected.{form}" not in ENGLISH} == set()


# What the page says, wherever it says it: in its text, to screen readers, in hints, and painted on canvases.


@pytest.mark.with_chart
def test_a_chinese_page_says_nothing_in_english_at_any_moment_of_any_preset(pages):
    page, seen = chinese(pages, XOR), set[str]()
    assert any(CHINESE["play"] in text for text in page.evaluate(SAID))
    for plain in PRESETS.values():
        if plain != XOR:  # which is there already: the same link again would begin it anew at any time
            pages.go(page, plain)
        assert foreign(page) == set()
        program, before = page.evaluate("backscope.listing.program.map(step => step.equation)"), 0
        for t in page.evaluate("backscope.listing.grains.layer"):
            if {*program} <= seen:
                break
            page.keyboard.press("ArrowRight")
            at(page, t)
            assert {*program[before:t]} <= seen or foreign(page) == set()
            seen |= {*program[before:t]}
            before = t
        if plain in (XOR, DIGITS):
            explored(page).focus()
            for key in ("ArrowLeft", "ArrowLeft", "Escape"):
                assert foreign(page) == set()
                page.keyboard.press(key)
            page.locator("h1").click()


def test_a_chinese_page_says_nothing_in_english_when_it_refuses_or_has_news(pages):
    page = chinese(pages, XOR, 90)
    for label, wrong, right in [
        (f"{CHINESE['layer.hidden'].format(layer=1)}：{CHINESE['units']}", "0", "4"),
        (f"{CHINESE['layer.output']}：{CHINESE['units']}", "3", "1"),
        (CHINESE["seed"], "", "0"),
        (CHINESE["mini_batch"], "9", "4"),
    ]:
        put(setting(page, label, "zh"), wrong)
        expect(page.get_by_role("alert")).to_be_visible()
        assert foreign(page) == set()
        put(setting(page, label, "zh"), right)
        expect(page.get_by_role("alert")).to_have_count(0)
    page.goto(link(pages.address, XOR, 60))
    at(page, 60)
    page.locator("h1").click()
    page.keyboard.press("ArrowLeft")
    at(page, 59)
    put(number_field(page, CHINESE["learning_rate"]), "0.1")
    expect(page.get_by_text(CHINESE["change.dropped"])).to_be_visible()
    assert foreign(page) == set()


def test_a_chinese_page_says_nothing_in_english_when_a_run_diverges(pages):
    wild = {
        **XOR, "layers": [{"units": 4, "activation": "relu"}, {"units": 1, "activation": "identity"}],
        "loss": "squared_error", "optimizer": {"name": "gradient_descent", "learning_rate": 50.0},
    }  # fmt: skip
    page = chinese(pages, wild, 600)
    expect(page.locator("[data-part=trouble]")).to_be_visible()
    assert foreign(page) == set()


def test_a_chinese_page_says_nothing_in_english_about_a_drawing(pages):
    page = chinese(pages, DIGITS)
    box = page.get_by_role("application", name=CHINESE["pad.canvas"]).bounding_box()
    assert box
    page.mouse.move(box["x"] + 50, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 120, steps=5)
    page.mouse.up()
    eventually(lambda: look(page, "bar").marks)
    assert foreign(page) == set()


@pytest.mark.parametrize(
    ("locale", "language"), [("zh-TW", "zh"), ("fr-FR", "en"), pytest.param("en-GB", "en", marks=pytest.mark.long)]
)
def test_the_language_is_the_browsers_where_there_is_one(pages, locale, language):
    catalogue = words(language)
    page = pages.open(locale=locale)
    expect(page).to_have_title(catalogue["title"])
    expect(page.locator("meta[name=description]")).to_have_attribute("content", catalogue["description"])
    expect(page.locator("html")).to_have_attribute("lang", catalogue["language.code"])
    expect(button(page, catalogue["play"])).to_be_visible()
    expect(chooser(page, catalogue["language.label"])).to_have_value(language)


def told(moment: Moment) -> list[tuple[Any, ...]]:
    """What the marks of the stage tell. Their sizes go with the stage's, whose texts may have another height."""
    marks = moment.of("weight", "nudge", "activation")
    return [(mark.kind, mark.tensor, mark.index, mark.value, mark.colour) for mark in marks]


@pytest.mark.with_chart
def test_the_language_can_be_switched_while_the_page_stays_where_it_is(pages):
    page = pages.open(PRESETS["spirals"], 50)
    before = look(page)
    chooser(page, ENGLISH["language.label"]).select_option(label="简体中文")
    expect(page).to_have_title(CHINESE["title"])
    expect(page.locator("html")).to_have_attribute("lang", CHINESE["language.code"])
    expect(button(page, CHINESE["play"])).to_be_visible()
    after = look(page)
    assert (after.t, after.experiment) == (50, before.experiment)
    assert told(after) == told(before)
    page.evaluate(f"() => {{{RECORD_CANVASES}}}")
    eventually(lambda: foreign(page) == set())  # the chart is drawn a little later
    chooser(page, CHINESE["language.label"]).select_option(label="English")
    expect(page).to_have_title(ENGLISH["title"])
    expect(button(page, "Play")).to_be_visible()
    eventually(lambda: {text for text in page.evaluate(SAID) if re.search("[一-鿿]", text)} == {"简体中文"})
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 54)


SHORT = """
window.patience = [];
AbortSignal.timeout = (milliseconds) => {
  patience.push(milliseconds);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 300);
  return controller.signal;
};
"""


def test_words_that_do_not_come_in_time_are_said_to_beside_their_list_and_can_be_chosen_again(pages):
    pages.server_may_stop = True
    page = pages.blank(alone=True)
    page.add_init_script(SHORT)
    page.route("**/words/zh.json", lambda route: None)
    page.goto(f"{pages.address}{LINK_TO_XOR}")
    at(page, 0)
    languages = page.get_by_role("combobox", name="Language", exact=True)
    languages.select_option("zh")
    said = page.get_by_role("alert").filter(has_text=words()["language.lost"])
    expect(said).to_be_visible()
    expect(languages).to_have_value("en")
    assert page.evaluate("patience") == [10_000]
    page.unroute_all()
    languages.select_option("zh")
    expect(page.locator("html")).to_have_attribute("lang", CHINESE["language.code"])
    expect(said).to_be_hidden()
