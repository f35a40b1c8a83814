"""The gallery: presets and scenarios to begin with, and a picture of each, which this module as a command computes.

A picture is of numbers of a run of its example in double precision: of its losses over training steps, and of its data
or, for a trouble that shows in the layers, of a number of each layer.
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np

from engine import Experiment, Timeline
from engine.evaluate.evaluation import evaluate
from engine.experiment.presets import PRESETS
from engine.health.diagnosis import at, diagnose
from engine.health.scenarios import SCENARIOS
from engine.health.troubles import chance
from server.trained.shipped import SHIPPED, described

Plain = dict[str, Any]

FILE = Path(__file__).resolve().parent.parent / "static" / "gallery" / "pictures.json"
LOSSES = 25  # of a picture, from training step 0 on
POINTS, PICTURES = 90, 4  # how many training examples stand for a data set: of points, of pictures
EVALUATED = 500  # the most examples that a loss is the mean of
DIGITS = 3  # significant digits of a number
APART = 40  # training steps from one loss to the next; these examples have their own:
APARTS = {
    "preset.spirals": 80,
    "scenario.vanishing": 12,
    "scenario.exploding": 1,
    "scenario.plateau": 300,
    "scenario.overfitting": 250,
    "scenario.dead_relus": 7,
}
# The number of each layer's diagnosis that shows a trouble; the other troubles show in the losses.
QUANTITIES = {"vanishing": "gradient_rms", "dying": "dead"}


def presets() -> dict[str, Plain]:
    """The experiments worth starting from; second comes the trained network that reads drawings best."""
    first = next(iter(PRESETS))
    return {first: PRESETS[first], "digits_best": described("digits_best").experiment} | PRESETS


def examples() -> dict[str, Plain]:
    """The experiments that have a picture, by its name, such as ``preset.xor``."""
    scenarios = {f"scenario.{name}": scenario["experiment"] for name, scenario in SCENARIOS.items()}
    return {f"preset.{name}": plain for name, plain in presets().items()} | scenarios


def picture(name: str) -> Plain:
    """The picture of an example.

    Returns:
        ``apart``, the number of training steps from one loss to the next; ``chance``, the loss of the best answer that
        is the same for all inputs; ``loss``, the mean losses of training examples at the training steps 0, apart,
        2 apart and so on, up to the last one that is finite; and

        - for a trouble that shows in the layers: ``quantity``, a number of a layer's diagnosis, and ``layers``, that
          number of each layer at the last of these training steps, None where it does not apply;
        - else ``data``, as ``shown`` returns it, and for overfitting ``held_out``, the losses of held-out examples.
    """
    scenario = SCENARIOS.get(name.removeprefix("scenario."), {})
    trouble = scenario.get("trouble")
    splits = {"loss": "training"} | ({"held_out": "held_out"} if trouble == "overfitting" else {})
    timeline, apart = _run(name), APARTS.get(name, APART)
    found: Plain = {"apart": apart, "chance": _rounded(chance(timeline.experiment))} | {kind: [] for kind in splits}
    for i in range(LOSSES):
        moment = at(timeline, timeline.t_of(i * apart))
        losses = {kind: evaluate(*moment, split, EVALUATED)["loss"] for kind, split in splits.items()}
        if not np.isfinite([*losses.values()]).all():
            break
        layers = diagnose(*moment)
        for kind, loss in losses.items():
            found[kind].append(_rounded(loss))
    if trouble not in QUANTITIES:
        return found | {"data": shown(timeline.experiment)}
    quantity = QUANTITIES[trouble]
    numbers = [getattr(layer, quantity) for layer in layers]
    return found | {"quantity": quantity, "layers": [None if each is None else _rounded(each) for each in numbers]}


def shown(experiment: Experiment) -> Plain:
    """The first training examples of an experiment.

    Returns:
        ``looks``, how an example looks, and ``x``: for pictures their grey values from 0 to 255, in base64; else the
        inputs of each, with ``y``, its last target, and ``classes``, whether targets are classes.
    """
    data, looks = experiment.data, experiment.dataset.looks
    if looks == "picture":
        grey = data.x_train[:PICTURES].astype(np.uint8)
        return {"looks": looks, "x": [b64encode(row.tobytes()).decode() for row in grey]}
    x, y = data.x_train[:POINTS], data.y_train[:POINTS, -1]
    inputs = [[_rounded(value) for value in row] for row in x]
    return {"looks": looks, "classes": data.kind == "classes", "x": inputs, "y": [_rounded(value) for value in y]}


def pictures() -> Plain:
    """The pictures of all examples: ``pictures`` by name, each with the number of its data set among ``data``."""
    data: list[Plain] = []
    found = {name: picture(name) for name in examples()}
    for each in found.values():
        if "data" in each:
            if each["data"] not in data:
                data.append(each["data"])
            each["data"] = data.index(each["data"])
    return {"data": data, "pictures": found}


def _run(name: str) -> Timeline:
    return Timeline(Experiment.from_dict(examples()[name] | {"dtype": "float64"}, SHIPPED))


def _rounded(value: float) -> float:
    rounded = float(f"{value:.{DIGITS}g}")
    return int(rounded) if rounded in (0, 1) else rounded


def main() -> None:
    """Write the file of all pictures, which the page loads."""
    FILE.write_text(json.dumps(pictures(), separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
