"""Saliency: the derivatives of the loss, or of one output, by the inputs, when the network predicts.

It is the backward pass of a prediction, by the equations of training. Prediction has no dropout, and its batch
normalization uses the running statistics, which do not depend on the example.
"""

from collections.abc import Mapping

import numpy as np

from engine.evaluate.evaluation import predict
from engine.experiment.experiment import Experiment
from engine.methods import equations as eq
from engine.methods import normalization as norm
from engine.methods.activations import ACTIVATIONS
from engine.methods.equation import Equation, equation
from engine.methods.losses import LOSSES
from engine.run.micro_step import MicroStep
from engine.run.program import EPSILON

Arrays = Mapping[str, np.ndarray]
Steps = list[MicroStep]


@equation("dztilde:ij, gamma:j, var:j -> delta:ij", textbook="delta = gamma / np.sqrt(var + epsilon) * dztilde")
def normalize_back_alone(
    dztilde: np.ndarray, gamma: np.ndarray, var: np.ndarray, *, epsilon: float, out: np.ndarray | None = None
) -> np.ndarray:
    r"""\delta = \frac{\gamma}{\sqrt{\var + \epsilon}} \odot \dztilde

    The chain rule through statistics that do not depend on the example.
    """
    return np.multiply(dztilde, gamma / np.sqrt(var + epsilon), out)


def saliency(experiment: Experiment, parameters: Arrays, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """The errors of a prediction, from the loss back to the inputs.

    Args:
        experiment: the structure in force.
        parameters: a state, or any mapping that holds the parameters and the running statistics.
        x: the network's inputs, (examples, inputs).
        y: targets, (examples, outputs).

    Returns:
        ``da0``, (examples, inputs): dC_i/da0, the derivatives of each example's own loss; and the ``delta`` and ``da``
        of every layer.
    """
    arrays = {**parameters, **predict(experiment, parameters, x, y), "y": np.asarray(y, experiment.numpy_dtype)}
    return _run([*_from_loss(experiment), *_to_inputs(experiment)], arrays)


def reach(experiment: Experiment, parameters: Arrays, answer: Arrays, output: int) -> dict[str, np.ndarray]:
    """The derivatives of one output's pre-activation z by all activations below it.

    Args:
        experiment: the structure in force.
        parameters: a state, or any mapping that holds the parameters and the running statistics.
        answer: the tensors that ``predict`` computed.
        output: the number of the output.

    Returns:
        dz/da, (examples, units), of every layer below: ``da0`` for the inputs, ``da1`` for the first layer and so on.
    """
    depth = len(experiment.layers)
    z = np.zeros_like(answer[f"a{depth}"])
    z[:, output] = 1
    return _run(_to_inputs(experiment), {**parameters, **answer, f"delta{depth}": z})


def _run(steps: Steps, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    computed: dict[str, np.ndarray] = {}
    with np.errstate(all="ignore"):
        for step in steps:
            (name,) = step.writes
            computed[name] = arrays[name] = step.compute(*(arrays[read] for read in step.reads))
    return computed


def _step(l: int, equation: Equation, reads: str, writes: str, **settings: float) -> MicroStep:
    return MicroStep("backward", l, equation, tuple(reads.split()), (writes,), tuple(settings.items()))


def _from_loss(experiment: Experiment) -> Steps:
    """The micro-steps from the loss to the output's pre-activation."""
    loss, depth = LOSSES[experiment.loss], len(experiment.layers)
    if loss.delta:
        return [_step(depth, loss.delta, f"a{depth} y", f"delta{depth}")]
    assert loss.gradient
    return [_step(depth, loss.gradient, f"a{depth} y", f"da{depth}"), *_through_activation(experiment, depth)]


def _to_inputs(experiment: Experiment) -> Steps:
    """The micro-steps from the output's pre-activation to the inputs."""
    steps = Steps()
    for l in range(len(experiment.layers) - 1, -1, -1):
        if experiment.layers[l].residual:
            steps.append(_step(l, norm.pass_back_with_skip, f"delta{l + 1} W{l + 1} da{l + 1}", f"da{l}"))
        else:
            steps.append(_step(l, eq.pass_back, f"delta{l + 1} W{l + 1}", f"da{l}"))
        if l:
            steps += _through_activation(experiment, l)
    return steps


def _through_activation(experiment: Experiment, l: int) -> Steps:
    layer = experiment.layers[l - 1]
    activation = ACTIVATIONS[layer.activation]
    if activation.slope is None:
        assert activation.backward
        return [_step(l, activation.backward, f"a{l} da{l}", f"delta{l}")]
    source = activation.slope_source("ztilde" if layer.batch_norm else "z", "f" if layer.residual else "a")
    slope = _step(l, activation.slope, f"{source}{l}", f"slope{l}")
    if not layer.batch_norm:
        return [slope, _step(l, eq.chain, f"da{l} slope{l}", f"delta{l}")]
    back = _step(l, normalize_back_alone, f"dztilde{l} gamma{l} running_var{l}", f"delta{l}", epsilon=EPSILON)
    return [slope, _step(l, eq.chain, f"da{l} slope{l}", f"dztilde{l}"), back]
