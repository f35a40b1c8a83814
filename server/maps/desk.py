"""The maps of a process, each computed once for all who ask."""

import json
from collections import OrderedDict
from concurrent.futures import BrokenExecutor
from threading import Lock
from typing import Any

from engine import Refusal
from engine.base.refusal import Described
from engine.experiment.experiment import Experiment
from engine.maps.axes import Axis
from engine.maps.map import SIDES, Map
from server.limits import MAPS
from server.maps.crew import Cores, Crew
from server.maps.job import Job

Values = tuple[tuple[float, ...], tuple[float, ...]]


class Desk:
    """Has maps computed; the last ones are kept.

    Args:
        crew: who computes those that are not small.
    """

    def __init__(self, crew: Crew | None = None) -> None:
        self.crew: Crew = Cores() if crew is None else crew
        self._jobs: OrderedDict[tuple[Any, ...], Job] = OrderedDict()
        self._lock = Lock()

    def job(self, experiment: Experiment, axes: tuple[Axis, Axis], values: Values, training_steps: int) -> Job:
        """The job of a map, which may be there already.

        Raises:
            Refusal: the map is too much work, or has one setting on both axes.
        """
        for axis, each in zip(axes, values, strict=True):  # runs do not have what the experiment has of these settings
            experiment = axis.put(experiment, each[0])
        plain = json.dumps(experiment.to_dict(), sort_keys=True)
        key = plain, id(experiment.start), tuple(each.field for each in axes), values, training_steps
        with self._lock:
            if key not in self._jobs:
                chosen = Map(experiment, axes, values, training_steps)
                self._check(chosen)
                self._jobs[key] = Job(chosen, self.crew)
            self._jobs.move_to_end(key)
            while len(self._jobs) > MAPS:
                self._jobs.popitem(last=False)
            return self._jobs[key]

    def give_up(self, job: Job, error: BrokenExecutor) -> Refusal:
        """Forget a job whose crew has broken; the refusal that says so."""
        with self._lock:
            self._jobs = OrderedDict((key, each) for key, each in self._jobs.items() if each is not job)
        return Refusal("unfit", "question", "map", _runs(job.map), f"no answer: {error}", "crew", why=str(error)[:200])

    def _check(self, chosen: Map) -> None:
        """Refuse a map that is too much work, with the choices that are not."""
        most = self.crew.work
        if chosen.work <= most:
            return
        fitting = [f"{side}" for side in SIDES if chosen.work / chosen.side**2 * side**2 <= most]
        if fitting:
            expected = f"this network has room for: {', '.join(fitting)}"
            raise Refusal("unfit", "side", "runs on a side", chosen.side, expected, "map_sides", choices=fitting)
        sizes = Described("-".join(map(str, chosen.experiment.sizes)))
        smaller = "a map needs a narrower network, smaller mini-batches or fewer training steps"
        raise Refusal("unfit", "layers", "network", sizes, smaller, "map_network")

    def end(self) -> None:
        """Let the crew go."""
        self.crew.end()


def _runs(chosen: Map) -> Described:
    return Described(f"{chosen.side} x {chosen.side} runs", "map_runs", side=chosen.side)
