"""A data set: examples as rows, split into training examples and held-out examples."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.data.batches import Batches

SPLITS = ("training", "held_out")
HELD_OUT = 0.25  # the share of the examples that is held out


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs of shape (examples, inputs) and targets of shape (examples, outputs), read-only.

    ``kind`` is "classes" (targets are 0 or 1, one-hot where there are several outputs) or "values" (any real numbers).
    The network's input is the stored input times ``scale``. The last ``others`` training examples belong to no class: a
    network is trained on them, but not evaluated on them. Where there are ``batches``, mini-batches are these, and not
    those that a seed shuffles.
    """

    kind: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_held_out: np.ndarray
    y_held_out: np.ndarray
    scale: float = 1.0
    others: int = 0
    batches: Batches | None = None

    def __post_init__(self) -> None:
        for array in (self.x_train, self.y_train, self.x_held_out, self.y_held_out):
            array.flags.writeable = False

    @cached_property
    def labels(self) -> np.ndarray:
        """The class of each training example, (examples,); -1 for those that belong to no class."""
        y = self.y_train
        found = (y[:, 0] > 0.5).astype(int) if y.shape[1] == 1 else y.argmax(axis=1)
        found[len(found) - self.others :] = -1
        found.flags.writeable = False
        return found

    def split(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The inputs and targets that a network is evaluated on, for the split "training" or "held_out"."""
        classified = len(self.x_train) - self.others
        training = self.x_train[:classified], self.y_train[:classified]
        return {"training": training, "held_out": (self.x_held_out, self.y_held_out)}[name]

    def seen(self, x: np.ndarray, dtype: np.dtype, out: np.ndarray | None = None) -> np.ndarray:
        """The network's inputs, scaled and of this dtype, for stored inputs such as some rows of a split.

        Args:
            x: stored inputs, (examples, inputs).
            dtype: the dtype of the run.
            out: the array to write into; a new one where it is None.
        """
        a = np.empty(x.shape, dtype) if out is None else out
        a[...] = x
        return np.multiply(a, np.array(self.scale, dtype), a)


def one_hot(labels: np.ndarray, outputs: int) -> np.ndarray:
    """Targets for class labels, (examples, outputs): one column of 0 and 1, or a column for each of several classes."""
    return labels[:, None].astype(float) if outputs == 1 else np.eye(outputs)[labels]


def training(examples: int, share: float = HELD_OUT) -> int:
    """The number of training examples where ``share`` of all examples is held out."""
    return examples - int(examples * share)


def hold_out(kind: str, x: np.ndarray, y: np.ndarray, share: float = HELD_OUT) -> Dataset:
    """Split shuffled examples: the last ``share`` of them is held out."""
    first = training(len(x), share)
    return Dataset(kind, x[:first], y[:first], x[first:], y[first:])
