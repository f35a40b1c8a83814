"""Every equation behaves as it declares: index letters, formula, purity, order."""

import inspect
import re
import textwrap
from itertools import groupby

import numpy as np
import pytest

from engine.base.tensors import EXAMPLE, Axis, axes, dtype_of, parameter_of, shape_of, split
from engine.data import Draw
from engine.experiment.experiment import Experiment
from engine.experiment.presets import PRESETS
from engine.methods import augmentation, equations, normalization, optimizers, regularization, schedules
from engine.methods.activations import ACTIVATIONS
from engine.methods.equation import Equation
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS
from engine.run.program import PHASES, MicroStep, carried, grains, program
from engine.run.workspace import Workspace, allocate, initial
from server.protocol.listing import SYMBOLS, mathml
from tests.helpers.equations import BINDINGS, compute, each_of, inputs, related
from tests.helpers.experiments import EXPERIMENTS
from tests.helpers.networks import experiment, shape

EQUATIONS = {step.equation.name: step.equation for _, step in BINDINGS.values()}
COMPUTED = {name: bound for name, bound in BINDINGS.items() if bound[1].reads}
EXACT = {name: bound for name, bound in COMPUTED.items() if not bound[1].equation.partly}
each_equation = pytest.mark.parametrize("equation", EQUATIONS.values(), ids=EQUATIONS)
each_binding = pytest.mark.parametrize(("chosen", "step"), BINDINGS.values(), ids=BINDINGS)
each_computation = pytest.mark.parametrize(("chosen", "step"), COMPUTED.values(), ids=COMPUTED)
each_program = pytest.mark.parametrize("chosen", EXPERIMENTS)


def test_the_representative_programs_use_every_equation_there_is():
    of_activations = [f for a in ACTIVATIONS.values() for f in (a.value, a.slope, a.backward)]
    of_losses = [f for loss in LOSSES.values() for f in (loss.value, loss.gradient, loss.delta)]
    files = (augmentation, equations, normalization, optimizers, regularization, schedules)
    in_files = [f for file in files for f in vars(file).values() if isinstance(f, Equation)]
    all_there_are = {f.name for f in (*of_activations, *of_losses, *in_files) if f}
    assert EQUATIONS.keys() == all_there_are


def never_felt(step: MicroStep, name: str) -> bool:
    """Whether an equation reads a tensor on whose values its result does not depend.

    The slope of the identity is 1 for all z; a running average uses only the number of rows of z; and the number of the
    update only says when tiny numbers are set to 0.
    """
    averaged = step.equation.name == "running_average" and split(name)[0] == "z"
    cleared = step.equation is optimizers.clear_tiny and name == "updates"
    return step.equation.name == "identity_slope" or averaged or cleared


@pytest.mark.parametrize(("chosen", "step"), EXACT.values(), ids=EXACT)
def test_a_cell_changes_just_the_cells_that_its_index_letters_name(chosen, step):
    (reads, ((written, written_letters),)) = step.operands
    arrays = inputs(chosen, step)
    before = compute(chosen, step, arrays)
    for place, (name, letters) in enumerate(reads):
        for cell in np.ndindex(arrays[place].shape):
            changed = np.zeros(shape(chosen, written, 3), bool)
            for by in (3, -3) if name == "updates" else (3, -3, 30, -30):  # so far that it goes over any kink
                nudged = [array.copy() for array in arrays]
                nudged[place][cell] += by
                changed |= compute(chosen, step, nudged) != before
            for other in np.ndindex(changed.shape):
                expected = related(cell, letters, other, written_letters) and not never_felt(step, name)
                assert changed[other] == expected, (name, cell, written, other)


@pytest.mark.parametrize(
    ("equation", "most"), [(augmentation.distort, 4), (augmentation.vary_strokes, 5), (augmentation.bend, 4)], ids=str
)
def test_a_pixel_of_a_distorted_picture_comes_from_some_pixels_of_the_same_picture(equation, most):
    ((chosen, step),) = (case for case in COMPUTED.values() if case[1].equation is equation)
    (x,), felt = inputs(chosen, step), np.zeros((784, 784), bool)
    before = compute(chosen, step, [x])
    for k in range(784):
        nudged = x.copy()
        nudged[1, k] += 3
        changed = compute(chosen, step, [nudged]) != before
        assert not changed[[0, 2]].any()
        felt[k] = changed[1]
    assert felt.any(axis=1).mean() > 0.7  # what is moved over the edge is lost
    assert felt.sum(axis=0).max() <= most


def test_update_and_parameter_of_gradient_descent_depend_on_gradient_and_rate():
    chosen, step = next(case for case in COMPUTED.values() if case[1].equation is optimizers.gradient_descent)
    assert [name for name, _ in step.equation.reads] == ["w", "g", "learning_rate"]
    before = compute(chosen, step, inputs(chosen, step))
    for place, felt in enumerate([(True, False), (True, True), (True, True)]):
        nudged = inputs(chosen, step)
        nudged[place] += 3
        after = compute(chosen, step, nudged)
        assert [bool((one != other).any()) for one, other in zip(before, after, strict=True)] == [*felt]


@pytest.mark.parametrize("in_place", [False, True])
def test_tiny_numbers_become_0_at_every_128th_update_and_at_no_other(in_place):
    faded = np.array([[1e-31, 0.9e-30], [1e-20, 1.0]])
    faded = np.concatenate([faded, -faded])
    for updates in (1, 64, 127, 129, 128, 256):
        s = faded.copy()
        found = optimizers.clear_tiny(s, np.asarray(float(updates)), out=s if in_place else np.ones_like(s))
        assert (found is s) == in_place
        tiny = np.abs(faded) < 1e-25 if updates % 128 == 0 else np.zeros(faded.shape, bool)
        assert found.tolist() == np.where(tiny, 0, faded).tolist()


def test_each_state_that_can_fade_is_cleared_of_tiny_numbers_at_the_end_of_its_update():
    for name, optimizer in optimizers.OPTIMIZERS.items():
        assert {*optimizer.fading} <= {*optimizer.states}
        steps = program(experiment((2, "tanh"), (1, "sigmoid"), optimizer={"name": name}))
        cleared = [step.writes[0] for step in steps if step.equation is optimizers.clear_tiny]
        assert sorted(cleared) == sorted(
            f"{state}{each}" for state in optimizer.fading for each in ("W1", "b1", "W2", "b2")
        )
        for each in cleared:
            writers = [step.equation for step in steps if each in step.writes]
            assert len(writers) == 2
            assert writers[-1] is optimizers.clear_tiny


@each_program
def test_a_letter_stands_for_one_axis_and_shapes_agree_with_it(chosen):
    depth = len(chosen.layers)
    for step in program(chosen):
        meaning = dict[str, Axis]()
        several = any(argument.startswith("*") for argument, _ in step.equation.reads)
        for name, letters in (*step.operands[0], *step.operands[1]):
            assert len(letters) == len(axes(name, depth)) == len(set(letters)), (step.equation.name, name)
            for letter, axis in zip(letters, axes(name, depth), strict=True):
                assert (letter == "i") == (axis == EXAMPLE), (step.equation.name, name, letter)
                same = meaning.setdefault(letter, axis)
                one_axis = several or axis == same or along_a_skip(step, axis, same)
                assert one_axis, (step.equation.name, name, letter)


def along_a_skip(step: MicroStep, *layers: Axis) -> bool:
    """Whether a skip adds the units of one of these neighbouring layers to those of the other."""
    upper = step.layer + (step.phase == "backward")
    return "skip" in step.equation.name and {*layers} == {upper - 1, upper}


@each_computation
def test_a_result_has_the_shape_and_dtype_of_the_written_tensor(chosen, step):
    for dtype in (np.float32, np.float64):
        found = each_of(compute(chosen, step, inputs(chosen, step, dtype)))
        assert [array.shape for array in found] == [shape(chosen, name, 3) for name in step.writes]
        assert [array.dtype for array in found] == [dtype_of(name, np.dtype(dtype)) for name in step.writes]


@each_program
def test_a_formula_names_just_the_tensors_that_are_read_and_written(chosen):
    for step in program(chosen):
        named = set(re.findall(r"\\class\{(\w+)\}", step.formula))
        assert named == {*step.reads, *step.writes}, step.equation.name


@each_binding
def test_a_formula_becomes_mathml_with_no_latex_left_and_every_tensor_marked(chosen, step):
    converted = mathml(step.formula)
    assert "\\" not in converted
    assert set(re.findall(r'data-tensor="(\w+)"', converted)) == {*step.reads, *step.writes}
    assert " class=" not in converted  # a page has classes of its own, such as that of the panel of the loss


@each_program
def test_the_letters_are_written_with_the_names_of_the_tensors(chosen):
    for step in program(chosen):
        named = [re.findall(r"(\w+):(\w*)", side) for side in step.letters.split("->")]
        assert named == [list(side) for side in step.operands], step.equation.name
        names = [[name for name, _ in side] for side in named]
        assert names == [list(step.reads), list(step.writes)], step.equation.name


@each_equation
def test_the_source_shown_is_the_body_that_runs(equation):
    source = inspect.getsource(equation.function)
    assert source.endswith(textwrap.indent(equation.source, "    ") + "\n")
    assert '"""' not in equation.source
    assert re.search(r"^return ", equation.source, re.MULTILINE)


@each_equation
def test_every_equation_is_explained_in_whole_sentences(equation):
    assert re.fullmatch(r"[A-Z0-9].+\.", equation.explanation)


@each_computation
def test_writing_into_a_buffer_gives_the_same_bits_and_a_pure_call_spoils_nothing(chosen, step):
    for dtype in (np.float32, np.float64):
        arrays = inputs(chosen, step, dtype)
        copies = [array.copy() for array in arrays]
        pure = each_of(compute(chosen, step, arrays))
        assert [array.tobytes() for array in arrays] == [array.tobytes() for array in copies]
        assert not any(np.shares_memory(one, array) for one in pure for array in arrays)
        buffers = tuple(allocate(step.writes, chosen.sizes, 3, np.dtype(dtype)).values())
        for buffer in buffers:
            buffer.fill(7)
        written = each_of(compute(chosen, step, arrays, out=buffers if len(buffers) > 1 else buffers[0]))
        assert all(one is other for one, other in zip(written, buffers, strict=True))
        assert [buffer.tobytes() for buffer in buffers] == [one.tobytes() for one in pure]
        assert [array.tobytes() for array in arrays] == [array.tobytes() for array in copies]


OVER = {name: bound for name, bound in COMPUTED.items() if bound[1].writes[0] in bound[1].reads}


@pytest.mark.parametrize(("chosen", "step"), OVER.values(), ids=OVER)
def test_an_equation_may_overwrite_the_tensor_that_it_updates(chosen, step):
    arrays = inputs(chosen, step)
    pure = each_of(compute(chosen, step, arrays))
    outs = tuple(arrays[step.reads.index(n)] if n in step.reads else np.empty_like(arrays[0]) for n in step.writes)
    written = each_of(compute(chosen, step, arrays, out=outs if len(outs) > 1 else outs[0]))
    assert [array.tobytes() for array in written] == [array.tobytes() for array in pure]


def test_carried_tensors_are_updated_in_place():
    steps = [step for chosen in EXPERIMENTS for step in program(chosen)]
    kinds = {split(step.writes[0])[0] for step in steps if step.writes[0] in step.reads}
    moments = {f"{letter}{name}" for letter in "mv" for name in ("W", "b")}
    assert kinds == {"W", "b", "gamma", "beta", *moments, "running_mean", "running_var", "rate_step", "updates"} | {
        f"{letter}{name}" for letter in "mv" for name in ("gamma", "beta")
    }


@each_equation
def test_every_setting_that_a_formula_writes_has_a_symbol_that_stands_in_it(equation):
    for name in equation.settings:
        if name not in ("epsilon", "layer", "units", "warm_up"):
            assert SYMBOLS[name] in equation.formula, name


@each_program
def test_each_setting_of_an_equation_has_a_value(chosen):
    for step in program(chosen):
        assert [name for name, _ in step.settings] == list(step.equation.settings), step.equation.name


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
def test_a_training_step_writes_each_tensor_once_but_for_clearing_and_reads_only_what_is_there(chosen):
    steps = program(chosen)
    names = [name for step in steps if step.equation is not optimizers.clear_tiny for name in step.writes]
    assert len(names) == len(set(names))
    there = set(carried(steps))
    for step in steps:
        assert set(step.reads) <= there
        there |= set(step.writes)


@each_program
def test_carried_tensors_are_parameters_running_statistics_rate_and_optimizer_state(chosen):
    optimizer = OPTIMIZERS[chosen.training.optimizer]
    state = optimizer.states
    normalized = [l for l, layer in enumerate(chosen.layers, 1) if layer.batch_norm]
    parameters = {f"{kind}{l}" for l in range(1, len(chosen.layers) + 1) for kind in "Wb"}
    parameters |= {f"{kind}{l}" for l in normalized for kind in ("gamma", "beta")}
    expected = parameters | {f"running_{kind}{l}" for l in normalized for kind in ("mean", "var")}
    expected |= {letter + name for letter in state for name in parameters} | (
        {"updates"} if optimizer.counts else set()
    )
    expected |= {"base_rate", "rate_step"} if chosen.training.schedule else {"learning_rate"}
    assert set(carried(program(chosen))) == expected


@each_program
def test_phases_come_in_order_and_errors_go_back_through_the_old_weights(chosen):
    steps = program(chosen)
    assert tuple(phase for phase, _ in groupby(steps, key=lambda step: step.phase)) == PHASES
    layers = {phase: [step.layer for step in steps if step.phase == phase] for phase in PHASES}
    assert layers["forward"] == sorted(layers["forward"])
    assert layers["backward"] == sorted(layers["backward"], reverse=True)
    first_write = next(k for k, step in enumerate(steps) if "W1" in step.writes)
    assert all(step.phase == "update" for step in steps[first_write:])


@each_program
def test_every_parameter_is_updated_once_by_a_gradient_of_its_own(chosen):
    steps = program(chosen)
    writers = {name: step for step in steps if step.equation is not optimizers.clear_tiny for name in step.writes}
    for name in chosen.parameters:
        assert writers[name].phase == "update"
        found, ahead = set[str](), [name]
        while ahead:
            new = {*writers[ahead.pop()].reads} - found
            found |= new
            ahead += [each for each in new if parameter_of(each) == name and each in writers and each[0] in "gcmvu"]
        assert f"d{name}" in found
        assert (f"g{name}" in found) == (chosen.training.penalized and name[0] == "W")
        assert ("norm" in found) == (chosen.training.clip_norm is not None)


@each_program
def test_grains_end_where_the_phase_or_the_layer_changes(chosen):
    steps = program(chosen)
    found = grains(steps)
    assert found["equation"] == list(range(1, len(steps) + 1))
    ends = [k + 1 for k in range(len(steps) - 1) if where(steps[k]) != where(steps[k + 1])]
    assert found["layer"] == [*ends, len(steps)]


def where(step: MicroStep) -> tuple[str, int]:
    return step.phase, step.layer


@each_program
def test_a_workspace_has_a_buffer_of_the_right_shape_for_every_tensor(chosen):
    steps = program(chosen)
    workspace = Workspace(chosen, steps, initial(chosen, carried(steps)), examples=2)
    names = {name for step in steps for name in (*step.reads, *step.writes)}
    assert {name: array.shape for name, array in workspace.buffers.items()} == {
        name: shape_of(name, chosen.sizes, 2) for name in names
    }
