"""The equations of many runs give each run what the equation alone gives it."""

import numpy as np
import pytest

from engine.base.tensors import split
from engine.maps.batched import batched
from engine.methods.activations import relu_slope
from tests.helpers.equations import BINDINGS, compute, each_of, inputs

COMPUTED = {name: bound for name, bound in BINDINGS.items() if not bound[1].equation.draws}
RUNS = 5
SAME = ("updates", "rate_step")  # counters, which all runs have in common


def arrays_of_runs(chosen, step, shared):
    """The arrays of each run: those of ``shared`` are the same in all."""
    first = inputs(chosen, step)
    if step.equation is relu_slope:  # its argument is an output of ReLU
        first = [np.maximum(array, 0) for array in first]
    rng = np.random.default_rng(1)
    return [
        [
            array if name == shared or split(name)[0] in SAME else array * rng.uniform(0.5, 2, array.shape)
            for name, array in zip(step.reads, first, strict=True)
        ]
        for _ in range(RUNS)
    ]


def together(step, every, shared):
    """The results of all runs, by the equation of many runs, with the runs as the last axis."""
    reads = [
        float(each[0]) if split(name)[0] in SAME else np.stack(each[:1] if name == shared else each, axis=-1)
        for name, each in zip(step.reads, zip(*every, strict=True), strict=True)
    ]
    arguments = [argument for argument, _ in step.equation.reads]
    named = {arguments[0][1:]: reads} if step.equation.takes_any_number else dict(zip(arguments, reads, strict=True))
    with np.errstate(all="ignore"):
        return batched(step.equation)({**named, **dict(step.settings)}, 3)


@pytest.mark.parametrize(("chosen", "step"), COMPUTED.values(), ids=COMPUTED)
def test_an_equation_of_many_runs_is_the_equation_of_each_of_them(chosen, step):
    for shared in ("", *(name for name in step.reads if name not in step.writes)):
        every = arrays_of_runs(chosen, step, shared)
        alone = [each_of(compute(chosen, step, [array.copy() for array in arrays])) for arrays in every]
        found = together(step, every, shared)
        assert found, step.equation
        for place, (name, letters) in enumerate(step.operands[1]):
            argument = step.equation.writes[place][0]
            if argument not in found:
                continue
            for run, results in enumerate(alone):
                of_run = np.asarray(found[argument])
                if of_run.ndim > len(letters):
                    of_run = of_run[..., run % of_run.shape[-1]]
                assert of_run == pytest.approx(results[place], rel=1e-9, abs=1e-12), name


def test_settings_may_differ_from_run_to_run():
    chosen, step = next(bound for bound in COMPUTED.values() if bound[1].equation.name == "velocity")
    every = arrays_of_runs(chosen, step, "")
    momentum = np.linspace(0, 0.9, RUNS)
    v, g = (np.stack(each, axis=-1) for each in zip(*every, strict=True))
    found = batched(step.equation)({"v": v, "g": g, "momentum": momentum}, 3)["v"]
    for run, (v, g) in enumerate(every):
        assert found[..., run] == pytest.approx(momentum[run] * v + g)
