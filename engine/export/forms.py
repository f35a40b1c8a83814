"""The forms that an experiment can be taken along in: the program's text, and the files that it reads."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.export.notebook import notebook
from engine.export.numpy_script import numpy_script
from engine.export.pytorch_script import pytorch_script
from engine.export.script import CARRIED, Script

Made = tuple[str | dict[str, Any], Script]  # the text or the notebook, and the script whose files it reads


def _text(script: Script) -> Made:
    return script.text, script


@dataclass(frozen=True)
class Form:
    """A form of program.

    Attributes:
        ending: how the name of its file ends.
        make: makes it of an experiment and a number of training steps; a notebook is a mapping, for JSON.
    """

    ending: str
    make: Callable[[Experiment, int], Made]


FORMS = {
    "numpy": Form(".py", lambda experiment, steps: _text(numpy_script(experiment, steps))),
    "pytorch": Form("-pytorch.py", lambda experiment, steps: _text(pytorch_script(experiment, steps))),
    "notebook": Form(".ipynb", notebook),
}


def carried(script: Script) -> dict[str, bytes]:
    """The files that come with a script, by their names: none, or that of its larger arrays."""
    if not script.arrays:
        return {}
    file = io.BytesIO()
    np.savez_compressed(file, **script.arrays)  # type: ignore[arg-type]
    return {CARRIED: file.getvalue()}
