"""A page gets the experiment as a program, with the files that this reads."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.experiment.experiment import Start
from engine.experiment.presets import PRESETS
from engine.export.numpy_script import numpy_script
from server.questions import script as module
from server.questions.answers import answer
from tests.helpers.networks import experiment
from tests.helpers.session import say, started

WIDE = experiment((300, "tanh"), (1, "sigmoid"))


def asked(chosen: Experiment, **fields: Any) -> dict[str, Any]:
    found = answer(Timeline(chosen), "script", 0, fields)
    assert isinstance(found, dict)
    return found


def test_a_session_answers_with_the_program_of_its_run_as_it_has_been_changed():
    session = started(PRESETS["xor"])
    say(session, command="change", t=0, learning_rate=0.25)
    found = say(session, command="ask", question="script", t=0, form="numpy", steps=3)["answer"]
    assert "learning_rate = 0.25" in found["text"]


def test_the_text_is_that_of_the_engine_for_as_many_steps_as_are_asked_for():
    chosen = Experiment.from_dict(PRESETS["spirals"])
    found = asked(chosen, form="numpy", steps=30)
    assert found == {
        "name": "backscope-spirals.py", "text": numpy_script(chosen, 30).text, "files": {}, "beside": [],
    }  # fmt: skip


def test_a_notebook_is_json():
    found = asked(Experiment.from_dict(PRESETS["xor"]), form="notebook")
    assert found["name"] == "backscope-xor.ipynb"
    assert json.loads(found["text"])["nbformat"] == 4


def test_arrays_come_as_the_bytes_of_a_file():
    weights = np.random.default_rng(0).normal(size=(300, 2))
    tensors = dict(Timeline(WIDE).seek(0)) | {"W1": weights}
    started = Experiment.from_dict(WIDE.to_dict() | {"start": "mine"}, {"mine": Start("mine", tensors)})
    found = asked(started, form="pytorch")
    with np.load(io.BytesIO(base64.b64decode(found["files"]["backscope.npz"]))) as arrays:
        assert (arrays["W1"] == weights).all()


def test_arrays_that_are_too_large_are_refused(monkeypatch):
    monkeypatch.setattr(module, "CARRIED_BYTES", 100)
    started = Experiment.from_dict(
        WIDE.to_dict() | {"start": "mine"}, {"mine": Start("mine", dict(Timeline(WIDE).seek(0)))}
    )
    with pytest.raises(ValueError, match="takes more"):
        asked(started, form="numpy")


@pytest.mark.parametrize(
    "fields", [{"form": "java"}, {}, {"form": "numpy", "steps": 0}, {"form": "numpy", "steps": 10**6}]
)
def test_another_form_or_number_of_steps_is_refused(fields):
    with pytest.raises(ValueError, match=r"form|steps"):
        asked(WIDE, **fields)
