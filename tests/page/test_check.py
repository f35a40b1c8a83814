"""The page checks the gradients at the moment that it shows, and says what the engine found, no more and no less."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.gradient_check import gradient_check
from tests.helpers.browsing import Plain, at, button, link, numbers, put, region, resized, say, words
from tests.helpers.experiments import DIVERGES
from tests.helpers.interception import answered_otherwise
from tests.helpers.interruption import lost
from tests.helpers.networks import plain
from tests.helpers.setup import setting
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
KINKED = plain((4, "relu"), (1, "sigmoid"))


def check(page: Page) -> Locator:
    """Press the button; the region that then tells what was found."""
    button(page, say("check")).click()
    return region(page, "Inspector")


def rows(page: Page) -> list[list[str]]:
    """The cells of the table's body."""
    page.get_by_role("table").wait_for()
    found: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('.check tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return found


def truth(experiment: Plain, t: int) -> dict[str, Any]:
    return gradient_check(Timeline(Experiment.from_dict(experiment)), t)


@pytest.mark.parametrize(("name", "t"), [("xor", 29), ("worked_example", 7)])
def test_the_table_says_what_the_engine_finds_at_the_moment_shown(pages, name, t):
    page = pages.open(PRESETS[name], t)
    expect(check(page).get_by_role("table")).to_be_visible()
    found = truth(PRESETS[name], t)
    for (tensor, checked, worst, kinks, verdict), true in zip(rows(page), found["tensors"], strict=True):
        assert (tensor, verdict) == (true["tensor"], "right")
        assert numbers(checked) == [true["checked"]]
        assert numbers(kinks) == [true["kinks"]]
        assert numbers(worst)[0] == pytest.approx(true["worst"]["error"], rel=0.06)
    sentence = say("check.says.right", t=t, checked=found["checked"], of=found["of"])
    expect(region(page, "Inspector").get_by_role("status")).to_have_text(sentence)


def test_a_large_network_says_how_many_of_how_many_were_checked(pages):
    page = pages.open(PRESETS["digits_100"])
    check(page)
    first = rows(page)[0]
    assert first[0] == "W1"
    checked, of = numbers(first[1])
    assert 0 < checked < of == 78_400
    assert {row[-1] for row in rows(page)} == {"right"}


def test_kinks_are_counted_and_the_first_is_named(pages):
    page = pages.open(KINKED)
    status = check(page).get_by_role("status")
    found = truth(KINKED, 0)
    first = found["kinks"][0]
    assert first["tensor"] == "b1"
    count = sum(each["kinks"] for each in found["tensors"])
    blanks = {
        "index": first["index"][0],
        "unit": first["unit"],
        "layer": 1,
        "place": 0,
        "example": first["example"] + 1,
    }
    expect(status).to_contain_text(say("check.kink.activation", count=count, tensor="b1", **blanks))
    assert [int(row[3]) for row in rows(page)] == [each["kinks"] for each in found["tensors"]]


def test_the_check_works_by_keyboard_and_keeps_the_focus(page):
    chosen = button(page, say("check"))
    chosen.focus()
    page.keyboard.press("Enter")
    assert len(rows(page)) == 4
    expect(chosen).to_be_focused()


def wrong(answer: dict[str, Any]) -> None:
    answer["verdict"] = answer["tensors"][2]["verdict"] = "wrong"
    answer["tensors"][2]["worst"]["error"] = 0.25


def unknown(answer: dict[str, Any]) -> None:
    answer["verdict"] = None
    for each in answer["tensors"]:
        each |= {"verdict": None, "worst": None}


def test_every_verdict_is_said_as_it_is(pages):
    page = pages.blank(fresh=True)
    left = iter([wrong, unknown])
    answered_otherwise(page, "objective", lambda answer: next(left)(answer))
    page.goto(link(pages.address, XOR, 29))
    at(page, 29)
    for sentence, cells in (
        (say("check.says.wrong", t=29, tensors="W2", checked=17, of=17), ["0.250", "0", "wrong"]),
        (say("check.says.none", t=29, checked=17, of=17), ["—", "0", "—"]),
    ):
        expect(check(page).get_by_role("status")).to_have_text(sentence)
        assert rows(page)[2][2:] == cells


def test_a_moment_that_cannot_be_checked_says_why(pages):
    page = pages.open(DIVERGES, 1800)
    status = check(page).get_by_role("status")
    expect(status).to_have_text("unfit moment: 1800 (its numbers are not finite)")
    expect(region(page, "Inspector").get_by_role("table")).to_have_count(0)


def test_without_a_server_the_page_says_so_and_can_ask_again(pages, interrupted):
    page = interrupted.open(pages, XOR)
    interrupted.stop()
    status = check(page).get_by_role("status")
    expect(status).to_have_text(say("check.lost"))
    expect(lost(page)).to_be_visible()
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    expect(check(page).get_by_role("table")).to_be_visible()


def test_another_run_clears_what_was_found_about_the_one_before(page):
    check(page)
    assert len(rows(page)) == 4
    put(setting(page, "Seed"), "8")
    page.wait_for_function("backscope.experiment.seed === 8")
    expect(region(page, "Inspector").get_by_role("table")).to_have_count(0)
    expect(region(page, "Inspector").get_by_role("status")).to_have_text("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_table_fits_on_a_phone(pages, scheme):
    page = pages.open(PRESETS["spirals"], 40, color_scheme=scheme)
    resized(page, 390, 844)
    check(page)
    rows(page)
    fits = "element => element.scrollWidth <= element.clientWidth"
    assert page.locator(".check > div").evaluate(fits)
    assert page.locator("html").evaluate(fits)


def test_a_chinese_page_checks_without_a_word_of_english(pages):
    page = chinese(pages, KINKED)
    before = foreign(page)
    button(page, words("zh")["check"]).click()
    rows(page)
    assert foreign(page) == before
