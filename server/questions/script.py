"""The question of the experiment as a program that stands alone."""

import base64
import json
from typing import Annotated

from engine.base.refusal import Described, Refusal
from engine.export.forms import FORMS, carried
from engine.run.source import Source
from server.limits import CARRIED_BYTES, SCRIPT_STEPS
from server.protocol.kinds import Message, OneOf, Whole
from server.questions.answer import Answer


class Script(Message):
    """Which program."""

    form: Annotated[str, OneOf("form", FORMS), "plain NumPy, PyTorch, or a notebook of both"]
    steps: Annotated[int, Whole("number of training steps", 1, SCRIPT_STEPS), "that it trains"] = 100


def script(timeline: Source, t: int, asked: Script) -> Answer:
    """The experiment as a program that prints the losses of its first ``steps`` training steps.

    It has the ``name`` of its file, its ``text``, the ``files`` that come with it, as bytes in base64 by their names,
    and the names of those ``beside`` it, which the server has at these addresses.

    Raises:
        Refusal: a part of the experiment has no form in such a program, or the arrays that it carries are too large.
    """
    experiment, form = timeline.experiment, FORMS[asked.form]
    made, found = form.make(experiment, asked.steps)
    size = sum(each.nbytes for each in found.arrays.values())
    if size > CARRIED_BYTES:
        shown = Described(f"{size} bytes", "bytes", count=size)
        most = CARRIED_BYTES >> 20
        expected = f"at most {most} MB; the command backscope export takes more"
        raise Refusal("unfit", "form", "arrays", shown, expected, "script_bytes", most=most)
    return {
        "name": f"backscope-{experiment.dataset.name}{form.ending}",
        "text": made if isinstance(made, str) else json.dumps(made, indent=1, ensure_ascii=False) + "\n",
        "files": {name: base64.b64encode(data).decode() for name, data in carried(found).items()},
        "beside": [*found.files],
    }
