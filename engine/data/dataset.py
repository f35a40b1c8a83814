"""What a data set is: examples as rows, split into training and held-out ones."""

from dataclasses import dataclass

import numpy as np

SPLITS = ("training", "held_out")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs of shape (examples, inputs) and targets of shape (examples, outputs), read-only.

    ``kind`` is "classes" (targets are 0 or 1, one-hot where there are several outputs) or "values" (any real numbers).
    Inputs are stored as they came; an input as the network sees it is ``x * scale``. The last ``others`` of the
    training examples belong to no class: a network learns from them, but is not judged by them.
    """

    kind: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_held_out: np.ndarray
    y_held_out: np.ndarray
    scale: float = 1.0
    others: int = 0

    def __post_init__(self) -> None:
        for array in (self.x_train, self.y_train, self.x_held_out, self.y_held_out):
            array.flags.writeable = False

    def split(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The inputs and targets of the split "training" or "held_out", by which a network is judged."""
        judged = len(self.x_train) - self.others
        training = self.x_train[:judged], self.y_train[:judged]
        return {"training": training, "held_out": (self.x_held_out, self.y_held_out)}[name]

    def seen(self, x: np.ndarray, dtype: np.dtype, out: np.ndarray | None = None) -> np.ndarray:
        """Inputs as they are stored, such as some rows of a split, as a network of this dtype sees them."""
        a = np.empty(x.shape, dtype) if out is None else out
        a[...] = x
        return np.multiply(a, np.array(self.scale, dtype), a)


def one_hot(labels: np.ndarray, outputs: int) -> np.ndarray:
    """Targets for class labels: a single column of 0 and 1 for one output, else one column a class."""
    return labels[:, None].astype(float) if outputs == 1 else np.eye(outputs)[labels]


def hold_out(kind: str, x: np.ndarray, y: np.ndarray, share: float = 0.25) -> Dataset:
    """Split shuffled examples: the last quarter is held out."""
    first = len(x) - int(len(x) * share)
    return Dataset(kind, x[:first], y[:first], x[first:], y[first:])
