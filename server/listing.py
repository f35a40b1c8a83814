"""The listing: all that a page needs to know of a program once, with names, letters, formulas and sources."""

from functools import lru_cache
from typing import Any

from latex2mathml.converter import convert

from engine import Timeline
from engine.program import MicroStep, grains
from engine.tensors import axes


@lru_cache(maxsize=2048)
def mathml(latex: str) -> str:
    """A formula as MathML."""
    return convert(latex)


def micro_step(step: MicroStep) -> dict[str, Any]:
    """A micro-step in plain form; the formula's symbols carry their tensor's name as a class."""
    return {
        "phase": step.phase,
        "layer": step.layer,
        "equation": step.equation.name,
        "reads": list(step.reads),
        "writes": list(step.writes),
        "letters": step.letters,
        "formula": mathml(step.formula),
        "source": step.equation.source,
        "explanation": step.equation.explanation,
    }


def listing(timeline: Timeline) -> dict[str, Any]:
    """The plain form of a run: its experiment with all defaults written out, its program, its tensors' axes."""
    experiment, depth = timeline.experiment, len(timeline.experiment.layers)
    names = dict.fromkeys(name for step in timeline.program for name in (*step.reads, *step.writes))
    data = experiment.data
    return {
        "experiment": experiment.to_dict(),
        "sizes": list(experiment.sizes),
        "kind": data.kind,
        "examples": {"training": len(data.x_train), "held_out": len(data.x_held_out)},
        "steps_per_epoch": experiment.steps_per_epoch,
        "tensors": {name: list(axes(name, depth)) for name in names},
        "program": [micro_step(step) for step in timeline.program],
        "grains": grains(timeline.program),
    }
