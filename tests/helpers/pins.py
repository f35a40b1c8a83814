"""Golden numbers of the engine, which must stay the same when its code changes.

``python -m tests.helpers.pins`` computes them anew and writes the golden file beside this one. Look at the difference
before you keep it: every changed number is another result for everybody who opens an older experiment.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np

from engine import Experiment, Timeline
from engine.base.threads import one_thread
from engine.data import DATASETS
from engine.data.others import figures, signs
from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from engine.methods.initializers import INITIALIZERS
from engine.predictions.kinds import KINDS
from engine.predictions.search import generate

GOLDEN = Path(__file__).with_name("pins.json")
SEEDS = (0, 1, 7, 2**32 - 1)
TRAINING_STEPS = (3, 200)  # "exploding" has finite numbers only after the first
REMEDIED_STEPS = 50  # later, batch norm behind seven sigmoid layers has amplified the differences between kernels
GOLDEN_RATIO = (5**0.5 - 1) / 2
Pin = dict[str, Any]


def digest(array: np.ndarray) -> Pin:
    """The shape and a hash of all bits, for whole numbers and for numbers that follow exactly from random bits."""
    return {"shape": [*array.shape], "sha256": hashlib.sha256(array.tobytes()).hexdigest()}


def sums(array: np.ndarray) -> Pin:
    """The shape, the sum, the sum of squares and a fixed projection, for numbers that may differ in their last bits.

    Those are null where some of the numbers are not finite.
    """
    pin: Pin = {"shape": [*array.shape], "sums": None}
    numbers = array.astype(float).ravel()
    if np.isfinite(numbers).all():
        direction = (np.arange(1, len(numbers) + 1) * GOLDEN_RATIO) % 1 - 0.5
        pin["sums"] = [fsum(each) for each in (numbers, numbers * numbers, numbers * direction)]
    return pin


def plain(dataset: Any, *units: int, output: str = "identity", **fields: Any) -> dict[str, Any]:
    """An experiment in plain form, with tanh in its hidden layers."""
    *hidden, last = units
    layers = [*({"units": each, "activation": "tanh"} for each in hidden), {"units": last, "activation": output}]
    return {"dataset": dataset, "layers": layers, **fields}


def counted(examples: int) -> dict[str, Any]:
    """A table whose inputs are the numbers of their rows."""
    return {"name": "table", "x": [[i] for i in range(examples)], "y": [[0]] * examples}


def during(experiment: Experiment, training_step: int) -> dict[str, np.ndarray]:
    """The tensors at the end of a training step."""
    timeline = Timeline(experiment)
    return dict(timeline.seek(timeline.t_of(training_step + 1)))


def data_sets() -> Iterator[tuple[str, Pin]]:
    """The points and targets of both splits, with the default settings and with others."""
    for name in DATASETS:
        if name == "digits":
            continue
        for settings in ({}, {"examples": 50, "noise": 0.2}):
            for seed, outputs in ((seed, outputs) for seed in SEEDS for outputs in DATASETS[name].outputs):
                data = Experiment.from_dict(plain({"name": name, **settings}, outputs, seed=seed)).data
                for split in ("training", "held_out"):
                    of = f"{name} {settings or 'by default'}, seed {seed}, {outputs} outputs, {split}"
                    x, y = data.split(split)
                    yield f"{of} inputs", sums(x)
                    yield f"{of} targets", sums(y)


def digits() -> Iterator[tuple[str, Pin]]:
    """The digits, and two pictures of each kind that shows no digit."""
    data = Experiment.from_dict(plain({"name": "digits", "others": 26}, 10)).data
    for split in ("training", "held_out"):
        x, y = data.split(split)
        yield f"{split} pictures", digest(x)
        yield f"{split} targets", digest(y.astype(np.uint8))
    yield "pictures that are no digit", digest(data.x_train[-26:])
    yield "their targets", sums(data.y_train[-26:])
    yield "letters, faces and houses", sums(figures(6))
    yield "letters, hearts, arrows and ticks", sums(signs(10))


def mini_batches() -> Iterator[tuple[str, Pin]]:
    """The rows of each mini-batch of three epochs; 8 does not divide 50, 50 is the full set."""
    for seed in SEEDS:
        for size in (1, 8, 10, 50):
            experiment = Experiment.from_dict(plain(counted(50), 1, seed=seed, mini_batch_size=size))
            timeline = Timeline(experiment)
            steps = [timeline.seek(timeline.t_of(step + 1))["a0"] for step in range(3 * experiment.steps_per_epoch)]
            rows = np.concatenate(steps).astype(np.int64)
            sizes = np.array([len(step) for step in steps])
            yield f"seed {seed}, {size} of 50", digest(rows) | {"sizes": [int(each) for each in np.unique(sizes)]}


def initial_weights(dtype: str) -> Iterator[tuple[str, Pin]]:
    """The parameters before any training, of every initializer."""
    for name in INITIALIZERS:
        for seed in SEEDS:
            form = plain({"name": "moons"}, 8, 30, 1, initializer=name, seed=seed, dtype=dtype)
            experiment = Experiment.from_dict(form)
            state = Timeline(experiment).seek(0)
            for parameter in experiment.parameters:
                yield f"{name}, seed {seed}, {parameter}", sums(state[parameter])


def dropout_masks() -> Iterator[tuple[str, Pin]]:
    """Where the masks of two layers are 0; mini-batches of 7 leave 5 of 300 for the last."""
    for seed in SEEDS:
        form = plain({"name": "moons"}, 8, 30, 1, seed=seed, mini_batch_size=7)
        for layer, share in zip(form["layers"], (0.2, 0.5), strict=False):
            layer["dropout"] = share
        for step in (0, 1, 42):
            state = during(Experiment.from_dict(form), step)
            for name in ("mask1", "mask2"):
                yield f"seed {seed}, training step {step}, {name}", digest(state[name] != 0)


def distortion(ways: dict[str, float], last: dict[str, float]) -> Iterator[tuple[str, Pin]]:
    """Digits distorted in each way alone, and in all ways with the ``last`` ones besides."""
    for augment in (*({way: bound} for way, bound in ways.items()), {**ways, **last}):
        for seed in SEEDS[:2]:
            fields: dict[str, Any] = {"augment": augment, "seed": seed, "mini_batch_size": 8, "dtype": "float64"}
            experiment = Experiment.from_dict(plain({"name": "digits"}, 10, **fields))
            for step in (0, 5):
                state = during(experiment, step)
                yield f"{' '.join(augment)}, seed {seed}, training step {step}", sums(state["a0"])


def noise(dtype: str) -> Iterator[tuple[str, Pin]]:
    """Inputs with noise upon them."""
    for seed in SEEDS:
        fields: dict[str, Any] = {"augment": {"noise": 0.1}, "seed": seed, "mini_batch_size": 50, "dtype": dtype}
        experiment = Experiment.from_dict(plain(counted(50), 1, **fields))
        for step in (0, 9):
            yield f"seed {seed}, training step {step}", sums(during(experiment, step)["a0"])


def predictions() -> Iterator[tuple[str, Pin]]:
    """What is asked by the seeds of each kind of prediction, of which lessons tell by their seeds."""
    for kind in KINDS:
        for seed in SEEDS[: 1 if kind == "digit_that_pays" else None]:
            found = generate(kind, seed)
            asked = [found.experiment, found.found.t, found.found.reveal_t, list(found.found.subject)]
            text = json.dumps(asked, sort_keys=True).encode()
            yield f"{kind}, seed {seed}", {"sha256": hashlib.sha256(text).hexdigest()}


def trained() -> Iterator[tuple[str, Pin]]:
    """The parameters of every preset, and of every scenario as it is and with each of its remedies, after training."""
    forms: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
        name: (form, TRAINING_STEPS) for name, form in PRESETS.items()
    }
    for name, scenario in SCENARIOS.items():
        ailing = scenario["experiment"]
        forms[name] = ailing, TRAINING_STEPS
        for remedy in scenario["remedies"]:
            forms[f"{name} with {remedy['name']}"] = {**ailing, **remedy["change"]}, (REMEDIED_STEPS,)
    for name, (form, moments) in forms.items():
        experiment = Experiment.from_dict({**form, "dtype": "float64"})
        timeline = Timeline(experiment)
        for steps in moments:
            state = timeline.seek(timeline.t_of(steps))
            for parameter in experiment.parameters:
                yield f"{name}, {steps} training steps, {parameter}", sums(state[parameter])


GROUPS: dict[str, Callable[[], Iterator[tuple[str, Pin]]]] = {
    "data sets": data_sets,
    "digits": digits,
    "mini-batches": mini_batches,
    "initial weights in float64": lambda: initial_weights("float64"),
    "initial weights in float32": lambda: initial_weights("float32"),
    "dropout masks": dropout_masks,
    "distortion in float64": lambda: distortion(
        {"shift": 2, "rotation": 15, "scale": 0.1, "stroke": 0.5}, {"noise": 0.1}
    ),
    "hands and scanners in float64": lambda: distortion(
        {"uneven": 0.4, "elastic": 1.2, "coarse": 2}, {"shift": 2, "noise": 0.1}
    ),
    "noise in float64": lambda: noise("float64"),
    "noise in float32": lambda: noise("float32"),
    "trained parameters in float64": trained,
    "predictions": predictions,
}


def write() -> None:
    """Write the golden file, a line for each pin."""
    groups = []
    for group, pins in GROUPS.items():
        lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(pin, allow_nan=False)}" for name, pin in pins())
        groups.append(f"{json.dumps(group)}: {{\n{lines}\n}}")
    GOLDEN.write_text("{\n" + ",\n".join(groups) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    one_thread()
    write()
