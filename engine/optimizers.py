"""Optimizers: how a gradient becomes a new value of the parameter."""

import numpy as np

from engine.equation import equation


@equation("w:*, dw:*, learning_rate: -> w:*")
def gradient_descent(w, dw, learning_rate, out=None):
    r"""\w \leftarrow \w - \learning_rate\, \dw

    A small step downhill: against the gradient, as long as the learning rate says.
    """
    return np.subtract(w, learning_rate * dw, out=out)


OPTIMIZERS = {"gradient_descent": gradient_descent}
