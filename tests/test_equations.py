"""What each equation declares (letters, formula, purity, order) is what it does."""

import inspect
import re
import textwrap
from itertools import groupby

import numpy as np
import pytest

from engine import equations
from engine.activations import ACTIVATIONS
from engine.datasets import Draw
from engine.equation import Equation
from engine.experiment import Experiment
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.presets import PRESETS
from engine.program import PHASES, MicroStep, carried, grains, program
from engine.tensors import EXAMPLE, Axis, axes, shape_of
from engine.workspace import Workspace, initial
from server.listing import mathml
from tests.networks import ENDINGS, HIDDEN, experiment, table

X, Y = [[0.5, -1.0], [2.0, 0.25], [-0.3, 0.8]], [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
FIELDS = {"dataset": table(X, Y), "dtype": "float64", "mini_batch_size": 3}
EXPERIMENTS = [
    experiment((4, hidden), (5, "tanh"), (3, activation), loss=loss, **FIELDS)
    for hidden, (activation, loss) in zip(HIDDEN * 2, ENDINGS, strict=False)
]
STEPS: dict[str, tuple[Experiment, MicroStep]] = {
    f"{step.equation}-{'-'.join(step.writes)}": (chosen, step) for chosen in EXPERIMENTS for step in program(chosen)
}
each_step = pytest.mark.parametrize(("chosen", "step"), STEPS.values(), ids=STEPS)
each_computation = pytest.mark.parametrize(
    ("chosen", "step"), [case for case in STEPS.values() if case[1].reads], ids=[n for n in STEPS if "mini" not in n]
)


def inputs(chosen: Experiment, step: MicroStep, seed: int = 0) -> list[np.ndarray]:
    """A random array for each tensor that the step reads."""
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.normal(size=shape(chosen, name)), chosen.numpy_dtype) for name in step.reads]


def shape(chosen: Experiment, name: str) -> tuple[int, ...]:
    return shape_of(name, chosen.sizes, chosen.mini_batch_size)


def related(cell: tuple[int, ...], letters: str, other: tuple[int, ...], other_letters: str) -> bool:
    """Whether two cells agree in every index letter that they share."""
    index = dict(zip(letters, cell, strict=True))
    return all(index.get(letter, i) == i for letter, i in zip(other_letters, other, strict=True))


def test_the_representative_programs_use_every_equation_there_is():
    of_activations = [f for a in ACTIVATIONS.values() for f in (a.value, a.slope, a.backward)]
    of_losses = [f for loss in LOSSES.values() for f in (loss.value, loss.gradient, loss.delta)]
    of_passes = [f for f in vars(equations).values() if isinstance(f, Equation)]
    all_there_are = {f.name for f in (*of_activations, *of_losses, *of_passes, *OPTIMIZERS.values()) if f}
    assert {step.equation.name for _, step in STEPS.values()} == all_there_are


@each_computation
def test_a_cell_changes_just_those_cells_that_its_letters_reach(chosen, step):
    (reads, ((written, written_letters),)) = step.operands
    arrays = inputs(chosen, step)
    before = step.equation(*arrays)
    for place, (name, letters) in enumerate(reads):
        for cell in np.ndindex(shape(chosen, name)):
            changed = np.zeros(shape(chosen, written), bool)
            for by in (3, -3):
                nudged = [array.copy() for array in arrays]
                nudged[place][cell] += by
                changed |= step.equation(*nudged) != before
            for other in np.ndindex(changed.shape):
                expected = related(cell, letters, other, written_letters)
                if step.equation.name == "identity_slope":
                    expected = False  # a straight line's slope is 1 whatever z is, and its formula says so
                assert changed[other] == expected, (name, cell, written, other)


@each_step
def test_a_letter_stands_for_one_axis_and_shapes_agree_with_it(chosen, step):
    depth, meaning = len(chosen.layers), dict[str, Axis]()
    for name, letters in (*step.operands[0], *step.operands[1]):
        assert len(letters) == len(axes(name, depth)) == len(set(letters))
        for letter, axis in zip(letters, axes(name, depth), strict=True):
            assert meaning.setdefault(letter, axis) == axis, (name, letter)
            assert (letter == "i") == (axis == EXAMPLE)


@each_computation
def test_what_comes_out_has_the_shape_and_dtype_of_the_tensor_written(chosen, step):
    for dtype in (np.float32, np.float64):
        found = step.equation(*(np.asarray(array, dtype) for array in inputs(chosen, step)))
        assert found.shape == shape(chosen, step.writes[0])
        assert found.dtype == dtype


@each_step
def test_a_formula_names_just_the_tensors_that_are_read_and_written(chosen, step):
    assert set(re.findall(r"\\class\{(\w+)\}", step.formula)) == {*step.reads, *step.writes}


@each_step
def test_a_formula_becomes_mathml_with_no_latex_left_and_every_tensor_marked(chosen, step):
    converted = mathml(step.formula)
    assert "\\" not in converted
    assert set(re.findall(r'class="(\w+)"', converted)) == {*step.reads, *step.writes}


@each_step
def test_the_letters_are_written_with_the_names_of_the_tensors(chosen, step):
    sides = step.letters.split("->")
    named = [re.findall(r"(\w+):(\w*)", side) for side in sides]
    assert named == [list(side) for side in step.operands]
    assert [[name for name, _ in side] for side in named] == [list(step.reads), list(step.writes)]


@each_step
def test_the_source_shown_is_the_body_that_runs(chosen, step):
    source = inspect.getsource(step.equation.function)
    assert source.endswith(textwrap.indent(step.equation.source, "    ") + "\n")
    assert '"""' not in step.equation.source
    assert re.search(r"^return ", step.equation.source, re.MULTILINE)


@each_step
def test_every_equation_is_explained_in_whole_sentences(chosen, step):
    assert re.fullmatch(r"[A-Z0-9].+\.", step.equation.explanation)


@each_computation
def test_writing_into_a_buffer_gives_the_same_bits_and_a_pure_call_spoils_nothing(chosen, step):
    for dtype in (np.float32, np.float64):
        arrays = [np.asarray(array, dtype) for array in inputs(chosen, step)]
        copies = [array.copy() for array in arrays]
        pure = step.equation(*arrays)
        assert [array.tobytes() for array in arrays] == [array.tobytes() for array in copies]
        assert not any(np.shares_memory(pure, array) for array in arrays)
        buffer = np.full(shape(chosen, step.writes[0]), 7, dtype)
        assert step.equation(*arrays, out=buffer) is buffer
        assert buffer.tobytes() == pure.tobytes()
        assert [array.tobytes() for array in arrays] == [array.tobytes() for array in copies]


def test_the_update_may_write_over_the_parameter_that_it_reads():
    for chosen, step in STEPS.values():
        if step.phase == "update":
            arrays = inputs(chosen, step)
            pure = step.equation(*arrays)
            assert step.equation(*arrays, out=arrays[0]).tobytes() == pure.tobytes()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["xor", "moons", "sine", "digits"])
def test_a_mini_batch_drawn_into_buffers_has_the_same_bits(name, dtype):
    outputs = {"digits": 10}.get(name, 1)
    chosen = experiment((outputs, "tanh"), dataset=name, mini_batch_size=3, dtype=dtype)
    draw = Draw(chosen.data, chosen.seed, 3, chosen.numpy_dtype, training_step=2)
    buffers = tuple(np.full((3, width), 7, dtype) for width in (chosen.sizes[0], outputs))
    if name == "xor":
        draw.training_step, buffers = 1, tuple(buffer[:1] for buffer in buffers)
    pure = equations.mini_batch(draw)
    equations.mini_batch(draw, out=buffers)
    assert [array.dtype for array in pure] == [dtype, dtype]
    assert [array.tobytes() for array in pure] == [array.tobytes() for array in buffers]


@pytest.mark.parametrize("chosen", [*EXPERIMENTS, *map(Experiment.from_dict, PRESETS.values())])
def test_a_training_step_writes_each_tensor_once_and_reads_only_what_is_there(chosen):
    steps = program(chosen)
    names = [name for step in steps for name in step.writes]
    assert len(names) == len(set(names))
    there = set(carried(steps))
    for step in steps:
        assert set(step.reads) <= there
        there |= set(step.writes)


@pytest.mark.parametrize("chosen", EXPERIMENTS)
def test_only_parameters_and_the_learning_rate_are_carried_on(chosen):
    expected = {f"{kind}{l}" for l in range(1, len(chosen.layers) + 1) for kind in "Wb"} | {"learning_rate"}
    assert set(carried(program(chosen))) == expected


@pytest.mark.parametrize("chosen", EXPERIMENTS)
def test_phases_come_in_order_and_errors_go_back_through_the_old_weights(chosen):
    steps = program(chosen)
    assert tuple(phase for phase, _ in groupby(steps, key=lambda step: step.phase)) == PHASES
    layers = {phase: [step.layer for step in steps if step.phase == phase] for phase in PHASES}
    assert layers["forward"] == sorted(layers["forward"])
    assert layers["backward"] == sorted(layers["backward"], reverse=True)
    first_write = next(k for k, step in enumerate(steps) if step.writes == ("W1",))
    assert all(step.phase == "update" for step in steps[first_write:])


@pytest.mark.parametrize("chosen", EXPERIMENTS)
def test_every_layer_has_its_gradients_and_updates_its_parameters_by_them(chosen):
    steps = program(chosen)
    for l in range(1, len(chosen.layers) + 1):
        for kind in "Wb":
            (update,) = [step for step in steps if step.writes == (f"{kind}{l}",)]
            assert update.reads == (f"{kind}{l}", f"d{kind}{l}", "learning_rate")


@pytest.mark.parametrize("chosen", EXPERIMENTS)
def test_grains_end_where_the_phase_or_the_layer_changes(chosen):
    steps = program(chosen)
    found = grains(steps)
    assert found["equation"] == list(range(1, len(steps) + 1))
    ends = [k + 1 for k in range(len(steps) - 1) if where(steps[k]) != where(steps[k + 1])]
    assert found["layer"] == [*ends, len(steps)]


def where(step: MicroStep) -> tuple[str, int]:
    return step.phase, step.layer


def test_a_workspace_has_a_buffer_of_the_right_shape_for_every_tensor():
    chosen = EXPERIMENTS[0]
    steps = program(chosen)
    workspace = Workspace(chosen, steps, initial(chosen, carried(steps)), examples=2)
    names = {name for step in steps for name in (*step.reads, *step.writes)}
    assert {name: array.shape for name, array in workspace.buffers.items()} == {
        name: shape_of(name, chosen.sizes, 2) for name in names
    }
