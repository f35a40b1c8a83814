"""What a training step costs: operations counted from the index letters, bytes from the shapes, and time as measured.

A layer of n neurons over n takes m n^2 multiply-adds for m examples in the forward pass, and twice that in the
backward pass: one product for the gradient of the weights, one for the error that is passed on. So both passes over L
such layers are of the order L n^2. The first layer passes no error on.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from math import prod
from time import perf_counter
from typing import Any

import numpy as np

from engine.base.tensors import bytes_of, shape_of
from engine.experiment.experiment import Experiment
from engine.explain.passes import Passes
from engine.run.micro_step import MicroStep
from engine.run.program import BACKWARD, FORWARD, LOSS, PHASES, UPDATE, carried, program
from engine.run.workspace import Workspace

FEWEST = 2  # rounds of a measurement: the first one warms up
WORK = 100_000_000  # multiply-adds of one part of a full-batch step
LARGEST_PART = 1000  # examples of one part
OPERATIONS = ("multiply_adds", "others")
Counts = dict[str, int]


def cost(found: Passes, examples: int) -> dict[str, Any]:
    """The operations of a training step, and the bytes that the backward pass needs of the forward pass.

    Args:
        found: the passes of a moment.
        examples: the number of examples in the mini-batch.

    Returns:
        ``examples``; ``full_batch``, the number of training examples; ``parameters``; and ``differences``, the forward
        passes by which central differences give the same gradient: two for each parameter.

        ``layers``, for each phase and layer in the order of the program: ``phase``, ``layer`` (0 where it belongs to
        none), ``multiply_adds`` of matrix products and ``others``, the cells of all else; and ``phases``, their sums.

        ``kept``, bytes: ``all`` that the backward pass reads of the forward pass; ``recomputed``, what is needed where
        only every ``apart``-th layer's output is kept and the rest computed ``again``, in multiply-adds. ``apart`` is
        the distance with the least bytes; 0 where none saves any.
    """
    experiment, steps = found.experiment, found.program
    sizes, m = experiment.sizes, examples
    layers: dict[tuple[str, int], Counts] = {}
    for step in steps:
        counts = layers.setdefault((step.phase, step.layer), dict.fromkeys(OPERATIONS, 0))
        counts["multiply_adds" if step.equation.multiplies else "others"] += operations(step, sizes, m)
    phases = {
        phase: {name: sum(each[name] for (own, _), each in layers.items() if own == phase) for name in OPERATIONS}
        for phase in PHASES
    }
    parameters = _parameters(experiment)
    return {
        "examples": m,
        "full_batch": len(experiment.data.x_train),
        "parameters": parameters,
        "differences": 2 * parameters,
        "layers": [{"phase": phase, "layer": layer, **counts} for (phase, layer), counts in layers.items()],
        "phases": phases,
        "kept": _kept(
            experiment, steps, m, {l: each["multiply_adds"] for (own, l), each in layers.items() if own == FORWARD}
        ),
    }


def operations(step: MicroStep, sizes: tuple[int, ...], examples: int) -> int:
    """The multiply-adds of a matrix product, one for each choice of all its index letters; else the cells of the
    largest tensor that is read or written.
    """
    operands = [*step.operands[0], *step.operands[1]]
    shapes = [shape_of(name, sizes, examples) for name, _ in operands]
    if not step.equation.multiplies:
        return max(prod(shape) for shape in shapes)
    lengths = {
        letter: length
        for (_, letters), shape in zip(operands, shapes, strict=True)
        for letter, length in zip(letters, shape, strict=True)
    }
    return prod(lengths.values())


def _kept(experiment: Experiment, steps: tuple[MicroStep, ...], m: int, forward: dict[int, int]) -> dict[str, int]:
    """The bytes that are kept for the backward pass, with and without recomputation: see ``cost``."""
    depth = len(experiment.layers)
    written = {name: step.layer for step in steps if step.phase == FORWARD for name in step.writes}
    read = {name for step in steps if step.phase == BACKWARD for name in step.reads}
    bytes_in = partial(bytes_of, sizes=experiment.sizes, examples=m, dtype=experiment.numpy_dtype)
    sizes = {name: bytes_in(name) for name in written if name in read}
    of_layer = [sum(size for name, size in sizes.items() if written[name] == l) for l in range(depth + 1)]
    least, apart = sum(of_layer), 0
    for distance in range(1, depth):
        ends = range(distance, depth, distance)
        outputs = {l: bytes_in(f"a{l}") for l in ends}
        stretches = [range(end, min(end + distance, depth)) for end in (0, *ends)]
        largest = max(
            sum(of_layer[l + 1] - sizes.get(f"a{l + 1}", 0) * (l + 1 in ends) for l in each) for each in stretches
        )
        needed = of_layer[0] + sum(outputs.values()) + largest
        if needed < least:
            least, apart = needed, distance
    last = (depth - 1) // apart * apart if apart else 0  # the layers after it are not computed again
    again = sum(count for l, count in forward.items() if l <= last)
    return {"all": sum(of_layer), "recomputed": least, "apart": apart, "again": again}


def _parameters(experiment: Experiment) -> int:
    """The number of the network's parameters."""
    return sum(prod(shape_of(name, experiment.sizes, 0)) for name in experiment.parameters)


class Bench:
    """A training step that is measured on copies of a moment's tensors, so that the run stays as it is.

    Args:
        found: the passes of the moment, whose parameters are used.
        examples: the number of examples in the mini-batch; None for those of the moment's training step.
    """

    def __init__(self, found: Passes, examples: int | None = None) -> None:
        experiment = found.experiment
        if examples is not None:
            experiment = replace(experiment, mini_batch_size=examples, drawings=None)
        self.steps = found.program if examples is None else program(experiment)
        self.experiment = experiment
        state = found.timeline.seek(found.begin)
        arrays = {name: state[name].copy(order="K") for name in carried(self.steps)}
        step = found.training_step if examples is None else 0
        size = experiment.examples_in(step)
        self.workspace = Workspace(experiment, self.steps, arrays, size)
        self.workspace.draw.training_step = step
        for name, buffer in self.workspace.buffers.items():
            if name not in arrays:
                buffer.fill(0)  # so that its memory is there

    def round(self) -> list[float]:
        """The seconds of each micro-step, carried out once."""
        times = [perf_counter()]
        with np.errstate(all="ignore"):
            for run in self.workspace.runs:
                run()
                times.append(perf_counter())
        return [after - before for before, after in pairwise(times)]


def mini_batch_times(found: Passes, seconds: float) -> dict[str, Any]:
    """The time of a training step, the least of as many as there is time for.

    Returns:
        ``rounds``; ``layers`` and ``phases`` as ``cost`` has them, in ``seconds``; ``total``; and ``differences``, the
        seconds that the forward passes of central differences would take.
    """
    bench, due = Bench(found), perf_counter() + seconds
    rounds = [bench.round()]
    while len(rounds) < FEWEST or perf_counter() < due:
        rounds.append(bench.round())
    least = np.min(rounds[1:], axis=0)
    layers: dict[tuple[str, int], float] = {}
    for step, time in zip(bench.steps, least, strict=True):
        key = step.phase, step.layer
        layers[key] = layers.get(key, 0.0) + float(time)
    phases = {phase: sum(time for (own, _), time in layers.items() if own == phase) for phase in PHASES}
    drawing = sum(float(time) for step, time in zip(bench.steps, least, strict=True) if step.equation.draws)
    return {
        "rounds": len(rounds) - 1,
        "layers": [{"phase": phase, "layer": layer, "seconds": time} for (phase, layer), time in layers.items()],
        "phases": phases,
        "total": float(least.sum()),
        "differences": 2 * _parameters(found.experiment) * (phases[FORWARD] + phases[LOSS] - drawing),
    }


def full_batch_times(found: Passes, start: int, seconds: float) -> dict[str, Any]:
    """The time of a part of a full-batch step: of its passes over training examples, and one update at its end.

    A full batch may have more examples than there is memory for, so it is passed through in parts, whose gradients add
    up.

    Args:
        found: the passes of a moment.
        start: the number of the first part.
        seconds: the time after which no further part is begun.

    Returns:
        ``parts``, how many are done; ``of``, how many there are; ``examples`` of one part; and the ``seconds`` taken.
    """
    experiment = found.experiment
    work = max(1, sum(operations(step, experiment.sizes, 1) for step in found.program if step.equation.multiplies))
    total = len(experiment.data.x_train)
    size = min(total, LARGEST_PART, max(2, WORK // work))
    bench, due = Bench(found, size), perf_counter() + seconds
    parts, taken, done = -(-total // size), 0.0, start
    while done < parts and (done == start or perf_counter() < due):
        if bench.experiment.examples_in(done) != size:
            bench = Bench(found, total % size)  # the last part is smaller
        bench.workspace.draw.training_step = done
        times = zip(bench.steps, bench.round(), strict=True)
        taken += sum(time for step, time in times if step.phase != UPDATE or done == parts - 1)
        done += 1
    return {"parts": done, "of": parts, "examples": size, "seconds": taken}


def loop_times(found: Passes, seconds: float) -> dict[str, Any]:
    """The time of a loop over the neurons of the largest layer, for each example, beside that of its matrix product.

    Returns:
        ``layer``; ``product``, the seconds of z = a W^T + b for all neurons and examples; ``neurons``, how many the
        loop has computed in the time there is; ``of``, how many there are; ``seconds`` that these took; and ``loop``,
        the seconds for all of them, computed from these.
    """
    bench = Bench(found)
    bench.round()
    sizes = bench.experiment.sizes
    layer = max(range(1, len(sizes)), key=lambda l: sizes[l] * sizes[l - 1])
    a, W, b = (bench.workspace.buffers[name] for name in (f"a{layer - 1}", f"W{layer}", f"b{layer}"))
    z = np.empty((len(a), len(W)), a.dtype)
    product = _least(lambda: np.add(a.dot(W.T, z), b, z), seconds / 2)
    done, began = 0, perf_counter()
    for i, j in np.ndindex(z.shape):
        z[i, j] = a[i].dot(W[j]) + b[j]
        done += 1
        if done % 16 == 0 and perf_counter() > began + seconds / 2:
            break
    taken = perf_counter() - began
    return {
        "layer": layer,
        "product": product,
        "neurons": done,
        "of": z.size,
        "seconds": taken,
        "loop": taken / done * z.size,
    }


def _least(run: Callable[[], Any], seconds: float) -> float:
    """The least seconds of a call, of at least two and as many as there is time for."""
    due, times = perf_counter() + seconds, list[float]()
    while len(times) < FEWEST or perf_counter() < due:
        began = perf_counter()
        run()
        times.append(perf_counter() - began)
    return min(times)
