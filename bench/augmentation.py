"""The cost of augmentation: a distorted epoch of MNIST, and a training step with augmentation against one without."""

from collections.abc import Callable
from time import perf_counter

from bench.contenders import ours
from bench.networks import DIGITS_ADAM
from bench.report import Row
from bench.rounds import ratio, rounds
from engine import Experiment
from engine.run.program import program

AUGMENT = {"shift": 3, "rotation": 15, "scale": 0.2, "stroke": 0.5}
MINI_BATCH = 64
SECONDS = 0.1  # a contender's turn


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """The seconds of a distorted epoch, and the ratio of a training step with augmentation to one without."""
    say("augmentation")
    plain = DIGITS_ADAM.plain | {"mini_batch_size": MINI_BATCH, "optimizer": {"learning_rate": 0.1}}
    bare, augmented = (Experiment.from_dict({**plain, "augment": augment}) for augment in (None, AUGMENT))
    seconds = [_pass(augmented) for _ in range(3)]
    times = rounds({"with": ours(augmented), "without": ours(bare)}, count, SECONDS)
    return [
        Row("60,000 digits shifted, turned, resized and redrawn, seconds", min(seconds), 5, most=True),
        Row(f"784-100-10, {MINI_BATCH}: a training step with augmentation / without", ratio(times, "with", "without")),
    ]


def _pass(experiment: Experiment) -> float:
    """The seconds that the micro-steps which draw and distort mini-batches take for one epoch."""
    drawing, distorting = (step for step in program(experiment) if step.equation.draws)
    draw, began = experiment.draw(), perf_counter()
    for training_step in range(experiment.steps_per_epoch):
        draw.training_step = training_step
        x, _ = drawing.compute(draw)
        distorting.compute(draw, x)
    return perf_counter() - began
