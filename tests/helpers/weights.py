"""Networks of other programs, by NumPy alone: arrays under plausible names, their files and forward passes."""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
from safetensors.numpy import save

Arrays = dict[str, np.ndarray]
EPSILON = 1e-5
BATCH_NORM = ("gamma", "beta", "running_mean", "running_var")
IN_NUMPY: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda z: np.where(z > 0, z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "identity": lambda z: z,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}


@dataclass(frozen=True)
class Naming:
    """How a program names the arrays of layer ``k`` of networks, and whether its matrices have a column a neuron.

    ``order`` tells whether the names alone say the order of the layers.
    """

    weights: str
    bias: str
    transposed: bool = False
    norm: Mapping[str, str] = field(default_factory=dict)
    order: bool = True

    def name(self, pattern: str, k: int) -> str:
        return pattern.format(k=k, next=k + 1, even=2 * k, odd=2 * k + 1, triple=3 * k, after=3 * k + 1)


def _torch(place: str) -> dict[str, str]:
    names = {"gamma": "weight", "beta": "bias", "running_mean": "running_mean", "running_var": "running_var"}
    return {part: f"{place}.{name}" for part, name in names.items()}


NAMINGS = {
    "sequential": Naming("{triple}.weight", "{triple}.bias", norm=_torch("{after}")),
    "modules": Naming("fc{next}.weight", "fc{next}.bias", norm=_torch("bn{next}")),
    "parallel": Naming("module.net.linear.{k}.weight", "module.net.linear.{k}.bias", norm=_torch("module.net.bn.{k}")),
    "own": Naming("W{next}", "b{next}", norm={part: f"{part}{{next}}" for part in BATCH_NORM}),
    "by columns": Naming("W{next}", "b{next}", True, norm={part: f"{part}{{next}}" for part in BATCH_NORM}),
    "snake": Naming("weights_{k}", "biases_{k}"),
    "scikit": Naming("coefs_{k}", "intercepts_{k}", True),
    "keras": Naming(
        "dense_{k}/kernel:0", "dense_{k}/bias:0", True,
        norm={
            "gamma": "batch_normalization_{k}/gamma:0", "beta": "batch_normalization_{k}/beta:0",
            "running_mean": "batch_normalization_{k}/moving_mean:0",
            "running_var": "batch_normalization_{k}/moving_variance:0",
        },
    ),
    "haiku": Naming("mlp/linear_{k}/w", "mlp/linear_{k}/b", True),
    "nameless": Naming("arr_{even}", "arr_{odd}", order=False),
}  # fmt: skip


@dataclass
class Network:
    """A network of another program: its arrays under its own names, and which of them is what."""

    arrays: Arrays
    layers: list[dict[str, Any]]  # as a reading has them, without activations

    def reading(self, activations: Sequence[str], dataset: dict[str, Any]) -> dict[str, Any]:
        layers = [layer | {"activation": name} for layer, name in zip(self.layers, activations, strict=True)]
        return {"layers": layers, "dataset": dataset, "loss": "squared_error"}

    def forward(self, x: np.ndarray, activations: Sequence[str]) -> list[np.ndarray]:
        """The activations of each layer for a mini-batch, in float64."""
        found, a = [], x.astype(float)
        for layer, name in zip(self.layers, activations, strict=True):
            matrix = self.arrays[layer["weights"]].astype(float)
            z = a @ (matrix if layer["transposed"] else matrix.T)
            if layer["bias"] is not None:
                z = z + self.arrays[layer["bias"]].astype(float).reshape(-1)
            if norm := layer["batch_norm"]:
                gamma, beta = (self.arrays[norm[part]].astype(float) for part in ("gamma", "beta"))
                z = gamma * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + EPSILON) + beta
            a = IN_NUMPY[name](z)
            found.append(a)
        return found


def network(
    widths: Sequence[int], naming: Naming, normed: Sequence[int] = (), bias: bool = True, seed: int = 0
) -> Network:
    """A network with random weights. The inputs come first among its widths; the layers ``normed`` have batch norm."""
    rng = np.random.default_rng(seed)
    made = Network({}, [])
    for k, (inputs, units) in enumerate(pairwise(widths)):
        layer: dict[str, Any] = {"weights": naming.name(naming.weights, k), "transposed": naming.transposed}
        shape = (inputs, units) if naming.transposed else (units, inputs)
        made.arrays[layer["weights"]] = rng.normal(0, 1 / np.sqrt(inputs), shape)
        layer["bias"] = naming.name(naming.bias, k) if bias else None
        if bias:
            made.arrays[layer["bias"]] = rng.normal(0, 1, units)
        layer["batch_norm"] = None
        if k in normed and naming.norm:
            layer["batch_norm"] = {part: naming.name(naming.norm[part], k) for part in BATCH_NORM}
            made.arrays |= {name: rng.uniform(0.5, 1.5, units) for name in layer["batch_norm"].values()}
        made.layers.append(layer)
    return made


def bfloat16(array: np.ndarray) -> np.ndarray:
    """The upper halves of float32 numbers, which bfloat16 keeps."""
    return (np.ascontiguousarray(array, "<f4").view("<u4") >> 16).astype("<u2")


def rounded(array: np.ndarray, dtype: str) -> np.ndarray:
    """The numbers that a file of this dtype keeps."""
    if dtype == "BF16":
        return (bfloat16(array).astype("<u4") << 16).view("<f4")
    return array.astype({"F16": "<f2", "F32": "<f4", "F64": "<f8"}[dtype])


def safetensors(arrays: Mapping[str, np.ndarray], dtype: str) -> bytes:
    """The file as PyTorch's users save it, in any dtype."""
    if dtype != "BF16":
        return bytes(save({name: np.array(array, order="C") for name, array in arrays.items()}, {"format": "pt"}))
    header, data = {}, b""
    for name, array in sorted(arrays.items()):
        bits = bfloat16(array).tobytes()
        header[name] = {"dtype": "BF16", "shape": array.shape, "data_offsets": [len(data), len(data) + len(bits)]}
        data += bits
    return with_header(header, data)


def with_header(header: Any, data: bytes) -> bytes:
    """A safetensors file with any header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def npz(arrays: Mapping[str, np.ndarray], compressed: bool = False) -> bytes:
    """NumPy's archive of these arrays, in their order."""
    file = BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()
