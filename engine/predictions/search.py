"""The search for moments that satisfy the predicate of a kind with a margin, in experiments or in a given run."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import count
from time import perf_counter, thread_time

import numpy as np

from engine.base.refusal import Refusal, one_of, whole
from engine.experiment.experiment import Experiment
from engine.predictions.kinds import KINDS
from engine.predictions.prediction import Found, Kind, Prediction
from engine.predictions.step import Step
from engine.run.motion import FOREVER
from engine.run.source import Source
from engine.run.timeline import Timeline

LARGEST_SEED = 2**32 - 1
BALANCED = 60  # experiments in which a certain key is looked for; after them any key will do
AHEAD = 100  # training steps of a run that are searched


def _kind(name: str, seed: int) -> Kind:
    """The kind of that name.

    Raises:
        Refusal: there is none, or the seed is out of range.
    """
    whole("seed", "seed", seed, 0, LARGEST_SEED)
    return KINDS[one_of("kind", "prediction", name, KINDS)]


@lru_cache(maxsize=256)
def generate(name: str, seed: int, seconds: float = FOREVER) -> Prediction:
    """The prediction of a kind that a seed stands for: always the same one.

    Experiments are drawn one after the other until a moment of one satisfies the predicate. They do not depend on each
    other, so that with each of them it is less likely that none did.

    Args:
        name: the name of the kind.
        seed: the seed.
        seconds: the time of a core after which the search is given up; how busy the machine is does not count.

    Raises:
        Refusal: there is no such kind, the seed is out of range, or time is over.
    """
    kind, deadline = _kind(name, seed), thread_time() + seconds
    wanted = kind.keys[_generator(name, seed).integers(len(kind.keys))] if kind.keys else None
    for attempt in count():
        rng = _generator(name, seed, attempt)
        plain, training_steps = kind.places(rng)
        experiment = Experiment.from_dict(plain)
        timeline = Timeline(experiment)
        for training_step in training_steps:
            key = wanted if attempt < BALANCED else None
            if found := _first(kind, Step(timeline, training_step), rng, key=key):
                return Prediction(name, seed, experiment.to_dict(), found)
        if thread_time() > deadline:
            expected = f"none was found in {seconds:g} s of computing, take another seed"
            raise Refusal("unfit", "seed", "seed", seed, expected, "searched_in_vain", seconds=seconds)
    raise AssertionError("counting does not end")


def in_run(
    name: str, source: Source, t: int, seed: int, since: int | None = None, seconds: float = FOREVER
) -> Prediction | int:
    """The first prediction of a kind that a run has from t on.

    Asked again with the moment at which it asks, it is the same prediction.

    Args:
        name: the name of the kind.
        source: the run.
        t: the moment.
        seed: the seed, which decides between several predictions of one training step.
        since: the moment up to which it has been searched already; t where it is None.
        seconds: the time after which the search stops.

    Returns:
        The prediction; or where time is over, the moment up to which has been searched.

    Raises:
        Refusal: there is no such kind, the seed is out of range, or no moment satisfies the predicate up to ``AHEAD``
            training steps after t.
    """
    kind = _kind(name, seed)
    for reached, step in _ahead(source, t, since, seconds):
        if step is None:
            return reached
        if found := _first(kind, step, _generator(name, seed, step.training_step), t):
            return Prediction(name, seed, None, found)
    raise _none(name, t, _end(source, t))


def suiting(
    source: Source,
    t: int,
    seed: int,
    names: Collection[str],
    since: int | None = None,
    seconds: float = FOREVER,
) -> tuple[dict[str, int], int | None]:
    """The kinds of which a run has a prediction from t on, each with the moment of its first one.

    ``in_run`` finds that prediction with the same seed, from t or from its own moment on.

    Args:
        source: the run.
        t: the moment.
        seed: the seed of the predictions.
        names: the names of the kinds that are looked for.
        since: the moment up to which it has been searched already; t where it is None.
        seconds: the time after which the search stops.

    Returns:
        The kinds with their moments; and where time is over, the moment up to which has been searched, else None: up to
        ``AHEAD`` training steps after t there are no others.

    Raises:
        Refusal: there is no kind of one of these names, or the seed is out of range.
    """
    kinds, found = {name: _kind(name, seed) for name in names}, dict[str, int]()
    for reached, step in _ahead(source, t, since, seconds):
        if step is None:
            return found, reached
        for name in kinds.keys() - found.keys():
            if first := _first(kinds[name], step, _generator(name, seed, step.training_step), t):
                found[name] = first.t
        if len(found) == len(kinds):
            break
    return found, None


def at(name: str, source: Source, t: int, seed: int) -> Prediction:
    """The prediction of a kind that ``in_run`` has found at the moment t, from the training step of that moment alone.

    Args:
        name: the name of the kind.
        source: the run.
        t: the moment.
        seed: the seed.

    Raises:
        Refusal: there is no such kind, the seed is out of range, or there is no such prediction at t.
    """
    kind, training_step = _kind(name, seed), source.locate(t).training_step
    found = _first(kind, Step(source, training_step), _generator(name, seed, training_step), t)
    if found is None or found.t != t:
        raise _none(name, t, t)
    return Prediction(name, seed, None, found)


def _end(source: Source, t: int) -> int:
    """The moment up to which a run is searched from t on."""
    return source.t_of(source.locate(t).training_step + AHEAD)


def _ahead(source: Source, t: int, since: int | None, seconds: float) -> Iterator[tuple[int, Step | None]]:
    """The training steps of a run from t on, each with its end; those up to ``since`` have been looked at already.

    Where time is over, the last of them is the moment up to which has been searched, with None.
    """
    deadline, last = perf_counter() + seconds, _end(source, t)
    reached = t if since is None else max(t, since)
    while reached < last:
        training_step = source.locate(reached).training_step
        end = source.t_of(training_step + 1)
        source.seek(end, max(0.0, deadline - perf_counter()))
        if source.t == end:
            yield end, Step(source, training_step)
            reached = end
        if perf_counter() > deadline:
            yield reached, None
            return


def _none(name: str, low: int, high: int) -> Refusal:
    expected = f"no moment of this run from {low} up to {high} will do"
    return Refusal("unfit", "kind", "prediction", name, expected, "no_moment", low=low, high=high)


def _generator(name: str, seed: int, *numbers: int) -> np.random.Generator:
    """A generator of random numbers that only this kind, seed and these numbers share."""
    return np.random.default_rng([seed, *numbers, *name.encode()])


def _first(kind: Kind, step: Step, rng: np.random.Generator, t: int = 0, key: str | None = None) -> Found | None:
    """The first that may be asked of a training step from t on, clear of any tie; where a key is given, one with it."""
    if not step.sound:
        return None
    with np.errstate(all="ignore"):
        may = (found for found in kind.find(step, rng) if found.margin >= 1 and found.t >= t)
        return next((found for found in may if key in (None, found.key)), None)
