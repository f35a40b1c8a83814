"""An assignment: what a program says that it trains, as the constants at its top."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine.base.refusal import Refusal, listed, one_of, whole, yes_or_no
from engine.experiment.layers import LAYERS, UNITS
from engine.experiment.training import Training
from engine.marking.operations import Layer, Operation, operations_of
from engine.methods.activations import ACTIVATIONS, Activation
from engine.methods.losses import LOSSES, Loss

WEIGHTS = 200_000  # the most weights of all layers together
NEEDED = ("LAYERS", "ACTIVATIONS", "LOSS", "LEARNING_RATE")
WITHIN = {"clip_norm"}  # what may stand in OPTIMIZER too
TRAINING = ("OPTIMIZER", "REGULARIZATION", "CLIP_NORM", "COUPLED_WEIGHT_DECAY")
CONSTANTS = (*NEEDED, *TRAINING, "AVERAGED")


@dataclass(frozen=True)
class Assignment:
    """A network, its loss and how it is trained.

    Attributes:
        sizes: the units of each layer, the inputs first.
        activations: the name of the activation of each layer after the inputs.
        loss: the name of the loss.
        training: optimizer, learning rate, penalties, clipping and weight decay.
        averaged: whether the loss is averaged over the outputs too, not summed.
        operations: what is done to the values of each layer after its affine map, that of the input first.
        summed: whether the loss is summed over the examples, not averaged.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    training: Training
    averaged: bool
    operations: tuple[Layer, ...]
    summed: bool

    @classmethod
    def from_constants(cls, constants: dict[str, Any]) -> "Assignment":
        """Read the constants of a program; what follows ``LEARNING_RATE`` in their list may be left out.

        What is said of a recording may have ``OPERATIONS`` and ``SUMMED`` besides.

        Raises:
            Refusal: a constant is missing or malformed, or does not go with another one. Its field is the constant.
        """
        for name in NEEDED:
            if constants.get(name) is None:
                raise Refusal("missing", name, "constant", expected=name)
        sizes = _sizes(constants["LAYERS"])
        activations = _activations(constants["ACTIVATIONS"], sizes)
        loss = one_of("LOSS", "loss", constants["LOSS"], LOSSES)
        if activations[-1] not in LOSSES[loss].activations:
            choices = ", ".join(LOSSES[loss].activations)
            raise Refusal("unfit", "LOSS", "loss", loss, f"the output is {activations[-1]}; this loss needs {choices}")
        averaged = yes_or_no("AVERAGED", "averaging over the outputs", constants.get("AVERAGED", False))
        operations = operations_of("OPERATIONS", constants.get("OPERATIONS"), len(activations))
        summed = yes_or_no("SUMMED", "sum over the examples", constants.get("SUMMED", False))
        return cls(sizes, activations, loss, _training(constants), averaged, operations, summed)

    @property
    def depth(self) -> int:
        """The number of layers, without the inputs."""
        return len(self.activations)

    @property
    def layers(self) -> range:
        """The numbers of the layers, from 1."""
        return range(1, self.depth + 1)

    @property
    def cost(self) -> Loss:
        """The record of the loss."""
        return LOSSES[self.loss]

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """The shapes of all parameters, by name."""
        sizes = self.sizes
        found: dict[str, tuple[int, ...]] = {}
        for l in self.layers:
            found |= {f"W{l}": (sizes[l], sizes[l - 1]), f"b{l}": (sizes[l],)}
        return found | {name: (sizes[l],) for l, each in self._each() for name in each.parameters(l)}

    @property
    def running(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the statistics that are kept from one step to the next, by name."""
        return {name: (self.sizes[l],) for l, each in self._each() for name in each.running(l)}

    @property
    def masks(self) -> dict[str, int]:
        """The units of the masks that a step is given, by name."""
        return {name: self.sizes[l] for l, each in self._each() for name in each.masks(l)}

    def _each(self) -> Iterator[tuple[int, Operation]]:
        return ((l, each) for l, layer in enumerate(self.operations) for each in layer)

    def activation(self, l: int) -> Activation:
        """The record of layer l's activation."""
        return ACTIVATIONS[self.activations[l - 1]]

    @property
    def collapses(self) -> bool:
        """Whether loss and output activation collapse, so that the output's error is a - y."""
        return self.cost.delta is not None


def _sizes(plain: Any) -> tuple[int, ...]:
    sizes = tuple(whole(f"LAYERS[{i}]", "units", each, 1, UNITS) for i, each in enumerate(listed("LAYERS", plain)))
    if not 2 <= len(sizes) <= LAYERS + 1:
        raise Refusal("invalid", "LAYERS", "layers", plain, f"2 to {LAYERS + 1} numbers of units, the inputs first")
    weights = sum(below * units for below, units in pairwise(sizes))
    if weights > WEIGHTS:
        raise Refusal("invalid", "LAYERS", "layers", plain, f"{weights:,} weights; at most {WEIGHTS:,}")
    return sizes


def _activations(plain: Any, sizes: tuple[int, ...]) -> tuple[str, ...]:
    names = [
        one_of(f"ACTIVATIONS[{i}]", "activation", each, ACTIVATIONS)
        for i, each in enumerate(listed("ACTIVATIONS", plain))
    ]
    if len(names) != len(sizes) - 1:
        expected = f"{len(sizes) - 1} names, one for each layer after the inputs"
        raise Refusal("invalid", "ACTIVATIONS", "activations", plain, expected)
    for i, name in enumerate(names):
        if ACTIVATIONS[name].output_only and i < len(names) - 1:
            raise Refusal("unfit", f"ACTIVATIONS[{i}]", "activation", name, "for the output layer only")
    if ACTIVATIONS[names[-1]].shares and sizes[-1] == 1:
        expected = "over one unit it is always 1, so nothing can learn; at least 2"
        raise Refusal("unfit", f"ACTIVATIONS[{len(names) - 1}]", "activation", names[-1], expected)
    return tuple(names)


def _training(constants: dict[str, Any]) -> Training:
    """The training, whose fields in an experiment have the names of the constants in lower case."""
    given: dict[str, Any] = {name.lower(): constants[name] for name in TRAINING if constants.get(name) is not None}
    optimizer = given.get("optimizer", {})
    if isinstance(optimizer, dict):
        for name in WITHIN & optimizer.keys():
            given.setdefault(name, optimizer[name])
        rest = {name: value for name, value in optimizer.items() if name not in WITHIN}
        given["optimizer"] = {**rest, "learning_rate": constants["LEARNING_RATE"]}
    try:
        return Training.from_dict(given)
    except Refusal as refusal:
        name, _, setting = refusal.field.partition(".")
        within = name.upper() + (f".{setting}" if setting else "")
        refusal.field = {"OPTIMIZER.learning_rate": "LEARNING_RATE"}.get(within, within)
        raise
