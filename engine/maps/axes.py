"""The axes of a map: the settings of an experiment that are numbers, from the records of its methods."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.base.refusal import Refusal, number, one_of
from engine.base.settings import Setting
from engine.experiment.experiment import INITIAL_SCALE, Experiment
from engine.experiment.training import CLIP_NORM, LEARNING_RATE, PENALTY
from engine.methods.optimizers import OPTIMIZERS
from engine.methods.schedules import SCHEDULES

BELOW, ABOVE = 1e2, 1e3  # at first a logarithmic axis leads so many times below and above the usual value

UNSAID = {"initial_scale": 1.0}  # what a plain form leaves out where it has this value


@dataclass(frozen=True)
class Axis:
    """A setting that an axis of a map can be.

    Attributes:
        field: its place in the experiment's plain form, with dots, such as ``optimizer.learning_rate``.
        symbol: its symbol in LaTeX; empty where it has none.
        least: the least value that the axis can have.
        most: the largest one.
        low: where the axis begins if nothing else is said.
        high: where it ends.
        logarithmic: whether equal steps are equal ratios.
        whole: whether values are whole numbers.
    """

    field: str
    symbol: str
    least: float
    most: float
    low: float
    high: float
    logarithmic: bool
    whole: bool = False

    @classmethod
    def made(cls, field: str, setting: Setting) -> "Axis":
        """The axis of a setting: linear where it is a share from 0 to at most 1, else logarithmic, and then above 0."""
        if setting.low == 0 and setting.high <= 1:
            return cls(field, setting.symbol, 0, setting.high, 0, setting.high, False, setting.whole)
        least = setting.low or (1 if setting.whole else min(1e-9, setting.high))
        usual = setting.default or 1
        low, high = max(least, usual / BELOW), min(setting.high, usual * ABOVE)
        return cls(field, setting.symbol, least, setting.high, low, high, True, setting.whole)

    def values(self, low: Any, high: Any, count: int, field: str = "x") -> list[float]:
        """So many values from low to high, of which whole ones may repeat.

        Raises:
            Refusal: low or high is out of the setting's range, or high is not above low.
        """
        low, high = (
            number(f"{field}.{name}", "number", value, self.least, self.most)
            for name, value in (("low", low), ("high", high))
        )
        if not low < high:
            raise Refusal("invalid", f"{field}.high", "number", high, f"more than {low:g}", "more_than", low=f"{low:g}")
        found = np.geomspace(low, high, count) if self.logarithmic else np.linspace(low, high, count)
        return [*map(float, np.rint(found) if self.whole else found)]

    def of(self, experiment: Experiment) -> float | None:
        """The value that the experiment has; None where it does without the setting."""
        inner: Any = UNSAID | experiment.to_dict()
        for each in self.field.split("."):
            inner = inner.get(each) if isinstance(inner, dict) else None
        return inner

    def put(self, experiment: Experiment, value: float) -> Experiment:
        """The experiment with this value of the setting."""
        plain = experiment.to_dict()
        *outer, name = self.field.split(".")
        inner = plain
        for each in outer:
            inner[each] = {**inner.get(each, {})}
            inner = inner[each]
        inner[name] = int(value) if self.whole else value
        starts = {experiment.start.name: experiment.start} if experiment.start else {}
        return Experiment.from_dict(plain, starts, experiment.dataset.tables)


def axes(experiment: Experiment) -> dict[str, Axis]:
    """The axes that maps of the experiment can have, by their fields."""
    return {each.field: each for each in _axes(experiment)}


def axis(experiment: Experiment, field: str, name: Any) -> Axis:
    """The axis of this name.

    Raises:
        Refusal: maps of the experiment have no such axis.
    """
    known = axes(experiment)
    return known[one_of(field, "axis", name, known)]


def _axes(experiment: Experiment) -> Iterator[Axis]:
    training = experiment.training
    optimizer = OPTIMIZERS[training.optimizer]
    yield Axis.made("optimizer.learning_rate", Setting("", r"\eta", optimizer.learning_rate, 1e-9, LEARNING_RATE))
    if not experiment.start:  # the weights of a checkpoint are what they are
        yield Axis.made("initial_scale", Setting("", "", 1, 1e-9, INITIAL_SCALE))
    yield from (Axis.made(f"optimizer.{each.name}", each) for each in optimizer.settings)
    if training.schedule:
        yield from (Axis.made(f"schedule.{each.name}", each) for each in SCHEDULES[training.schedule].settings)
    yield Axis.made("regularization.l2", Setting("", r"\lambda_{2}", 1e-3, 1e-9, PENALTY))
    yield Axis.made("regularization.l1", Setting("", r"\lambda_{1}", 1e-3, 1e-9, PENALTY))
    yield Axis.made("coupled_weight_decay", Setting("", r"\lambda", 1e-3, 1e-9, PENALTY))
    yield Axis.made("clip_norm", Setting("", "", 1, 1e-6, CLIP_NORM))
