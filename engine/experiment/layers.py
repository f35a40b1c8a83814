"""The layers of a network, and the losses that go with its output layer and its targets."""

from dataclasses import dataclass
from typing import Any

from engine.base.refusal import Refusal, known, number, one_of, whole, yes_or_no
from engine.data.choice import DatasetChoice
from engine.methods.activations import ACTIVATIONS, WITHOUT_SLOPE
from engine.methods.losses import FOR_ALL, LOSSES, Need, loss_of

LAYERS, UNITS, DROPOUT = 12, 1024, 0.95
EXTRAS = ("batch_norm", "dropout", "residual")


@dataclass(frozen=True)
class Layer:
    """A fully connected layer.

    Attributes:
        units: the number of units.
        activation: the name of the activation.
        batch_norm: whether pre-activations are normalized over the mini-batch.
        dropout: the share of units that training leaves out after the activation; 0 for none.
        residual: whether the layer's input is added to its output.
    """

    units: int
    activation: str
    batch_norm: bool = False
    dropout: float = 0.0
    residual: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The plain form, without the parts that are not in use."""
        extras = {"batch_norm": self.batch_norm, "dropout": self.dropout, "residual": self.residual}
        used = {name: value for name, value in extras.items() if value}
        return {"units": self.units, "activation": self.activation, **used}


def layers_of(plain: Any, dataset: DatasetChoice) -> tuple[Layer, ...]:
    """Read the layers of a network from their plain form.

    Raises:
        Refusal: a layer is malformed, or the number of outputs does not fit the data set.
    """
    if not isinstance(plain, list) or not 1 <= len(plain) <= LAYERS:
        raise Refusal("invalid", "layers", "layers", plain, f"a list of 1 to {LAYERS} layers", "layers", high=LAYERS)
    layers = tuple(_layer(item, f"layers.{i}", i == len(plain) - 1) for i, item in enumerate(plain))
    _check_residuals(layers, dataset.inputs)
    outputs = layers[-1].units
    if outputs not in dataset.outputs:
        choices = [*map(str, dataset.outputs)]
        raise Refusal(
            "unfit", f"layers.{len(layers) - 1}.units", "number of outputs", outputs,
            f"{dataset.name} needs {' or '.join(choices)}", "outputs",
            dataset=dataset.name, choices=choices,
        )  # fmt: skip
    return layers


def _layer(plain: Any, field: str, last: bool) -> Layer:
    known(field, plain, ("units", "activation", *EXTRAS), required=("units", "activation"))
    units = whole(f"{field}.units", "layer width", plain["units"], 1, UNITS)
    activation = _activation(f"{field}.activation", plain["activation"], last)
    if units == 1 and ACTIVATIONS[activation].slope is None:
        expected = "over one unit it is always 1, so nothing can learn; at least 2"
        raise Refusal("unfit", f"{field}.activation", "activation", activation, expected, "one_unit")
    layer = Layer(
        units,
        activation,
        batch_norm=yes_or_no(f"{field}.batch_norm", "batch norm", plain.get("batch_norm", False)),
        dropout=number(f"{field}.dropout", "dropout", plain.get("dropout", 0.0), 0, DROPOUT),
        residual=yes_or_no(f"{field}.residual", "residual", plain.get("residual", False)),
    )
    used = next((name for name in EXTRAS if getattr(layer, name)), None)
    if last and used:
        noun = used.replace("_", " ")
        raise Refusal("unfit", f"{field}.{used}", noun, plain[used], "for hidden layers only", "hidden_only")
    return layer


def _activation(field: str, name: Any, last: bool) -> str:
    if isinstance(name, str) and name in WITHOUT_SLOPE:
        expected = "its slope is 0 everywhere, so no error ever gets through it and nothing can learn"
        raise Refusal("unfit", field, "activation", name, expected, "no_slope")
    one_of(field, "activation", name, ACTIVATIONS)
    if ACTIVATIONS[name].output_only and not last:
        raise Refusal("unfit", field, "activation", name, "for the output layer only", "output_only")
    return str(name)


def _check_residuals(layers: tuple[Layer, ...], inputs: int) -> None:
    """Refuse a residual connection between layers of different widths."""
    widths = (inputs, *(layer.units for layer in layers))
    for i, layer in enumerate(layers):
        if layer.residual and widths[i] != layer.units:
            expected = f"the layer has {layer.units} units and is given {widths[i]}; both must be the same"
            blanks = {"units": layer.units, "below": widths[i]}
            raise Refusal("unfit", f"layers.{i}.residual", "residual", True, expected, "equal_widths", **blanks)


def default_loss(output: Layer, dataset: DatasetChoice) -> str:
    """The loss that belongs to the output activation, or the squared error where the targets do not fit that loss."""
    pair = loss_of(output.activation)
    return pair if _unmet(pair, output.units, dataset) is None else FOR_ALL


def loss_after(name: Any, output: Layer, dataset: DatasetChoice) -> str:
    """The name of a loss, checked against the output layer and the targets.

    Raises:
        Refusal: there is no such loss, or it does not go with the output activation or the targets.
    """
    one_of("loss", "loss", name, LOSSES)
    activation, allowed = output.activation, LOSSES[name].activations
    if activation not in allowed:
        listed = ", ".join(allowed)
        raise Refusal(
            "unfit", "loss", "loss", name,
            f"the output is {activation}; this loss needs {listed}", "pair", output=activation, activations=[*allowed],
        )  # fmt: skip
    if need := _unmet(name, output.units, dataset):
        raise Refusal("unfit", "loss", "loss", name, need.expected, need.form)
    return str(name)


def _unmet(loss: str, outputs: int, dataset: DatasetChoice) -> Need | None:
    """The first need of the loss that the targets do not meet, or None.

    Softmax with cross-entropy, for example, has the error a - y only where the targets of an example add up to 1.
    """
    targets = dataset.typical_targets(outputs)
    return next((need for need in LOSSES[loss].needs if not need.met(targets)), None)
