"""Adam's step of one parameter: the mean of its gradients, divided by their usual size, times the learning rate."""

from dataclasses import dataclass

import numpy as np

from engine.explain.chain_rule import Index
from engine.explain.passes import Passes
from engine.methods.optimizers import OPTIMIZERS


@dataclass(frozen=True)
class AdaptiveStep:
    r"""The numbers of a step :math:`-\eta\, \hat{m} / (\sqrt{\hat{v}} + \epsilon)`.

    Attributes:
        updates: the number of the update, k.
        learning_rate: the learning rate of this update.
        mean: the mean gradient, an element of mhat.
        size: the usual size of the gradient: the square root of an element of vhat.
        ratio: the mean divided by the size plus epsilon.
    """

    updates: int
    learning_rate: float
    mean: float
    size: float
    ratio: float


def adaptive_step(passes: Passes, tensor: str, index: Index) -> AdaptiveStep | None:
    """The step of an element of a parameter; None where the optimizer is not of Adam's kind, or has not made it yet.

    Args:
        passes: the passes of the training step.
        tensor: the name of the parameter.
        index: the index of the element.
    """
    training = passes.experiment.training
    if not OPTIMIZERS[training.optimizer].adapts or passes.value(f"u{tensor}") is None:
        return None
    mean, square, updates = (passes.value(name) for name in (f"mhat{tensor}", f"vhat{tensor}", "updates"))
    rate = passes.read("learning_rate", f"u{tensor}")
    assert mean is not None
    assert square is not None
    assert updates is not None
    assert rate is not None
    with np.errstate(all="ignore"):
        size = np.sqrt(float(square[index]))
        ratio = np.divide(float(mean[index]), size + dict(training.optimizer_settings)["epsilon"])
    return AdaptiveStep(int(updates), float(rate), float(mean[index]), float(size), float(ratio))
