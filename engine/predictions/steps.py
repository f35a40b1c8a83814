"""Predictions about a training step as a whole: its layers, its outputs, its update, and the loss after it."""

from collections.abc import Iterator
from math import log

import numpy as np

from engine.methods.optimizers import OPTIMIZERS
from engine.predictions import experiments
from engine.predictions.arrows import LONG
from engine.predictions.prediction import LARGEST_MARGIN, Choice, Found, Kind, Line, Term, fixed, named, ratio
from engine.predictions.step import Step, some

CHANGED = 0.02  # the least change of a loss, as a share
TIMES = 3.0  # how many times as small as the next one the smallest layer's gradient is
MORE = 1.5  # how many times as large as the next one the largest error is
MOST = 10  # layers or outputs to choose from
NOTHING = 1e-9  # below this size a gradient may as well be 0
CLEAR = 0.05  # the least distance from a kink


def loss_after_step(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Whether the loss of the same examples is less or more after the update."""
    source, chosen = step.source, step.experiment
    if source.segment_at(step.end) is not source.segment_at(step.begin):
        return
    if any(layer.dropout for layer in chosen.layers) or step.examples != len(chosen.data.x_train):
        return
    reveal_t = step.end + step.after("loss") - step.begin
    following = source.seek(reveal_t)
    same = all(np.array_equal(following[name], step.own(name)) for name in ("a0", "y"))
    loss, after = float(step.array("loss")), float(following["loss"])
    if not same or not np.isfinite(after) or min(loss, after) <= NOTHING or not step.untouched(reveal_t):
        return
    change = log(after / loss)
    rate = float(step.array("learning_rate"))
    yield Found(
        t=step.backward_end,
        reveal_t=reveal_t,
        subject=(),
        asks={"rate": rate, "loss": loss},
        key="rises" if change > 0 else "falls",
        margin=abs(change) / CHANGED,
        why={"loss": loss, "after": after, "rate": rate},
        case="rises" if change > 0 else "falls",
        line=Line(((Term("loss", (), loss),), (Term("loss", (), after),))),
        choices=fixed("falls", "rises"),
    )


def follows_arrow(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Whether a weight's update goes where its arrow points, under an optimizer that remembers gradients."""
    if not OPTIMIZERS[step.experiment.training.optimizer].states:
        return
    for layer in step.layers(rng):
        name = f"W{layer}"
        gradients, updates = step.array(f"d{name}"), step.array(f"u{name}")
        for index in some(rng, gradients.shape):
            gradient, update = float(gradients[index]), float(updates[index])
            element, key = (name, index), "follows" if gradient * update < 0 else "against"
            yield Found(
                t=step.backward_end,
                reveal_t=step.after(name),
                subject=(element,),
                asks={"element": named(*element), "gradient": gradient},
                key=key,
                margin=min(
                    ratio(abs(gradient), LONG * float(np.abs(gradients).max())),
                    ratio(abs(update), LONG * float(np.abs(updates).max())),
                ),
                why={"element": named(*element), "gradient": gradient, "update": update},
                case=key,
                line=Line(((Term(f"d{name}", index, gradient),), (Term(f"u{name}", index, update),))),
                choices=fixed("follows", "against"),
                select=element,
            )


def smallest_layer(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Which layer's weights get the smallest gradients, by their root mean square."""
    if not 3 <= step.depth <= MOST:
        return
    names = [f"dW{layer}" for layer in range(1, step.depth + 1)]
    sizes = [float(np.sqrt(np.mean(step.array(name) ** 2))) for name in names]
    order = [int(place) for place in np.argsort(sizes, kind="stable")]
    least = order[0]
    yield Found(
        t=step.after("loss"),
        reveal_t=step.backward_end,
        subject=(),
        asks={"count": step.depth},
        key=f"{least + 1}",
        margin=ratio(sizes[order[1]], TIMES * sizes[least]) if sizes[least] > NOTHING else 0.0,
        why={"layer": least + 1, "size": sizes[least], "other": order[-1] + 1, "largest": sizes[order[-1]]},
        line=Line(tuple((Term(name, None, size),) for name, size in zip(names, sizes, strict=True))),
        choices=tuple(Choice(f"{layer}", "layer", {"layer": layer}) for layer in range(1, step.depth + 1)),
    )


def largest_wish(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Which output is asked to change most for an example: the one with the largest error."""
    depth, errors = step.depth, step.array(f"delta{step.depth}")
    if not 2 <= errors.shape[1] <= MOST:
        return
    for (i,) in some(rng, errors.shape[:1]):
        *_, following, most = (int(place) for place in np.argsort(np.abs(errors[i]), kind="stable"))
        error = float(errors[i, most])
        yield Found(
            t=step.after("loss"),
            reveal_t=step.after(f"delta{depth}"),
            subject=tuple((f"a{depth}", (i, unit)) for unit in range(errors.shape[1])),
            asks={"example": i + 1},
            key=f"{most}",
            margin=ratio(abs(error), MORE * abs(float(errors[i, following]))) if abs(error) > NOTHING else 0.0,
            why={
                "unit": most,
                "output": float(step.array(f"a{depth}")[i, most]),
                "target": float(step.array("y")[i, most]),
                "error": error,
            },
            line=Line(
                tuple((Term(f"delta{depth}", (i, unit), float(errors[i, unit])),) for unit in range(errors.shape[1]))
            ),
            choices=tuple(
                Choice(f"{unit}", "output", {"unit": unit}, (f"b{depth}", (unit,))) for unit in range(errors.shape[1])
            ),
            example=i,
            select=(f"b{depth}", (most,)),
        )


def zero_or_waiting(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Whether a weight without an arrow has a gradient of 0, or one that has not been computed yet."""
    waits = bool(rng.integers(2))
    for layer in step.layers(rng):
        name, gradients = f"W{layer}", step.array(f"dW{layer}")
        errors, inputs, clear = step.array(f"delta{layer}"), step.array(f"a{layer - 1}"), _certain(step, layer)
        largest = float(np.abs(gradients).max())
        if layer == step.depth and waits:
            continue
        for j, k in some(rng, gradients.shape):
            gradient = float(gradients[j, k])
            if waits:
                margin = ratio(abs(gradient), LONG * largest)
            elif not errors[:, j].any() or not inputs[:, k].any():
                margin = float(clear[j, k])
            else:
                continue
            key, element = "waiting" if waits else "zero", (name, (j, k))
            t = step.after(f"dW{layer + 1}") if waits else step.after(f"d{name}")
            yield Found(
                t=t,
                reveal_t=step.backward_end,
                subject=(element,),
                asks={"element": named(*element)},
                key=key,
                margin=margin if largest > NOTHING else 0.0,
                why={"element": named(*element), "gradient": gradient, "layer": layer},
                case=key,
                line=Line(((Term(f"d{name}", (j, k), gradient),),)),
                choices=(Choice("zero", "is_zero"), *fixed("waiting")),
                select=element,
            )


def _certain(step: Step, layer: int) -> np.ndarray:
    """How certain it is that a gradient of 0 is one for good, (units, inputs): not by a neuron that is at a kink."""
    own = step.from_kinks(layer).min(axis=0)
    below = np.full(step.experiment.sizes[layer - 1], np.inf) if layer == 1 else step.from_kinks(layer - 1).min(axis=0)
    nearest: np.ndarray = np.minimum(own[:, None], below[None, :]) / CLEAR
    return np.minimum(nearest, LARGEST_MARGIN)


KINDS = {
    "loss_after_step": Kind("too_large_a_step", loss_after_step, experiments.rates, ("falls", "rises")),
    "follows_arrow": Kind("update_is_not_the_gradient", follows_arrow, experiments.momentum, ("follows", "against")),
    "smallest_layer": Kind("gradients_fade", smallest_layer, experiments.deep),
    "largest_wish": Kind("error_at_the_output", largest_wish, experiments.several_outputs),
    "zero_or_waiting": Kind("not_computed_yet", zero_or_waiting, experiments.silent, ("zero", "waiting")),
}
