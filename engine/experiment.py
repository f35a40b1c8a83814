"""The experiment: the frozen description that everything else follows from, and its one plain form."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from engine.changes import Change
from engine.datasets import Dataset, steps_per_epoch
from engine.datasets.choice import DatasetChoice
from engine.initializers import INITIALIZERS
from engine.layers import Layer, default_loss, layers_of, loss_after
from engine.optimizers import OPTIMIZERS
from engine.refusal import Refusal, known, number, one_of, whole
from engine.tensors import shape_of

LEARNING_RATE = 1e6
DTYPES = ("float32", "float64")
FIELDS = ("dataset", "layers", "loss", "initializer", "optimizer", "mini_batch_size", "seed", "dtype", "changes")


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
        dataset = DatasetChoice.from_dict(plain["dataset"])
        layers = layers_of(plain["layers"], dataset)
        loss = loss_after(plain["loss"], layers[-1], dataset) if "loss" in plain else default_loss(layers[-1], dataset)
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
        plain = {
            "dataset": self.dataset.to_dict(),
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
        return self.dataset.load(self.seed, self.layers[-1].units)

    @property
    def steps_per_epoch(self) -> int:
        return steps_per_epoch(len(self.data.x_train), self.mini_batch_size)

    @property
    def numpy_dtype(self) -> np.dtype:
        return np.dtype(self.dtype)
