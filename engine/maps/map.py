"""A map: a square of runs that differ in two settings, and what has become of each of them."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from engine.base.refusal import Refusal
from engine.experiment.experiment import Experiment
from engine.maps.axes import Axis
from engine.maps.outcome import level, outcomes
from engine.maps.runs import Runs, work

SIDES = (8, 16, 32, 64)  # runs on a side
COARSE = 8  # runs on a side that come first; then twice as many, until all are there
POINTS = 41  # the most losses of a run's curve
TOGETHER = 1024  # the most runs that are computed side by side
NUMBERS = 1 << 24  # the most numbers that runs side by side compute or multiply in a training step


class Part(NamedTuple):
    """What has become of some runs: their outcomes, (runs,), and their curves, (runs, points)."""

    outcomes: np.ndarray
    curves: np.ndarray


@dataclass(frozen=True, eq=False)
class Map:
    """The runs of an experiment over two settings; the columns have the values of the first, the rows of the second.

    Attributes:
        experiment: the experiment.
        axes: both settings.
        values: their values, one for each column and one for each row.
        training_steps: how long each run trains.
    """

    experiment: Experiment
    axes: tuple[Axis, Axis]
    values: tuple[tuple[float, ...], tuple[float, ...]]
    training_steps: int

    def __post_init__(self) -> None:
        if self.axes[0] == self.axes[1]:
            raise Refusal("unfit", "y.field", "axis", self.axes[1].field, "another setting than across", "other_axis")

    @property
    def side(self) -> int:
        return len(self.values[0])

    @cached_property
    def runs(self) -> Runs:
        """The runs."""
        return Runs([[self._with(i, value) for value in self.values[i]] for i in (0, 1)])

    def _with(self, which: int, value: float) -> Experiment:
        """The experiment with a value of one setting, and the other setting where its axis begins."""
        other = 1 - which
        return self.axes[which].put(self.axes[other].put(self.experiment, self.values[other][0]), value)

    @property
    def work(self) -> int:
        """How many numbers all runs compute or multiply."""
        return self._work_of_one * self.training_steps * self.side**2

    @cached_property
    def _work_of_one(self) -> int:
        return work(self.opened(0, 0))

    @cached_property
    def parts(self) -> list[np.ndarray]:
        """The columns and rows of the runs of each part, (runs, 2), from coarse to fine."""
        together = int(np.clip(NUMBERS // self._work_of_one, 1, TOGETHER))
        return [
            cells[first : first + together] for cells in _levels(self.side) for first in range(0, len(cells), together)
        ]

    @property
    def steps_of_curves(self) -> np.ndarray:
        """The training steps whose losses make the curves, (points,)."""
        count = min(POINTS, self.training_steps)
        return np.linspace(0, self.training_steps - 1, count).round().astype(int)

    def part(self, cells: np.ndarray) -> Part:
        """What has become of the runs in these columns and rows, (runs, 2)."""
        losses = self.runs.losses((cells[:, 0], cells[:, 1]), self.training_steps)
        return Part(outcomes(losses, level(self.experiment)), losses[self.steps_of_curves].T)

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs: no data set, and nothing that follows from the rest."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return given | {"experiment": replace(self.experiment)}

    def opened(self, column: int, row: int) -> Experiment:
        """The experiment of one run."""
        across = self.axes[0].put(self.experiment, self.values[0][column])
        return self.axes[1].put(across, self.values[1][row])


def _levels(side: int) -> list[np.ndarray]:
    """Columns and rows of a square, from coarse to fine: each level doubles the runs on a side."""
    seen, found, step = np.zeros((side, side), bool), [], side // COARSE
    while step:
        mask = np.zeros((side, side), bool)
        mask[::step, ::step] = True
        rows, columns = np.nonzero(mask & ~seen)
        found.append(np.stack([columns, rows], axis=1))
        seen |= mask
        step //= 2
    return found
