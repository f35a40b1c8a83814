"""A scene is a value: the address, files, back and forward bring back all that was chosen, and say what they cannot."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Experiment
from engine.experiment.presets import PRESETS
from server.gallery import presets
from server.trained.shipped import SHIPPED
from tests.helpers.browsing import (
    LINK_TO_XOR,
    Pages,
    Plain,
    at,
    bring,
    button,
    choose_arrows,
    chooser,
    eventually,
    explored,
    say,
    slider,
    words,
)
from tests.helpers.files import choose
from tests.helpers.gallery import open_example
from tests.helpers.node import answers

pytestmark = pytest.mark.without_chart

CONTROLS = """() => {
  const controls = document.querySelectorAll("select, input:not([type=file]), [role=tab], [aria-pressed], .fold");
  const shown = [...controls].filter((each) => each.offsetParent);
  const told = (each) => [each.ariaLabel ?? each.textContent, each.value, each.checked, each.ariaPressed,
    each.ariaSelected, each.ariaExpanded].join("|");
  return [...shown.map(told), document.querySelector("canvas.pad").toDataURL(), document.documentElement.lang,
    document.documentElement.dataset.theme];
}"""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
EACH: dict[str, list[Any]] = {  # some values of each field that all networks have
    "grain": ["equation", "training_step", "epoch"],
    "speed": [0, 37, 100],
    "example": [0, 2, 3],
    "arrows": ["gradient", "update"],
    "arrowScale": ["linear"],
    "arrowsOf": ["example"],
    "stage": ["learned"],
    "view": ["examples", "wishes", "column", "proof", "matrix"],
    "sorted": [True],
    "biggest": [True],
    "sought": ["W1"],
    "without": [{"batch": "W1:0,0:1", "places": [1]}],
    "proof": [{"reach": 0.25, "seed": 0}, {"reach": 2, "seed": 3}],
    "matrix": [{"tensor": "W1", "scope": "network", "zoom": 1}, {"tensor": None, "scope": "layer", "zoom": 0}],
    "wishes": [{"back": 1, "neurons": {"1": 0}}],
    "split": ["training"],
    "historyPage": [1],
    "rows": [[0]],
    "chart": ["gradient_rms", "dead", "learning_rate"],
    "logarithmic": [True],
    "pen": ["thin", "thick"],
    "padTab": ["steps", "ink", "teach"],
    "centred": [False],
    "folded": [["pad"], ["plane"], ["pad", "plane"]],
    "wide": [True],
    "theme": ["dark"],
    "language": ["zh"],
    "story": ["offered", "learn"],
    "moreSettings": [True],
    "hide": [["speed"], ["run_to", "diagnosis"]],
    "quiz": [True],
    "stops": [[{"name": "loss_rises", "times": 2}, {"name": "not_finite", "and": True, "off": True}]],
}  # fmt: skip
FEW_STROKES = "1gDgDIIIIQQ.0AAwCA"


def whole(name: str) -> Plain:
    return Experiment.from_dict(presets()[name], SHIPPED).to_dict()


def link(address: str, name: str, t: int = 0, view: Plain | None = None) -> str:
    """The address of a preset's scene, written here by hand."""
    return f"{address}#preset={name}&t={t}&view={quote(json.dumps(view or {}))}"


def some_view(name: str, rng: np.random.Generator) -> Plain:
    """A view of a preset's network: some of its fields, each with one of its values."""
    experiment = Experiment.from_dict(presets()[name], SHIPPED)
    layer = int(rng.integers(1, len(experiment.sizes)))
    unit, below = int(rng.integers(experiment.sizes[layer])), int(rng.integers(experiment.sizes[layer - 1]))
    marks = [
        {"kind": "weight", "tensor": f"W{layer}", "index": [unit, below]},
        {"kind": "nudge", "tensor": f"dW{layer}", "index": [unit, below]},
        {"kind": "activation", "tensor": f"a{layer}", "index": [0, unit]},
    ]
    each: dict[str, list[Any]] = (
        EACH | {"selected": marks} | ({"drawn": [FEW_STROKES]} if experiment.dataset.name == "digits" else {})
    )
    return {field: values[rng.integers(len(values))] for field, values in each.items() if rng.random() < 0.6}


def controls(page: Page) -> list[Any]:
    """What the controls of a page show."""
    return list(page.evaluate(CONTROLS))


def shows_the_same(page: Page, other: Page) -> None:
    """Wait until the controls of two pages show the same; some come with answers of the server."""
    eventually(lambda: controls(page) == controls(other))


def settled(page: Page, experiment: Plain, t: int, view: Plain) -> Plain:
    """Wait until the page shows these; all of its view."""
    page.wait_for_function("t => window.backscope?.t === t", arg=t)  # the network need not be what is in front
    eventually(lambda: {name: page.evaluate("backscope.view")[name] for name in view} == view)
    assert page.evaluate("backscope.experiment") == experiment
    lang = words(view.get("language") or "en")["language.code"]
    expect(page.locator("html")).to_have_attribute("lang", lang)
    return dict(page.evaluate("backscope.view"))


def href(page: Page) -> str:
    return str(page.evaluate("location.href"))


def saved(page: Page, folder: Path, language: str = "en") -> Path:
    """The file of the page's scene, saved as a person does."""
    with page.expect_download() as download:
        button(page, words(language)["save.label"]).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


ALL_VIEWS = [("xor", 11), ("spirals", 13), ("worked_example", 15)]


@pytest.mark.parametrize(
    ("name", "seed"), [("digits_13002", 10), *(pytest.param(*each, marks=pytest.mark.long) for each in ALL_VIEWS)]
)
def test_a_random_view_comes_back_by_its_address_and_by_its_file(pages: Pages, tmp_path: Path, name: str, seed: int):
    rng = np.random.default_rng(seed)
    experiment, t, view = whole(name), int(rng.integers(1, 60)), some_view(name, rng)
    page = pages.blank()
    page.goto(link(pages.address, name, t, view))
    full = settled(page, experiment, t, view)
    eventually(lambda: f"t={t}" in href(page) and len(href(page)) < 2000)
    for by in ("address", "file"):
        other = pages.blank(alone=True)
        if by == "address":
            other.goto(href(page))
        else:
            other.goto(f"{pages.address}{LINK_TO_XOR}")
            at(other, 0)
            choose(other, saved(page, tmp_path, (view.get("language") or "en")))
        assert settled(other, experiment, t, view) == full
        shows_the_same(other, page)
        assert other.evaluate("backscope.scene") == {"format": 1, "experiment": experiment, "t": t, "view": full}


def test_what_a_person_chooses_by_hand_is_there_again_after_reloading(pages: Pages):
    page = pages.open()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 18)
    chooser(page, "Grain").select_option("epoch")
    slider(page, "Speed").fill("40")
    choose_arrows(page, "Arrows show", "gradient")
    button(page, "Next example").click()
    explored(page).focus()
    for key in ("ArrowLeft", "PageDown", "Enter"):
        page.keyboard.press(key)
    bring(page, "proof")
    chooser(page, "Chart").select_option("dead")
    page.get_by_role("button", name=say("layer.more", title=say("layer.hidden", layer=1))).click()
    button(page, say("fold.plane")).click()
    view = page.evaluate("backscope.view")
    assert (view["grain"], view["speed"], view["arrows"], view["example"]) == ("epoch", 40, "gradient", 2)
    assert (view["view"], view["chart"], view["rows"], view["folded"]) == ("proof", "dead", [0], ["plane"])
    assert view["selected"]["tensor"] == "W1"
    before = controls(page)
    eventually(lambda: quote('"folded"') in href(page))
    page.reload()
    assert settled(page, whole("xor"), 18, view) == view
    eventually(lambda: controls(page) == before)


LONGEST = ["xor", "digits_best"]  # the latest moment, and the largest network with a drawing
OTHERS = [pytest.param(name, marks=pytest.mark.long) for name in presets() if name not in LONGEST]


@pytest.mark.parametrize("name", [*LONGEST, *OTHERS])
def test_an_address_is_short_for_every_preset_whatever_is_chosen(pages: Pages, name: str):
    experiment = Experiment.from_dict(presets()[name], SHIPPED)
    depth = len(experiment.sizes) - 1
    last = [experiment.sizes[depth] - 1, experiment.sizes[depth - 1] - 1]
    view = {field: values[-1] for field, values in EACH.items()}
    view["selected"] = {"kind": "parameter", "tensor": f"dW{depth}", "index": last}
    place = f"W{depth}:{last[0]},{last[1]}"
    view["opened"] = {"place": place, "keys": [f"ddelta{depth}:0,{unit}" for unit in range(5)]}
    view["drawn"] = FEW_STROKES if experiment.dataset.name == "digits" else ""
    (view["hide"],) = answers('import { NAMES } from "./presenting/feature.js";\nconst answer = () => NAMES;\n', [None])
    view["embed"] = True
    page = pages.blank()
    page.goto(link(pages.address, name, 123_456 if name == "xor" else 40, view))
    settled(page, whole(name), 123_456 if name == "xor" else 40, view)
    eventually(lambda: "%7B" in href(page) and f"preset={name}" in href(page) and len(href(page)) < 2000)
    fields = parse_qs(href(page).partition("#")[2])
    assert "experiment" not in fields
    assert {field: value for field, value in view.items() if value != "" and field != "language"} == json.loads(
        fields["view"][0]
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_later_format_is_refused_by_name_from_a_link_and_from_a_file(pages: Pages, tmp_path: Path, language: str):
    said = {
        "en": "unsupported scene format: 2 (this version reads up to 1)",
        "zh": words("zh")["refused.unsupported"].format(noun=words("zh")["noun.scene format"], value=2),
    }[language]
    page = pages.blank(locale={"en": "en-US", "zh": "zh-CN"}[language])
    page.goto(f"{pages.address}#format=2&preset=spirals&t=9")
    at(page, 0)
    expect(page.get_by_role("alert")).to_contain_text(said)
    path = tmp_path / "later.json"
    path.write_text(json.dumps({"format": 2, "experiment": whole("sine"), "t": 3, "view": {}}))
    page.goto(f"{pages.address}#preset=spirals&t=4")
    at(page, 4)
    with page.expect_file_chooser() as chosen:
        button(page, words(language)["open.label"]).click()
    chosen.value.set_files(path)
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert page.evaluate("backscope.experiment.dataset.name") == "spirals"


def test_what_a_view_says_that_is_unknown_or_does_not_fit_is_told_and_the_rest_is_shown(pages: Pages):
    page = pages.blank()
    view = {
        "colour": "blue", "speed": 300, "chart": "pie", "grain": "epoch", "folded": "pad", "drawn": "?", "example": -1,
        "selected": {"kind": "weight", "tensor": "W1", "index": [4, 0]}, "wishes": None, "matrix": {"tensor": "W9"},
    }  # fmt: skip
    page.goto(link(pages.address, "xor", 5, view))
    at(page, 5)
    expect(page.get_by_text(say("scene.unknown", fields="colour"))).to_be_visible()
    unfit = page.get_by_text(say("scene.unfit", fields="").strip(".: "))
    expect(unfit).to_be_visible()
    for field in ("speed", "chart", "folded", "drawn", "example", "selected", "wishes", "matrix"):
        expect(unfit).to_contain_text(field)
    shown = page.evaluate("backscope.view")
    assert shown["grain"] == "epoch"
    fresh = pages.blank()
    fresh.goto(f"{pages.address}{LINK_TO_XOR}")
    at(fresh, 0)
    usual = fresh.evaluate("backscope.view")
    assert shown == usual | {"grain": "epoch"}


def test_a_link_to_a_preset_that_there_is_not_says_which_there_are(pages: Pages):
    page = pages.blank()
    page.goto(f"{pages.address}#preset=xxor")
    at(page, 0)
    expect(page.get_by_role("alert")).to_contain_text("unknown preset: “xxor” (one of: xor, digits_best")


def counted(page: Page) -> list[dict[str, Any]]:
    """The commands that the page sends from now on."""
    sent: list[dict[str, Any]] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(json.loads(text))))
    return sent


def test_back_goes_back_a_preset_a_change_and_a_jump_but_not_each_step(pages: Pages):
    page = pages.blank(fresh=True)
    sent = counted(page)
    page.goto(f"{pages.address}{LINK_TO_XOR}")
    at(page, 0)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => backscope.t > 1")
    left = page.evaluate("backscope.t")
    open_example(page, "Spirals")
    page.wait_for_function("() => backscope.experiment.dataset.name === 'spirals'")
    at(page, 0)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("() => backscope.t > 20")
    end = page.evaluate("backscope.t")
    slider(page, "Speed").fill("70")
    page.get_by_role("spinbutton", name="Learning rate").fill("0.07")
    page.keyboard.press("Tab")
    page.wait_for_function("() => backscope.experiment.changes?.length === 1")
    at(page, end)
    slider(page, "Timeline").fill("7")
    at(page, 7)
    eventually(lambda: "t=7" in href(page))
    starts = [each for each in sent if each["command"] == "start"]

    page.go_back()
    at(page, end)
    assert len(page.evaluate("backscope.experiment.changes")) == 1
    assert [each for each in sent if each["command"] == "start"] == starts  # the run is the same one
    page.go_back()
    page.wait_for_function("() => !backscope.experiment.changes")
    at(page, end)
    assert page.evaluate("backscope.view.speed") == 70
    page.go_back()
    page.wait_for_function("() => backscope.experiment.dataset.name === 'xor'")
    at(page, left)
    assert page.evaluate("backscope.view.speed") == 16
    page.go_forward()
    page.wait_for_function("() => backscope.experiment.dataset.name === 'spirals'")
    at(page, end)
    page.go_forward()
    page.wait_for_function("() => backscope.experiment.changes")
    at(page, end)
    page.go_forward()
    at(page, 7)
    assert page.evaluate("backscope.experiment.changes[0].learning_rate") == 0.07
    assert page.evaluate("backscope.experiment.dataset.name") == "spirals"


SLOW_STARTS = """
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (text) {
  setTimeout(() => send.call(this, text), JSON.parse(text).command === "start" ? 250 : 0);
};
"""


def test_of_several_quick_steps_back_or_forward_the_last_is_what_is_shown(pages: Pages):
    page = pages.blank(fresh=True)
    page.add_init_script(SLOW_STARTS)
    page.goto(f"{pages.address}{LINK_TO_XOR}")
    at(page, 0)
    open_example(page, "Spirals")
    page.wait_for_function("() => backscope.experiment.dataset.name === 'spirals'")
    at(page, 0)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("() => backscope.t > 10 && location.href.includes(`t=${backscope.t}`)")
    end = page.evaluate("backscope.t")
    page.get_by_role("spinbutton", name="Learning rate").fill("0.07")
    page.keyboard.press("Tab")
    page.wait_for_function("() => backscope.experiment.changes")
    at(page, end)
    slider(page, "Timeline").fill("7")
    at(page, 7)
    eventually(lambda: "t=7" in href(page))
    last = href(page)
    go = """async ([way, times]) => {
        for (let i = 0; i < times; i++) {
            const there = new Promise((done) => addEventListener("popstate", done, { once: true }));
            history[way]();
            await there;
        }
    }"""
    for back, forward in ((3, 3), (2, 2)):  # past the beginning of another run, and within one that has been changed
        page.evaluate(go, ["back", back])
        page.wait_for_function("() => !backscope.experiment.changes")
        at(page, 0 if back == 3 else end)
        page.evaluate(go, ["forward", forward])
        page.wait_for_function("() => backscope.experiment.changes && backscope.t === 7")
        page.wait_for_timeout(500)  # what comes late
        at(page, 7)
        assert page.evaluate("backscope.experiment.changes[0].learning_rate") == 0.07
        assert href(page) == last


def test_what_belongs_to_a_run_goes_when_another_preset_comes(pages: Pages):
    page = pages.open()
    usual = page.evaluate("backscope.view")
    slider(page, "Speed").fill("90")
    choose_arrows(page, "Arrows show", "update")
    more = page.get_by_role("button", name=say("layer.more", title=say("layer.hidden", layer=1)))
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    open_example(page, "Spirals")
    page.wait_for_function("() => backscope.experiment.dataset.name === 'spirals'")
    at(page, 0)
    expect(slider(page, "Speed")).to_have_value("16")
    expect(page.locator("[data-control=arrows]")).to_have_value("nudge")
    expect(more).to_have_attribute("aria-expanded", "false")
    assert page.evaluate("backscope.view") == usual


def long_drawing() -> str:
    """A drawing of so many steps that no address has room for it."""
    rng = np.random.default_rng(0)
    return "1gQgQ" + "".join(LETTERS[i] for i in rng.integers(0, 16, 4000))


def test_a_drawing_that_is_too_long_for_a_link_is_kept_in_the_tab_and_in_a_file_and_that_is_said(
    pages: Pages, tmp_path: Path
):
    page = pages.open()
    path = tmp_path / "scene.json"
    drawn = long_drawing()
    scene: Plain = {"format": 1, "experiment": whole("digits_13002"), "t": 2, "view": {"drawn": drawn, "speed": 50}}
    path.write_text(json.dumps(scene))
    choose(page, path)
    expect(page.get_by_text(say("scene.too_long"))).to_be_visible()
    at(page, 2)
    eventually(lambda: "speed" in href(page) and len(href(page)) < 2000)
    assert json.loads(saved(page, tmp_path).read_text()) == scene
    page.reload()
    settled(page, scene["experiment"], 2, {"drawn": drawn, "speed": 50})
    open_example(page, "XOR 2-4-1")
    page.wait_for_function("() => backscope.experiment.dataset.name === 'xor'")
    at(page, 0)
    page.go_back()
    settled(page, scene["experiment"], 2, {"drawn": drawn})


def test_a_file_of_drawings_goes_to_ones_own_and_leaves_the_run_as_it_is(pages: Pages, tmp_path: Path):
    page = pages.open(PRESETS["spirals"], 6)
    path = tmp_path / "drawings.json"
    picture = "A" * 1046 + "=="
    path.write_text(json.dumps({"drawings": {"pictures": [picture], "labels": [4]}}))
    choose(page, path)
    expect(page.get_by_text(say("teach.own.added", count=1, file="drawings.json")).first).to_be_visible()
    assert page.evaluate("[backscope.t, backscope.experiment.dataset.name]") == [6, "spirals"]


def test_what_backscope_tells_of_the_scene_cannot_be_used_to_change_it(page: Page):
    before = page.evaluate("backscope.scene")
    page.evaluate("""() => {
        backscope.scene.view.speed = 99;
        backscope.view.folded.push("pad");
        try { backscope.view = {}; } catch {}
    }""")
    assert page.evaluate("backscope.scene") == before
    assert page.evaluate("backscope.view") == before["view"]
