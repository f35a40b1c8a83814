"""Where conditions first hold in a straight run, by their definitions in plain NumPy and by autograd."""

from collections.abc import Callable, Iterator
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import hessian

from engine import Experiment, Timeline
from engine.base.tensors import shape_of
from engine.evaluate.evaluation import evaluate, predict
from engine.methods.activations import ACTIVATIONS
from tests.helpers.autodiff import mean_loss, parameters_of, penalty
from tests.helpers.networks import State

Plain = dict[str, Any]
Straight = list[State]


class Straightforward:
    """A straight run, and what is true of its moments.

    Args:
        timeline: says which micro-steps and which structure belong to a moment; it is never run.
        straight: the states from t = 0 on.
    """

    def __init__(self, timeline: Timeline, straight: Straight) -> None:
        self.timeline, self.straight = timeline, straight

    def experiment(self, t: int) -> Experiment:
        """The structure of the training step that leads to t."""
        return self.timeline.segment_at(max(t - 1, 0)).experiment

    def after(self, *names: str) -> list[int]:
        """The moments right after the micro-step that writes the last of these tensors, in each training step."""
        found = []
        for t in range(1, len(self.straight)):
            place = self.timeline.locate(t - 1)
            program = self.timeline.segments[place.segment].program
            if place.micro_step == max(
                (k for k, step in enumerate(program) if set(names) & set(step.writes)), default=None
            ):
                found.append(t)
        return found

    def epochs(self) -> list[int]:
        per_epoch = self.timeline.experiment.steps_per_epoch
        ends, step = [], per_epoch
        while self.timeline.t_of(step) < len(self.straight):
            ends.append(self.timeline.t_of(step))
            step += per_epoch
        return ends

    def every(self, moments: list[int], every: int) -> list[int]:
        return [t for t in moments if (self.timeline.locate(t - 1).training_step + 1) % every == 0]

    def answers(self, form: Plain) -> dict[int, bool]:
        """For each moment at which a condition is tested, whether it is true."""
        return dict(ORACLES[form["name"]](self, form))

    def first(self, form: Plain, since: int, last: int) -> int | None:
        """The first moment after ``since``, up to the last, at which a condition or a combination becomes true."""
        leaves: list[tuple[Plain, dict[int, bool]]] = []

        def collect(part: Plain) -> Any:
            for join in ("any", "all"):
                if join in part:
                    return join, [collect(each) for each in part[join]]
            leaves.append((part, self.answers(part)))
            return len(leaves) - 1

        tree = collect(form)
        known = [False] * len(leaves)
        for t in range(1, last + 1):
            fresh = {n for n, (_, answers) in enumerate(leaves) if t in answers}
            for n in fresh:
                known[n] = leaves[n][1][t]
            if t > since and _because(tree, known, fresh):
                return t
        return None


def _holds(tree: Any, known: list[bool]) -> bool:
    if isinstance(tree, int):
        return known[tree]
    found = [_holds(each, known) for each in tree[1]]
    return all(found) if tree[0] == "all" else any(found)


def _because(tree: Any, known: list[bool], fresh: set[int]) -> bool:
    """Whether it is true, and by something that has just been tested."""
    if isinstance(tree, int):
        return tree in fresh and known[tree]
    if tree[0] == "any":
        return any(_because(each, known, fresh) for each in tree[1])
    return _holds(tree, known) and any(_because(each, known, fresh) for each in tree[1])


Answers = Iterator[tuple[int, bool]]


def _compared(test: Callable[[float, Plain], bool], quantity: str) -> Callable[[Straightforward, Plain], Answers]:
    def answers(run: Straightforward, form: Plain) -> Answers:
        of = form.get("of", "mini_batch")
        for t in run.after("loss") if of == "mini_batch" else run.epochs():
            state = run.straight[t]
            if of != "mini_batch":
                found = evaluate(run.timeline.segment_at(t).experiment, state, of)[quantity]
            elif quantity == "loss":
                found = float(state["loss"])
            else:
                a, y = state[f"a{len(run.experiment(t).layers)}"], state["y"]
                right = (a > 0.5) == (y > 0.5) if y.shape[1] == 1 else a.argmax(1) == y.argmax(1)
                found = right.mean()
            yield t, bool(test(found, form))

    return answers


def _loss_rises(run: Straightforward, form: Plain) -> Answers:
    losses: list[float] = []
    for t in run.after("loss"):
        losses.append(float(run.straight[t]["loss"]))
        last = losses[-1 - form["times"] :]
        yield t, len(last) > form["times"] and bool((np.diff(last) > 0).all())


def _root(array: np.ndarray) -> float:
    return float(np.sqrt(np.mean(array.astype(np.longdouble) ** 2)))


def _gradient_norm(run: Straightforward, form: Plain) -> Answers:
    names = run.timeline.experiment.gradients.values()
    for t in run.after(*names):
        each = [run.straight[t][name].astype(np.longdouble) for name in names]
        yield t, not form["low"] <= float(np.sqrt(sum((array**2).sum() for array in each))) <= form["high"]


def _rms(kind: str) -> Callable[[Straightforward, Plain], Answers]:
    def answers(run: Straightforward, form: Plain) -> Answers:
        name = f"{kind}{form['layer']}"
        for t in run.after(name):
            yield t, _root(run.straight[t][name]) < form["value"]

    return answers


def _update_ratio(run: Straightforward, form: Plain) -> Answers:
    l = form["layer"]
    for t in run.after(f"W{l}", f"uW{l}"):
        update, weights = _root(run.straight[t][f"uW{l}"]), _root(run.straight[t][f"W{l}"])
        yield t, not form["low"] <= (update / weights if weights else np.inf) <= form["high"]


def _neurons(test: Callable[[np.ndarray, float], np.ndarray]) -> Callable[[Straightforward, Plain], Answers]:
    def answers(run: Straightforward, form: Plain) -> Answers:
        l, counts = form["layer"], np.zeros(run.timeline.experiment.sizes[form["layer"]])
        largest = ACTIVATIONS[run.timeline.experiment.layers[l - 1].activation].largest_slope
        for t in run.after(f"slope{l}"):
            counts = np.where(test(run.straight[t][f"slope{l}"], largest).all(axis=0), counts + 1, 0)
            yield t, bool((counts >= form["times"]).any())

    return answers


def _class_changes(run: Straightforward, form: Plain) -> Answers:
    def answered(t: int) -> int:
        chosen = run.timeline.segment_at(t).experiment
        x = chosen.data.x_train[[form["example"]]] * chosen.data.scale
        a = predict(chosen, run.straight[t], x)[f"a{len(chosen.layers)}"][0]
        if not np.isfinite(a).all():
            return -1
        return int(a[0] > 0.5) if len(a) == 1 else int(a.argmax())

    before = answered(0)
    for t in run.every(run.after(*run.timeline.experiment.parameters), form["every"]):
        now = answered(t)
        yield t, now != before
        before = now


def _sign_changes(run: Straightforward, form: Plain) -> Answers:
    name, index = form["tensor"], tuple(form["index"])
    before = np.sign(run.straight[0][name][index])
    for t in run.after(name):
        now = np.sign(run.straight[t][name][index])
        yield t, bool(now * before == -1)
        before = now


def _held_out_rises(run: Straightforward, form: Plain) -> Answers:
    found: list[tuple[float, float]] = []
    for t in run.epochs():
        chosen, state = run.timeline.segment_at(t).experiment, run.straight[t]
        found.append((evaluate(chosen, state, "training")["loss"], evaluate(chosen, state, "held_out")["loss"]))
        steps = np.diff(np.array(found[-1 - form["epochs"] :]), axis=0)
        yield t, len(steps) == form["epochs"] and bool((steps[:, 0] < 0).all() and (steps[:, 1] > 0).all())


def sharpest(chosen: Experiment, state: State) -> float:
    """The largest eigenvalue of the whole Hessian over all training examples, by autograd."""
    names = list(chosen.parameters)
    shapes = [shape_of(name, chosen.sizes, 0) for name in names]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    x, y = chosen.data.split("training")
    given = {"a0": np.asarray(x, float) * chosen.data.scale, "y": np.asarray(y, float)}

    def objective(flat: Any) -> Any:
        parts = anp.split(flat, ends[:-1])
        numbers = {name: anp.reshape(part, shape) for name, part, shape in zip(names, parts, shapes, strict=True)}
        return mean_loss(numbers, chosen, given) + penalty(numbers, chosen)

    flat = np.concatenate([array.ravel() for array in parameters_of(chosen, state).values()])
    return float(np.linalg.eigvalsh(hessian(objective)(flat))[-1])


def _sharpness(run: Straightforward, form: Plain) -> Answers:
    for t in run.every(run.after(*run.timeline.experiment.parameters), form["every"]):
        state = run.straight[t]
        yield t, float(state["learning_rate"]) * sharpest(run.timeline.experiment, state) > form["value"]


ORACLES: dict[str, Callable[[Straightforward, Plain], Answers]] = {
    "not_finite": _compared(lambda loss, form: not np.isfinite(loss), "loss"),
    "loss_below": _compared(lambda loss, form: loss < form["value"], "loss"),
    "loss_above": _compared(lambda loss, form: loss > form["value"], "loss"),
    "accuracy_from": _compared(lambda share, form: share >= form["value"], "accuracy"),
    "loss_rises": _loss_rises,
    "gradient_norm": _gradient_norm,
    "activation_rms": _rms("a"),
    "gradient_rms": _rms("dW"),
    "update_ratio": _update_ratio,
    "dead": _neurons(lambda slope, largest: slope == 0),
    "saturated": _neurons(lambda slope, largest: slope < largest / 20),
    "class_changes": _class_changes,
    "sign_changes": _sign_changes,
    "held_out_rises": _held_out_rises,
    "sharpness": _sharpness,
}
