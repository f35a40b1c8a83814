"""Activations, each beside its slope: how fast the activation rises with the pre-activation."""

from dataclasses import dataclass

import numpy as np

from engine.equation import Equation, equation


@dataclass(frozen=True)
class Activation:
    """An activation's equation, and how errors go back through it: by its slope, or (softmax) a row at once."""

    value: Equation
    slope: Equation | None = None
    backward: Equation | None = None


@equation("z:ij -> a:ij")
def identity(z, out=None):
    r"""\a = \z

    No bend at all: a layer of these is linear.
    """
    return np.positive(z, out=out)


@equation("z:ij -> slope:ij")
def identity_slope(z, out=None):
    r"""\slope = \frac{d \z}{d \z} = 1

    A straight line of slope one.
    """
    slope = np.multiply(z, 0, out=out)
    slope.fill(1)
    return slope


@equation("z:ij -> a:ij")
def sigmoid(z, out=None):
    r"""\a = \frac{1}{1 + e^{-\z}}

    Squeezes any number into (0, 1).
    """
    a = np.negative(z, out=out)
    a = np.exp(a, out=a)
    a = np.add(a, 1, out=a)
    return np.reciprocal(a, out=a)


@equation("a:ij -> slope:ij")
def sigmoid_slope(a, out=None):
    r"""\slope = \a \odot (1 - \a)

    At most 1/4, and nearly 0 where the neuron is saturated.
    """
    slope = np.subtract(1, a, out=out)
    return np.multiply(slope, a, out=slope)


@equation("z:ij -> a:ij")
def tanh(z, out=None):
    r"""\a = \tanh(\z)

    Squeezes any number into (-1, 1).
    """
    return np.tanh(z, out=out)


@equation("a:ij -> slope:ij")
def tanh_slope(a, out=None):
    r"""\slope = 1 - \a \odot \a

    1 at zero, and nearly 0 where the neuron is saturated.
    """
    slope = np.square(a, out=out)
    return np.subtract(1, slope, out=slope)


@equation("z:ij -> a:ij")
def relu(z, out=None):
    r"""\a = \max(0, \z)

    Lets positive numbers through and silences the rest.
    """
    return np.maximum(z, 0, out=out)


@equation("a:ij -> slope:ij")
def relu_slope(a, out=None):
    r"""\slope = [\a > 0]

    1 where the neuron is active, else 0; at the kink itself 0, as is the custom.
    """
    return np.sign(a, out=out)


@equation("z:ij -> a:ij")
def leaky_relu(z, out=None):
    r"""\a = \max(0.01\,\z,\ \z)

    A ReLU whose silent side still leaks one hundredth.
    """
    a = np.multiply(z, 0.01, out=out)
    return np.maximum(a, z, out=a)


@equation("z:ij -> slope:ij")
def leaky_relu_slope(z, out=None):
    r"""\slope = [\z > 0] + 0.01\, [\z \le 0]

    Never 0, so no neuron dies.
    """
    slope = np.heaviside(z, 0, out=out)
    return np.maximum(slope, 0.01, out=slope)


@equation("z:ik -> a:ij")
def softmax(z, out=None):
    r"""\a_{ij} = \frac{e^{\z_{ij}}}{\sum_{k} e^{\z_{ik}}}

    Turns a row of numbers into probabilities that add up to 1. The row's largest number is subtracted first, which
    changes nothing but keeps the exponentials finite.
    """
    a = np.subtract(z, z.max(axis=1, keepdims=True), out=out)
    a = np.exp(a, out=a)
    return np.divide(a, a.sum(axis=1, keepdims=True), out=a)


@equation("a:ik, da:ik -> delta:ij")
def softmax_chain(a, da, out=None):
    r"""\delta_{ij} = \a_{ij} \bigl( \da_{ij} - \sum_{k} \a_{ik} \da_{ik} \bigr)

    Softmax's outputs compete, so its Jacobian is full: raising one lowers all the others.
    """
    delta = np.subtract(da, (a * da).sum(axis=1, keepdims=True), out=out)
    return np.multiply(delta, a, out=delta)


ACTIVATIONS = {
    "identity": Activation(identity, slope=identity_slope),
    "leaky_relu": Activation(leaky_relu, slope=leaky_relu_slope),
    "relu": Activation(relu, slope=relu_slope),
    "sigmoid": Activation(sigmoid, slope=sigmoid_slope),
    "softmax": Activation(softmax, backward=softmax_chain),
    "tanh": Activation(tanh, slope=tanh_slope),
}
