"""The network in PyTorch is about ten lines, which name every layer, and the gradients beside them are the moment's."""

import re

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.passes import passes
from engine.explain.pytorch import compared
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES
from tests.helpers.comparison import COMPARED, to_compare


def test_the_lines_are_about_ten_and_name_every_layer():
    for chosen in COMPARED:
        _, found = to_compare(chosen)
        lines = [line for line in found["code"].splitlines() if line]
        assert len(lines) <= 10 + len(chosen.layers) + sum(layer.batch_norm for layer in chosen.layers)
        compile(found["code"], "pytorch", "exec")
        assert {int(l) for l in re.findall(r"^[az](\d+) =", found["code"], re.MULTILINE)} == {
            *range(1, len(chosen.layers) + 1)
        }
        assert found["file"] in found["code"]


def test_the_gradients_are_those_of_the_moment_and_none_before_the_backward_pass():
    timeline = Timeline(Experiment.from_dict(PRESETS["xor"]))
    timeline.seek(3)
    assert {each["norm"] for each in compared(passes(timeline, 3), "{t}")["gradients"]} == {None}
    timeline, found = to_compare(Experiment.from_dict(PRESETS["xor"]))
    state = timeline.seek(found["t"])
    for each in found["gradients"]:
        assert each["norm"] == pytest.approx(np.linalg.norm(state[each["tensor"]]))
        assert tuple(each["shape"]) == state[each["tensor"]].shape


def test_every_method_says_what_it_is_in_pytorch():
    assert all(each.pytorch.count("{z}") == 1 for each in ACTIVATIONS.values())
    assert all("{y}" in each.pytorch for each in LOSSES.values())
