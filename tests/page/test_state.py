"""What a person chooses belongs to the run or to the view, and goes with it."""

import pytest
from playwright.sync_api import expect

from tests.helpers.browsing import Pages, at
from tests.helpers.gallery import open_example

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]


def test_another_run_forgets_what_was_chosen_in_the_last_but_not_how_it_is_looked_at(pages: Pages):
    page = pages.open()
    page.get_by_role("combobox", name="Grain").select_option("training_step")
    page.get_by_role("combobox", name="Show the answer of").select_option("1.2")
    page.get_by_role("button", name="Next example").click()
    page.get_by_role("group", name="Example shown").get_by_text("example 3 of").wait_for()
    open_example(page, "Spirals")
    page.wait_for_function("() => backscope.experiment.dataset.name === 'spirals'")
    at(page, 0)
    expect(page.get_by_role("combobox", name="Grain")).to_have_value("training_step")
    assert page.get_by_role("combobox", name="Show the answer of").input_value() != "1.2"
    expect(page.get_by_role("group", name="Example shown").get_by_text("example 2 of")).to_be_visible()
