"""Mistakes in the mode of a network: training steps in the mode of a prediction."""

from collections.abc import Iterator

from engine.marking.case import Case
from engine.marking.operations import BatchNorm, Dropout
from engine.marking.variation import Variation, varied

SAYS = {
    BatchNorm.name: "batch norm uses its running statistics, not the mini-batch's",
    Dropout.name: "dropout leaves no unit out",
}


def evaluation_mode(case: Case) -> Iterator[Variation]:
    """Batch norm, dropout or both are in evaluation mode while the network is trained."""
    used = [name for name in SAYS if any(name == each.name for layer in case.assignment.operations for each in layer)]
    for names in dict.fromkeys([tuple(used), *((name,) for name in used)]):
        if names:
            what = " and ".join(SAYS[each] for each in names)
            says = f"the network is in evaluation mode while it is trained: {what}"
            yield varied("evaluation_mode", says, evaluating=frozenset(names))
