"""The experiment: the frozen description that everything else follows from, and its one plain form."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS
from engine.changes import Change
from engine.datasets import SOURCES, TABLE_ROWS, Dataset, load, load_table, steps_per_epoch
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.refusal import Refusal, known, number, one_of, whole
from engine.tensors import shape_of

LAYERS, UNITS, LEARNING_RATE = 12, 1024, 1e6
DTYPES = ("float32", "float64")
FIELDS = ("dataset", "layers", "loss", "initializer", "optimizer", "mini_batch_size", "seed", "dtype", "changes")
Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Layer:
    """A fully connected layer: so many units, each with this activation."""

    units: int
    activation: str


@dataclass(frozen=True)
class DatasetChoice:
    """A data set by name with its settings, or the name "table" with its rows."""

    name: str
    examples: int | None = None
    noise: float | None = None
    x: Rows = ()
    y: Rows = ()

    @property
    def inputs(self) -> int:
        return len(self.x[0]) if self.x else SOURCES[self.name].inputs

    @property
    def outputs(self) -> tuple[int, ...]:
        """How many outputs a network may have to learn it."""
        return (len(self.y[0]),) if self.y else SOURCES[self.name].outputs

    @property
    def kind(self) -> str:
        return "values" if self.x else SOURCES[self.name].kind


@dataclass(frozen=True)
class Experiment:
    """Data, network, loss and training: all that a run follows from. Make one with ``from_dict``."""

    dataset: DatasetChoice
    layers: tuple[Layer, ...]
    loss: str
    initializer: str
    optimizer: str
    learning_rate: float
    mini_batch_size: int
    seed: int
    dtype: str
    changes: tuple[Change, ...] = ()

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> "Experiment":
        """The experiment of a plain form; every field but ``dataset`` and ``layers`` has a default.

        Raises:
            Refusal: a field is unknown, missing, of the wrong form, or does not go with another; it says which.
        """
        known("", plain, FIELDS, required=("dataset", "layers"))
        dataset = _dataset(plain["dataset"])
        layers = _layers(plain["layers"], dataset)
        loss = _loss(plain["loss"], layers[-1], dataset) if "loss" in plain else _default_loss(layers[-1], dataset)
        optimizer = known("optimizer", plain.get("optimizer", {}), ("name", "learning_rate"))
        experiment = cls(
            dataset=dataset,
            layers=layers,
            loss=loss,
            initializer=one_of("initializer", "initializer", plain.get("initializer", "xavier"), INITIALIZERS),
            optimizer=one_of("optimizer.name", "optimizer", optimizer.get("name", "gradient_descent"), OPTIMIZERS),
            learning_rate=number(
                "optimizer.learning_rate", "learning rate", optimizer.get("learning_rate", 0.1), 0, LEARNING_RATE
            ),
            mini_batch_size=1,
            seed=whole("seed", "seed", plain.get("seed", 0), 0, 2**32 - 1),
            dtype=one_of("dtype", "dtype", plain.get("dtype", "float32"), DTYPES),
        )
        available = len(experiment.data.x_train)
        size = plain.get("mini_batch_size", min(32, available))
        size = whole("mini_batch_size", "mini-batch size", size, 1, available)
        experiment = replace(experiment, mini_batch_size=size)
        changes = plain.get("changes", [])
        if not isinstance(changes, list):
            raise Refusal("invalid", "changes", "changes", changes, "a list", "list")
        return replace(
            experiment, changes=tuple(experiment.change(change, f"changes.{i}") for i, change in enumerate(changes))
        )

    def to_dict(self) -> dict[str, Any]:
        """The plain form, every field written out; ``from_dict`` gives the same experiment back."""
        chosen = self.dataset
        if chosen.x:
            dataset: dict[str, Any] = {"name": chosen.name, "x": [*map(list, chosen.x)], "y": [*map(list, chosen.y)]}
        else:
            dataset = {"name": chosen.name}
            if chosen.examples is not None:
                dataset |= {"examples": chosen.examples, "noise": chosen.noise}
        plain = {
            "dataset": dataset,
            "layers": [{"units": layer.units, "activation": layer.activation} for layer in self.layers],
            "loss": self.loss,
            "initializer": self.initializer,
            "optimizer": {"name": self.optimizer, "learning_rate": self.learning_rate},
            "mini_batch_size": self.mini_batch_size,
            "seed": self.seed,
            "dtype": self.dtype,
        }
        return plain | ({"changes": [change.to_dict() for change in self.changes]} if self.changes else {})

    def change(self, plain: Any, field: str = "") -> Change:
        """A change to this experiment from its plain form.

        Raises:
            Refusal: it names no parameter of this network, or a value that does not fit.
        """
        names = [f"{kind}{layer}" for layer in range(1, len(self.layers) + 1) for kind in "Wb"]
        shapes = {name: shape_of(name, self.sizes, 0) for name in names}
        return Change.from_dict(plain, field, shapes, LEARNING_RATE)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units a layer, the input first."""
        return (self.dataset.inputs, *(layer.units for layer in self.layers))

    @cached_property
    def data(self) -> Dataset:
        """The data set itself."""
        chosen = self.dataset
        if chosen.x:
            return load_table(chosen.x, chosen.y)
        return load(chosen.name, self.seed, chosen.examples, chosen.noise, self.layers[-1].units)

    @property
    def steps_per_epoch(self) -> int:
        return steps_per_epoch(len(self.data.x_train), self.mini_batch_size)

    @property
    def numpy_dtype(self) -> np.dtype:
        return np.dtype(self.dtype)


def _dataset(plain: Any) -> DatasetChoice:
    name = one_of("dataset.name", "dataset", _name(plain), [*SOURCES, "table"])
    if name == "table":
        known("dataset", plain, ("name", "x", "y"), required=("x", "y"))
        x, y = _rows("dataset.x", plain["x"]), _rows("dataset.y", plain["y"])
        if len(x) != len(y):
            raise Refusal("unfit", "dataset.y", "rows", len(y), f"as many as x has: {len(x)}", "rows", count=len(x))
        return DatasetChoice(name, x=x, y=y)
    source = SOURCES[name]
    known("dataset", plain, ("name",) if source.examples is None else ("name", "examples", "noise"))
    if source.examples is None or source.noise is None:
        return DatasetChoice(name)
    noise = number("dataset.noise", "noise", plain.get("noise", source.noise), 0, 10)
    exact = name == "xor" and noise == 0
    low, high, default = (4, 4, 4) if exact else (8, 10_000, source.examples)
    examples = whole("dataset.examples", "number of examples", plain.get("examples", default), low, high)
    return DatasetChoice(name, examples, noise)


def _name(plain: Any) -> Any:
    if not isinstance(plain, dict):
        raise Refusal("invalid", "dataset", "dataset", plain, "a mapping of: name", "mapping", choices="name")
    if "name" not in plain:
        raise Refusal("missing", "dataset.name", "field", expected="dataset.name", form="field", name="dataset.name")
    return plain["name"]


def _rows(field: str, plain: Any) -> Rows:
    if not isinstance(plain, list) or not 1 <= len(plain) <= TABLE_ROWS:
        raise Refusal("invalid", field, "rows", plain, f"a list of 1 to {TABLE_ROWS} rows", "row_list", high=TABLE_ROWS)
    for i, row in enumerate(plain):
        if not isinstance(row, list) or not 1 <= len(row) <= UNITS or len(row) != len(plain[0]):
            expected = f"a list of 1 to {UNITS} numbers, as long as the first"
            raise Refusal("invalid", f"{field}.{i}", "row", row, expected, "row", high=UNITS)
    return tuple(
        tuple(number(f"{field}.{i}.{j}", "number", value, -1e6, 1e6) for j, value in enumerate(row))
        for i, row in enumerate(plain)
    )


def _layers(plain: Any, dataset: DatasetChoice) -> tuple[Layer, ...]:
    if not isinstance(plain, list) or not 1 <= len(plain) <= LAYERS:
        raise Refusal("invalid", "layers", "layers", plain, f"a list of 1 to {LAYERS} layers", "layers", high=LAYERS)
    layers = tuple(_layer(item, f"layers.{i}", i == len(plain) - 1) for i, item in enumerate(plain))
    outputs = layers[-1].units
    if outputs not in dataset.outputs:
        choices = " or ".join(map(str, dataset.outputs))
        raise Refusal(
            "unfit", f"layers.{len(layers) - 1}.units", "number of outputs", outputs,
            f"{dataset.name} needs {choices}", "outputs", dataset=dataset.name, choices=choices,
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


def _default_loss(output: Layer, dataset: DatasetChoice) -> str:
    pair = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy"}.get(output.activation, "squared_error")
    return "squared_error" if _needs(pair, output.units, dataset) else pair


def _loss(name: Any, output: Layer, dataset: DatasetChoice) -> str:
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
