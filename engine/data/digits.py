"""MNIST: 60,000 handwritten digits to train on and 10,000 held out, as 784 grey values each."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.data.dataset import Dataset, one_hot
from engine.data.others import others
from engine.data.record import DatasetRecord, Recipe

FILE = Path(__file__).with_name("mnist.npz")
RECIPE = Recipe(
    """\
with np.load("mnist.npz") as file:  # the 60,000 digits of MNIST
    X = file["x_train"].reshape(-1, 784).astype(dtype) * dtype(1 / 255)
    Y = np.eye(10)[file["y_train"]]""",
    files=(FILE.name,),
)


@lru_cache(maxsize=2)  # each takes 50 MB
def digits(no_digits: int = 0) -> Dataset:
    """All of MNIST, loaded once and shared. Grey values are stored as bytes; ``scale`` brings them to 0 to 1.

    Args:
        no_digits: the number of training pictures to add that show no digit. Their targets are 0.1 for each class.
    """
    with np.load(FILE) as file:
        x_train, x_test = (file[name].reshape(-1, 784) for name in ("x_train", "x_test"))
        y_train, y_test = (one_hot(file[name], 10) for name in ("y_train", "y_test"))
    if no_digits:
        x_train = np.concatenate([x_train, others(no_digits, x_train)])
        y_train = np.concatenate([y_train, np.full((no_digits, 10), 0.1)])
    return Dataset("classes", x_train, y_train, x_test, y_test, scale=1 / 255, others=no_digits)


DIGITS = DatasetRecord(
    "classes",
    "picture",
    784,
    (10,),
    "softmax",
    lambda *_: digits(),
    lambda *_: RECIPE,
    classes=tuple("0123456789"),
    others=30_000,
)
