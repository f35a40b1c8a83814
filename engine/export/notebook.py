"""A notebook of an experiment: its training in plain NumPy, and once more in PyTorch where PyTorch can do it."""

from itertools import count
from typing import Any

from engine.base.refusal import Refusal
from engine.experiment.experiment import Experiment
from engine.export.numpy_script import numpy_script
from engine.export.pytorch_script import pytorch_script
from engine.export.script import Script

Cell = dict[str, Any]
FORMAT = {"nbformat": 4, "nbformat_minor": 5}
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def notebook(experiment: Experiment, steps: int) -> tuple[dict[str, Any], Script]:
    """The notebook in the form of nbformat 4, and the NumPy script, which has the files that the notebook reads.

    Args:
        experiment: the experiment.
        steps: the number of training steps.

    Raises:
        Refusal: a part of the experiment has no form in a script.
    """
    script = numpy_script(experiment, steps)
    cells = [_prose(f"# Backscope\n\n{script.about}"), *_cells("In plain NumPy", script)]
    try:
        cells += _cells("In PyTorch", pytorch_script(experiment, steps))
    except Refusal as refusal:
        cells.append(_prose(f"## In PyTorch\n\nThis run has no form in PyTorch: {refusal}."))
    ids = count(1)
    return {"cells": [{"id": f"cell-{next(ids)}", **each} for each in cells], "metadata": KERNEL, **FORMAT}, script


def _cells(title: str, script: Script) -> list[Cell]:
    cells = [_prose(f"## {title}")]
    for part in script.parts:
        cells += [_prose(f"### {part.title}"), _code(part.code)]
    return cells


def _prose(text: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> Cell:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}
