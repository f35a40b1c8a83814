"""Runs start from trained networks by a click: a preset, a list of what weights come from, a pad that has no reader."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from server.checkpoints.codec import decode, encode
from server.trained.shipped import SHIPPED, described
from tests.helpers.browsing import (
    at,
    button,
    chooser,
    look,
    look_inside,
    micro_steps,
    number_field,
    put,
    region,
    same,
    say,
    untrue,
    words,
)
from tests.helpers.files import choose
from tests.helpers.gallery import open_example
from tests.helpers.pad import DRAWINGS, draw
from tests.helpers.setup import setting
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

BEST = "digits_best"


def started(page: Page, **fields: Any) -> None:
    """Wait until the page is at the beginning of a run with these fields; None stands for one that is not there."""
    true = "([name, value]) => JSON.stringify(backscope.experiment[name] ?? null) === JSON.stringify(value)"
    page.wait_for_function(f"fields => Object.entries(fields).every({true})", arg=fields)
    at(page, 0)


def begins_with(page: Page, name: str) -> bool:
    """Whether the output's biases are those of a trained network that comes along: of so large a network, the page has
    only what it draws.
    """
    biases = max(parameter for parameter in SHIPPED[name].tensors if parameter.startswith("b"))
    return same(look_inside(page).tensors[biases], SHIPPED[name].tensors[biases])


def weights_from(page: Page) -> str:
    return str(setting(page, "Weights").evaluate("select => select.selectedOptions[0].textContent"))


def option(name: str) -> str:
    accuracy = f"{100 * described(name).accuracy:.1f}%"
    return say("start.trained", name=say(f"start.{name}"), accuracy=accuracy)


def test_the_preset_reads_drawings_at_once_and_goes_on_learning_from_there(page):
    open_example(page, "Reads digits")
    started(page, start=BEST)
    assert begins_with(page, BEST)
    assert weights_from(page) == option(BEST)
    for digit in (1, 4):
        draw(page, DRAWINGS[digit])
        expect(page.get_by_role("status", name="Prediction")).to_have_text(re.compile(f"^{digit}"))
        expect(region(page, "Digit pad")).not_to_contain_text(say("pad.untrained"))
        button(page, "Clear drawing").click()
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    t = micro_steps(described(BEST).experiment)
    at(page, t)
    page.wait_for_function("t => location.hash.includes(`&t=${t}`) && location.hash.includes('digits_best')", arg=t)
    page.reload()  # the link alone is enough
    at(page, t)
    moment = look(page)
    assert same(moment.tensors["b3"], moment.engine["b3"])
    assert not begins_with(page, BEST)


def test_weights_come_from_scratch_or_from_any_trained_network(page):
    for name in SHIPPED:
        setting(page, "Weights").select_option(option(name))
        started(page, start=name)
        assert begins_with(page, name)
        assert page.evaluate("backscope.experiment") == described(name).experiment
    setting(page, "Weights").select_option(say("start.scratch"))
    started(page, start=None, layers=described(BEST).experiment["layers"])
    assert not look_inside(page).tensors["b3"].any()


def test_weights_that_no_longer_fit_are_drawn_anew(pages):
    form = described("digits_13002").experiment
    page = pages.open(form)
    put(setting(page, "Seed"), "5")  # fits
    started(page, seed=5, start="digits_13002")
    chooser(page, "Hidden 1: activation").select_option("tanh")  # fits too
    first, *others = form["layers"]
    started(page, start="digits_13002", layers=[{**first, "activation": "tanh"}, *others])
    put(number_field(page, "Hidden 1: units"), "20")
    started(page, start=None)
    assert weights_from(page) == say("start.scratch")
    expect(page.get_by_role("alert")).to_have_count(0)
    pages.go(page, form)
    setting(page, "Initialization").select_option("he")
    started(page, start=None, initializer="he")


def test_batch_norm_at_the_beginning_draws_the_weights_anew(pages):
    page = pages.open(described("digits_13002").experiment)
    button(page, say("layer.more", title=say("layer.hidden", layer=1))).click()
    page.get_by_role("checkbox", name="Hidden 1: batch norm").check()
    started(page, start=None)
    assert page.evaluate("backscope.experiment.layers[0].batch_norm")


def test_a_file_that_was_opened_stands_among_them(page, tmp_path: Path):
    timeline = Timeline(Experiment.from_dict(PRESETS["spirals"]))
    timeline.seek(timeline.t_of(20))
    path = tmp_path / "run.safetensors"
    path.write_bytes(encode(timeline))
    choose(page, path)
    started(page, start=decode(path.read_bytes()).start.name)
    assert weights_from(page) == say("start.file")
    setting(page, "Weights").select_option(say("start.scratch"))
    started(page, start=None)
    assert say("start.file") not in setting(page, "Weights").inner_text()
    assert untrue(look_inside(page)) == []


def test_what_weights_come_from_is_chinese_on_a_chinese_page(pages):
    page = chinese(pages, described(BEST).experiment)
    shown = words("zh")
    expect(button(page, shown["gallery"])).to_have_accessible_description(shown["preset.digits_best"])
    expect(setting(page, shown["start"], "zh")).to_be_visible()
    assert foreign(page) == set()
