"""The gallery of examples: every preset and trouble with a picture of the engine's numbers, by pointer and by keys."""

import json
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from server.gallery import FILE, examples
from tests.helpers.browsing import Mark, at, button, channels, colour, eventually, look, now, say, words
from tests.helpers.gallery import expect_example, gallery, open_example
from tests.helpers.layout import CLIPPED, OVERFLOW
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
KINDS = ("layer", "example", "loss", "held_out", "chance")
WRITTEN = json.loads(FILE.read_text(encoding="utf-8"))
PICTURES: dict[str, dict[str, Any]] = WRITTEN["pictures"]
# The colours of the pixels of an entry's picture, each as [red, green, blue, alpha], without repetition.
PAINTED = """(entry) => {
  const canvas = entry.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return [...new Set(new Uint32Array(data.buffer))].map((word) => [...new Uint8Array(Uint32Array.of(word).buffer)]);
}"""


def drawn(page: Page) -> list[Mark]:
    """The marks of all pictures, once the gallery has them."""
    gallery(page)
    eventually(lambda: look(page, *KINDS).marks)
    return look(page, *KINDS, "pixel").marks


def numbers_of(marks: list[Mark], tensor: str) -> list[float]:
    return [mark.value for mark in sorted(marks, key=lambda each: each.index) if mark.tensor == tensor]


def test_it_offers_every_preset_and_every_trouble_with_a_name_and_a_sentence(page):
    for group, kind, names in [
        ("presets", "preset", [name.split(".")[1] for name in examples() if name.startswith("preset.")]),
        ("scenarios", "scenario", [*SCENARIOS]),
    ]:
        entries = gallery(page).get_by_role("region", name=say(group), exact=True).get_by_role("button")
        expect(entries).to_have_count(len(names))
        for i, name in enumerate(names):
            expect(entries.nth(i)).to_have_accessible_name(say(f"{kind}.{name}"))
            expect(entries.nth(i)).to_have_accessible_description(say(f"{kind}.{name}.hint"))
            expect(entries.nth(i)).to_contain_text(say(f"{kind}.{name}.hint"))


def test_every_mark_of_a_picture_is_a_number_of_its_run(page):
    marks = drawn(page)
    for name, picture in PICTURES.items():
        for kind in ("loss", "held_out"):
            assert numbers_of(marks, f"{name}.{kind}") == picture.get(kind, []), name
        assert numbers_of(marks, f"{name}.chance") == ([picture["chance"]] if picture["chance"] else [])
        if "layers" in picture:
            known = [share for share in picture["layers"] if share is not None]
            assert numbers_of(marks, f"{name}.{picture['quantity']}") == known
            continue
        data = WRITTEN["data"][picture["data"]]
        if data["looks"] == "picture":
            pixels = [mark for mark in marks if mark.tensor == f"{name}.x"]
            assert len(pixels) == 784 * len(data["x"])
            assert sum(mark.value > 0 for mark in pixels) > 300
        else:
            assert numbers_of(marks, f"{name}.y") == data["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_picture_is_painted_in_the_colours_of_its_marks(pages, scheme):
    page = pages.open(fresh=True, color_scheme=scheme)
    marks = drawn(page)
    for name in PICTURES:
        entry = gallery(page).get_by_role("button", name=say(name), exact=True)
        painted = {tuple(each[:3]) for each in entry.evaluate(PAINTED) if each[3] == 255}
        own = [mark for mark in marks if mark.tensor.startswith(f"{name}.") and mark.kind not in ("pixel", "chance")]
        assert {channels(mark.colour) for mark in own} <= painted, name
        assert channels(colour(page, "surface")) in painted
        if name == "preset.xor":  # elsewhere the loss may lie over it
            assert channels(colour(page, "line")) in painted


def test_it_opens_by_keys_that_lead_from_one_example_to_the_next_and_escape_leads_back(page):
    opener = button(page, say("gallery"))
    opener.focus()
    page.keyboard.press("Enter")
    entry = lambda name: gallery(page).get_by_role("button", name=say(name), exact=True)  # noqa: E731
    expect(entry("preset.xor")).to_be_focused()
    for key, name in [
        ("ArrowRight", "preset.digits_best"), ("ArrowLeft", "preset.xor"), ("ArrowUp", "preset.xor"),
        ("End", "scenario.dead_relus"), ("ArrowRight", "scenario.dead_relus"), ("Home", "preset.xor"),
        ("Tab", "preset.digits_best"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        expect(entry(name)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    first = entry("preset.xor").bounding_box()
    assert first
    focused = gallery(page).locator(":focus").bounding_box()
    assert focused
    assert focused["x"] == first["x"]
    assert focused["y"] > first["y"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    assert now(page) == 0  # the keys have not stepped the run


def test_a_chosen_example_closes_it_runs_and_is_named_beside_the_button_and_marked(page):
    expect_example(page, say("preset.xor"))
    gallery(page).get_by_role("button", name=say("scenario.plateau")).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("backscope.scene?.experiment.seed === 3")
    at(page, 0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button(page, say("gallery"))).to_be_focused()
    expect_example(page, say("scenario.plateau"))
    expect(page.get_by_role("banner").get_by_text(say("scenario.plateau"), exact=True).first).to_be_in_viewport()
    pressed = gallery(page).get_by_role("button", pressed=True)
    expect(pressed).to_have_count(1)
    expect(pressed).to_have_accessible_name(say("scenario.plateau"))


def test_a_click_beside_it_closes_it_and_so_does_the_button(page):
    for close in (lambda: page.mouse.click(1400, 880), button(page, say("gallery")).click):
        expect(gallery(page)).to_be_visible()
        close()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_its_pictures_are_loaded_once_it_is_opened_and_only_once(pages):
    page = pages.blank(new=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{pages.address}#preset=xor")
    at(page, 0)
    assert not any(FILE.name in url for url in asked)
    for _ in range(2):
        drawn(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert sum(FILE.name in url for url in asked) == 1


def test_without_its_pictures_it_offers_all_the_same_and_asks_for_them_again(pages):
    pages.server_may_stop = True
    page = pages.open(fresh=True)
    page.route(f"**/{FILE.name}", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        gallery(page)
    open_example(page, say("preset.ring"))
    page.wait_for_function("backscope.experiment.dataset.name === 'circles'")
    at(page, 0)
    page.unroute_all()
    assert drawn(page)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (844, 390), (390, 844), (320, 480)])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_it_fits_every_window_with_all_its_words_and_scrolls_where_it_must(pages, size, locale):
    width, height = size
    page = pages.open(viewport={"width": width, "height": height}, locale=locale)
    language = locale[:2]
    box = gallery(page, language).bounding_box()
    assert box
    assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
    assert width > 860 or box["width"] >= width - 20
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    assert page.evaluate(CLIPPED) == []
    last = gallery(page, language).get_by_role("button").last
    page.keyboard.press("End")
    expect(last).to_be_in_viewport(ratio=1)
    heights = gallery(page, language).get_by_role("button").evaluate_all("all => all.map((each) => each.clientHeight)")
    assert min(heights) >= 60


def test_it_is_chinese_on_a_chinese_page(pages):
    page = chinese(pages, XOR)
    expect(button(page, words("zh")["gallery"])).to_have_accessible_description(words("zh")["preset.xor"])
    entries = gallery(page, "zh").get_by_role("button")
    assert len(entries.all()) == len(PICTURES)
    assert foreign(page) == set()


def test_the_pictures_are_drawn_anew_in_another_theme(page):
    before = {mark.colour for mark in drawn(page)}
    page.emulate_media(color_scheme="dark")
    eventually(lambda: {mark.colour for mark in drawn(page)} != before)
    entry = gallery(page).get_by_role("button", name=say("preset.xor"), exact=True)
    eventually(lambda: channels(colour(page, "surface")) in {tuple(each[:3]) for each in entry.evaluate(PAINTED)})
    assert np.ptp(channels(colour(page, "surface"))) < 40
