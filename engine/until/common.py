"""What conditions share: where they are tested, where their cause is seen best, and what they are compared with."""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.run.until import LOSS, Measure, Place, Unfit

Arrays = Mapping[str, np.ndarray]

# Where a condition is tested: right after the micro-step that writes the last of these tensors.


def reads_loss(experiment: Experiment, **settings: Any) -> tuple[str, ...]:
    return (LOSS,)


def reads_gradients(experiment: Experiment, **settings: Any) -> tuple[str, ...]:
    return tuple(experiment.gradients.values())


def reads_layer(*kinds: str) -> Callable[..., tuple[str, ...]]:
    return lambda experiment, layer, **settings: tuple(f"{kind}{layer}" for kind in kinds)


def reads_parameters(experiment: Experiment, **settings: Any) -> tuple[str, ...]:
    return experiment.parameters


# Where the cause is seen best: the element whose gradient or update is the largest.


def largest(tensors: Arrays, names: Sequence[str]) -> Place | None:
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


def largest_gradient(experiment: Experiment, tensors: Arrays, measured: Any, **settings: Any) -> Place | None:
    return largest(tensors, [f"d{name}" for name in experiment.parameters])


def largest_in_layer(
    experiment: Experiment, tensors: Arrays, measured: Any, layer: int, **settings: Any
) -> Place | None:
    return largest(tensors, [f"dW{layer}"])


def largest_update(experiment: Experiment, tensors: Arrays, measured: Any, layer: int, **settings: Any) -> Place | None:
    return largest(tensors, [f"uW{layer}"])


# What is measured of whole arrays.


def of_copies(told: Callable[..., np.ndarray], *arrays: np.ndarray) -> Measure:
    """A measure whose samples are copies of arrays.

    Args:
        told: the function that makes measurements of the arrays, each with a first axis of training steps.
        arrays: the arrays, contiguous in the order of their axes.
    """
    ends = np.cumsum([array.nbytes for array in arrays])

    def sample() -> bytes:
        return b"".join([array.tobytes() for array in arrays])

    def read(samples: bytes) -> np.ndarray:
        if len(arrays) == 1:
            return told(np.frombuffer(samples, arrays[0].dtype).reshape(-1, *arrays[0].shape))
        parts = np.split(np.frombuffer(samples, np.uint8).reshape(-1, ends[-1]), ends[:-1], axis=1)
        rows = (np.ascontiguousarray(part).view(array.dtype) for part, array in zip(parts, arrays, strict=True))
        return told(*(each.reshape(-1, *array.shape) for each, array in zip(rows, arrays, strict=True)))

    return Measure(sample, read, int(ends[-1]), arrays)


def of_number(array: np.ndarray) -> Measure:
    """A measure of an array of one element."""
    return of_copies(lambda numbers: numbers.reshape(-1).astype(float), array)


# What measurements are compared with.


def below(measured: np.ndarray, value: float, **settings: Any) -> np.ndarray:
    return measured < value


def above(measured: np.ndarray, value: float, **settings: Any) -> np.ndarray:
    return measured > value


def leaves_range(measured: np.ndarray, low: float, high: float, **settings: Any) -> np.ndarray:
    return ~((low <= measured) & (measured <= high))


def in_a_row(true: np.ndarray, times: int) -> np.ndarray:
    """Where it has been true so many times in a row, along the first axis."""
    found, length = true, 1  # that it has been true ``length`` times in a row, where there are so many
    while length < times:
        more = min(length, times - length)
        found, length = found[more:] & found[:-more], length + more
    return np.concatenate([np.zeros_like(true[: len(true) - len(found)]), found])


def value_of(value: float, **settings: Any) -> tuple[float, ...]:
    return (value,)


def range_of(low: float, high: float, **settings: Any) -> tuple[float, ...]:
    return (low, high)


def needs_classes(experiment: Experiment, **settings: Any) -> Unfit | None:
    """The network must answer with classes."""
    return None if experiment.data.kind == "classes" else Unfit("its targets are values", "no_classes")
