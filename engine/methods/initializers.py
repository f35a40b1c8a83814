"""Initializers: where the weights start. Biases start at 0."""

from collections.abc import Callable

import numpy as np

Shape = tuple[int, int]  # (units of the layer, units of the layer below)


def zeros(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """All weights 0: every neuron of a layer stays the twin of every other."""
    return np.zeros(shape)


def small_normal(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Normal with standard deviation 0.01: so small that deep or tanh networks stall at the start."""
    return rng.normal(0, 0.01, shape)


def standard_normal(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Normal with standard deviation 1, whatever the width: behind wide layers, far too large for deep networks."""
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
USUAL = "xavier"  # where none is chosen


def initial_weights(name: str, seed: int, layer: int, shape: Shape) -> np.ndarray:
    """The first weights of a layer, float64 of the given shape: a pure function of its arguments."""
    return INITIALIZERS[name](np.random.default_rng([seed, layer]), shape)
