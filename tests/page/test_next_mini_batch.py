"""What the next mini-batch holds is chosen in the experiment panel, as a change of the run."""

import pytest
from playwright.sync_api import expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, button, chooser, look_inside, micro_steps, number_field, put, region, say, untrue
from tests.helpers.networks import plain
from tests.helpers.setup import press, refusal, setting

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

DIGITS = PRESETS["digits_13002"]
NORMED = plain((3, "tanh", {"batch_norm": True}), (1, "sigmoid"), dataset="moons")


def test_a_two_please(pages):
    steps = micro_steps(DIGITS)
    page = pages.open(DIGITS, 3)
    next_one = setting(page, say("next_mini_batch"))
    next_one.select_option("2")
    page.wait_for_function("backscope.experiment.changes?.length === 1")
    expect(next_one).to_have_value("2")
    chooser(page, "Grain").select_option("equation")
    press(page, "Shift+ArrowRight", steps)
    expect(next_one).to_have_value("2")
    press(page, "ArrowRight", steps + 1)
    moment = look_inside(page)
    assert moment.experiment["changes"] == [{"t": 3, "next_mini_batch": {"class": 2}}]
    assert moment.tensors["y"].argmax(axis=1).tolist() == [2] * 10
    assert untrue(moment) == []
    expect(region(page, "Inspector")).to_contain_text(say("equation.mini_batch_chosen.says"))
    expect(next_one).to_have_value("usual")
    press(page, "ArrowLeft", steps)
    expect(next_one).to_have_value("2")
    press(page, "Shift+ArrowRight", 2 * steps)
    press(page, "ArrowRight", 2 * steps + 1)
    moment = look_inside(page)
    assert untrue(moment) == []
    assert set(moment.tensors["y"].argmax(axis=1)) != {2}


def test_one_example_by_its_number_and_what_does_not_fit_is_refused_beside_it(pages):
    page = pages.open(NORMED)
    next_one = setting(page, say("next_mini_batch"))
    next_one.select_option("example")
    number = number_field(page, say("next_mini_batch.number"))
    put(number, "5")
    expect(refusal(next_one)).to_contain_text("batch norm")
    assert "changes" not in look_inside(page).experiment
    pages.go(page, PRESETS["xor"])
    setting(page, say("next_mini_batch")).select_option("example")
    put(number, "2")
    page.wait_for_function("backscope.experiment.changes?.length === 1")
    button(page, "Step forward").click()
    at(page, 1)
    moment = look_inside(page)
    assert moment.tensors["a0"].shape == (1, 2)
    assert untrue(moment) == []
