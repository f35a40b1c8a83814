"""Whether the tensors of a checkpoint make up a network: nothing is missing, and no number is impossible."""

from collections.abc import Iterable, Mapping

import numpy as np

from engine import Refusal
from engine.base.refusal import Described
from engine.base.tensors import PARAMETERS, parameter_of, split
from engine.methods.optimizers import OPTIMIZERS
from engine.run.segments import RATES, Segment

THE_FILE = Described("the file", "file")  # in a refusal; whoever sent it knows its name
LARGEST_COUNT = 2**53
COUNTERS = ("updates", "rate_step")
SQUARES = ("running_var",)  # means of squares, beside those that an optimizer keeps


def refuse_missing(names: Iterable[str], segment: Segment) -> None:
    """Refuse tensors of which one that belongs to the others is not there.

    What predicts, parameters and running averages, is there whole. What an optimizer keeps is there whole or not at
    all, and then it begins anew.

    Raises:
        Refusal: it says which tensor is missing.
    """
    names = set(names)
    kept = [name for name in segment.carried if _of_the_optimizer(name)]
    needed = [name for name in segment.carried if name not in {*kept, *RATES, "rate_step"}]
    if not names.isdisjoint(kept):
        needed += kept
    for name in needed:
        if name not in names:
            raise unfit(f"its {name} is missing", "tensor_missing", tensor=name)


def refuse_impossible(tensors: Mapping[str, np.ndarray], segment: Segment) -> None:
    """Refuse numbers that no run comes to: not finite in its dtype, a mean of squares below 0, a count that is none.

    Raises:
        Refusal: it says which tensor has such a number.
    """
    largest = np.finfo(segment.experiment.numpy_dtype).max
    for name, array in tensors.items():
        if not np.isfinite(array).all() or (np.abs(array) > largest).any():
            raise unfit(f"its {name} has numbers that are not finite", "checkpoint_finite", tensor=name)
        if _is_of_squares(name, segment) and (array < 0).any():
            raise unfit(f"its {name} has numbers below 0", "checkpoint_negative", tensor=name)
        if name in COUNTERS and not (array == np.floor(array) and 0 <= array <= LARGEST_COUNT):
            raise unfit(f"its {name} is no count", "checkpoint_count", tensor=name)


def unfit(expected: str, form: str, **blanks: str) -> Refusal:
    """What is wrong with the tensors of a checkpoint."""
    return Refusal("unfit", "checkpoint", "checkpoint", THE_FILE, expected, form, **blanks)


def _is_of_squares(name: str, segment: Segment) -> bool:
    parameter = parameter_of(name)
    if parameter is None or parameter == name:
        return split(name)[0] in SQUARES
    return name.removesuffix(parameter) in OPTIMIZERS[segment.experiment.training.optimizer].squares


def _of_the_optimizer(name: str) -> bool:
    return name == "updates" or (parameter_of(name) is not None and split(name)[0] not in PARAMETERS)
