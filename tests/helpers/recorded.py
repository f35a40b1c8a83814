"""Runs of homework that are recorded, as its author would do it."""

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import backscope


def record(path: Path, program: str, steps: int = 20, dtype: Any = np.float64, gradients: bool = True) -> None:
    """Train by a homework's step, and record each of its steps."""
    space: dict[str, Any] = {}
    exec(program, space)
    rng, sizes, state = np.random.default_rng(0), space["LAYERS"], dict[Any, Any]()
    W = [(rng.normal(size=(units, below)) / below**0.5).astype(dtype) for below, units in pairwise(sizes)]
    b = [np.zeros(units, dtype) for units in sizes[1:]]
    said = {"loss": space["LOSS"], "learning_rate": space["LEARNING_RATE"], "optimizer": space.get("OPTIMIZER")}
    with backscope.record(path, activations=space["ACTIVATIONS"], **said) as scope:
        for _ in range(steps):
            x = rng.normal(size=(8, sizes[0])).astype(dtype)
            y = np.eye(max(sizes[-1], 2))[rng.integers(max(sizes[-1], 2), size=8), : sizes[-1]].astype(dtype)
            start = [array.copy() for array in W], [array.copy() for array in b]
            W, b, *found = space["step"](W, b, x, y, state)
            dW, db = found if gradients and found else (None, None)
            scope.step(*start, x, y, dW, db)
        scope.step(W, b)


def recording(program: str, **fields: Any) -> bytes:
    """The recording of a homework's training as bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "run.backscope")
        record(path, program, **fields)
        return path.read_bytes()
