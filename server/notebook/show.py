"""``backscope.show``."""

from importlib.util import find_spec
from typing import Any

from server.notebook.view import View


def show(experiment: Any = "xor", *, t: int | None = None, height: int = 640) -> View:
    """Show a training run in a notebook, on the whole page of Backscope: ``view = backscope.show("xor")``, then
    ``view`` as the last line of a cell.

    ``view.t``, ``view.tensors`` and ``view.experiment`` read what is shown; ``view.t = 120``, ``view.step()``,
    ``view.train(500)``, ``for step in view.steps(500): ...`` and ``view.change(learning_rate=0.1)`` steer it.

    Args:
        experiment: the name of a preset, such as "xor" or "digits_best"; an experiment, as a dict or an
            ``engine.Experiment``; a run, as an ``engine.Timeline``, which itself stays as it is; or a scene, as a dict,
            as the path of a file that the page has saved, or as a link that its Share has copied.
        t: the moment to begin at; where it is None, that of the run or the scene, or else 0.
        height: the height in pixels, 200 to 4000.

    Raises:
        Refusal: what is asked for is malformed, or cannot be shown.
        ModuleNotFoundError: the extra ``backscope[notebook]`` is not installed.
        OSError: a file cannot be read.
    """
    if find_spec("anywidget") is None:
        raise ModuleNotFoundError("backscope.show needs anywidget: pip install 'backscope[notebook]'", name="anywidget")
    return View(experiment, t, height)
