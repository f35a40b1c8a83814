"""The listing: all that a page needs to know of a program once, with names, letters, formulas and sources."""

import re
from functools import lru_cache

from latex2mathml.converter import convert

from engine.base.tensors import axes
from engine.methods.augmentation import SETTINGS as AUGMENTATION
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS
from engine.methods.schedules import SCHEDULES
from engine.run.program import MicroStep, grains
from engine.run.segments import Segment
from engine.run.source import Source
from server.protocol import messages
from server.protocol.code import highlighted, textbook

METHODS = [setting for each in OPTIMIZERS.values() for setting in each.settings]
METHODS += [setting for each in SCHEDULES.values() for setting in each.settings]
METHODS += AUGMENTATION

# How formulas write the settings; those that have no symbol are not shown.
SYMBOLS = {
    "l1": r"\lambda_{1}",
    "l2": r"\lambda_{2}",
    "coupled_weight_decay": r"\lambda",
    "limit": "L",
    "share": "p",
    "weight": r"\kappa",
    **{setting.name: setting.symbol for setting in METHODS},
}


@lru_cache(maxsize=2048)
def mathml(latex: str) -> str:
    """A formula as MathML; what LaTeX marks with a tensor's name as a class has it as ``data-tensor``.

    As a class of the page it could be that of a panel, such as ``loss``.
    """
    return re.sub(r' class="(\w+)"', r' data-tensor="\1"', convert(latex))


@lru_cache(maxsize=2048)
def micro_step(step: MicroStep) -> messages.MicroStep:
    """A micro-step in plain form; the formula's symbols name their tensor as ``data-tensor``."""
    return {
        "phase": step.phase,
        "layer": step.layer,
        "equation": step.equation.name,
        "reads": list(step.reads),
        "writes": list(step.writes),
        "letters": step.letters,
        "formula": mathml(step.formula),
        "formula_in_columns": mathml(step.formula_in_columns),
        "settings": [[mathml(SYMBOLS[name]), value] for name, value in step.settings if name in SYMBOLS],
        "source": step.equation.source,
        "code": highlighted(step),
        "textbook": textbook(step),
        "textbook_in_columns": textbook(step, columns=True),
        "rounds": step.equation.rounds,
        "explanation": step.equation.explanation,
    }


def segment(part: Segment) -> messages.Segment:
    """A segment in plain form: where it begins, its program, and the structure in force."""
    return {
        "t": part.t,
        "training_step": part.training_step,
        "experiment": part.experiment.to_dict(),
        "levels": list(LOSSES[part.experiment.loss].levels),
        "program": [micro_step(step) for step in part.program],
        "grains": grains(part.program),
    }


def listing(source: Source) -> messages.Listing:
    """The plain form of a run: its experiment with all defaults written out, its segments, its tensors' axes."""
    experiment, depth = source.experiment, len(source.experiment.layers)
    data = experiment.data
    return {
        "experiment": experiment.to_dict(),
        "sizes": list(experiment.sizes),
        "kind": data.kind,
        "looks": experiment.dataset.looks,
        "classes": list(experiment.dataset.classes),
        "columns": list(experiment.dataset.columns),
        "target": experiment.dataset.target,
        "examples": {"training": len(data.x_train), "held_out": len(data.x_held_out)},
        "steps_per_epoch": experiment.steps_per_epoch,
        "tensors": {name: list(axes(name, depth)) for name in source.tensors},
        "segments": [segment(part) for part in source.segments],
    }
