"""A parameter of the column is found by its name, its tensor or its layer, and there is a button for each tensor."""

import pytest
from playwright.sync_api import expect

from engine import Experiment
from engine.experiment.presets import PRESETS
from tests.helpers.browsing import bring, button, eventually, say, words
from tests.helpers.column import active, column, finder, in_sight, listed, names, opened, rows

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

DIGITS = PRESETS["digits_13002"]


def test_a_search_for_a_tensor_or_a_layer_leaves_only_that(pages):
    page = opened(pages.open(DIGITS, 29))
    for text, first, count in [
        ("W2", "W2[0, 0]", 256), ("b1", "b1[0]", 16), ("layer 2", "W2[0, 0]", 272), ("w3[4]", "W3[4, 0]", 16),
        ("dW3", "W3[0, 0]", 160), (" LAYER  3", "W3[0, 0]", 170),
    ]:  # fmt: skip
        finder(page).fill(text)
        found = rows(page)
        assert found[0]["name"] == first
        assert {row["size"] for row in found} == {count}, text
        expect(column(page)).to_contain_text(say("column.part", shown=count, count="13,002"))
        finder(page).fill("")
        assert {row["size"] for row in rows(page)} == {13_002}, text


def test_a_search_for_an_element_jumps_to_it(pages):
    page = opened(pages.open(DIGITS, 29))
    for text, name in (("W1[3, 200]", "W1[3, 200]"), ("w1[15,783]", "W1[15, 783]"), ("b3[9]", "b3[9]")):
        finder(page).fill(text)
        row = in_sight(page, name)
        assert row["size"] == 13_002
        assert row["place"] == f"{names(Experiment.from_dict(DIGITS)).index(name) + 1:,}"
    finder(page).press("Enter")
    expect(listed(page)).to_be_focused()
    assert active(page)["name"] == "b3[9]"


def test_what_is_not_there_is_said_with_what_there_is(pages):
    page = opened(pages.open(DIGITS, 29))
    said = column(page).get_by_role("status")
    for text in ("W9", "W1[16, 0]", "W1[0, 784]", "b1[16]", "hello", "layer 4", "W1[1, 2, 3]"):
        finder(page).fill(text)
        finder(page).press("Enter")
        expect(said).to_have_text(say("column.none", sought=text, names="W1, b1, W2, b2, W3, b3"))
        expect(finder(page)).to_be_focused()
        assert {row["size"] for row in rows(page)} == {13_002}, text
        finder(page).fill("W2")
        expect(said).to_have_text("")
        finder(page).fill("")


def test_what_was_found_before_does_not_stay_when_nothing_is_found(pages):
    page = opened(pages.open(DIGITS, 29))
    finder(page).press_sequentially("W2")
    eventually(lambda: {row["size"] for row in rows(page)} == {256})
    finder(page).fill("zzz")
    said = column(page).get_by_role("status")
    expect(said).to_have_text(say("column.none", sought="zzz", names="W1, b1, W2, b2, W3, b3"))
    assert {row["size"] for row in rows(page)} == {13_002}
    expect(finder(page)).to_be_focused()


def test_a_button_for_each_tensor_jumps_to_where_it_begins(pages):
    page = opened(pages.open(DIGITS, 29))
    jumps = page.get_by_role("group", name="Jump to")
    for name, first in (("W3", "W3[0, 0]"), ("b1", "b1[0]"), ("W2", "W2[0, 0]")):
        button(page, name).click()
        row = in_sight(page, first)
        box = listed(page).bounding_box()
        assert box
        assert row["top"] == pytest.approx(box["y"], abs=2)
    assert jumps.get_by_role("button").all_inner_texts() == ["W1", "b1", "W2", "b2", "W3", "b3"]


def test_the_column_is_searched_in_chinese_too(pages):
    page = pages.open(DIGITS, 29, locale="zh-CN")
    chinese = words("zh")
    bring(page, "column", "zh")
    page.get_by_role("searchbox", name=chinese["column.find"]).fill(chinese["layer"].format(layer=2))
    eventually(lambda: {row["size"] for row in rows(page)} == {272})
