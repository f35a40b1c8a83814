"""Initializers: the distributions of the initial weights. Initial biases are 0."""

from collections.abc import Callable

import numpy as np

Shape = tuple[int, int]  # (units of the layer, units of the layer below)


def zeros(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """All weights 0: all neurons of a layer stay the same for ever."""
    return np.zeros(shape)


def small_normal(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Normal with standard deviation 0.01: so small that deep or tanh networks stall at the start."""
    return rng.normal(0, 0.01, shape)


def standard_normal(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Normal with standard deviation 1, whatever the width: after wide layers far too large for deep networks."""
    return rng.normal(0, 1, shape)


def xavier(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Normal with variance 2 / (units below + units): keeps signals the same size both ways (Glorot, Bengio, 2010)."""
    return rng.normal(0, np.sqrt(2 / sum(shape)), shape)


def he(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Normal with variance 2 / units below: makes up for the half that ReLU silences (He et al., 2015)."""
    return rng.normal(0, np.sqrt(2 / shape[1]), shape)


INITIALIZERS: dict[str, Callable[[np.random.Generator, Shape], np.ndarray]] = {
    "he": he,
    "small_normal": small_normal,
    "standard_normal": standard_normal,
    "xavier": xavier,
    "zeros": zeros,
}
USUAL = "xavier"  # the default


def initial_weights(name: str, seed: int, layer: int, shape: Shape) -> np.ndarray:
    """The initial weights of a layer, float64 of this shape (units, units below): a pure function of the arguments."""
    return INITIALIZERS[name](np.random.default_rng([seed, layer]), shape)
