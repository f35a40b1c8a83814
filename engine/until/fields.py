"""The settings of conditions: how each is read, checked against an experiment, written, and told to a page."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from engine.base.refusal import Refusal, base64_bytes, index_in, number, one_of, whole
from engine.base.tensors import shape_of
from engine.data.dataset import SPLITS
from engine.experiment.experiment import Experiment

MINI_BATCH = "mini_batch"
SETS = (MINI_BATCH, *SPLITS)  # what a loss or an accuracy may be of
Given = dict[str, Any]  # the settings that have been read already


class Field(Protocol):
    """A setting of a condition."""

    name: str

    @property
    def required(self) -> bool:
        """Whether the plain form must have it."""

    def read(self, plain: Any, experiment: Experiment, at: str, given: Given) -> Any:
        """The value that the plain form stands for, or its default where that is None.

        Raises:
            Refusal: there is no such value.
        """

    def plain(self, value: Any) -> dict[str, Any]:
        """The setting in the plain form."""

    def offer(self, experiment: Experiment) -> dict[str, Any]:
        """What a page needs to ask for it: its ``kind``, ``default``, and range or ``choices``."""


@dataclass(frozen=True)
class Plain:
    """A setting whose plain form is its value."""

    name: str
    default: Any = None

    @property
    def required(self) -> bool:
        return self.default is None

    def plain(self, value: Any) -> dict[str, Any]:
        return {self.name: value}


@dataclass(frozen=True)
class Number(Plain):
    """A number from ``low`` to ``high``, not below the setting ``above`` where there is one.

    ``suggested`` is what a page begins with.
    """

    noun: str = "value"
    low: float = 0.0
    high: float = 1e300
    suggested: float = 1.0
    above: str = ""

    def read(self, plain: Any, experiment: Experiment, at: str, given: Given) -> float:
        value = number(at, self.noun, self.default if plain is None else plain, self.low, self.high)
        if self.above and value <= given[self.above]:
            low = given[self.above]
            raise Refusal("invalid", at, self.noun, value, f"above {low:g}", "above", low=low)
        return value

    def offer(self, experiment: Experiment) -> dict[str, Any]:
        return {"kind": "number", "default": self.suggested, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Count(Plain):
    """A whole number from ``low`` to ``high``."""

    noun: str = "count"
    low: int = 1
    high: int = 10**6

    def read(self, plain: Any, experiment: Experiment, at: str, given: Given) -> int:
        return whole(at, self.noun, self.default if plain is None else plain, self.low, self.high)

    def offer(self, experiment: Experiment) -> dict[str, Any]:
        return {"kind": "count", "default": self.default, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Set(Plain):
    """The examples that a loss or an accuracy is of: the mini-batch, or a split."""

    name: str = "of"
    default: Any = MINI_BATCH

    def read(self, plain: Any, experiment: Experiment, at: str, given: Given) -> str:
        of: str = one_of(at, "set", self.default if plain is None else plain, SETS)
        if of not in self._there(experiment):
            raise Refusal("unfit", at, "set", of, "it has no examples", "no_examples")
        return of

    def _there(self, experiment: Experiment) -> list[str]:
        return [MINI_BATCH, *(split for split in SPLITS if len(experiment.data.split(split)[0]))]

    def offer(self, experiment: Experiment) -> dict[str, Any]:
        return {"kind": "choice", "default": self.default, "choices": self._there(experiment)}


@dataclass(frozen=True)
class LayerField(Plain):
    """A layer by its number, one of those that the function ``suited`` finds in an experiment."""

    name: str = "layer"
    suited: Callable[[Experiment], list[int]] = lambda experiment: list(range(1, len(experiment.layers) + 1))

    def read(self, plain: Any, experiment: Experiment, at: str, given: Given) -> int:
        layer = whole(at, "layer", plain, 1, len(experiment.layers))
        if layer not in self.suited(experiment):
            raise Refusal("unfit", at, "layer", layer, "its activation has no such slope", "no_such_slope")
        return layer

    def offer(self, experiment: Experiment) -> dict[str, Any]:
        suited = self.suited(experiment)
        return {"kind": "layer", "default": suited[0] if suited else None, "choices": suited}


@dataclass(frozen=True)
class Parameter(Plain):
    """A parameter by its name."""

    name: str = "tensor"

    def read(self, plain: Any, experiment: Experiment, at: str, given: Given) -> str:
        return str(one_of(at, "tensor", plain, experiment.parameters))

    def offer(self, experiment: Experiment) -> dict[str, Any]:
        return {"kind": "choice", "default": "W1", "choices": list(experiment.parameters)}


@dataclass(frozen=True)
class Index(Plain):
    """The index of an element of the parameter."""

    name: str = "index"

    def read(self, plain: Any, experiment: Experiment, at: str, given: Given) -> tuple[int, ...]:
        return index_in(at, plain, shape_of(given["tensor"], experiment.sizes, 0))

    def plain(self, value: tuple[int, ...]) -> dict[str, Any]:
        return {self.name: list(value)}

    def offer(self, experiment: Experiment) -> dict[str, Any]:
        shapes = {name: list(shape_of(name, experiment.sizes, 0)) for name in experiment.parameters}
        return {"kind": "index", "default": [0, 0], "shapes": shapes}


@dataclass(frozen=True)
class Example(Plain):
    """A training example by its number, or a drawing by its pixels, a byte each, in base64."""

    name: str = "example"

    def read(self, plain: Any, experiment: Experiment, at: str, given: Given) -> int | bytes:
        if not isinstance(plain, str):
            return whole(at, "example", plain, 0, len(experiment.data.x_train) - 1)
        if experiment.dataset.looks != "picture":
            raise Refusal("unfit", at, "example", plain, "only the digits are pictures", "pictures")
        found = base64_bytes(at, "example", plain)
        if len(found) != experiment.sizes[0]:
            expected = f"{experiment.sizes[0]} bytes"
            raise Refusal("invalid", at, "example", plain, expected, "bytes", count=experiment.sizes[0])
        return found

    def plain(self, value: int | bytes) -> dict[str, Any]:
        return {self.name: value if isinstance(value, int) else b64encode(value).decode()}

    def offer(self, experiment: Experiment) -> dict[str, Any]:
        return {
            "kind": "example",
            "default": 0,
            "low": 0,
            "high": len(experiment.data.x_train) - 1,
            "pictures": experiment.dataset.looks == "picture",
        }


EVERY = partial(Count, "every", noun="number of training steps")
