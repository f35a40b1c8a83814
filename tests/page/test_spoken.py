"""What the keys reach is said aloud, and they go from region to region."""

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import button, explored, look, now, numbers, region, say, words

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]
HERE = "() => document.activeElement.ariaLabel ?? document.activeElement.tagName"


def said(page: Page) -> Locator:
    return page.locator("[data-region=spoken]")


def test_the_network_says_what_the_keys_point_at_with_its_number_and_its_arrow_in_words(pages):
    page = pages.open(XOR, 17, fresh=True)
    expect(said(page)).to_have_attribute("aria-live", "polite")
    expect(said(page)).to_have_text("")
    moment = look(page)
    explored(page).focus()
    delta = float(moment.tensors["delta2"][1, 0])
    expect(said(page)).to_contain_text(say("why.neuron", layer=2, unit=0))
    name, a, error = said(page).inner_text().split(". ", 2)
    assert numbers(a.split(" = ")[1]) == [pytest.approx(moment.tensors["a2"][1, 0], abs=0.006)]
    assert numbers(error.split(" = ")[1].split(":")[0]) == [pytest.approx(delta, rel=0.01)]
    assert f"z goes {'down' if delta > 0 else 'up'}." in error

    page.keyboard.press("w")
    expect(said(page)).to_contain_text("Weight W²[0, ")
    name, own, arrow = said(page).inner_text().split(". ", 2)
    k = int(numbers(name.split("[")[1])[1])
    gradient = float(moment.tensors["dW2"][0, k])
    assert numbers(own.split(" = ")[1]) == [pytest.approx(moment.tensors["W2"][0, k], rel=0.01)]
    assert numbers(arrow.split(" = ")[1].split(":")[0]) == [pytest.approx(gradient, abs=6e-5)]
    assert f"w goes {'down' if gradient > 0 else 'up'}." in arrow
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text(say("spoken.kept"))
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text(say("spoken.left"))
    told = said(page).inner_text()
    page.mouse.move(5, 5)
    page.keyboard.press("Tab")
    page.mouse.move(400, 300)  # what a pointer finds is seen
    page.mouse.move(500, 400, steps=9)
    expect(said(page)).to_have_text(told)

    button(page, "Play").click()
    page.wait_for_function("backscope.t > 17")
    button(page, "Pause").click()
    expect(said(page)).to_contain_text(say("spoken.paused", place=f"t {now(page)} · training step"))


def test_before_the_backward_pass_the_network_says_what_is_not_there_yet(pages):
    page = pages.open(XOR, 0)
    page.evaluate("document.activeElement.blur()")
    explored(page).focus()
    expect(said(page)).to_contain_text(f". {say('spoken.unknown')}.")
    page.keyboard.press("w")
    expect(said(page)).to_contain_text(say("arrows.nudge.due", quantity="dC/dw"))


@pytest.mark.parametrize("experiment", [XOR, DIGITS], ids=["xor", "digits"])
def test_f6_goes_from_region_to_region_both_ways_and_links_skip_to_the_main_ones(pages, experiment):
    page = pages.open(experiment, 3)
    page.evaluate("document.activeElement.blur()")
    panel = "pad" if experiment is DIGITS else "plane"
    names = ["HEADER", *(say(each) for each in ("experiment", "network", "transport", "loss.panel"))]
    names += [say(panel), *([] if panel == "pad" else [say("pad")]), say("inspector")]
    reached = []
    for _ in names:
        page.keyboard.press("F6")
        reached.append(page.evaluate(HERE))
    assert reached == names
    page.keyboard.press("F6")  # beyond the last one it is the browser's
    assert page.evaluate(HERE) == names[-1]
    region(page, say("inspector")).get_by_role("tab").first.focus()
    page.keyboard.press("Shift+F6")
    assert page.evaluate(HERE) == names[-2]
    assert (
        page.evaluate("document.querySelectorAll('section[tabindex]:not(.laboratory)').length") == 1
    )  # that which has the focus

    page.goto(page.url)
    page.evaluate("document.activeElement.blur()")
    skip = page.get_by_role("navigation", name=say("skip"), exact=True)
    assert page.evaluate("document.querySelector('.skips').getBoundingClientRect().width") < 20
    skip.get_by_role("button", name=say("inspector"), exact=True).focus()
    assert page.evaluate("document.querySelector('.skips').getBoundingClientRect().width") > 100
    page.keyboard.press("Enter")
    expect(region(page, say("inspector"))).to_be_focused()
    page.keyboard.press("Tab")
    expect(region(page, say("inspector")).get_by_role("button").first).to_be_focused()


SAME = """() => {
  const named = (each) => each.ariaLabel || (each.labels?.[0] ?? each).textContent.trim();
  const groups = "[role=group], [role=tablist], nav, table, ol, ul, section, dialog";
  const group = (each) => each.closest(groups)?.ariaLabel ?? "";
  const all = [...document.querySelectorAll("button, select, input, canvas[tabindex]")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .map((each) => `${group(each)}: ${named(each)}`);
  return all.filter((name, i) => all.indexOf(name) !== i);
}"""


@pytest.mark.parametrize("experiment", [XOR, DIGITS], ids=["xor", "digits"])
def test_no_two_controls_of_a_group_have_the_same_name(pages, experiment):
    page = pages.open(experiment, 20)
    page.wait_for_selector(".operand .cells:not(.unread)")
    assert page.evaluate(SAME) == []


def test_both_languages_have_words_for_what_is_said():
    for name in ("spoken.up", "spoken.down"):
        assert words("zh")[name] != words("en")[name]
