"""The lines that a book would print give the bits that the engine computes, or say why not; in columns, its numbers."""

import ast
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import Experiment
from engine.base.tensors import dtype_of
from engine.data import Draw
from engine.data.batches import Recorded
from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from engine.methods.convention import formula_in_columns, turns
from engine.run.program import MicroStep
from engine.run.segments import segments
from tests.helpers.equations import BINDINGS, compute, inputs
from tests.helpers.experiments import EXPERIMENTS
from tests.helpers.networks import State, straight_run

PLAIN = [*PRESETS.values(), *(each["experiment"] for each in SCENARIOS.values())]
ALL = [*EXPERIMENTS, *map(Experiment.from_dict, PLAIN)]
EQUATIONS = {step.equation.name: step.equation for _, step in BINDINGS.values()}
REASONS = {"kernel", "order", "precision"}  # of them a kernel shows on some processors only


def computed(chosen: Experiment) -> Iterator[tuple[MicroStep, State, State, Draw]]:
    """The micro-steps of two training steps, each with the tensors before and after it, and what it may draw from."""
    ran = [[each for each in segments(chosen) if each.training_step <= k][-1] for k in range(2)]
    steps = [(k, segment, step) for k, segment in enumerate(ran) for step in segment.program]
    states = pairwise(straight_run(chosen, len(steps)))
    for (training_step, segment, step), (before, after) in zip(steps, states, strict=True):
        yield step, before, after, segment.experiment.draw(training_step)


def named(step: MicroStep, tensors: State, draw: Draw) -> dict[str, Any]:
    """What the names in textbook lines stand for: tensors, those without axes as numbers, and what is drawn from."""
    arrays = {name: array.copy(order="K") if array.ndim else float(array) for name, array in tensors.items()}
    rows, data = draw.chosen_rows() if draw.chosen else draw.rows(), draw.dataset
    drawn: dict[str, Any] = {"draw": draw, "B": rows}
    if draw.drawings:
        drawn |= {"K": draw.drawn_rows(), "D": data.seen(draw.drawings.x, draw.dtype), "E": draw.drawings.y}
        drawn["B"] = rows[len(drawn["K"]) : draw.examples]
    if step.equation.draws:
        drawn |= {"X": data.seen(data.x_train, draw.dtype), "Y": draw.y}
    if isinstance(data.batches, Recorded):
        ends = np.concatenate([[0], data.batches.ends])
        drawn |= {"KEPT": data.batches.kept, "ENDS": ends, "number": draw.training_step % data.batches.per_epoch}
    helpers = vars(sys.modules[step.equation.function.__module__])
    return {**helpers, **drawn, "m": draw.examples, **arrays}


def found(step: MicroStep, code: str, names: dict[str, Any]) -> dict[str, Any]:
    """The written tensors that the lines compute, by their names."""
    before = dict(names)
    with np.errstate(all="ignore"):
        exec(compile(code, step.equation.name, "exec"), names)
    assigned = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    assert step.writes[0] in assigned
    return {name: names[name] for name in step.writes if name in assigned and (name in names or name in before)}


def stored(chosen: Experiment, name: str, value: Any) -> np.ndarray:
    return np.asarray(value, dtype_of(name, chosen.numpy_dtype))


def letters_of(step: MicroStep) -> dict[str, str]:
    """The index letters of each tensor that a micro-step reads or writes."""
    return {name: letters for side in step.operands for name, letters in side}


def in_columns(letters: str, array: Any) -> Any:
    """An array as a book has it whose examples are columns: transposed, a vector of a layer as one column."""
    return array.T if turns(letters) else array[:, None] if len(letters) == 1 else array


def in_rows(letters: str, array: Any) -> Any:
    return array.T if turns(letters) else array[:, 0] if len(letters) == 1 and np.ndim(array) == 2 else array


@pytest.fixture(scope="module")
def differences() -> dict[str, list[bool]]:
    """Of each equation, whether the textbook lines give other bits, for each tensor that they compute anywhere."""
    seen: dict[str, list[bool]] = {}
    for chosen in ALL:
        for step, before, after, draw in computed(chosen):
            for name, value in found(step, step.textbook, named(step, before, draw)).items():
                made, ran = stored(chosen, name, value), after[name]
                where = step.equation.name, name, chosen.to_dict()
                assert made.shape == ran.shape, where
                same = made.tobytes() == ran.tobytes()
                seen.setdefault(step.equation.name, []).append(not same)
                if not same:
                    assert step.equation.rounds, where
                    scale = np.abs(ran).max()
                    assert np.abs(made - ran).max() <= 1e-5 * scale + 1e-12, where
    return seen


def test_the_textbook_lines_of_every_equation_give_the_bits_that_ran_unless_they_say_why_not(differences):
    assert differences.keys() == EQUATIONS.keys()
    for name, differs in differences.items():
        reason = EQUATIONS[name].rounds
        assert reason == "kernel" or any(differs) == bool(reason), name


def test_the_reasons_for_other_digits_are_known():
    assert {each.rounds for each in EQUATIONS.values()} == {"", *REASONS}


def test_in_columns_the_textbook_lines_give_the_same_numbers_of_transposed_tensors():
    changed = set()
    for chosen in ALL:
        for step, before, after, draw in computed(chosen):
            letters, code = letters_of(step), step.textbook_in_columns
            changed |= {step.equation.name} if code != step.textbook else set()
            names = named(step, before, draw)
            names |= {name: in_columns(letters[name], names[name]) for name in step.reads}
            for name, value in found(step, code, names).items():
                made, ran = stored(chosen, name, in_rows(letters[name], value)), after[name]
                where = step.equation.name, name, code
                assert made.shape == ran.shape, where
                assert np.abs(made - ran).max() <= 1e-5 * np.abs(ran).max() + 1e-12, where
    products = {name for name, each in EQUATIONS.items() if "@" in each.textbook}
    sums = {name for name, each in EQUATIONS.items() if "axis=" in each.textbook}
    assert len(products) > 3 and len(sums) > 5
    assert changed == products | sums | {name for name, each in EQUATIONS.items() if each.draws}


def python_of(formula: str) -> str:
    """The right side of a formula of products, sums and differences as Python."""
    text = formula.split("=", 1)[1].replace(r"\frac{1}{m}", "(1 / m) *").replace(r"\odot", "*")
    text = re.sub(r"(?:\\,|\s)+", " ", text).strip()
    text = re.sub(r"\\([A-Za-z]+)\^\\top", r"\\\1.T", text)
    text = re.sub(r"(?<=[A-Za-z]) (?=\\)", " @ ", text)
    return text.replace("\\", "")


@pytest.mark.parametrize(
    "name", ["affine", "output_error", "pass_back", "chain", "weight_gradient", "pass_back_with_skip"]
)
def test_a_formula_is_true_in_rows_and_in_columns(name):
    (chosen, step), *_ = (bound for bound in BINDINGS.values() if bound[1].equation.name == name)
    arrays = inputs(chosen, step)
    ((argument, letters),) = step.equation.writes
    for formula, form, back in (
        (step.equation.formula, lambda _, array: array, lambda _, array: array),
        (formula_in_columns(step.equation), in_columns, in_rows),
    ):
        assert formula.startswith(rf"\{argument} =")
        names = {each: form(own, array) for (each, own), array in zip(step.equation.reads, arrays, strict=True)}
        value = back(letters, eval(python_of(formula), {"m": 3, **names}))
        np.testing.assert_allclose(value, compute(chosen, step, arrays), rtol=1e-12)


@pytest.mark.parametrize("equation", EQUATIONS.values(), ids=EQUATIONS)
def test_the_letters_below_a_symbol_come_in_the_order_of_its_axes(equation):
    letters = {name.lstrip("*"): own for name, own in (*equation.writes, *equation.reads)}
    for formula, first in ((equation.formula, True), (formula_in_columns(equation), False)):
        for name, own in re.findall(r"\\([A-Za-z]+)_\{([i-l]{2})\}", formula):
            if name == "sum":
                continue
            if turns(letters.get(name, "ik")):
                assert own.startswith("i") == first and "i" in own, formula
            else:
                assert "i" not in own, formula
