"""A data set of recorded mini-batches: the examples that somebody's own training loop took, step by step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np

from engine.base.refusal import Described, Refusal, known, whole
from engine.base.tensors import PARAMETERS
from engine.data.batches import Recorded
from engine.data.dataset import Dataset
from engine.data.record import LOOKS, DatasetRecord
from engine.data.table import Table

Arrays = Mapping[str, np.ndarray]
FIELDS = ("name", "content", "first")
RUNNING = ("running_mean", "running_var")  # the statistics that batch norm keeps
KEPT = re.compile(rf"({'|'.join(RUNNING)}|[mv]?({'|'.join(PARAMETERS)}))\d+")  # what a step passes on to the next
MASK = "mask"


class Recording(Protocol):
    """What a recorder has written: what the run was said to be, and the arrays of each training step by their names."""

    @property
    def said(self) -> dict[str, Any]:
        """What the run was said to be."""

    @property
    def cut(self) -> bool:
        """Whether the file ends in the middle of a step."""

    @property
    def steps(self) -> list[dict[str, np.ndarray]]:
        """The arrays of each step: ``x`` and ``y`` where its mini-batch was recorded, and what it starts from."""


def number_of(steps: list[dict[str, np.ndarray]], place: int) -> int:
    """The number of the training step that is recorded at this place."""
    return int(steps[place]["number"]) if "number" in steps[place] else place


def is_step(steps: list[dict[str, np.ndarray]], place: int) -> bool:
    """Whether a whole training step is recorded at this place: its mini-batch, and after it what it has left."""
    there = place + 1 < len(steps) and "x" in steps[place]
    return there and number_of(steps, place + 1) == number_of(steps, place) + 1


def beginnings(steps: list[dict[str, np.ndarray]]) -> list[int]:
    """The places of the training steps that do not follow another recorded one."""
    return [i for i in range(len(steps)) if is_step(steps, i) and not (i and is_step(steps, i - 1))]


def updates_before(step: Arrays) -> int:
    """The number of updates before a step that follows no recorded one."""
    return int(step["updates" if "updates" in step else "number"]) if {"updates", "number"} & step.keys() else 0


@dataclass(frozen=True)
class RecordedData:
    """The mini-batches of recorded training steps that follow each other. It is made with ``from_dict``.

    Attributes:
        content: the name of the recording, which follows from its bytes.
        recording: the recording.
        first: the place in it of the first of these steps.
    """

    content: str
    recording: Recording = field(compare=False)
    first: int

    @classmethod
    def from_dict(cls, plain: dict[str, Any], tables: Mapping[str, "Table | Recording"]) -> "RecordedData":
        """Read ``{"name": "recorded", "content": "<name of a recording>", "first": 0}``: the number of the training
        step to begin with, which follows no other recorded one; by default the first of these.

        Raises:
            Refusal: there is no such recording, or it has no such step.
        """
        known("dataset", plain, FIELDS, required=("content",))
        content = plain["content"]
        found = tables.get(content) if isinstance(content, str) else None
        if found is None or isinstance(found, Table):
            raise Refusal("unknown", "dataset.content", "recording", content, "give its file again", "give_again")
        places = {number_of(found.steps, i): i for i in beginnings(found.steps)}
        if not places:
            value = Described("the file", "file")
            raise Refusal("unfit", "dataset.content", "recording", value, "at least one whole step", "recorded_steps")
        step = whole("dataset.first", "training step", plain.get("first", next(iter(places))), 0, 2**53 - 1)
        if step not in places:
            choices = [*map(str, places)][:20]
            expected = f"one that follows no other recorded one: {', '.join(choices)}"
            raise Refusal("unfit", "dataset.first", "training step", step, expected, "one_of", choices=choices)
        return cls(content, found, places[step])

    def to_dict(self) -> dict[str, Any]:
        """The plain form; ``from_dict`` gives the same back."""
        return {"name": "recorded", "content": self.content, "first": number_of(self.recording.steps, self.first)}

    @property
    def tables(self) -> dict[str, Recording]:
        """The recording that the plain form names, by its name."""
        return {self.content: self.recording}

    @cached_property
    def count(self) -> int:
        """The number of recorded training steps that follow each other from the first on."""
        steps, place = self.recording.steps, self.first
        while is_step(steps, place):
            place += 1
        return place - self.first

    @property
    def steps(self) -> list[dict[str, np.ndarray]]:
        """These steps, and after them what the last one has left."""
        return self.recording.steps[self.first : self.first + self.count + 1]

    @property
    def number(self) -> int:
        """The number of the first of these steps in the recorded run."""
        return number_of(self.recording.steps, self.first)

    @property
    def optimizer(self) -> str:
        """The name of the optimizer whose states are recorded."""
        said = self.recording.said.get("OPTIMIZER")
        return str(said["name"]) if isinstance(said, dict) and "name" in said else "gradient_descent"

    @cached_property
    def start(self) -> dict[str, np.ndarray]:
        """What the first step starts from, in float64: parameters, the optimizer's states, running statistics."""
        step = self.steps[0]
        kept = {name: array.astype(float) for name, array in step.items() if KEPT.fullmatch(name)}
        return kept | {"updates": np.array(float(updates_before(step)))}

    @cached_property
    def dropout(self) -> dict[int, float]:
        """The shares of units that were left out, by the layers whose masks are recorded."""
        layers = enumerate(self.recording.said.get("OPERATIONS") or ())
        found = ((l, each) for l, layer in layers for each in layer if isinstance(each, dict))
        return {l: float(each["dropout"]) for l, each in found if "dropout" in each and f"{MASK}{l}" in self.steps[0]}

    @cached_property
    def rates(self) -> list[tuple[int, float]]:
        """The recorded learning rates, each with the step from which on it holds, counted from 0."""
        found = list[tuple[int, float]]()
        for i, step in enumerate(self.steps[:-1]):
            if "learning_rate" in step and (not found or found[-1][1] != float(step["learning_rate"])):
                found.append((i, float(step["learning_rate"])))
        return found

    @property
    def data(self) -> Dataset:
        """The examples, each once, in the order in which they come first; all of them are training examples."""
        return _made(self)

    @property
    def batches(self) -> Recorded:
        """The order of its mini-batches."""
        found = self.data.batches
        assert isinstance(found, Recorded)
        return found

    @cached_property
    def record(self) -> DatasetRecord:
        """Its facts, as other data sets have them."""
        inputs, outputs = (self.steps[0][name].shape[1] for name in "xy")
        kind = self.data.kind
        activation = "identity" if kind == "values" else "sigmoid" if outputs == 1 else "softmax"
        return DatasetRecord(kind, LOOKS.get(inputs, "row"), inputs, (outputs,), activation, self._examples)

    def _examples(self, _seed: int, _examples: int, _noise: float, _outputs: int) -> Dataset:
        return self.data

    @property
    def size(self) -> int:
        """The bytes that its examples take, and the masks of dropout."""
        kept = sum(each.nbytes for each in self.batches.kept.values())
        return self.data.x_train.nbytes + self.data.y_train.nbytes + kept


@lru_cache(maxsize=4)  # one may take 100 MB
def _made(recorded: RecordedData) -> Dataset:
    steps = recorded.steps[:-1]
    places, order, firsts = dict[bytes, int](), list[int](), list[tuple[int, int]]()
    for i, step in enumerate(steps):
        for j, (x, y) in enumerate(zip(step["x"], step["y"], strict=True)):
            key = x.tobytes() + y.tobytes()
            if key not in places:
                places[key] = len(places)
                firsts.append((i, j))
            order.append(places[key])
    inputs, targets = (np.array([steps[i][name][j] for i, j in firsts], float) for name in "xy")
    kept = {l: np.concatenate([step[f"{MASK}{l}"] != 0 for step in steps]) for l in recorded.dropout}
    batches = Recorded(np.array(order), np.cumsum([len(step["x"]) for step in steps]), kept)
    return Dataset(_kind(targets), inputs, targets, inputs[:0].copy(), targets[:0].copy(), batches=batches)


def _kind(targets: np.ndarray) -> str:
    """What targets are: "classes" where each is 0 or 1, with one 1 an example where there are several columns."""
    ones = bool(((targets == 0) | (targets == 1)).all())
    single = targets.shape[1] == 1 or bool((targets.sum(axis=1) == 1).all())
    return "classes" if ones and single and len(np.unique(targets, axis=0)) > 1 else "values"
