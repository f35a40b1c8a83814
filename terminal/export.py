"""``backscope export``: an experiment as a program that stands alone."""

import json
import shutil
from pathlib import Path
from typing import Any

from engine.data.digits import FILE
from engine.export.forms import FORMS, carried
from terminal.experiment import experiment
from terminal.output import one_line_errors, output
from terminal.reading import count, experiment_parser

DONE = 0
STEPS = 100
SAYS = {
    "numpy": "as a plain NumPy script (the default)",
    "pytorch": "as a PyTorch module and its training loop",
    "notebook": "as a notebook of both",
}


def main(argv: list[str]) -> int:
    """Write an experiment as a program, and the files that it reads beside it; returns the exit status.

    Raises:
        Unreadable: the experiment or the checkpoint cannot be read, or a file cannot be written.
        Refusal: a part of the experiment has no form in such a program.
    """
    options = _parser().parse_args(argv)
    form = FORMS[options.form]
    made, script = form.make(experiment(options), options.steps)
    path = options.output or Path(f"{(options.experiment or options.data).stem}{form.ending}")
    text = made if isinstance(made, str) else json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    written = {path: text.encode()} | {path.with_name(name): data for name, data in carried(script).items()}
    for place, data in written.items():
        with output(place) as file:
            file.save(data)
    beside = [path.with_name(name) for name in script.files if not path.with_name(name).exists()]
    for place in beside:
        with one_line_errors(place):
            shutil.copyfile(FILE.with_name(place.name), place)
    print(f"{path} prints the losses of {options.steps:,} training steps")
    for place in (*[*written][1:], *beside):
        print(f"{place} is what it reads")
    return DONE


def _parser() -> Any:
    about = "Write an experiment as a program that stands alone and prints the losses of its training."
    found = experiment_parser("export", about)
    forms = found.add_mutually_exclusive_group()
    for name, says in SAYS.items():
        forms.add_argument(f"--{name}", dest="form", action="store_const", const=name, default="numpy", help=says)
    found.add_argument("--steps", type=count(1), default=STEPS, help="training steps (default: %(default)s)")
    found.add_argument("--output", type=Path, metavar="FILE", help="the program (default: named as the experiment)")
    return found
