"""One call for many parameters gives the same bits as single micro-steps."""

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from engine.base.tensors import parameter_of
from engine.data import Draw
from engine.methods.optimizers import OPTIMIZERS
from engine.run.program import MicroStep, carried, program
from engine.run.workspace import Workspace, initial
from tests.helpers.drawn import drawn
from tests.helpers.networks import experiment, same_bits, table_experiments


def unread(steps: tuple[MicroStep, ...]) -> set[str]:
    """The tensors that no micro-step reads, the loss excepted."""
    return {name for step in steps for name in step.writes} - {name for step in steps for name in step.reads} - {"loss"}


@drawn(table_experiments(), st.integers(1, 8), few=40, many=150)
def test_a_stride_writes_the_same_bits_as_its_micro_steps_one_by_one(chosen, training_steps):
    steps = program(chosen)
    single, stride = (initial(chosen, carried(steps)) for _ in range(2))
    for step in range(training_steps):
        examples = Draw(chosen.data, chosen.seed, chosen.mini_batch_size, chosen.numpy_dtype, step).examples
        one, other = (Workspace(chosen, steps, arrays, examples) for arrays in (single, stride))
        one.draw.training_step = other.draw.training_step = step
        with np.errstate(all="ignore"):
            for run in (*one.runs, *other.before_stride, *other.stride):
                run()
        used = {
            name
            for step in steps
            if step.equation.scratch
            for name in (dict(step.arguments)[step.equation.scratch], step.writes[-1])
        }
        assert not used & set(carried(steps))
        used |= unread(steps)
        left = {name: array for name, array in one.buffers.items() if name not in used}
        assert same_bits(left, {name: other.buffers[name] for name in left})


def test_a_stride_leaves_out_what_is_only_to_be_seen():
    chosen = experiment((5, "tanh"), (1, "sigmoid"), optimizer={"name": "adam"}, regularization={"l2": 0.1})
    steps = program(chosen)
    assert unread(steps) == {"penalty", *(f"{kind}{name}" for kind in ("mhat", "vhat") for name in chosen.parameters)}
    workspace = Workspace(chosen, steps, initial(chosen, carried(steps)), 4)
    for run in (*workspace.before_stride, *workspace.stride):
        run()
    assert workspace.buffers["mW1"].any()
    assert not any(workspace.buffers[name].any() for name in unread(steps))


def test_a_stride_updates_all_weights_and_biases_in_one_call_of_each_equation():
    for name, optimizer in OPTIMIZERS.items():
        chosen = experiment(*[(5, "tanh")] * 4, (1, "sigmoid"), optimizer={"name": name})
        steps = program(chosen)
        workspace = Workspace(chosen, steps, initial(chosen, carried(steps)), 4)
        updates = sum(step.phase == "update" for step in steps)
        counted = 1 if "updates" in carried(steps) else 0
        assert updates == len(chosen.parameters) * (len(optimizer.equations) + len(optimizer.fading)) + counted
        calls = len(workspace.before_stride) + len(workspace.stride)
        seen_only = sum(unread(steps).issuperset(step.writes) for step in steps) // len(chosen.parameters)
        once = len(optimizer.equations) - seen_only + len(optimizer.fading)
        assert len(steps) - calls == updates - once - counted


def test_a_mini_batch_of_all_examples_is_drawn_once_and_any_other_at_every_training_step():
    for size, once in ((4, 1), (3, 0)):
        chosen = experiment((2, "tanh"), (1, "sigmoid"), dataset="xor", mini_batch_size=size)
        steps = program(chosen)
        workspace = Workspace(chosen, steps, initial(chosen, carried(steps)), size)
        assert len(workspace.before_stride) == once


@drawn(table_experiments(), few=40, many=60)
def test_no_two_tensors_share_memory(chosen):
    steps = program(chosen)
    buffers = Workspace(chosen, steps, initial(chosen, carried(steps)), chosen.mini_batch_size).buffers
    places = sorted((array.__array_interface__["data"][0], array.nbytes, name) for name, array in buffers.items())
    for (start, size, name), (following, _, other) in pairwise(places):
        assert start + size <= following, (name, other)


def test_parameters_and_their_companions_are_stored_by_columns():
    chosen = experiment((5, "tanh"), (3, "tanh"), (2, "softmax"), dataset="moons", optimizer={"name": "adam"})
    steps = program(chosen)
    for name, array in Workspace(chosen, steps, initial(chosen, carried(steps)), 7).buffers.items():
        assert array.flags.f_contiguous if parameter_of(name) else array.flags.c_contiguous, name
