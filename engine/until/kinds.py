"""All conditions, by their names.

A measurement is a function of an experiment and of the tensors of one moment. What a condition has to remember is the
last of its measurements; so it is true or false of a moment of a run, whatever way has led there.
"""

from engine.run.until import Condition, Kind
from engine.until import answers, losses, neurons, sizes, steepness

CONDITIONS: dict[str, Kind] = {
    kind.name: kind for family in (losses, sizes, neurons, answers, steepness) for kind in family.KINDS
}

NOT_FINITE = Condition(CONDITIONS["not_finite"])
