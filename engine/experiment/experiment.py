"""The experiment: the frozen description that determines a run, and its plain form."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from engine.base.refusal import Described, Refusal, known, number, one_of, whole
from engine.base.tensors import parameter_of, shape_of
from engine.data import Dataset, Draw, Drawings, NextMiniBatch, batches_of, examples_in
from engine.data.batches import Batches
from engine.data.choice import DatasetChoice, Tables
from engine.data.recorded import RecordedData
from engine.experiment import training
from engine.experiment.changes import LARGEST_T, Change
from engine.experiment.layers import Layer, default_loss, layers_of, loss_after
from engine.experiment.training import Training
from engine.methods.initializers import INITIALIZERS, USUAL
from engine.methods.losses import LOSSES

DTYPES = ("float32", "float64")
CHANGES = 2000  # the most changes of a run
STRUCTURES = 200  # the most changes of structure of a run
INITIAL_SCALE = 100.0  # the largest factor of the initial weights
# The fields of a change of structure.
STRUCTURE = ("layers", "loss", "initializer", "initial_scale", *training.FIELDS, "drawings", "next_mini_batch")
FIELDS = ("dataset", *STRUCTURE, "mini_batch_size", "seed", "dtype", "start", "changes", "format")
FORMAT = 1  # the latest format of the plain form that is read; a plain form without a format has format 1


@dataclass(frozen=True, eq=False)
class Start:
    """A checkpoint that a run starts from, in place of an initializer.

    Attributes:
        name: the checkpoint's name.
        tensors: the tensors of the checkpoint, by name.
        optimizer: the optimizer whose state is among the tensors; empty where that is not known. Another optimizer
            starts with a state of its own.
    """

    name: str
    tensors: dict[str, np.ndarray]
    optimizer: str = ""

    def tensors_for(self, optimizer: str) -> dict[str, np.ndarray]:
        """The tensors that a run with this optimizer starts from."""
        if self.optimizer in ("", optimizer):
            return self.tensors
        return {name: array for name, array in self.tensors.items() if not _optimizer_state(name)}


def _so_many(count: int) -> Described:
    """A number of things that are not shown one by one."""
    return Described(f"{count} of them", "number", count=count)


def _check_format(plain: Any) -> None:
    """Refuse an unknown format before any field is read, since in a later format fields may mean something else."""
    found = plain.get("format", 1) if isinstance(plain, dict) else 1
    whole_number = isinstance(found, int) and not isinstance(found, bool)
    if not whole_number or not 1 <= found <= FORMAT:
        kind = "unsupported" if whole_number and found > FORMAT else "invalid"
        expected = f"this version reads up to {FORMAT}"
        raise Refusal(kind, "format", "experiment format", found, expected, "format", high=FORMAT)


def _optimizer_state(name: str) -> bool:
    return name == "updates" or parameter_of(name) not in (None, name)


@dataclass(frozen=True)
class Experiment:
    """Data, network, loss and training: everything that determines a run. It is made with ``from_dict``."""

    dataset: DatasetChoice
    layers: tuple[Layer, ...]
    loss: str
    initializer: str
    training: Training
    mini_batch_size: int
    seed: int
    dtype: str
    initial_scale: float = 1.0  # the factor of the weights that the initializer draws
    start: Start | None = None
    drawings: Drawings | None = None
    next_mini_batch: NextMiniBatch | None = None
    changes: tuple[Change, ...] = ()

    @classmethod
    def from_dict(
        cls,
        plain: dict[str, Any],
        checkpoints: Mapping[str, Start] | None = None,
        tables: Tables | None = None,
    ) -> "Experiment":
        """Read an experiment from its plain form; every field but ``dataset`` and ``layers`` has a default.

        Args:
            plain: the fields; ``start`` names one of the checkpoints.
            checkpoints: the known checkpoints, by name.
            tables: the known tables of one's own data and recordings, by name.

        Raises:
            Refusal: a field is unknown, missing or malformed, or does not go with another field.
        """
        _check_format(plain)
        known("", plain, FIELDS, required=("dataset", "layers"))
        dataset = DatasetChoice.from_dict(plain["dataset"], tables)
        layers = layers_of(plain["layers"], dataset)
        loss = loss_after(plain["loss"], layers[-1], dataset) if "loss" in plain else default_loss(layers[-1], dataset)
        experiment = cls(
            dataset=dataset.recognized() if LOSSES[loss].classifies else dataset,
            layers=layers,
            loss=loss,
            initializer=one_of("initializer", "initializer", plain.get("initializer", USUAL), INITIALIZERS),
            training=Training.from_dict(plain),
            mini_batch_size=1,
            seed=whole("seed", "seed", plain.get("seed", 0), 0, 2**32 - 1),
            dtype=one_of("dtype", "dtype", plain.get("dtype", "float32"), DTYPES),
            initial_scale=number("initial_scale", "initial scale", plain.get("initial_scale", 1), 0, INITIAL_SCALE),
        )
        if any(each.pictures for each in experiment.training.augmentations):
            experiment._needs_pictures("augment")
        if plain.get("drawings") is not None:
            experiment._needs_pictures("drawings")
            experiment = replace(experiment, drawings=Drawings.from_dict(plain["drawings"]))
        if plain.get("next_mini_batch") is not None:
            chosen = NextMiniBatch.from_dict(plain["next_mini_batch"], experiment.data)
            experiment = replace(experiment, next_mini_batch=chosen)
        experiment = replace(experiment, mini_batch_size=experiment._mini_batch_size(plain.get("mini_batch_size")))
        experiment._check_batch_norm()
        if plain.get("start") is not None:
            known_starts = {**(checkpoints or {}), **experiment._recorded_start}
            experiment = replace(experiment, start=experiment._checkpoint(plain["start"], known_starts))
        return experiment.with_changes(plain.get("changes", []))

    def to_dict(self) -> dict[str, Any]:
        """The plain form with every field in use; ``from_dict`` gives the same experiment back."""
        plain = {
            "dataset": self.dataset.to_dict(),
            "layers": [layer.to_dict() for layer in self.layers],
            "loss": self.loss,
            "initializer": self.initializer,
            **self.training.to_dict(),
            "mini_batch_size": self.mini_batch_size,
            "seed": self.seed,
            "dtype": self.dtype,
        }
        scale = {"initial_scale": self.initial_scale} if self.initial_scale != 1 else {}
        start = {"start": self.start.name} if self.start else {}
        drawings = {"drawings": self.drawings.to_dict()} if self.drawings else {}
        chosen = {"next_mini_batch": self.next_mini_batch.to_dict()} if self.next_mini_batch else {}
        changes = {"changes": [change.to_dict() for change in self.changes]} if self.changes else {}
        return plain | scale | start | drawings | chosen | changes

    def with_changes(self, plain: Any) -> "Experiment":
        """The experiment with more changes, from a list of their plain forms.

        Raises:
            Refusal: the value is no list, it is too long, or a change does not fit the experiment after the changes
                before it.
        """
        if not isinstance(plain, list) or len(plain) > CHANGES:
            shown = plain if not isinstance(plain, list) else _so_many(len(plain))
            raise Refusal(
                "invalid", "changes", "changes", shown, f"a list of at most {CHANGES}", "list_most", most=CHANGES
            )
        structures, changes = Structures(self), [*self.changes]
        for i, change in enumerate(plain):
            changes.append(self._change(change, f"changes.{i}", structures))
            structures.add(changes[-1])
        return replace(self, changes=tuple(changes))

    def change(self, plain: Any, field: str = "") -> Change:
        """Read a change to this experiment from its plain form.

        Raises:
            Refusal: a field or a value does not fit this experiment, or the run has too many changes already.
        """
        if len(self.changes) >= CHANGES:
            expected = f"a run has at most {CHANGES}"
            raise Refusal("unfit", field, "changes", _so_many(CHANGES), expected, "list_most", most=CHANGES)
        return self._change(plain, field, Structures(self))

    def _change(self, plain: Any, field: str, structures: "Structures") -> Change:
        if isinstance(plain, dict) and any(name in plain for name in STRUCTURE):
            return self._structural(known(field, plain, ("t", *STRUCTURE), required=("t",)), field, structures)
        t = plain.get("t") if isinstance(plain, dict) else None
        structure = structures.at(t) if isinstance(t, int) else self
        shapes = {name: shape_of(name, self.sizes, 0) for name in structure.parameters}
        return Change.from_dict(plain, field, shapes, training.LEARNING_RATE)

    def _structural(self, plain: dict[str, Any], field: str, structures: "Structures") -> Change:
        change = Change.of_structure(plain, field)
        if structures.count >= STRUCTURES:
            expected = f"a run has at most {STRUCTURES} of structure"
            raise Refusal("unfit", field, "changes", _so_many(STRUCTURES), expected, "list_most", most=STRUCTURES)
        changed = structures.at(change.t).restructured(change)
        if changed.sizes != self.sizes:
            expected = "a change keeps the widths of all layers"
            raise Refusal("unfit", "layers", "layers", list(changed.sizes[1:]), expected, "same_widths")
        return change

    def structure_at(self, t: int) -> "Experiment":
        """The experiment after the changes of structure up to t, without any changes of its own."""
        return Structures(self).at(t)

    def restructured(self, change: Change, at_once: bool = False) -> "Experiment":
        """The experiment after a change of structure.

        Args:
            change: the change.
            at_once: whether it takes effect where this structure does; if not, the next mini-batch that has been chosen
                for this one is over.

        Raises:
            Refusal: a field that the change sets does not fit the others.
        """
        chosen = self.next_mini_batch if at_once else None
        plain = {**replace(self, start=None, next_mini_batch=chosen).to_dict(), **change.structure}
        tables = self.dataset.tables
        if "layers" in change.structure and "loss" not in change.structure:
            del plain["loss"]
            kept = Experiment.from_dict(plain, tables=tables)
            fits = self.layers[-1].activation == kept.layers[-1].activation
            return replace(kept, start=self.start, loss=self.loss if fits else kept.loss)
        return replace(Experiment.from_dict(plain, tables=tables), start=None if change.redraws else self.start)

    def _needs_pictures(self, field: str) -> None:
        if self.dataset.looks != "picture":
            expected = "only the digits are pictures"
            raise Refusal("unfit", field, "data set", self.dataset.name, expected, "pictures")

    def _mini_batch_size(self, size: Any) -> int:
        """The size of a mini-batch; where the data set has mini-batches of its own, that of the largest."""
        own, available = self.data.batches, len(self.data.x_train)
        if own is None:
            given = min(32, available) if size is None else size
            return whole("mini_batch_size", "mini-batch size", given, 1, available)
        if size not in (None, own.largest):
            expected = f"the mini-batches are those that were recorded, of at most {own.largest}"
            raise Refusal(
                "unfit", "mini_batch_size", "mini-batch size", size, expected, "recorded_batches", count=own.largest
            )
        return own.largest

    @property
    def _recorded_start(self) -> dict[str, Start]:
        """What a recorded run starts from, under the name of its recording."""
        recorded = self.dataset.recorded
        return {recorded.content: Start(recorded.content, recorded.start, recorded.optimizer)} if recorded else {}

    def _check_batch_norm(self) -> None:
        """Refuse batch norm where all mini-batches have one example, whose variance is 0; the last of an epoch may."""
        if self.examples_in(0) > 1 or not any(layer.batch_norm for layer in self.layers):
            return
        expected = "batch norm needs at least 2 examples: one alone is its own mean, whatever it is"
        if self.mini_batch_size == 1:
            raise Refusal("unfit", "mini_batch_size", "mini-batch size", 1, expected, "batch_norm_alone")
        if self.next_mini_batch:
            raise Refusal("unfit", "next_mini_batch", "number of examples", 1, expected, "batch_norm_alone")
        raise Refusal("unfit", "drawings", "number of drawings", 1, expected, "batch_norm_alone")

    def _checkpoint(self, name: Any, checkpoints: Mapping[str, Start]) -> Start:
        if not isinstance(name, str) or name not in checkpoints:
            raise Refusal("unknown", "start", "checkpoint", name, "open its file again", "open_again")
        start = checkpoints[name]
        for parameter in self.parameters:
            shape, found = shape_of(parameter, self.sizes, 0), start.tensors.get(parameter)
            if found is None or found.shape != shape:
                has = "none" if found is None else str(found.shape)
                expected = f"its {parameter} is {has}, this network needs {shape}"
                blanks = {"tensor": parameter, "found": has, "needed": str(shape)}
                raise Refusal("unfit", "start", "checkpoint", name, expected, "checkpoint_shape", **blanks)
        return start

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all learned parameters, layer by layer."""
        return tuple(
            f"{kind}{l}"
            for l, layer in enumerate(self.layers, 1)
            for kind in ("W", "b", *(("gamma", "beta") if layer.batch_norm else ()))
        )

    @property
    def gradients(self) -> dict[str, str]:
        """For each parameter the name of the gradient that updates it: of loss plus penalty where it is penalized."""
        penalized = self.training.penalized
        return {name: f"g{name}" if penalized and name[0] == "W" else f"d{name}" for name in self.parameters}

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of units of each layer, the input first."""
        return (self.dataset.inputs, *(layer.units for layer in self.layers))

    @cached_property
    def data(self) -> Dataset:
        """The data set itself."""
        return self.dataset.load(self.seed, self.layers[-1].units)

    def draw(self, training_step: int = 0) -> Draw:
        """The source of examples and random numbers for the micro-steps of a training step."""
        size, dtype = self.mini_batch_size, self.numpy_dtype
        return Draw(self.data, self.seed, size, dtype, training_step, self.drawings, self.next_mini_batch)

    def examples_in(self, training_step: int) -> int:
        """The number of examples in the mini-batch of a training step."""
        size, chosen = self.mini_batch_size, self.next_mini_batch
        return examples_in(training_step, self.batches, self.data, size, self.drawings, chosen)

    def same_size_until(self, training_step: int) -> int:
        """The next training step whose mini-batch may have another size; ``LARGEST_T`` where all have the same."""
        alone = self.drawings and self.drawings.alone
        return LARGEST_T if alone else self.batches.same_count_until(training_step)

    @cached_property
    def batches(self) -> Batches:
        """The order of its mini-batches."""
        return batches_of(self.data, self.seed, self.mini_batch_size)

    @property
    def recorded(self) -> RecordedData | None:
        """The recorded mini-batches that a training step takes; None where it takes others."""
        return None if self.drawings or self.next_mini_batch else self.dataset.recorded

    @property
    def steps_per_epoch(self) -> int:
        return self.batches.per_epoch

    @property
    def numpy_dtype(self) -> np.dtype:
        return np.dtype(self.dtype)


class Structures:
    """The experiments that changes of structure turn an experiment into. Each of them is made once."""

    def __init__(self, experiment: Experiment) -> None:
        self._changes: list[Change] = []  # the changes of structure, in the order of their moments
        self._made = [replace(experiment, changes=())]  # entry n is the experiment after n changes
        for change in experiment.changes:
            self.add(change)

    @property
    def count(self) -> int:
        return len(self._changes)

    def add(self, change: Change) -> None:
        """Add a change, after those of the same moment; a change of numbers is ignored."""
        if change.structure:
            place = self._before(change.t)
            self._changes.insert(place, change)
            del self._made[place + 1 :]

    def at(self, t: int) -> Experiment:
        """The experiment after the changes of structure up to t."""
        count = self._before(t)
        for change in self._changes[len(self._made) - 1 : count]:
            self._made.append(self._made[-1].restructured(change))
        return self._made[count]

    def _before(self, t: int) -> int:
        return bisect_right(self._changes, t, key=lambda change: change.t)
