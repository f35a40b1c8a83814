"""Contributions: what each activation adds to the neurons above it, and the neurons that matter most for the answer."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.digits.saliency import reach
from engine.experiment.experiment import Experiment

Arrays = Mapping[str, np.ndarray]


def contributions(
    experiment: Experiment, parameters: Arrays, answer: Arrays, shown: Sequence[int]
) -> dict[str, np.ndarray]:
    """The contributions a_k w_jk of one prediction: each activation times each weight that it goes through.

    Args:
        experiment: the structure in force.
        parameters: a state, or any mapping that holds the parameters and the running statistics.
        answer: the tensors that ``predict`` computed for one example.
        shown: for each layer, the input first, the number of neurons that can be shown. Of a larger hidden layer those
            neurons are chosen on which the largest output depends most; input and output are always whole.

    Returns:
        ``units1`` and so on, (shown,): the chosen neurons of each hidden layer; and ``c1`` and so on, (shown above,
        shown below): a_k w_jk, what neuron k adds to the pre-activation z of neuron j.
    """
    sizes, depth = experiment.sizes, len(experiment.layers)
    importance = _importance(experiment, parameters, answer)
    units = [np.arange(size) for size in sizes]
    for l in range(1, depth):
        units[l] = np.sort(np.argsort(-importance[l], kind="stable")[: shown[l]])
    with np.errstate(all="ignore"):
        found = {
            f"c{l}": parameters[f"W{l}"][np.ix_(units[l], units[l - 1])] * answer[f"a{l - 1}"][0, units[l - 1]]
            for l in range(1, depth + 1)
        }
    return found | {f"units{l}": units[l] for l in range(1, depth)}


def _importance(experiment: Experiment, parameters: Arrays, answer: Arrays) -> list[np.ndarray]:
    """How much the largest output depends on each neuron: |a dz/da|, (units,) for each layer, the input first."""
    depth = len(experiment.layers)
    slopes = reach(experiment, parameters, answer, int(answer[f"a{depth}"][0].argmax()))
    with np.errstate(all="ignore"):
        return [np.abs(answer[f"a{l}"][0] * slopes[f"da{l}"][0]) for l in range(depth)]
