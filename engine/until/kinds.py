"""All conditions: what each measures, where in a training step, and of which measurements it is true.

A measurement is a function of an experiment and of the tensors of one moment. What a condition has to remember is the
last of its measurements; so it is true or false of a moment of a run, whatever way has led there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import inf, isfinite, prod
from typing import Any

import numpy as np

from engine.base.tensors import shape_of
from engine.evaluate.evaluation import answers, correct, evaluate, predict
from engine.experiment.experiment import Experiment
from engine.health.diagnosis import SATURATED
from engine.methods.activations import ACTIVATIONS
from engine.methods.equation import length
from engine.methods.losses import LOSSES
from engine.run.until import LOSS, Condition, Kind, Place, Unfit
from engine.until.fields import MINI_BATCH, Count, Example, Index, LayerField, Number, Parameter, Set
from engine.until.sharpness import sharpness

Arrays = Mapping[str, np.ndarray]
Measure = Callable[[], Any]
WORK = 1e9  # products of weight and activation in one test of a split at most; of a larger split a sample is evaluated
LARGEST = 20_000  # the most parameters of a network whose sharpness is measured


def most_examples(experiment: Experiment) -> int:
    """The most examples that one test of a split evaluates."""
    return max(1, int(WORK / sum(below * units for below, units in pairwise(experiment.sizes))))


# Where a condition is tested: right after the micro-step that writes the last of these tensors.


def _loss(experiment: Experiment, **settings: Any) -> tuple[str, ...]:
    return (LOSS,)


def _of_split(of: str, **settings: Any) -> bool:
    """Whether examples are evaluated that are more than the mini-batch, which is done where epochs end."""
    return of != MINI_BATCH


def _gradients(experiment: Experiment, **settings: Any) -> tuple[str, ...]:
    return tuple(experiment.gradients.values())


def _of_layer(*kinds: str) -> Callable[..., tuple[str, ...]]:
    return lambda experiment, layer, **settings: tuple(f"{kind}{layer}" for kind in kinds)


def _parameters(experiment: Experiment, **settings: Any) -> tuple[str, ...]:
    return experiment.parameters


# Where the cause is seen best: the element whose gradient or update is the largest.


def _largest(tensors: Arrays, names: Sequence[str]) -> Place | None:
    """The element that is largest in one of these tensors of parameters, which is NaN or infinity where there are."""
    best: tuple[float, Place] | None = None
    for name in names:
        if name not in tensors:
            continue
        sizes = np.nan_to_num(np.abs(tensors[name].astype(float)), nan=inf, posinf=inf)
        index = tuple(int(i) for i in np.unravel_index(int(sizes.argmax()), sizes.shape))
        if best is None or sizes[index] > best[0]:
            best = float(sizes[index]), (name[1:], index)
    return best and best[1]


def _largest_gradient(experiment: Experiment, tensors: Arrays, measured: Any, **settings: Any) -> Place | None:
    return _largest(tensors, [f"d{name}" for name in experiment.parameters])


def _largest_in_layer(
    experiment: Experiment, tensors: Arrays, measured: Any, layer: int, **settings: Any
) -> Place | None:
    return _largest(tensors, [f"dW{layer}"])


def _largest_update(
    experiment: Experiment, tensors: Arrays, measured: Any, layer: int, **settings: Any
) -> Place | None:
    return _largest(tensors, [f"uW{layer}"])


# The losses and the accuracies of the mini-batch or of a split.


def _loss_of(experiment: Experiment, tensors: Arrays, of: str = MINI_BATCH, **settings: Any) -> Measure:
    if of == MINI_BATCH:
        loss = tensors[LOSS]
        return lambda: loss[()]
    return lambda: evaluate(experiment, tensors, of, most_examples(experiment))["loss"]


def _accuracy_of(experiment: Experiment, tensors: Arrays, of: str, **settings: Any) -> Measure:
    if of != MINI_BATCH:
        return lambda: evaluate(experiment, tensors, of, most_examples(experiment))["accuracy"]
    a, y, boundary = tensors[f"a{len(experiment.layers)}"], tensors["y"], LOSSES[experiment.loss].boundary

    def accuracy() -> float:
        """The share of examples that are answered right; those that belong to no class do not count."""
        counts = np.full(len(y), True) if y.shape[1] == 1 else y.max(axis=1) > 0.5
        right = correct(a, y, boundary)[counts]
        return float(right.mean()) if right.size else -1.0

    return accuracy


def _needs_classes(experiment: Experiment, **settings: Any) -> Unfit | None:
    return None if experiment.data.kind == "classes" else Unfit("its targets are values", "no_classes")


def _rises(losses: Sequence[float], times: int) -> bool:
    return len(losses) > times and all(after > before for before, after in pairwise(losses))


def _both_losses(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    most = most_examples(experiment)
    return lambda: tuple(float(evaluate(experiment, tensors, of, most)["loss"]) for of in ("training", "held_out"))


def _part_ways(losses: Sequence[tuple[float, float]], epochs: int) -> bool:
    """Whether the held-out loss has risen, and the training loss fallen, in each of the last epochs."""
    return len(losses) > epochs and all(
        after[0] < before[0] and after[1] > before[1] for before, after in pairwise(losses)
    )


def _needs_held_out(experiment: Experiment, **settings: Any) -> Unfit | None:
    return None if len(experiment.data.x_held_out) else Unfit("no examples are held out", "none_held_out")


# Sizes of gradients, activations and updates.


def _size(arrays: list[np.ndarray]) -> float:
    """The Euclidean length of flat arrays; the quick sum of squares serves where it is in its dtype's range."""
    squares = 0.0
    for each in arrays:
        squares += float(each.dot(each))
    return squares**0.5 if 1e-25 < squares < 1e30 else float(length(arrays))


def _flat(tensors: Arrays, names: Sequence[str]) -> list[np.ndarray]:
    return [tensors[name].ravel("K") for name in names]


def _gradient_norm(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    arrays = _flat(tensors, _gradients(experiment))
    return lambda: _size(arrays)


def _rms(experiment: Experiment, tensors: Arrays, *, kind: str, layer: int, **settings: Any) -> Measure:
    arrays = _flat(tensors, [f"{kind}{layer}"])
    root = arrays[0].size ** 0.5
    return lambda: _size(arrays) / root


def _update_ratio(experiment: Experiment, tensors: Arrays, *, layer: int, **settings: Any) -> Measure:
    updates, weights = _flat(tensors, [f"uW{layer}"]), _flat(tensors, [f"W{layer}"])

    def ratio() -> float:
        size = _size(weights)
        return _size(updates) / size if size else inf

    return ratio


def _leaves_range(measured: float, low: float, high: float, **settings: Any) -> bool:
    return not low <= measured <= high


def _below(measured: float, value: float, **settings: Any) -> bool:
    return bool(measured < value)


def _above(measured: float, value: float, **settings: Any) -> bool:
    return bool(measured > value)


def _from(measured: float, value: float, **settings: Any) -> bool:
    return bool(measured >= value)


# Neurons through which no error gets.


def _layers_that(fits: Callable[[Any], bool]) -> Callable[[Experiment], list[int]]:
    """The hidden layers whose activation fits."""
    return lambda experiment: [
        l for l, layer in enumerate(experiment.layers[:-1], 1) if fits(ACTIVATIONS[layer.activation])
    ]


CAN_DIE = _layers_that(lambda activation: activation.can_die)
SATURATES = _layers_that(lambda activation: activation.saturates)


def _needs_layer(suited: Callable[[Experiment], list[int]]) -> Callable[..., Unfit | None]:
    def suits(experiment: Experiment, layer: int | None = None, **settings: Any) -> Unfit | None:
        found = suited(experiment)
        return None if (found if layer is None else layer in found) else Unfit("no layer has such a slope", "no_slope")

    return suits


def _has_layer(experiment: Experiment, layer: int = 1, **settings: Any) -> Unfit | None:
    return None if layer <= len(experiment.layers) else Unfit("it has not so many layers", "no_layer")


def _set(neurons: np.ndarray) -> int:
    """A set of neurons as one number, of which each has a byte: such sets are compared in no time."""
    return int.from_bytes(neurons.tobytes(), "little")


def _silent(experiment: Experiment, tensors: Arrays, layer: int, **settings: Any) -> Measure:
    slope = tensors[f"slope{layer}"]
    return lambda: _set(~np.logical_or.reduce(slope, axis=0))


def _saturated(experiment: Experiment, tensors: Arrays, layer: int, **settings: Any) -> Measure:
    slope = tensors[f"slope{layer}"]
    most = SATURATED * ACTIVATIONS[experiment.layers[layer - 1].activation].largest_slope
    return lambda: _set(np.maximum.reduce(slope, axis=0) < most)


def _common(found: Iterable[int]) -> int:
    """The neurons that are in all of these sets."""
    common = -1
    for each in found:
        common &= each
        if not common:
            break
    return common


def _for_long(found: Sequence[int], times: int, **settings: Any) -> bool:
    """Whether there is a neuron of which it has been true in this and the mini-batches before."""
    return len(found) >= times and _common(reversed(found)) != 0


def _neuron(
    experiment: Experiment, tensors: Arrays, measured: Sequence[int], layer: int, **settings: Any
) -> Place | None:
    """The bias of the first neuron of which it is true."""
    common = _common(measured)
    return f"b{layer}", (((common & -common).bit_length() - 1) // 8,)


# Answers and single weights.


def _class_of(experiment: Experiment, tensors: Arrays, example: int | bytes, **settings: Any) -> Measure:
    stored = (
        np.frombuffer(example, np.uint8)[None] if isinstance(example, bytes) else experiment.data.x_train[[example]]
    )
    x, boundary = experiment.data.seen(stored, experiment.numpy_dtype), LOSSES[experiment.loss].boundary
    output = f"a{len(experiment.layers)}"
    return lambda: int(answers(predict(experiment, tensors, x)[output], boundary)[0])


def _changes(found: Sequence[Any], **settings: Any) -> bool:
    return len(found) > 1 and found[-1] != found[-2]


def _strongest_into(experiment: Experiment, tensors: Arrays, measured: Any, **settings: Any) -> Place | None:
    """The bias of the class that is answered now."""
    depth = len(experiment.layers)
    unit = int(measured[-1]) if experiment.layers[-1].units > 1 else 0
    return (f"b{depth}", (unit,)) if unit >= 0 else None


def _sign_of(experiment: Experiment, tensors: Arrays, tensor: str, index: tuple[int, ...], **settings: Any) -> Measure:
    array = tensors[tensor]
    return lambda: float(array[index])


def _changes_sign(found: Sequence[float], **settings: Any) -> bool:
    """Whether it is above 0 and was below, or below 0 and was above; a bias that leaves 0 has had no sign."""
    return len(found) > 1 and (found[-2] < 0 < found[-1] or found[-1] < 0 < found[-2])


def _has_element(
    experiment: Experiment, tensor: str = "W1", index: tuple[int, ...] = (), **settings: Any
) -> Unfit | None:
    shape = shape_of(tensor, experiment.sizes, 0) if tensor in experiment.parameters else ()
    inside = shape and all(i < size for i, size in zip(index, shape, strict=False))
    return None if inside else Unfit("it has no such element", "no_element")


def _itself(
    experiment: Experiment, tensors: Arrays, measured: Any, tensor: str, index: tuple[int, ...], **settings: Any
) -> Place | None:
    return tensor, index


# How steep the valley is.


def _rate_times_sharpness(experiment: Experiment, tensors: Arrays, **settings: Any) -> Measure:
    return lambda: float(tensors["learning_rate"]) * sharpness(experiment, tensors)[0]


def _needs_a_hessian(experiment: Experiment, **settings: Any) -> Unfit | None:
    count = sum(prod(shape_of(name, experiment.sizes, 0)) for name in experiment.parameters)
    if count > LARGEST:
        why = f"networks of at most {LARGEST:,} parameters; this one has {count:,}"
        return Unfit(why, "too_many_parameters", {"most": LARGEST, "count": count})
    if any(layer.dropout for layer in experiment.layers):
        return Unfit("dropout draws another network for each training step", "dropout_draws")
    return None


def _sharpest(experiment: Experiment, tensors: Arrays, measured: Any, **settings: Any) -> Place | None:
    """The element along which the steepest direction goes most."""
    vector, start = np.abs(sharpness(experiment, tensors)[1]), 0
    best = int(vector.argmax())
    for name in experiment.parameters:
        size = tensors[name].size
        if best < start + size:
            return name, tuple(int(i) for i in np.unravel_index(best - start, tensors[name].shape))
        start += size
    return None


def _value(value: float, **settings: Any) -> tuple[float, ...]:
    return (value,)


def _range(low: float, high: float, **settings: Any) -> tuple[float, ...]:
    return (low, high)


def _times(times: int, **settings: Any) -> int:
    return times


RANGE = (Number("low", 0.0, suggested=0.001), Number("high", suggested=10.0, above="low"))
EVERY = partial(Count, "every", noun="number of training steps")

CONDITIONS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "not_finite", (), _loss_of, lambda loss, **settings: not isfinite(loss), _loss, _largest_gradient,
            troubles=("exploding",),
        ),
        Kind(
            "loss_below", (Number("value", suggested=0.1), Set()), _loss_of, _below, _loss, _largest_gradient,
            of_epochs=_of_split, bounds=_value,
        ),
        Kind(
            "loss_above", (Number("value", suggested=10.0), Set()), _loss_of, _above, _loss, _largest_gradient,
            of_epochs=_of_split, bounds=_value, troubles=("exploding",),
        ),
        Kind(
            "accuracy_from", (Number("value", noun="accuracy", high=1.0, suggested=0.95), Set()), _accuracy_of, _from,
            _loss, _largest_gradient, of_epochs=_of_split, suits=_needs_classes, bounds=_value,
        ),
        Kind(
            "loss_rises", (Count("times", 3, "number of times", 1, 100),), _loss_of, _rises, _loss, _largest_gradient,
            memory=_times, troubles=("exploding",),
        ),
        Kind(
            "gradient_norm", RANGE, _gradient_norm, _leaves_range, _gradients, _largest_gradient, bounds=_range,
            troubles=("exploding", "vanishing"),
        ),
        Kind(
            "activation_rms", (LayerField(), Number("value", suggested=0.01)), partial(_rms, kind="a"), _below,
            _of_layer("a"), _largest_in_layer, suits=_has_layer, bounds=_value, troubles=("stuck",),
        ),
        Kind(
            "gradient_rms", (LayerField(), Number("value", suggested=1e-5)), partial(_rms, kind="dW"), _below,
            _of_layer("dW"), _largest_in_layer, suits=_has_layer, bounds=_value,
            troubles=("vanishing",),
        ),
        Kind(
            "update_ratio",
            (LayerField(), Number("low", 0.0, suggested=1e-5), Number("high", suggested=0.1, above="low")),
            _update_ratio, _leaves_range, _of_layer("uW", "W"), _largest_update, suits=_has_layer, bounds=_range,
            troubles=("exploding", "plateau"),
        ),
        Kind(
            "dead", (LayerField(suited=CAN_DIE), Count("times", 20, "number of mini-batches", 1, 1000)), _silent,
            _for_long, _of_layer("slope"), _neuron, memory=lambda times, **settings: times - 1,
            tells=lambda measured: [], suits=_needs_layer(CAN_DIE), troubles=("dying",),
        ),
        Kind(
            "saturated", (LayerField(suited=SATURATES), Count("times", 20, "number of mini-batches", 1, 1000)),
            _saturated, _for_long, _of_layer("slope"), _neuron, memory=lambda times, **settings: times - 1,
            tells=lambda measured: [], suits=_needs_layer(SATURATES), troubles=("vanishing",),
        ),
        Kind(
            "class_changes", (Example(), EVERY(100)), _class_of, _changes, _parameters, _strongest_into,
            memory=lambda **settings: 1, of_beginning=True, suits=_needs_classes, troubles=("exploding",),
        ),
        Kind(
            "sign_changes", (Parameter(), Index()), _sign_of, _changes_sign,
            lambda experiment, tensor, **settings: (tensor,), _itself, memory=lambda **settings: 1,
            of_beginning=True, suits=_has_element, troubles=("exploding",),
        ),
        Kind(
            "held_out_rises", (Count("epochs", 3, "number of epochs", 1, 20),), _both_losses, _part_ways, _loss,
            _largest_gradient, memory=lambda epochs: epochs, of_epochs=lambda epochs: True, suits=_needs_held_out,
            tells=lambda measured: [loss for both in measured for loss in both],
            troubles=("overfitting",),
        ),
        Kind(
            "sharpness", (Number("value", 2.0, low=0.0, suggested=2.0), EVERY(10_000)), _rate_times_sharpness, _above,
            _parameters, _sharpest, suits=_needs_a_hessian, bounds=_value, troubles=("exploding",),
        ),
    )
}  # fmt: skip

NOT_FINITE = Condition(CONDITIONS["not_finite"])
