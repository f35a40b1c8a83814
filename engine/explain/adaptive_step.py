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
        mean: the mean gradient, m / (1 - beta1^k).
        size: the usual size of the gradient: the square root of v / (1 - beta2^k).
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
    settings = dict(training.optimizer_settings)
    m, v, updates = (passes.value(name) for name in (f"m{tensor}", f"v{tensor}", "updates"))
    rate = passes.read("learning_rate", f"u{tensor}")
    assert m is not None
    assert v is not None
    assert updates is not None
    assert rate is not None
    k = int(updates)
    with np.errstate(all="ignore"):
        mean = np.divide(float(m[index]), 1 - settings["beta1"] ** k)
        size = np.sqrt(np.divide(float(v[index]), 1 - settings["beta2"] ** k))
        ratio = np.divide(mean, size + settings["epsilon"])
    return AdaptiveStep(k, float(rate), float(mean), float(size), float(ratio))
