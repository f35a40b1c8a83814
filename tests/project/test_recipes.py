"""The recipes for contributors, followed to the letter in a copy of the sources, give what they promise."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.helpers.browsing import eventually, explored, look
from tests.helpers.serving import ROOT, Running, serving

RECIPES = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PLACE = re.compile(
    r"^(?:Into|A new file) `(?P<file>[^`]+)`(?:, (?P<where>before|after|in place of) `(?P<text>[^`]+)`)?[^\n]*:\n\n"
    r"```\w+\n(?P<block>.*?)^```",
    re.DOTALL | re.MULTILINE,
)


def section(title: str) -> str:
    """What stands under a heading."""
    return RECIPES.split(f"\n## {title}\n")[1].split("\n## ")[0]


def put(folder: Path, file: str, where: str | None, text: str, block: str) -> None:
    """Follow one step of a recipe."""
    path = folder / file
    if where is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (place,) = [place for place, line in enumerate(lines) if line.startswith(text)] or [-1]
    assert place >= 0, f"{file} has no line that begins with {text!r}"
    begin, end = {"before": (place, place), "after": (place + 1, place + 1), "in place of": (place, place + 1)}[where]
    path.write_text("".join([*lines[:begin], block, *lines[end:]]), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources with every recipe followed, in both languages."""
    folder = tmp_path_factory.mktemp("backscope")
    for room in ("backscope", "engine", "server", "static", "templates", "terminal"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for step in PLACE.finditer(RECIPES):
        put(folder, **step.groupdict())
        if step["file"] == "static/words/en.json":
            put(folder, **step.groupdict() | {"file": "static/words/zh.json"})
    return folder


def run(folder: Path, code: str) -> str:
    """What a program prints in the copy."""
    found = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


CHECK = """
from engine import Experiment, Timeline
from engine.explain.gradient_check import gradient_check
from server.app import choices
plain = {
    "dataset": {"name": "bands"}, "loss": "quartic_error", "mini_batch_size": 20, "dtype": "float64",
    "layers": [{"units": 5, "activation": "softsign"}, {"units": 1, "activation": "softsign"}],
    "optimizer": {"name": "sign_descent"},
}
timeline = Timeline(Experiment.from_dict(plain))
before = float(timeline.seek(timeline.t_of(1))["loss"])
after = float(timeline.seek(timeline.t_of(600))["loss"])
found = choices()
offered = [
    "softsign" in found["activations"], "sign_descent" in found["optimizers"], "quartic_error" in found["losses"],
    "bands" in found["datasets"],
]
print(gradient_check(timeline, timeline.t)["verdict"], after < before, all(offered))
"""


def test_the_methods_and_the_data_set_of_the_recipes_train_by_true_gradients_and_are_offered(copy):
    assert run(copy, CHECK) == "right True True"


PREDICTED = """
from engine.predictions.search import generate
from server.words import catalogue
found = generate("steepest_neuron", 3).found
slopes = [row[0].value for row in found.line.rows]
print(found.key == str(slopes.index(max(slopes))), "prediction.steepest_neuron.why" in catalogue("zh"))
"""


def test_the_kind_of_prediction_of_the_recipe_is_generated_and_keyed(copy):
    assert run(copy, PREDICTED) == "True True"


def test_every_recipe_says_where_its_blocks_go():
    titles = ["activation", "optimizer", "loss", "data set", "preset", "kind of prediction", "view of the inspector"]
    titles += ["chart", "term", "language"]
    for title in (f"A new {each}" for each in titles):
        text = section(title)
        assert len(list(PLACE.finditer(text))) == text.count("```") // 2 > 0, title


def test_the_term_of_the_recipe_makes_the_glossary_no_less_whole(copy):
    told = "import server.glossary.reader as r; print(r.told('zh')[11]['title'])"
    assert run(copy, f"from server.glossary.__main__ import main; main(); {told}") == "glossary: all well\n宽度"


PICTURE = """
import json
from server import gallery
from server.app import choices
gallery.APART, gallery.APARTS = 1, {"preset.moons": gallery.APART}  # the others' are told from the first steps alone
before = json.loads(gallery.FILE.read_text(encoding="utf-8"))["pictures"]
gallery.main()
after = json.loads(gallery.FILE.read_text(encoding="utf-8"))["pictures"]
new = after.keys() - before.keys()
loss = after["preset.moons"]["loss"]
print(*new, loss[-1] < 0.5 * loss[0], "moons" in choices()["presets"])
"""


def test_the_preset_of_the_recipe_is_offered_with_a_picture_of_its_own(copy):
    assert run(copy, PICTURE) == "preset.moons True True"


@pytest.fixture(scope="module")
def running(copy: Path) -> Iterator[Running]:
    """A server of the copy."""
    with serving(folder=copy) as running:
        yield running


def test_a_language_is_one_more_file_and_what_it_lacks_is_said_in_english(running, pages):
    page = pages.blank(fresh=True, locale="fr-CA")
    page.goto(f"{running.address}#preset=xor")
    page.wait_for_function("window.backscope?.t === 0")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("button", name="Lecture", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Step forward", exact=True)).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Hidden 1 : unités", exact=True)).to_be_visible()
    inspector = page.get_by_role("region", name="Inspector")
    inspector.get_by_role("tab", name="Column").click()
    inspector.get_by_text("17 paramètres", exact=True).wait_for()
    expect(page.locator("[data-part=summary]")).to_contain_text(re.compile(r"\d %.right"))
    languages = page.get_by_role("combobox", name="Language", exact=True)
    languages.select_option(label="English")
    inspector.get_by_text("17 parameters", exact=True).wait_for()
    languages.select_option(label="Français")
    inspector.get_by_text("17 paramètres", exact=True).wait_for()
    expect(page.get_by_role("button", name="Step forward", exact=True)).to_be_visible()
    page.goto("about:blank")


def test_the_view_of_the_recipe_is_a_tab_that_tells_the_shape_and_the_chart_has_a_curve_for_each_layer(running, pages):
    page = pages.blank()
    page.goto(f"{running.address}#preset=xor")
    page.wait_for_function("window.backscope?.t === 0")
    inspector = page.get_by_role("region", name="Inspector")
    inspector.get_by_role("tab", name="Shape").click()
    inspector.get_by_text("Click a weight or a neuron to see the shape of its tensor.").wait_for()
    explored(page).focus()
    for key in ("ArrowRight", "w", "Enter"):
        page.keyboard.press(key)
    inspector.get_by_text(re.compile(r"^W[12]: \d × \d$")).wait_for()
    inspector.get_by_role("checkbox", name="count its elements").check()
    inspector.get_by_text(re.compile(r"^W[12]: \d × \d, \d elements$")).wait_for()
    assert page.evaluate("backscope.view.counted") is True
    page.get_by_role("combobox", name="Chart").select_option(label="Activations by layer")
    layers = {"activation_rms.1", "activation_rms.2"}
    eventually(lambda: {mark.tensor for mark in look(page, "curve").marks} == layers)
    page.goto("about:blank")
