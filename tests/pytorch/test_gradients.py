"""The gradients that PyTorch gives for the program of an experiment are those of the engine."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.helpers.comparison import COMPARED, to_compare


@pytest.mark.parametrize("chosen", COMPARED)
def test_the_gradients_of_pytorch_are_those_of_the_engine(chosen, tmp_path, monkeypatch, capsys):
    timeline, found = to_compare(chosen)
    state = timeline.seek(found["t"])
    monkeypatch.chdir(tmp_path)
    save_file({name: np.ascontiguousarray(array) for name, array in state.items()}, found["file"])
    exec(found["code"], {})
    printed = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert [*printed] == list(chosen.parameters)
    for name, difference in printed.items():
        largest = float(np.abs(state[f"d{name}"]).max())
        rough = 1e-3 if any(layer.batch_norm for layer in chosen.layers) else 1e-5
        assert float(difference) <= rough * max(largest, 0.01), (name, found["code"])
