"""Conditions of what changes: the class that an example is answered with, and the sign of a parameter."""

from typing import Any

import numpy as np

from engine.base.tensors import shape_of
from engine.evaluate.evaluation import answers, predictor
from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES
from engine.run.until import Kind, Measure, Place, Unfit
from engine.until.common import Arrays, needs_classes, of_number, reads_parameters
from engine.until.fields import EVERY, Example, Index, Parameter


def _class_of(experiment: Experiment, tensors: Arrays, example: int | bytes, **settings: Any) -> Measure:
    stored = (
        np.frombuffer(example, np.uint8)[None] if isinstance(example, bytes) else experiment.data.x_train[[example]]
    )
    x, boundary = experiment.data.seen(stored, experiment.numpy_dtype), LOSSES[experiment.loss].boundary
    return Measure(predictor(experiment, tensors, x), lambda outputs: answers(np.concatenate(outputs), boundary))


def _changes(found: np.ndarray, **settings: Any) -> np.ndarray:
    return np.concatenate([[False], found[1:] != found[:-1]])


def _strongest_into(experiment: Experiment, tensors: Arrays, measured: Any, **settings: Any) -> Place | None:
    """The bias of the class that is answered now."""
    depth = len(experiment.layers)
    unit = int(measured[-1]) if experiment.layers[-1].units > 1 else 0
    return (f"b{depth}", (unit,)) if unit >= 0 else None


def _sign_of(experiment: Experiment, tensors: Arrays, tensor: str, index: tuple[int, ...], **settings: Any) -> Measure:
    return of_number(tensors[tensor][tuple(slice(i, i + 1) for i in index)])


def _changes_sign(found: np.ndarray, **settings: Any) -> np.ndarray:
    """Whether it is above 0 and was below, or below 0 and was above; a bias that leaves 0 has had no sign."""
    before, after = found[:-1], found[1:]
    return np.concatenate([[False], ((before < 0) & (after > 0)) | ((before > 0) & (after < 0))])


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


KINDS = (
    Kind(
        "class_changes", (Example(), EVERY(100)), _class_of, _changes, reads_parameters, _strongest_into,
        memory=lambda **settings: 1, of_beginning=True, suits=needs_classes, troubles=("exploding",),
    ),
    Kind(
        "sign_changes", (Parameter(), Index()), _sign_of, _changes_sign,
        lambda experiment, tensor, **settings: (tensor,), _itself, memory=lambda **settings: 1,
        of_beginning=True, suits=_has_element, troubles=("exploding",),
    ),
)  # fmt: skip
