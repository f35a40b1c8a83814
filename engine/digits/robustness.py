"""Robustness: the accuracy of networks on held-out digits that are distorted, and on digits of other collections."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data import digits
from engine.data.dataset import one_hot
from engine.digits.collection import Collection
from engine.digits.drawing import centred, shrink
from engine.evaluate.evaluation import correct, predict
from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES
from engine.methods.pictures import (
    PLACES,
    SIDE,
    affine_maps,
    coarsened,
    displaced,
    moved,
    redrawn,
    smooth_fields,
)

CHUNK = 500
WAYS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]])  # the signs of a distortion, which pictures take in turn
Network = tuple[Experiment, Mapping[str, np.ndarray]]  # an experiment on digits, and its parameters


@dataclass(frozen=True)
class Distortion:
    """A distortion of pictures. The sign of a shift, a rotation and a scale changes from picture to picture, and random
    fields are drawn anew for each.

    Attributes:
        shift: pixels, down and across.
        rotation: degrees.
        scale: the share of its size by which a picture grows or shrinks.
        pen: how much thicker the strokes become, -1 to 1, as ``redrawn`` takes it.
        uneven: the standard deviation by which the strokes become thicker here and thinner there.
        elastic: the standard deviation of an elastic distortion's displacements, in pixels.
        pixel: the width of a coarser scanner's pixels, in pixels.
    """

    shift: float = 0
    rotation: float = 0
    scale: float = 0
    pen: float = 0
    uneven: float = 0
    elastic: float = 0
    pixel: float = 1

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The distorted pictures, (n, 784), of pictures of the same shape."""
        one, other = WAYS[np.arange(len(x)) % len(WAYS)].T
        maps = affine_maps(self.shift * one, self.shift * other, self.rotation * one, 1 + self.scale * one)
        rng = np.random.default_rng(0)
        uneven, down, right = smooth_fields(rng.standard_normal((3, len(x), PLACES, PLACES), x.dtype))
        pen = np.clip(self.pen + self.uneven * uneven, -1, 1)
        bent = displaced(redrawn(moved(x, maps), pen), self.elastic * np.stack([down, right], axis=1))
        return coarsened(bent, np.full(len(x), self.pixel))


DISTORTIONS = {
    "as they are": Distortion(),
    "shifted by ±3 pixels": Distortion(shift=3),
    "turned by ±15 degrees": Distortion(rotation=15),
    "resized by ±20 %": Distortion(scale=0.2),
    "thin strokes": Distortion(pen=-0.7),
    "thick strokes": Distortion(pen=0.7),
    "uneven strokes": Distortion(uneven=0.7),
    "bent by ±1.5 pixels": Distortion(elastic=1.5),
    "pixels 2.5 × as wide": Distortion(pixel=2.5),
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
            right += _counts(networks, (x, _centred(x.reshape(-1, SIDE, SIDE))), data.y_held_out[rows])
        raw, placed = (right / len(chosen)).tolist()
        yield Row(name, raw, placed)


def on_collection(networks: Sequence[Network], name: str, collection: Collection) -> Row:
    """The accuracies of all networks on a collection of digits of this name."""
    pictures, labels = collection
    whole = np.array([shrink(picture, SIDE, SIDE) for picture in pictures]).reshape(-1, SIDE * SIDE)
    raw, placed = (_counts(networks, (whole, _centred(pictures)), one_hot(labels, 10)) / len(labels)).tolist()
    return Row(name, raw, placed)


def _counts(networks: Sequence[Network], ways: tuple[np.ndarray, ...], y: np.ndarray) -> np.ndarray:
    """How many pictures each network reads right, for each way to hand them to it, (ways, networks)."""
    return np.array([[_right(network, x, y) for network in networks] for x in ways], float)


def _right(network: Network, x: np.ndarray, y: np.ndarray) -> int:
    experiment, parameters = network
    outputs = predict(experiment, parameters, x)[f"a{len(experiment.layers)}"]
    return int(correct(outputs, y, LOSSES[experiment.loss].boundary).sum())


def _centred(pictures: np.ndarray) -> np.ndarray:
    """The pictures, (n, side, side), centred as drawings are, (n, 784)."""
    found = [centred(picture) for picture in pictures]
    empty = np.zeros((SIDE, SIDE))
    return np.array([empty if each is None else each for each in found]).reshape(len(found), -1)
