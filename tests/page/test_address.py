"""The address bar always holds the moment: a link opens it again, bit for bit."""

import json
from typing import Any
from urllib.parse import parse_qs, quote, unquote

import pytest
from playwright.sync_api import Page, expect

from engine.experiment.presets import PRESETS
from server.app import choices
from tests.helpers.browsing import (
    Plain,
    at,
    button,
    chooser,
    eventually,
    link,
    look,
    look_inside,
    now,
    number_field,
    put,
    say,
    untrue,
    words,
)
from tests.helpers.setup import setting

pytestmark = pytest.mark.without_chart

XOR, SPIRALS = PRESETS["xor"], PRESETS["spirals"]


def href(page: Page) -> str:
    return str(page.evaluate("location.href"))


def merged(base: Any, patch: Any) -> Any:
    """What a JSON merge patch makes of a plain value."""
    if not isinstance(patch, dict):
        return patch
    kept = {name: each for name, each in (base if isinstance(base, dict) else {}).items() if name not in patch}
    return kept | {name: merged((base or {}).get(name), each) for name, each in patch.items() if each is not None}


def address(page: Page) -> tuple[Plain, int]:
    """The experiment and t of the address bar: the one that it names, if any, with what differs from that."""
    fields = {name: value for name, (value,) in parse_qs(href(page).partition("#")[2]).items()}
    named = {}
    if "preset" in fields:
        named = choices()["presets"][fields["preset"]]
    elif "scenario" in fields:
        named = choices()["scenarios"][fields["scenario"]]["experiment"]
    return merged(named, json.loads(fields.get("experiment", "{}"))), int(fields.get("t", "0"))


def holds(page: Page) -> bool:
    """Whether the address bar holds what the page shows."""
    return "#" in href(page) and address(page) == (page.evaluate("backscope.experiment"), now(page))


def kept(page: Page) -> None:
    """Wait until the address bar holds what the page shows."""
    eventually(lambda: holds(page))


def test_the_address_holds_the_experiment_and_the_moment_wherever_one_goes(page):
    kept(page)
    page.keyboard.press("ArrowRight")
    at(page, 1)
    kept(page)
    put(setting(page, "Seed"), "12")
    page.wait_for_function("backscope.experiment.seed === 12")
    at(page, 0)
    kept(page)
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 1000")
    button(page, "Pause").click()
    kept(page)
    assert address(page)[0]["seed"] == 12


def test_a_run_is_in_the_address_as_soon_as_it_is_shown_and_so_can_be_left_by_the_link_it_came_by(pages):
    page = pages.open(XOR)
    for seed in (5, 6, 7):  # each well before the address bar would follow a moment
        put(setting(page, "Seed"), str(seed))
        shown = page.wait_for_function(f"backscope.experiment.seed === {seed} && backscope.t === 0 && location.href")
        assert f'"seed":{seed}' in unquote(str(shown.json_value()))
    pages.go(page, XOR)


def test_a_link_opens_the_same_moment_bit_for_bit_in_another_browser(pages):
    page = pages.open(SPIRALS)
    button(page, "Full speed").click()
    page.wait_for_function("backscope.t > 3000")
    button(page, "Pause").click()
    put(number_field(page, "Learning rate"), "0.07")
    page.wait_for_function("backscope.experiment.changes")
    chooser(page, "Grain").select_option("equation")
    page.locator("h1").click()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    at(page, page.evaluate("backscope.experiment.changes[0].t") + 3)
    kept(page)
    first = look(page)
    other = pages.blank(locale="en-US")
    other.goto(href(page))
    at(other, address(page)[1])
    second = look(other)
    assert second.experiment == first.experiment
    assert second.tensors.keys() == first.tensors.keys()
    assert all(second.tensors[name].tobytes() == first.tensors[name].tobytes() for name in first.tensors)
    stage = ("weight", "bias", "nudge", "delta", "activation", "target")
    assert second.of(*stage) == first.of(*stage)
    assert untrue(second) == []


def test_the_share_button_copies_a_link_to_the_very_moment_that_is_shown(pages):
    page = pages.open(XOR, permissions=["clipboard-read", "clipboard-write"])
    t = button(page, "Share").evaluate("""async (share) => {
        document.querySelector("[aria-label='Step forward']").click();
        while (backscope.t === 0) await new Promise((done) => setTimeout(done));
        share.click();
        return backscope.t;
    }""")
    expect(page.get_by_text(say("share.done"))).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    other = pages.blank()
    other.goto(copied)
    at(other, t)


def test_another_address_in_the_same_page_is_gone_to(pages):
    page = pages.open(XOR, 5)
    page.goto(link(pages.address, SPIRALS, 33))
    at(page, 33)
    assert page.evaluate("backscope.experiment.dataset.name") == "spirals"
    assert untrue(look_inside(page)) == []
    kept(page)


def test_the_back_button_goes_to_the_link_before_and_forward_to_the_one_after(pages):
    page = pages.open(XOR, 5)
    kept(page)
    page.goto(link(pages.address, SPIRALS, 33))
    at(page, 33)
    kept(page)
    page.go_back()
    at(page, 5)
    assert page.evaluate("backscope.experiment.dataset.name") == "xor"
    kept(page)
    page.go_forward()
    at(page, 33)
    assert page.evaluate("backscope.experiment.dataset.name") == "spirals"


def test_reloading_stays_at_the_moment(pages):
    page = pages.open(SPIRALS, 60)
    page.keyboard.press("ArrowRight")
    at(page, 61)
    kept(page)
    page.reload()
    at(page, 61)
    assert page.evaluate("backscope.experiment.dataset.name") == "spirals"


def broken(**fields: object) -> str:
    return json.dumps({**XOR, **fields})


BROKEN = [
    (broken(layers=[{"units": 1, "activation": "relo"}]), "unknown activation: “relo” (one of: elu, gelu, hardswish, "),
    (broken(layers=[{"units": 5000, "activation": "tanh"}, XOR["layers"][1]]), "invalid layer width: 5000 (1 to 1,024"),
    (broken(loss="cross_entropy"), "unfit loss: “cross-entropy” (the output is sigmoid; this loss goes with softmax)"),
    (broken(colour="blue"), "unknown field: “colour” (one of: augment, changes,"),
    (broken(dataset={"name": "cats"}), "unknown dataset: “cats” (one of: checkerboard, circles,"),
    (json.dumps({"layers": XOR["layers"]}), "missing field (dataset)"),
    ('{"dataset": {"name": "xor"', "invalid experiment: "),
    ("[1, 2]", "invalid experiment: [1, 2]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [BROKEN[0], BROKEN[-1]])
def test_a_broken_link_says_what_is_wrong_and_shows_a_network_all_the_same(pages, text, said):
    page = pages.blank()
    page.goto(link(pages.address, text, 7))
    at(page, 0)
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert untrue(look_inside(page)) == []
    page.keyboard.press("Shift+ArrowRight")
    at(page, 18)


def test_a_broken_link_put_into_a_page_says_what_is_wrong_and_leaves_its_run_as_it_was(pages):
    page = pages.open(SPIRALS, 40)
    for text, said in BROKEN:
        page.goto(link(pages.address, text, 7))
        expect(page.get_by_role("alert")).to_contain_text(said)
        assert now(page) == 40
        assert page.evaluate("backscope.experiment.dataset.name") == "spirals"
    assert untrue(look_inside(page)) == []


def test_a_broken_link_says_what_is_wrong_on_a_phone_too(pages):
    page = pages.blank(viewport={"width": 390, "height": 844})
    page.goto(link(pages.address, BROKEN[0][0]))
    at(page, 0)
    expect(page.get_by_text("unknown activation: “relo”")).to_be_visible()


def test_a_link_with_no_moment_that_there_is_opens_at_the_beginning(pages):
    page = pages.open(XOR, 5)
    for seed, t in enumerate(["-3", "2.5", "soon", "", "1e400"], 1):
        page.goto(f"{pages.address}#t={t}&experiment={quote(json.dumps({**SPIRALS, 'seed': seed}))}")
        page.wait_for_function("seed => backscope.experiment.seed === seed", arg=seed)
        at(page, 0)


def test_a_link_holds_the_language_that_was_chosen(pages):
    page = pages.open(XOR, 9)
    chooser(page, "Language").select_option("zh")
    expect(page.locator("html")).to_have_attribute("lang", words("zh")["language.code"])
    eventually(lambda: "lang=zh" in href(page))
    kept(page)
    page.reload()
    at(page, 9)
    expect(page.locator("html")).to_have_attribute("lang", words("zh")["language.code"])
