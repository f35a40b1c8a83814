"""The recipes for contributors, followed to the letter in a copy of the sources, give what they promise."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.serving import ROOT, serving

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
        path.parent.mkdir(parents=True)
        path.write_text(block, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (place,) = [place for place, line in enumerate(lines) if line.startswith(text)] or [-1]
    assert place >= 0, f"{file} has no line that begins with {text!r}"
    begin, end = {"before": (place, place), "after": (place + 1, place + 1), "in place of": (place, place + 1)}[where]
    path.write_text("".join([*lines[:begin], block, *lines[end:]]), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources with every recipe followed, in both languages, and French added."""
    folder = tmp_path_factory.mktemp("backscope")
    for room in ("engine", "server", "static", "templates", "terminal"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for step in PLACE.finditer(RECIPES):
        put(folder, **step.groupdict())
        if step["file"] == "static/words/en.json":
            put(folder, **step.groupdict() | {"file": "static/words/zh.json"})
    words = json.loads((folder / "static/words/en.json").read_text(encoding="utf-8"))
    french = words | {"language": "Français", "language.code": "fr"}
    (folder / "static/words/fr.json").write_text(json.dumps(french, ensure_ascii=False), encoding="utf-8")
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


def test_every_recipe_says_where_its_blocks_go():
    titles = ("activation", "optimizer", "loss", "data set", "view of the inspector")
    for title in (f"A new {each}" for each in titles):
        text = section(title)
        assert len(list(PLACE.finditer(text))) == text.count("```") // 2 > 0, title


def test_a_language_is_one_more_file(copy):
    code = "from server.words import languages, preferred; print(languages()['fr'], preferred('fr-CA'))"
    assert run(copy, code) == "Français fr"


def test_the_view_of_the_recipe_is_a_tab_that_tells_the_shape(copy, pages):
    with serving(folder=copy) as running:
        page = pages.blank()
        page.goto(running.address)
        page.wait_for_function("window.backscope?.t === 0")
        inspector = page.get_by_role("region", name="Inspector")
        inspector.get_by_role("tab", name="Shape").click()
        inspector.get_by_text("Click a weight or a neuron to see the shape of its tensor.").wait_for()
        page.get_by_role("application").focus()
        for key in ("ArrowRight", "w", "Enter"):
            page.keyboard.press(key)
        inspector.get_by_text(re.compile(r"^W[12]: \d × \d$")).wait_for()
        inspector.get_by_role("checkbox", name="count its elements").check()
        inspector.get_by_text(re.compile(r"^W[12]: \d × \d, \d elements$")).wait_for()
        assert page.evaluate("backscope.view.counted") is True
        page.goto("about:blank")
