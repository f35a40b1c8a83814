"""What a class's link leaves out is not seen and not reached by keys, and the rest takes its room; a lesson that only
asks; the form that makes such links.
"""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.helpers.axe import violations
from tests.helpers.browsing import Pages, at, button, chooser, eventually, now, region, resized, say, slider, words
from tests.helpers.gallery import open_example
from tests.helpers.layout import OVERFLOW

pytestmark = pytest.mark.without_chart

Plain = dict[str, Any]


def goes(page: Page, address: str, fragment: str = "#preset=xor&t=14", **view: Any) -> Page:
    """Follow a link with such a view in a page; wait until what it leaves out is away."""
    lang = view.pop("lang", None)
    page.goto("about:blank")
    page.goto(f"{address}{f'?lang={lang}' if lang else ''}{fragment}&view={quote(json.dumps(view))}")
    page.wait_for_function("window.backscope?.t != null && backscope.stats().painted.length")
    if view.keys() & {"hide", "quiz", "embed"}:
        page.wait_for_selector("[data-hides]")
    return page


def href(page: Page) -> str:
    return str(page.evaluate("location.href"))


def found(page: Page, name: str) -> Locator:
    """A part of the page as people find it, by the name that a link has for it."""
    buttons = {
        "play": "play", "step_forward": "step_forward", "step_back": "step_back", "full_speed": "full_speed",
        "restart": "restart", "run_to": "run_to.open", "projector": "projector", "stories": "stories",
        "lessons": "lessons", "gallery": "gallery", "open": "open.label", "save": "save.label", "share": "share",
    }  # fmt: skip
    regions = {"experiment", "inspector", "plane", "pad", "loss", "transport", "diagnosis", "arrows"}
    others = {
        "grain": lambda: chooser(page, say("grain")),
        "language": lambda: chooser(page, say("language.label")),
        "speed": lambda: slider(page, say("speed")),
        "timeline": lambda: slider(page, say("timeline")),
        "example": lambda: page.get_by_role("group", name=say("example.label")),
        "caption": lambda: page.get_by_role("status", name=say("caption")),
        "learned": lambda: page.get_by_role("tablist", name=say("stage.sides")),
        "theme": lambda: page.get_by_role("button", name=re.compile(say("theme", theme=""))),
    }
    if name in regions:
        return region(page, say({"loss": "loss.panel", "arrows": "legend"}.get(name, name)))
    return button(page, say(buttons[name])) if name in buttons else others[name]()


ONE = ["play", "step_back", "grain", "timeline", "experiment", "plane", "loss", "arrows", "projector", "lessons"]
ONE += ["open", "share", "theme", "caption"]
OTHER = ["step_forward", "full_speed", "restart", "speed", "run_to", "inspector", "pad", "example", "stories"]
OTHER += ["gallery", "save", "language", "learned"]


@pytest.mark.parametrize(("preset", "hidden", "shown"), [("xor", ONE, OTHER), ("digits_13002", OTHER, ONE)])
def test_each_part_is_left_out_by_its_name_and_no_other(pages: Pages, preset: str, hidden: list[str], shown: list[str]):
    page = goes(pages.blank(), pages.address, f"#preset={preset}&t=14", hide=hidden)
    for name in hidden:
        expect(found(page, name), name).to_be_hidden()
    elsewhere = "pad" if preset == "xor" else "plane"  # is not there for these data
    for name in set(shown) - {elsewhere}:
        expect(found(page, name), name).to_be_visible()
    assert page.evaluate("backscope.view.hide") == hidden


def test_what_is_left_out_is_not_reached_by_keys(pages: Pages):
    page = goes(pages.blank(), pages.address, hide=["play", "step_forward", "projector", "inspector"])
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("p")
    page.keyboard.press("ArrowLeft")  # this one is there
    page.wait_for_function("backscope.t < 14")
    assert page.evaluate("backscope.view.projector") is False
    names = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        names.add(page.evaluate("document.activeElement.closest('[data-away]')?.outerHTML ?? null"))
        names.add(page.evaluate("document.activeElement.dataset.skip === 'inspector' ? 'skips' : null"))
    assert names == {None}


# Where the stage, the transport and what lies around them end; the mount's own size.
PLACES = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect().toJSON();
  return { stage: box(".stage"), transport: box(".transport"), all: box(".backscope") };
}"""
RAIL = ["plane", "pad", "inspector"]


@pytest.mark.parametrize("lesson", [None, "tour.4"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_the_rest_takes_the_room_of_what_is_left_out(pages: Pages, width: int, height: int, lesson: str | None):
    page = pages.blank()

    def places(*hide: str) -> Plain:
        goes(page, pages.address, hide=list(hide), **({"lesson": lesson} if lesson else {}))
        resized(page, width, height)
        if lesson:
            expect(page.get_by_role("heading", name="Which arrow is the longest?")).to_be_visible()
        assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
        return dict(page.evaluate(PLACES))

    usual = places("theme")
    beside = places("experiment")
    assert (beside["stage"]["left"] < usual["stage"]["left"]) == (lesson is None)
    assert places(*RAIL)["stage"]["right"] == width > usual["stage"]["right"]
    below = places("loss")
    assert below["transport"]["bottom"] == below["all"]["bottom"] > usual["transport"]["bottom"]
    assert below["stage"]["height"] > usual["stage"]["height"] + 60
    alone = places("header", "experiment", "loss", *RAIL)
    assert alone["stage"]["right"] == width
    assert alone["transport"]["bottom"] == height
    assert alone["all"]["top"] == 0
    if not lesson:
        assert (alone["stage"]["left"], alone["stage"]["top"]) == (0, 0)


def test_it_stays_so_while_one_goes_on_and_one_can_always_get_out_and_back(pages: Pages):
    page = goes(pages.blank(fresh=True), pages.address, hide=["inspector", "loss"], lesson="tour.4")
    inspector = region(page, say("inspector"))
    page.get_by_role("heading", name="Which arrow is the longest?").wait_for()
    button(page, say("lesson.next")).click()
    page.get_by_role("heading", name="Paths add up").wait_for()
    expect(inspector).to_be_hidden()
    button(page, say("step_forward")).click()
    open_example(page, "Spirals")
    page.wait_for_function("backscope.experiment.dataset.name === 'spirals'")
    eventually(lambda: "preset=spirals" in href(page) and quote('"hide"') in href(page))
    page.reload()
    page.wait_for_selector("[data-hides]")
    expect(inspector).to_be_hidden()
    page.wait_for_function("backscope.t !== null")
    button(page, say("presenting.everything")).click()
    expect(inspector).to_be_visible()
    expect(button(page, say("presenting.everything"))).to_be_hidden()
    eventually(lambda: quote('"hide"') not in href(page))
    page.go_back()
    expect(inspector).to_be_hidden()


def test_a_glossary_that_is_left_out_opens_nowhere(pages: Pages):
    page = goes(pages.blank(), pages.address, hide=["glossary"], lesson="tour.2")
    body = page.locator(".lesson-body")
    expect(body).to_contain_text(re.compile("gradient"))
    expect(body.locator("[data-term]")).to_have_count(0)  # its words are plain text
    page.locator("h1").click()
    page.keyboard.press("?")
    page.locator(".lesson-body math").first.click()
    button(page, say("lessons")).click()
    expect(page.get_by_role("link", name="The five-minute tour")).to_be_visible()
    expect(button(page, say("glossary"))).to_have_count(0)
    assert page.evaluate("backscope.view.glossary") is None
    button(page, say("presenting.everything")).click()
    expect(button(page, say("glossary"))).to_be_visible()


def test_on_a_narrow_screen_no_tab_leads_to_what_is_left_out(pages: Pages):
    page = goes(pages.blank(viewport={"width": 390, "height": 844}), pages.address, hide=["inspector", "plane", "pad"])
    expect(page.get_by_role("tab", name=words()["tab.side"])).to_be_hidden()
    expect(region(page, say("loss.panel"))).to_be_visible()
    page.get_by_role("tab", name=words()["tab.experiment"]).click()
    expect(region(page, say("experiment"))).to_be_visible()
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}


def test_an_unknown_part_is_told_and_nothing_is_left_out(pages: Pages):
    page = pages.blank()
    page.goto(f"{pages.address}#preset=xor&t=14&view={quote(json.dumps({'hide': ['inspector', 'moon']}))}")
    expect(page.get_by_text(say("scene.unfit", fields="hide"))).to_be_visible()
    expect(region(page, say("inspector"))).to_be_visible(timeout=8000)


def answer(page: Page) -> None:
    """Answer what is asked, and be shown the truth."""
    group = page.get_by_role("group", name=say("lesson.prediction"))
    expect(group.get_by_role("button", name=say("lesson.reveal"))).to_be_visible()
    choices = group.locator("[aria-pressed]")
    if choices.count():
        choices.first.click()
    group.get_by_role("button", name=say("lesson.reveal")).click()
    expect(group.get_by_role("status")).to_be_visible()


def test_a_lesson_that_only_asks_shows_its_prose_with_the_answer_and_passes_over_what_asks_nothing(pages: Pages):
    page = goes(pages.blank(alone=True), pages.address, quiz=True, lesson="tour.8")
    body = page.locator(".lesson-body")
    heading = page.get_by_role("heading", name=say("lesson.question", number=8, count=8))
    expect(heading).to_be_visible()
    expect(body).to_be_hidden()
    expect(button(page, say("lesson.next"))).to_be_hidden()  # the ninth step asks for no prediction
    expect(button(page, say("lesson.notes"))).to_be_hidden()
    page.keyboard.press("PageUp")
    page.wait_for_function("backscope.lesson.step === 7 && backscope.lesson.question")
    expect(body).to_be_hidden()
    assert "not the update" not in page.get_by_role("region", name=say("lesson.region")).inner_text()
    answer(page)
    expect(page.get_by_role("heading", name="The gradient is not the update")).to_be_visible()
    expect(body).to_be_visible()
    page.keyboard.press("PageDown")
    expect(heading).to_be_visible()
    expect(body).to_be_hidden()
    button(page, say("presenting.everything")).click()
    expect(page.get_by_role("heading", name="Which digit pays?")).to_be_visible()
    expect(body).to_be_visible()
    expect(button(page, say("lesson.next"))).to_be_visible()


def test_the_form_makes_a_link_that_shows_what_has_been_chosen(pages: Pages):
    page = goes(pages.blank(alone=True), pages.address)
    button(page, say("share.class")).click()
    form = page.get_by_role("dialog", name=say("class.title"))
    made = form.get_by_role("textbox", name=say("class.href"))
    expect(made).to_have_value(re.compile(r"#preset=xor&t=14"))
    page.keyboard.press("ArrowRight")  # belongs to the form
    form.get_by_label(say("class.part.inspector"), exact=True).check()
    form.get_by_role("group", name=say("class.row.header")).get_by_label(say("class.part.header"), exact=True).check()
    expect(form.get_by_label(say("class.part.stories"), exact=True)).to_be_disabled()
    form.get_by_role("combobox", name=say("class.language"), exact=True).select_option("zh")
    form.get_by_role("combobox", name=say("class.lesson"), exact=True).select_option(label="The five-minute tour")
    form.get_by_role("combobox", name=say("class.step"), exact=True).select_option("4")
    expect(made).to_have_value(re.compile(r"\?lang=zh#view="))
    assert len(made.input_value()) < 2000
    with page.context.expect_page() as opened:
        form.get_by_role("link", name=say("class.preview")).click()
    other = opened.value
    other.get_by_role("heading", name="哪个箭头最长？").wait_for()
    expect(other.get_by_role("region", name=words("zh")["inspector"])).to_be_hidden()
    expect(other.get_by_role("combobox", name=words("zh")["language.label"])).to_be_hidden()
    assert other.evaluate("backscope.view.hide") == ["inspector", "header", "language"]
    other.close()
    form.get_by_label(say("class.questions"), exact=True).check()
    form.get_by_label(say("class.embed"), exact=True).check()
    expect(form.get_by_role("textbox", name=say("class.frame"))).to_have_value(
        re.compile(r"^<iframe src=.*quiz.*></iframe>$")
    )
    assert violations(page, ".class-link") == []
    form.get_by_role("button", name=say("class.close")).click()
    expect(form).to_be_hidden()
    assert now(page) == 14


def test_a_link_that_names_a_step_alone_shows_its_scene(pages: Pages):
    page = pages.blank(fresh=True)
    page.goto(f"{pages.address}#view={quote(json.dumps({'lesson': 'tour.4'}))}")
    page.wait_for_function("backscope.lesson?.step === 4 && backscope.lesson.question")
    asked = page.evaluate("backscope.lesson.question.scene")
    assert page.evaluate("backscope.experiment") == asked["experiment"]
    at(page, asked["t"])
    eventually(lambda: "tour.4" in href(page) and f"t={asked['t']}" in href(page))
    page.goto(f"{pages.address}#view={quote(json.dumps({'lesson': 'chain.2', 'hide': ['loss']}))}")
    page.wait_for_function("backscope.lesson?.name === 'chain'")
    expect(region(page, say("loss.panel"))).to_be_hidden()


def test_what_comes_slowly_is_said_to_be_on_its_way(pages: Pages):
    page = pages.blank(fresh=True)
    waiting: list[Route] = []
    page.route("**/lessons.json*", lambda route: waiting.append(route))
    page.goto(pages.address)
    page.wait_for_function("window.backscope?.t != null")
    button(page, say("lessons")).click()
    expect(page.get_by_text(say("lesson.coming"))).to_be_visible()
    waiting[0].continue_()
    expect(page.get_by_role("link", name="The five-minute tour")).to_be_visible()
    expect(page.get_by_text(say("lesson.coming"))).to_have_count(0)
