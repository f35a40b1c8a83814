"""The facts of a method stand in its record: no other file has a table of methods' names or compares with one."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from engine.data import DATASETS
from engine.methods.activations import ACTIVATIONS, WITHOUT_SLOPE
from engine.methods.initializers import INITIALIZERS
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS
from engine.methods.schedules import SCHEDULES
from tests.helpers.serving import ROOT

METHODS = {*ACTIVATIONS, *WITHOUT_SLOPE, *LOSSES, *OPTIMIZERS, *SCHEDULES, *INITIALIZERS, *DATASETS}
RECORDS = ("engine/methods/", "engine/data/")
REMEDIES = {"adam", "he", "leaky_relu", "momentum", "relu", "xavier"}  # some are called by the method that they bring
# Names of methods that stand in a file as something else, each with the reason.
ALLOWED: dict[str, tuple[set[str], str]] = {
    "engine/experiment/presets.py": (METHODS, "experiments to start from, in plain form, by names of their own"),
    "engine/health/scenarios.py": (METHODS, "experiments that go wrong, in plain form"),
    "engine/health/races.py": (METHODS, "experiments that differ in one thing, in plain form"),
    "engine/health/remedies.py": (REMEDIES, "what suits is asked for each remedy, by the remedy's name"),
    "engine/health/troubles.py": (REMEDIES, "which remedies there are for a trouble"),
    "engine/predictions/experiments.py": (METHODS, "experiments to ask about, in plain form"),
    "terminal/homework/child.py": ({"step"}, "the function of a homework"),
    "terminal/mark.py": ({"step"}, "the training step that a verdict is about"),
    "static/inspector/wishes/stops.js": ({"step"}, "what aria-current calls a step on the way"),
    "static/pad/ink.js": ({"digits"}, "a class of the style sheet"),
    "static/writing/text.js": ({"step"}, "the block of a lesson's step"),
    "static/stories/stories.js": ({"xor"}, "the preset of that name"),
}
PYTHON = sorted(path for room in ("engine", "server", "terminal") for path in (ROOT / room).rglob("*.py"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
QUOTED = re.compile(rf"([\"'`])({'|'.join(sorted(METHODS))})\1")
WORDS = {"step"}  # also the name of something else in scripts: of an input's attribute, of a micro-step


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def constants(nodes: Sequence[ast.expr | None]) -> Iterator[str]:
    """The texts among these expressions, and within those that are collections."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield from constants([*node.elts])


def in_python(text: str) -> set[str]:
    """The methods' names that are compared with, looked up by or listed: in comparisons, cases, keys, collections."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare):
            found |= {*constants([node.left, *node.comparators])}
        elif isinstance(node, ast.MatchValue):
            found |= {*constants([node.value])}
        elif isinstance(node, ast.Dict):
            found |= {*constants(node.keys)}
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            found |= {*constants([*node.elts])}
        elif isinstance(node, ast.Subscript):
            found |= {*constants([node.slice])}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            found |= {*constants(node.args[:1])}
    return found & METHODS


def in_script(text: str) -> set[str]:
    """The methods' names that stand in a script at all: as a whole text, as a key, or as a property."""
    code = re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", text, flags=re.DOTALL)
    found = {name for _, name in QUOTED.findall(code)}
    keys = {*re.findall(r"(?:^|[{,(\s])(\w+)\s*:", code), *re.findall(r"\.(\w+)\b", code)}
    return found | (METHODS & keys - WORDS)


def allowed(path: Path) -> set[str]:
    return ALLOWED.get(named(path), (set[str](), ""))[0]


def knowing(paths: Sequence[Path], names: Callable[[str], set[str]]) -> dict[str, set[str]]:
    """The methods' names that stand in files and may not, by the files' names."""
    found = {named(path): names(path.read_text(encoding="utf-8")) - allowed(path) for path in paths}
    return {name: methods for name, methods in found.items() if methods}


def test_python_outside_the_records_neither_lists_methods_nor_compares_with_one():
    assert knowing([path for path in PYTHON if not named(path).startswith(RECORDS)], in_python) == {}


def test_the_page_knows_no_method_by_its_name():
    assert knowing(SCRIPTS, in_script) == {}


def test_every_allowed_exception_is_still_needed():
    for name, (names, reason) in ALLOWED.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        found = in_python(text) if name.endswith(".py") else in_script(text)
        assert found & names, f"{name}: {reason}"


@pytest.mark.parametrize(
    "code",
    [
        'if loss == "hinge": pass',
        'if "relu" != activation: pass',
        'if name in ("adam", "adamw"): pass',
        'LARGEST = {"sigmoid": 0.25}',
        'CAN_DIE = ["relu"]',
        'KINKED = {"relu", "leaky_relu"}',
        'match name:\n    case "digits":\n        pass',
        'near = LARGEST["sigmoid"]',
        'near = LARGEST.get("sigmoid", 1)',
    ],
)
def test_each_kind_of_comparison_with_a_methods_name_is_found_in_python(code):
    assert in_python(code)


@pytest.mark.parametrize(
    "code",
    [
        'if (dataset.name === "digits") draw();',
        "const slope = { sigmoid: 0.25 };",
        'const exact = ["xor"].includes(name);',
        "const rate = choices.optimizers.adam;",
        "switch (name) { case `tanh`: }",
    ],
)
def test_each_kind_of_comparison_with_a_methods_name_is_found_in_scripts(code):
    assert in_script(code)


def test_text_that_only_resembles_a_methods_name_is_not_found():
    assert in_python('rate = {"learning_rate": 1}; hint = f"{he} steps"') == set()
    assert (
        in_script("// a ReLU: relu\nconst taken = word(`activation.${name}`); /* adam: */ field({ step: 1 });") == set()
    )
