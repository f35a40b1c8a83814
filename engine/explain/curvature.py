"""The curvature of the loss over all training examples at the parameters of a moment: slope and second derivatives.

    H ~ (g(w + h) - g(w - h)) / 2h        (in float64, one element of a parameter at a time)

The gradient g is computed by the micro-steps of the program, and H whole, so all of its eigenvalues are known.
"""

from collections.abc import Callable, Mapping

import numpy as np

from engine.base.refusal import Refusal
from engine.experiment.experiment import Experiment
from engine.explain.objective import Objective
from engine.run.micro_step import MicroStep

Arrays = Mapping[str, np.ndarray]
STEP = 1e-4  # the size h of a perturbation, times that of the parameter where it is above 1
MOST = 200  # the most parameters
WORK = 2_000_000  # the most products of parameters, parameters and examples


def curvature(experiment: Experiment, program: tuple[MicroStep, ...], state: Arrays) -> dict[str, float]:
    """The slope and the curvature of the loss, with penalties, over all training examples.

    Args:
        experiment: the structure in force.
        program: its micro-steps.
        state: the state at the moment.

    Returns:
        ``slope``, the norm of the gradient; ``smallest`` and ``largest``, eigenvalues of the Hessian.

    Raises:
        Refusal: the network is too large or has dropout, or the numbers of the moment are not finite.
    """
    x, y = experiment.data.split("training")
    names = experiment.parameters
    count = sum(state[name].size for name in names)
    if count > MOST or count**2 * len(x) > WORK or any(layer.dropout for layer in experiment.layers):
        expected = f"a network without dropout and of at most {MOST} parameters, on few examples"
        raise Refusal("unfit", "question", "question", "curvature", expected, "curvature", most=MOST)
    fixed = {**state, "a0": experiment.data.seen(x, np.dtype(np.float64)), "y": y}
    start = {name: np.array(state[name], np.float64) for name in names}

    def gradient(changed: Arrays) -> np.ndarray:
        objective = Objective(experiment, program, {**fixed, **start, **changed}, 0)
        return np.concatenate([objective.gradient(name)[1].ravel() for name in names])

    with np.errstate(all="ignore"):
        slope = float(np.linalg.norm(gradient({})))
        hessian = np.array(
            [_row(gradient, name, start[name], index) for name in names for index in np.ndindex(start[name].shape)]
        )
    if not (np.isfinite(slope) and np.isfinite(hessian).all()):
        raise Refusal("unfit", "t", "moment", "t", "its numbers are not finite", "finite")
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    return {"slope": slope, "smallest": float(values[0]), "largest": float(values[-1])}


def _row(gradient: Callable[[Arrays], np.ndarray], name: str, array: np.ndarray, index: tuple[int, ...]) -> np.ndarray:
    """The row of the Hessian of one element of a parameter: by how much the gradient changes with it."""
    step = STEP * max(1.0, abs(array[index]))
    above, below = array.copy(), array.copy()
    above[index] += step
    below[index] -= step
    width: float = above[index] - below[index]
    return (gradient({name: above}) - gradient({name: below})) / width
