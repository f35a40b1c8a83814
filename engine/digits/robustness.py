"""Robustness: the accuracy of networks on held-out digits that are shifted, turned, resized or redrawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data import digits
from engine.digits.drawing import centred
from engine.evaluate.evaluation import correct, predict
from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES
from engine.methods.pictures import SIDE, affine_maps, moved, redrawn

CHUNK = 500
WAYS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]])  # the signs of a distortion, which pictures take in turn
Network = tuple[Experiment, Mapping[str, np.ndarray]]  # an experiment on digits, and its parameters


@dataclass(frozen=True)
class Distortion:
    """A distortion of pictures. The sign of a shift, a rotation and a scale changes from picture to picture.

    Attributes:
        shift: pixels, down and across.
        rotation: degrees.
        scale: the share of its size by which a picture grows or shrinks.
        pen: how much thicker the strokes become, -1 to 1, as ``redrawn`` takes it.
    """

    shift: float = 0
    rotation: float = 0
    scale: float = 0
    pen: float = 0

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The distorted pictures, (n, 784), of pictures of the same shape."""
        one, other = WAYS[np.arange(len(x)) % len(WAYS)].T
        maps = affine_maps(self.shift * one, self.shift * other, self.rotation * one, 1 + self.scale * one)
        return redrawn(moved(x, maps), np.full(len(x), self.pen))


DISTORTIONS = {
    "as they are": Distortion(),
    "shifted by ±3 pixels": Distortion(shift=3),
    "turned by ±15 degrees": Distortion(rotation=15),
    "resized by ±20 %": Distortion(scale=0.2),
    "thin strokes": Distortion(pen=-0.7),
    "thick strokes": Distortion(pen=0.7),
}


@dataclass(frozen=True)
class Row:
    """The name of a distortion, and each network's accuracy on distorted pictures, without centring and with it."""

    name: str
    raw: list[float]
    centred: list[float]


def robustness(networks: Sequence[Network], most: int | None = None) -> Iterator[Row]:
    """The accuracies of all networks on the held-out digits, one distortion after the other.

    Args:
        networks: experiments on digits with their parameters.
        most: the most digits to evaluate, evenly spread; all where it is None.
    """
    data = digits()
    total = len(data.x_held_out)
    chosen = np.arange(0, total, 1 if most is None else max(1, total / most)).astype(int)
    for name, distort in DISTORTIONS.items():
        right = np.zeros((2, len(networks)))
        for rows in np.split(chosen, range(CHUNK, len(chosen), CHUNK)):
            x = distort(data.seen(data.x_held_out[rows], np.dtype(np.float32)))
            for seen, count in zip((x, _centred(x)), right, strict=True):
                count += [_right(network, seen, data.y_held_out[rows]) for network in networks]
        raw, placed = (right / len(chosen)).tolist()
        yield Row(name, raw, placed)


def _right(network: Network, x: np.ndarray, y: np.ndarray) -> int:
    experiment, parameters = network
    outputs = predict(experiment, parameters, x)[f"a{len(experiment.layers)}"]
    return int(correct(outputs, y, LOSSES[experiment.loss].boundary).sum())


def _centred(x: np.ndarray) -> np.ndarray:
    """The pictures centred as drawings are, (n, 784)."""
    found = [centred(picture) for picture in x.reshape(-1, SIDE, SIDE)]
    empty = np.zeros((SIDE, SIDE))
    return np.array([empty if each is None else each for each in found]).reshape(len(x), -1)
