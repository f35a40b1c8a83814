"""What is not in front when the page opens is fetched when it is opened, and then is as it would have been."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.browsing import LINK_TO_XOR, Pages, at, bring, button, explored, look, region, say
from tests.helpers.pad import opened

pytestmark = pytest.mark.without_chart

TEXTS = {  # of each view that is fetched when it is opened, something that its panel says before anything is chosen
    "examples": say("examples.empty"),
    "wishes": say("wishes.outputs.says"),
    "column": say("column.biggest"),
    "proof": say("proof.empty"),
    "matrix": say("matrix.csv"),
}


def fetched(page: Page) -> list[str]:
    """The scripts that a page asks for from now on, by their paths in ``static``."""
    found: list[str] = []
    script = re.compile(r"/static/v-\w+/(.+\.js)$")
    page.on("request", lambda request: found.extend(script.findall(request.url)))
    return found


def waited(page: Page, true: Callable[[], object]) -> None:
    """Wait until something is true, while the page goes on."""
    for _ in range(300):
        if true():
            return
        page.wait_for_timeout(100)
    raise TimeoutError


def test_a_view_is_fetched_when_its_tab_is_pressed_and_when_a_link_has_it_in_front(pages: Pages):
    page = pages.blank(new=True)
    scripts = fetched(page)
    page.goto(f"{pages.address}{LINK_TO_XOR}")
    at(page, 0)
    for view, text in TEXTS.items():
        panel = f"inspector/{view}/panel.js"
        assert panel not in scripts
        bring(page, view)
        expect(region(page, say("inspector"))).to_contain_text(text)
        assert scripts.count(panel) == 1
    for view, text in TEXTS.items():
        page.goto("about:blank")
        page.goto(f"{pages.address}{LINK_TO_XOR}&view=%7B%22view%22:%22{view}%22%7D")
        at(page, 0)
        expect(region(page, say("inspector"))).to_contain_text(text)


def test_a_view_is_fetched_before_the_press_where_the_pointer_or_the_focus_is_on_its_tab(pages: Pages):
    page = pages.open(new=True)
    scripts = fetched(page)
    page.get_by_role("tab", name=say("view.matrix"), exact=True).hover()
    waited(page, lambda: "inspector/matrix/panel.js" in scripts)
    page.get_by_role("tab", name=say("view.why"), exact=True).focus()
    page.keyboard.press("ArrowRight")
    waited(page, lambda: "inspector/examples/panel.js" in scripts)
    page.get_by_role("tab", name=say("stage.learned"), exact=True).hover()
    waited(page, lambda: "learned/panel.js" in scripts)
    assert say("matrix.csv") not in region(page, say("inspector")).inner_text()


def test_a_view_that_does_not_come_is_said_to_and_comes_with_the_next_press(pages: Pages):
    pages.server_may_stop = True
    page = pages.open(alone=True)
    page.route("**/inspector/matrix/panel.js", lambda route: route.abort())
    bring(page, "matrix")
    said = page.get_by_role("status").filter(has_text=say("panel.lost"))
    expect(said).to_be_visible()
    button(page, say("step_forward")).click()  # the page goes on
    page.wait_for_function("backscope.t > 0")
    page.unroute_all()
    bring(page, "matrix")
    expect(region(page, say("inspector"))).to_contain_text(say("matrix.csv"))


def test_the_network_is_explored_while_the_card_does_not_come(pages: Pages):
    pages.server_may_stop = True
    page = pages.open(alone=True)
    page.route("**/card/panel.js", lambda route: route.abort())
    explored(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status").filter(has_text=say("panel.lost"))).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_function("backscope.view.selected")
    page.unroute_all()
    page.keyboard.press("ArrowLeft")
    expect(region(page, say("card"))).to_be_visible()


def test_the_pad_comes_with_the_first_network_that_reads_digits_and_has_what_was_put_on_it_before(pages: Pages):
    page = pages.blank(new=True)
    scripts = fetched(page)
    drawn = "%7B%22drawn%22:%221gDgDIIIIQQ.0AAwCA%22,%22networkShows%22:%22drawing%22%7D"
    page.goto(f"{pages.address}{LINK_TO_XOR}")
    at(page, 0)
    assert "pad/panel.js" not in scripts
    page.goto(f"{pages.address}#preset=digits_best&t=0&view={drawn}")
    at(page, 0)
    opened(page)
    expect(page.get_by_role("status", name=say("pad.prediction"))).to_have_text(re.compile(r"^[0-9?]$"))
    page.wait_for_function("backscope.marks().some(({ tensor }) => tensor === 'drawing.a1')")
    assert len(look(page, "drawing").marks) == 784
    expect(page.get_by_text(say("thought"), exact=True)).to_be_visible()  # its pass is on the stage


def test_the_page_begins_with_one_script_of_its_own(pages: Pages):
    page = pages.blank(new=True)
    scripts = fetched(page)
    page.goto(pages.address)
    at(page, 14)
    page.wait_for_timeout(1000)
    assert scripts == ["main.js"]
