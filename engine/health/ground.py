"""The ground that a run stands on: solved, on its way, or at rest on a plateau or in a local minimum."""

from typing import Any

from engine.experiment.experiment import Experiment
from engine.explain.curvature import Arrays, curvature
from engine.health.troubles import chance
from engine.run.micro_step import MicroStep

SOLVED, MOVING, PLATEAU, MINIMUM = "solved", "moving", "plateau", "minimum"
LONG = 1000  # a run is at rest if its loss falls by as much as itself only in so many training steps of the rate 1
LITTLE = 0.05  # the share of the loss of the best constant answer below which values count as learned
FLAT = 1e-3  # the share of the largest curvature, or of the loss, up to which a curvature is none


def ground(
    experiment: Experiment, program: tuple[MicroStep, ...], state: Arrays, training: dict[str, Any]
) -> dict[str, Any]:
    """The ground under the parameters of a moment.

    A run is solved where all training examples are right; where targets are values, where the loss is a small part of
    that of the best constant answer. It is on its way while the slope lowers the loss in reasonable time. Else it is at
    rest: in a local minimum where the loss curves upwards and in no direction downwards, and on a plateau elsewhere.

    Args:
        experiment: the structure in force.
        program: its micro-steps.
        state: the state at the moment.
        training: loss and accuracy over the training examples, as ``evaluate`` gives them.

    Returns:
        ``ground``: one of "solved", "moving", "plateau", "minimum"; and the numbers of ``curvature``.

    Raises:
        Refusal: the network is too large or has dropout, or the numbers of the moment are not finite.
    """
    found = curvature(experiment, program, state)
    return {"ground": _name(experiment, training["loss"], training["accuracy"], **found), **found}


def _name(
    experiment: Experiment, loss: float, accuracy: float | None, slope: float, smallest: float, largest: float
) -> str:
    if loss < LITTLE * chance(experiment) if accuracy is None else accuracy == 1:
        return SOLVED
    if LONG * slope**2 > loss:
        return MOVING
    curved = largest > FLAT * loss and smallest >= -FLAT * largest
    return MINIMUM if curved else PLATEAU
