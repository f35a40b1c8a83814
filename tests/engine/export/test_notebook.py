"""A notebook holds both scripts as cells that run one after the other."""

import io
from contextlib import redirect_stdout

import nbformat
import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.export.notebook import notebook
from tests.helpers.networks import experiment
from tests.helpers.scripts import largest_difference, losses_of

STEPS = 5


def codes(found) -> list[str]:
    return [cell["source"] for cell in found["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", ["xor", "spirals", "worked_example"])
def test_a_notebook_is_valid_and_its_numpy_cells_print_the_losses(name):
    chosen = Experiment.from_dict(PRESETS[name])
    found, _ = notebook(chosen, STEPS)
    nbformat.validate(nbformat.from_dict(found))
    both = codes(found)
    numpy_alone = both[: next(i for i, code in enumerate(both) if "import torch" in code) - 1]
    names: dict[str, object] = {}
    with redirect_stdout(io.StringIO()) as out, np.errstate(all="ignore"):
        for code in numpy_alone:
            exec(code, names)
    lines = out.getvalue().splitlines()
    assert largest_difference([float(line.split()[1]) for line in lines[:STEPS]], losses_of(chosen, STEPS)) < 1e-6


def test_a_notebook_says_why_a_run_has_no_form_in_pytorch():
    timeline = Timeline(experiment((4, "tanh"), (1, "sigmoid")))
    timeline.change(timeline.t_of(2), optimizer={"name": "adam"})
    found, _ = notebook(timeline.experiment, STEPS)
    nbformat.validate(nbformat.from_dict(found))
    assert "one module does not change its structure" in found["cells"][-1]["source"]
    assert not any("import torch" in code for code in codes(found))
