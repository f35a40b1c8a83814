"""The files of the trained networks that come along: written by recipe, and opened by name when they are asked for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save

from engine import Experiment
from engine.experiment.experiment import Start
from server.checkpoints.codec import decode
from server.trained.recipes import RECIPES, Recipe

FOLDER = Path(__file__).resolve().parent


def file_of(name: str, folder: Path = FOLDER) -> Path:
    """Where the trained network of this name lies."""
    return folder / f"{name}.safetensors"


def packed(recipe: Recipe, parameters: Mapping[str, np.ndarray], accuracy: float) -> bytes:
    """The file of a network trained by a recipe: a checkpoint without an optimizer's state. Its metadata also says how
    it was ``trained``, and its ``accuracy`` on all held-out examples.
    """
    experiment = Experiment.from_dict(recipe.experiment)
    tensors = {name: np.array(parameters[name], order="C") for name in experiment.parameters}
    plain = json.dumps(experiment.to_dict())
    return save(
        tensors, {"experiment": plain, "t": "0", "trained": json.dumps(recipe.trained), "accuracy": str(accuracy)}
    )


@dataclass(frozen=True)
class Trained:
    """What a file says of itself: the experiment that goes on from it, and its accuracy on all held-out examples."""

    experiment: dict[str, Any]
    accuracy: float


def described(name: str) -> Trained:
    """What the file of this name says, without opening its tensors; read anew, so that it is the caller's own."""
    with safe_open(file_of(name), "np") as file:
        said = file.metadata()
    return Trained(json.loads(said["experiment"]) | {"start": name}, float(said["accuracy"]))


@cache
def _opened(name: str) -> Start:
    return replace(decode(file_of(name).read_bytes()).start, name=name)


class _Shipped(Mapping[str, Start]):
    """Always there: each is opened when it is first asked for, and kept."""

    def __getitem__(self, name: str) -> Start:
        if name not in RECIPES:
            raise KeyError(name)
        return _opened(name)

    def __iter__(self) -> Iterator[str]:
        return iter(RECIPES)

    def __len__(self) -> int:
        return len(RECIPES)


SHIPPED: Mapping[str, Start] = _Shipped()
