"""MNIST: 60,000 handwritten digits to train on and 10,000 held out, as 784 grey values each."""

from pathlib import Path

import numpy as np

from engine.datasets.dataset import Dataset, one_hot

FILE = Path(__file__).with_name("mnist.npz")


def digits() -> Dataset:
    """All of MNIST. The grey values stay bytes; ``scale`` makes them 0 to 1."""
    with np.load(FILE) as file:
        x_train, x_test = (file[name].reshape(-1, 784) for name in ("x_train", "x_test"))
        y_train, y_test = (one_hot(file[name], 10) for name in ("y_train", "y_test"))
    return Dataset("classes", x_train, y_train, x_test, y_test, scale=1 / 255)
