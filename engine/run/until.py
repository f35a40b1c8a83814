"""Conditions that end a seek, and how they are combined. What there are stands in ``engine.until``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.micro_step import MicroStep

LOSS = "loss"  # the tensor that tells where training steps are split, and whether they are finite
Arrays = Mapping[str, np.ndarray]
Place = tuple[str, tuple[int, ...]]  # a parameter and the index of an element of it
Settings = tuple[tuple[str, Any], ...]  # names and values, in order


def numbers(samples: Sequence[Any]) -> np.ndarray:
    """Samples that are measurements already."""
    return np.array(samples, float)


class Measure(NamedTuple):
    """How tensors are measured in many training steps: a quick sample in each, and all of them read in one go.

    Attributes:
        sample: the function that takes what is measured out of the buffers.
        read: the function that makes an array of a list of samples: a measurement for each, along the first axis.
            Where arrays are copied, it is given the bytes of all samples.
        size: the bytes of a sample.
        copied: the arrays whose bytes, one after the other, are a sample; empty where it is something else.
        first: the calls that compute these arrays.
        exact: the function that gives the measurement of the tensors as they are now, where the quick one may leave the
            range of its dtype.
        rough: a quicker measure, whose ``read`` gives two numbers that all measurements lie between, while the buffers
            are as the last training step has left them. A condition that may be measured so has no memory, and is true
            of a number between two others only where it is true of one of them.
    """

    sample: Callable[[], Any]
    read: Callable[[Any], np.ndarray] = numbers
    size: int = 8
    copied: tuple[np.ndarray, ...] = ()
    first: tuple[Callable[[], Any], ...] = ()
    exact: Callable[[], Any] | None = None
    rough: "Measure | None" = None

    def once(self) -> Any:
        """The measurement of the tensors as they are now."""
        if self.exact:
            return self.exact()
        return self.read(self.sample() if self.copied else [self.sample()])[0]


class Unfit(NamedTuple):
    """Why a condition can never be: an English phrase, its key in a catalogue, and what fills its placeholders."""

    why: str
    form: str
    blanks: Mapping[str, Any] = MappingProxyType({})


def always(experiment: Experiment, **settings: Any) -> Unfit | None:
    """A condition that fits every network."""
    return None


@dataclass(frozen=True)
class Kind:
    """A kind of condition: what it measures, where in a training step, and of which measurements it is true.

    All functions take the settings by their names.

    Attributes:
        name: its name in the plain form.
        fields: its settings, each a ``Field`` of ``engine.until.fields``.
        measures: the function of an experiment and the buffers or the state that gives the ``Measure``. It is called
            once for many training steps. Of updates it may be given their absolute values alone.
        holds: the function that tells whether the condition is true of each of consecutive measurements, the newest
            last, or with a memory of it and those before it; false where those before it are missing.
        reads: the function of an experiment that names the tensors that are measured. It is tested right after the
            micro-step that writes the last of them.
        source: the function of an experiment, of tensors and of the measurements that names the element of a parameter
            in which the cause is seen best.
        memory: the function that tells how many earlier measurements ``holds`` looks at, fewer where the run has no
            more; None where it looks at one measurement alone.
        of_beginning: whether the beginning of a run is a measurement too, since nothing but parameters is measured.
        of_epochs: the function that tells whether it is tested where epochs end, and not within training steps.
        suits: the function of an experiment that tells why it can never be; None where it can.
        bounds: the function that gives the numbers that a measurement is compared with.
        tells: the function that makes numbers to be told of measurements.
        troubles: the troubles that it may be a sign of, whose remedies may help (``engine.health.troubles``).
    """

    name: str
    fields: tuple[Any, ...]
    measures: Callable[..., Measure]
    holds: Callable[..., np.ndarray]
    reads: Callable[..., tuple[str, ...]]
    source: Callable[..., Place | None]
    memory: Callable[..., int] | None = None
    of_beginning: bool = False
    of_epochs: Callable[..., bool] = lambda **settings: False
    suits: Callable[..., Unfit | None] = always
    bounds: Callable[..., tuple[float, ...]] = lambda **settings: ()
    tells: Callable[[Sequence[Any]], list[float]] = lambda measured: [float(each) for each in measured]
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A kind of condition with its settings. It is tested again and again, and is true or false since its last test."""

    kind: Kind
    settings: Settings = ()

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def leaves(self) -> tuple["Condition", ...]:
        """The conditions that are tested: itself."""
        return (self,)

    @cached_property
    def _settings(self) -> dict[str, Any]:
        return dict(self.settings)

    @property
    def remembers(self) -> bool:
        """Whether it looks at a list of measurements."""
        return self.kind.memory is not None

    @cached_property
    def memory(self) -> int:
        """How many earlier measurements it looks at."""
        return self.kind.memory(**self._settings) if self.kind.memory else 0

    @cached_property
    def every(self) -> int:
        """The number of training steps between two tests, where it is tested within them."""
        return int(self._settings.get("every", 1))

    def holds(self, measured: np.ndarray) -> np.ndarray:
        """Whether it is true of each of consecutive measurements, or with a memory of it and those before it."""
        return self.kind.holds(measured, **self._settings)

    def reads(self, experiment: Experiment) -> tuple[str, ...]:
        """The tensors that are measured."""
        return self.kind.reads(experiment, **self._settings)

    @cached_property
    def of_epochs(self) -> bool:
        """Whether it is tested where epochs end."""
        return self.kind.of_epochs(**self._settings)

    def place(self, experiment: Experiment, program: Sequence[MicroStep]) -> int | None:
        """The number of micro-steps of a training step after which it is tested; None where it does not fit."""
        if not self.fits(experiment):
            return None
        names = set(self.reads(experiment))
        places = [k for k, step in enumerate(program, 1) if names.intersection(step.writes)]
        written = {name for step in program for name in step.writes}
        return max(places, default=None) if names <= written else None

    def fits(self, experiment: Experiment) -> bool:
        """Whether it can be tested where the structure of this experiment is in force."""
        return self.kind.suits(experiment, **self._settings) is None

    def measures(self, experiment: Experiment, tensors: Arrays) -> Measure:
        """How these tensors are measured."""
        return self.kind.measures(experiment, tensors, **self._settings)

    def measured(self, experiment: Experiment, tensors: Arrays) -> Any:
        """The measurement of these tensors."""
        return self.measures(experiment, tensors).once()

    def source(self, experiment: Experiment, tensors: Arrays, measured: Any) -> Place | None:
        """The element of a parameter in which the cause is seen best, where tensors and measurements are these."""
        return self.kind.source(experiment, tensors, measured, **self._settings)

    @property
    def bounds(self) -> tuple[float, ...]:
        """The numbers that a measurement is compared with."""
        return self.kind.bounds(**self._settings)

    def holds_by(self, leaf: int, answers: Sequence[Any], first: int = 0) -> Any:
        """Whether it is true because of a leaf that has just become true; ``first`` is its own number."""
        return leaf == first

    def to_dict(self) -> dict[str, Any]:
        """The plain form."""
        found: dict[str, Any] = {"name": self.name}
        for field in self.kind.fields:
            found |= field.plain(self._settings[field.name])
        return found


@dataclass(frozen=True)
class Combination:
    """Conditions of which all are to be true, each since its last test, or any one.

    It becomes true at the test of one of its conditions: a condition that has been true before does not end a seek
    again.

    Attributes:
        all: whether all are to be true.
        parts: the conditions and further combinations.
    """

    all: bool
    parts: tuple["Condition | Combination", ...]

    @cached_property
    def leaves(self) -> tuple[Condition, ...]:
        """The conditions that are tested, in order."""
        return tuple(leaf for part in self.parts for leaf in part.leaves)

    def holds_by(self, leaf: int, answers: Sequence[Any], first: int = 0) -> Any:
        """Whether it is true because of a leaf that has just become true.

        Args:
            leaf: the number of the leaf.
            answers: the last answer of each leaf, or an array of its answers at many tests; then an array is returned.
            first: the number of its own first leaf.
        """
        found: Any = True
        for part, start in self._numbered(first):
            if start <= leaf < start + len(part.leaves):
                found = found & part.holds_by(leaf, answers, start)
            elif self.all:
                found = found & _true(part, answers, start)
        return found

    def _numbered(self, first: int) -> Iterator[tuple["Condition | Combination", int]]:
        """Each part with the number of its first leaf."""
        for part in self.parts:
            yield part, first
            first += len(part.leaves)

    def to_dict(self) -> dict[str, Any]:
        """The plain form."""
        return {"all" if self.all else "any": [part.to_dict() for part in self.parts]}


Until = Condition | Combination


def _true(part: Until, answers: Sequence[Any], first: int) -> Any:
    """Whether a part is true by the last answers of its leaves."""
    if isinstance(part, Condition):
        return answers[first]
    return reduce(and_ if part.all else or_, (_true(each, answers, start) for each, start in part._numbered(first)))


def alternatives(until: Until | Sequence[Until] | None) -> Until | None:
    """One condition of a list of them, of which any may be true; None where there is none."""
    if until is None or isinstance(until, Condition | Combination):
        return until
    return None if not until else until[0] if len(until) == 1 else Combination(False, tuple(until))
