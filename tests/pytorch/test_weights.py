"""What PyTorch saves, by safetensors or through NumPy, opens as a run with the same outputs; pickles are refused."""

import json
from collections import OrderedDict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from engine import Experiment, Refusal, Timeline
from server.checkpoints.codec import Checkpoint, decode
from server.weights import desk


class Named(nn.Module):
    """Layers whose names neither the alphabet nor a number orders, with batch norm under names of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Linear(2, 7)
        self.stem_norm = nn.BatchNorm1d(7)
        self.body = nn.ModuleList([nn.Linear(7, 5), nn.Linear(5, 5)])
        self.head = nn.Linear(5, 2, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.stem_norm(self.stem(x)))
        for layer in self.body:
            x = torch.relu(layer(x))
        return torch.softmax(self.head(x), dim=1)


def plain() -> nn.Module:
    return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1), nn.Sigmoid())


def normed() -> nn.Module:
    return nn.Sequential(
        nn.Linear(2, 9), nn.BatchNorm1d(9), nn.ReLU(), nn.Dropout(0.0), nn.Linear(9, 9), nn.BatchNorm1d(9), nn.ReLU(),
        nn.Linear(9, 1), nn.Sigmoid(),
    )  # fmt: skip


def wrapped() -> nn.Module:
    layers = [("first", nn.Linear(2, 6)), ("bend", nn.ReLU()), ("last", nn.Linear(6, 2)), ("shares", nn.Softmax(1))]
    return nn.Sequential(OrderedDict([("net", nn.Sequential(OrderedDict(layers)))]))


MODULES = {"plain": plain, "normed": normed, "wrapped": wrapped, "named": Named}
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16, "float64": torch.float64}


def trained(name: str) -> nn.Module:
    """A module after a few updates, so that its running averages and its scales are not those of the beginning."""
    torch.manual_seed(1)
    module = MODULES[name]()
    optimizer = torch.optim.Adam(module.parameters(), 0.05)
    for _ in range(5):
        optimizer.zero_grad()
        module(torch.randn(64, 2)).square().sum().backward()
        optimizer.step()
    return module


def opened(data: bytes) -> Checkpoint:
    """The run of a file, opened as it was understood, with the output activation that goes with its width."""
    layers: list[dict[str, Any]] = desk.told(data)["layers"]
    read = [layer | {"activation": "relu"} for layer in layers]
    timeline = {"dataset": {"name": "moons"}, "layers": read}
    one = next(each for each in desk.told(data)["arrays"] if each["name"] == layers[-1]["weights"])["shape"][0] == 1
    read[-1]["activation"] = "sigmoid" if one else "softmax"
    return decode(desk.read(json.dumps(timeline).encode() + b"\n" + data))


def same_outputs(start: Checkpoint, module: nn.Module) -> None:
    """Compare the outputs of the first mini-batch, in training, where batch norm is by the mini-batch."""
    timeline = Timeline(Experiment.from_dict(start.experiment, {start.start.name: start.start}))
    state = timeline.seek(next(t for t, step in enumerate(timeline.program) if step.phase == "loss"))
    module = module.double().train()
    with torch.no_grad():
        outputs = module(torch.tensor(np.array(state["a0"]), dtype=torch.float64)).numpy()
    np.testing.assert_allclose(state[f"a{len(start.experiment['layers'])}"], outputs, rtol=0, atol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", MODULES)
def test_a_state_dict_saved_by_safetensors_opens_with_the_same_outputs(name, dtype, tmp_path):
    module = trained(name).to(DTYPES[dtype])
    path = tmp_path / "model.safetensors"
    save_file(module.state_dict(), path)
    same_outputs(opened(path.read_bytes()), module)


@pytest.mark.parametrize("name", MODULES)
def test_a_state_dict_saved_by_numpy_opens_with_the_same_outputs_and_running_averages(name):
    module = trained(name)
    file = BytesIO()
    np.savez(file, **{key: tensor.numpy() for key, tensor in module.state_dict().items()})
    start = opened(file.getvalue())
    kept = {key: tensor.numpy() for key, tensor in module.state_dict().items()}
    for layer, found in enumerate(desk.told(file.getvalue())["layers"], 1):
        for part, key in (found["batch_norm"] or {}).items():
            assert np.array_equal(start.start.tensors[f"{part}{layer}"], kept[key])
    same_outputs(start, module)


@pytest.mark.parametrize("new", [True, False])
def test_a_pt_file_is_refused_and_the_lines_that_it_is_refused_with_save_it_safely(new, tmp_path, monkeypatch):
    module = trained("plain")
    file = BytesIO()
    torch.save(module.state_dict(), file, _use_new_zipfile_serialization=new)
    with pytest.raises(Refusal, match="it is a pickle") as refused:
        desk.told(file.getvalue())
    monkeypatch.chdir(tmp_path)
    details: dict[str, Any] = refused.value.details
    exec(details["blanks"]["lines"], {"model": module})
    same_outputs(opened(Path("model.safetensors").read_bytes()), module)
