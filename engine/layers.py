"""The layers of a network, and which losses go with its output and its targets."""

from dataclasses import dataclass
from typing import Any

from engine.activations import ACTIVATIONS
from engine.datasets.choice import DatasetChoice
from engine.losses import LOSSES
from engine.refusal import Refusal, known, one_of, whole

LAYERS, UNITS = 12, 1024


@dataclass(frozen=True)
class Layer:
    """A fully connected layer: so many units, each with this activation."""

    units: int
    activation: str


def layers_of(plain: Any, dataset: DatasetChoice) -> tuple[Layer, ...]:
    """The layers of a plain form, whose output fits the data set.

    Raises:
        Refusal: a layer is of the wrong form, or the output has not as many units as the data set needs.
    """
    if not isinstance(plain, list) or not 1 <= len(plain) <= LAYERS:
        raise Refusal("invalid", "layers", "layers", plain, f"a list of 1 to {LAYERS} layers", "layers", high=LAYERS)
    layers = tuple(_layer(item, f"layers.{i}", i == len(plain) - 1) for i, item in enumerate(plain))
    outputs = layers[-1].units
    if outputs not in dataset.outputs:
        choices = [*map(str, dataset.outputs)]
        raise Refusal(
            "unfit", f"layers.{len(layers) - 1}.units", "number of outputs", outputs,
            f"{dataset.name} needs {' or '.join(choices)}", "outputs",
            dataset=dataset.name, choices=" / ".join(choices),
        )  # fmt: skip
    return layers


def _layer(plain: Any, field: str, last: bool) -> Layer:
    known(field, plain, ("units", "activation"), required=("units", "activation"))
    units = whole(f"{field}.units", "layer width", plain["units"], 1, UNITS)
    activation = one_of(f"{field}.activation", "activation", plain["activation"], ACTIVATIONS)
    if ACTIVATIONS[activation].slope is None and not last:
        raise Refusal(
            "unfit", f"{field}.activation", "activation", activation, "for the output layer only", "output_only"
        )
    return Layer(units, activation)


def default_loss(output: Layer, dataset: DatasetChoice) -> str:
    """The loss that belongs to the output's activation, if the targets allow it."""
    pair = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy"}.get(output.activation, "squared_error")
    return "squared_error" if _needs(pair, output.units, dataset) else pair


def loss_after(name: Any, output: Layer, dataset: DatasetChoice) -> str:
    """The loss of that name, which goes with the output layer and the targets.

    Raises:
        Refusal: there is no such loss, or it does not go with them.
    """
    one_of("loss", "loss", name, LOSSES)
    activation, allowed = output.activation, LOSSES[name].activations
    if activation not in allowed:
        listed = ", ".join(allowed)
        raise Refusal(
            "unfit", "loss", "loss", name,
            f"the output is {activation}; this loss needs {listed}", "pair", activation=activation, choices=listed,
        )  # fmt: skip
    if needs := _needs(name, output.units, dataset):
        raise Refusal("unfit", "loss", "loss", name, *needs)
    return name


def _needs(loss: str, outputs: int, dataset: DatasetChoice) -> tuple[str, str] | None:
    """What the loss needs and these targets are not, as a sentence and its form: softmax and cross-entropy collapse to
    a - y only where the targets of an example add up to 1.
    """
    rows = dataset.y
    fractions = all(0 <= value <= 1 for row in rows for value in row) if rows else dataset.kind == "classes"
    sum_to_one = all(abs(sum(row) - 1) < 1e-6 for row in rows) if rows else outputs > 1
    if loss != "squared_error" and not fractions:
        return "it needs targets from 0 to 1", "targets"
    if loss == "cross_entropy" and not sum_to_one:
        return "it needs targets that add up to 1", "targets_sum"
    return None
