"""Activations, each with its slope, the derivative of the activation by the pre-activation."""

from dataclasses import dataclass, field

import numpy as np

from engine.methods.equation import Equation, equation, row_largest, row_sums

INFINITY = float("inf")


@dataclass(frozen=True)
class Activation:
    """An activation: its equation, the equation of its backward pass, and its facts.

    Attributes:
        value: the equation of the activation.
        slope: the equation of its derivative; errors are multiplied by it.
        backward: the backward pass of a whole row, for softmax, whose outputs depend on each other.
        range: the least and the largest output, or the limits that outputs approach.
        kinks: the pre-activations at which it has no derivative.
        largest_slope: the largest slope.
        saturates: whether its slope approaches 0 on both sides.
        can_die: whether its slope is exactly 0 below some pre-activation. A neuron that is always below is dead.
        rectifies: whether it silences about half of all inputs, which He's initialization makes up for.
        shares: whether the outputs of an example are positive and add up to 1.
        pytorch: the same in PyTorch, with ``{z}`` for the pre-activation.
        compared: whether a comparison of activations begins with it.
    """

    value: Equation
    slope: Equation | None = None
    backward: Equation | None = None
    range: tuple[float, float] = (-INFINITY, INFINITY)
    kinks: tuple[float, ...] = ()
    largest_slope: float = 1.0
    saturates: bool = False
    can_die: bool = False
    rectifies: bool = False
    shares: bool = False
    pytorch: str = field(kw_only=True)
    compared: bool = False

    @property
    def output_only(self) -> bool:
        """Whether it is for the output layer only."""
        return self.slope is None

    def slope_source(self, z, a):
        """Which of the pre-activation z and the output a its slope is computed from: of two arrays, or of two names."""
        assert self.slope is not None
        return {"z": z, "a": a}[self.slope.reads[0][0]]


@equation("z:ij -> a:ij", textbook="a = z")
def identity(z, out=None):
    r"""\a = \z

    No bend at all: a layer of these is linear.
    """
    return np.positive(z, out)


@equation("z:ij -> slope:ij", textbook="slope = np.ones_like(z)")
def identity_slope(z, out=None):
    r"""\slope = \frac{d \z}{d \z} = 1

    A straight line of slope one.
    """
    slope = np.multiply(z, 0, out)
    slope.fill(1)
    return slope


@equation("z:ij -> a:ij", textbook="a = 1 / (1 + np.exp(-z))")
def sigmoid(z, one=1, out=None):
    r"""\a = \frac{1}{1 + e^{-\z}}

    Squeezes any number into (0, 1).
    """
    a = np.negative(z, out)
    a = np.exp(a, a)
    a = np.add(a, one, a)
    return np.reciprocal(a, a)


@equation("a:ij -> slope:ij", textbook="slope = a * (1 - a)")
def sigmoid_slope(a, one=1, out=None):
    r"""\slope = \a \odot (1 - \a)

    At most 1/4, and nearly 0 where the neuron is saturated.
    """
    slope = np.subtract(one, a, out)
    return np.multiply(slope, a, slope)


@equation("z:ij -> a:ij", textbook="a = np.tanh(z)")
def tanh(z, out=None):
    r"""\a = \tanh(\z)

    Squeezes any number into (-1, 1).
    """
    return np.tanh(z, out)


@equation("a:ij -> slope:ij", textbook="slope = 1 - a * a")
def tanh_slope(a, one=1, out=None):
    r"""\slope = 1 - \a \odot \a

    1 at zero, and nearly 0 where the neuron is saturated.
    """
    slope = np.square(a, out)
    return np.subtract(one, slope, slope)


@equation("z:ij -> a:ij", textbook="a = np.maximum(z, 0)")
def relu(z, zero=0, out=None):
    r"""\a = \max(0, \z)

    Lets positive numbers through and silences the rest.
    """
    return np.maximum(z, zero, out=out)


@equation("a:ij -> slope:ij", textbook="slope = np.where(a > 0, 1, 0)")
def relu_slope(a, out=None):
    r"""\slope = [\a > 0]

    1 where the neuron is active, else 0; at the kink itself 0, as is the custom.
    """
    return np.sign(a, out)


@equation("z:ij -> a:ij", textbook="a = np.maximum(0.01 * z, z)")
def leaky_relu(z, out=None):
    r"""\a = \max(0.01\,\z,\ \z)

    A ReLU whose silent side still leaks one hundredth.
    """
    a = np.multiply(z, 0.01, out)
    return np.maximum(a, z, out=a)


@equation("z:ij -> slope:ij", textbook="slope = np.where(z > 0, 1, 0.01)")
def leaky_relu_slope(z, out=None):
    r"""\slope = [\z > 0] + 0.01\, [\z \le 0]

    Never 0, so no neuron dies.
    """
    slope = np.heaviside(z, 0, out)
    return np.maximum(slope, 0.01, out=slope)


@equation("z:ij -> a:ij", textbook="a = np.maximum(z, 0) + np.expm1(np.minimum(z, 0))")
def elu(z, out=None):
    r"""\a = [\z > 0]\, \z + [\z \le 0]\, (e^{\z} - 1)

    A ReLU whose silent side bends softly down to -1 (Clevert et al., 2016).
    """
    a = np.minimum(z, 0, out=out)
    a = np.expm1(a, a)
    return np.add(a, np.maximum(z, 0), a)


@equation("z:ij -> slope:ij", textbook="slope = np.exp(np.minimum(z, 0))")
def elu_slope(z, out=None):
    r"""\slope = [\z > 0] + [\z \le 0]\, e^{\z}

    1 where the neuron is active, and fading where it is silent, but never quite 0.
    """
    slope = np.minimum(z, 0, out=out)
    return np.exp(slope, slope)


@equation("z:ij -> a:ij", textbook="a = np.logaddexp(0, z)")
def softplus(z, zero=0, out=None):
    r"""\a = \ln(1 + e^{\z})

    A ReLU without a kink.
    """
    return np.logaddexp(zero, z, out)


@equation("z:ij -> slope:ij", textbook="slope = 1 / (1 + np.exp(-z))")
def softplus_slope(z, one=1, out=None):
    r"""\slope = \frac{1}{1 + e^{-\z}}

    The slope of softplus is the sigmoid.
    """
    return sigmoid(z, one, out=out)


@equation("z:ij -> a:ij", textbook="a = z / (1 + np.exp(-z))")
def silu(z, one=1, out=None):
    r"""\a = \frac{\z}{1 + e^{-\z}}

    The pre-activation times its own sigmoid: a ReLU that dips below 0 before it rises.
    """
    a = np.negative(z, out)
    a = np.exp(a, a)
    a = np.add(a, one, a)
    return np.divide(z, a, a)


@equation(
    "z:ij -> slope:ij",
    textbook="sigma = 1 / (1 + np.exp(-z))\nslope = sigma * (1 + z * (1 - sigma))",
)
def silu_slope(z, out=None):
    r"""\slope = \sigma \bigl( 1 + \z \odot (1 - \sigma) \bigr), \quad \sigma = \frac{1}{1 + e^{-\z}}

    The product rule: the sigmoid, and the pre-activation times the sigmoid's slope.
    """
    sigmoid = 1 / (1 + np.exp(-z))
    slope = np.multiply(z, 1 - sigmoid, out)
    slope = np.add(slope, 1, slope)
    return np.multiply(slope, sigmoid, slope)


@equation(
    "z:ij -> a:ij",
    textbook="t = np.tanh(0.7978845608028654 * (z + 0.044715 * z * z * z))\na = 0.5 * z * (1 + t)",
)
def gelu(z, out=None):
    r"""\a = \frac{\z}{2} \bigl( 1 + \tanh \bigl( 0.7978846\, (\z + 0.044715\, \z^{3}) \bigr) \bigr)

    The pre-activation times the share of a normal distribution that lies below it, in the form with tanh; 0.7978846 is
    the root of 2/π (Hendrycks, Gimpel, 2016).
    """
    bend = np.tanh(0.7978845608028654 * (z + 0.044715 * z * z * z))
    a = np.multiply(z, 0.5, out)
    return np.multiply(a, 1 + bend, a)


@equation(
    "z:ij -> slope:ij",
    textbook=(
        "t = np.tanh(0.7978845608028654 * (z + 0.044715 * z * z * z))\n"
        "bend = z * (1 - t * t) * (0.7978845608028654 * (1 + 0.134145 * (z * z)))\n"
        "slope = 0.5 * (1 + t + bend)"
    ),
)
def gelu_slope(z, out=None):
    r"""\slope = \frac{1 + t}{2} + \frac{\z}{2} (1 - t^{2}) \cdot 0.7978846\, (1 + 0.134145\, \z^{2}),
    \quad t = \tanh \bigl( 0.7978846\, (\z + 0.044715\, \z^{3}) \bigr)

    The product rule, and the chain rule through tanh.
    """
    bend = np.tanh(0.7978845608028654 * (z + 0.044715 * z * z * z))
    slope = np.multiply(z, 1 - bend * bend, out)
    square = np.minimum(z * z, 1e30)  # beyond it 1 - t^2 is 0, and stays so
    slope = np.multiply(slope, 0.7978845608028654 * (1 + 0.134145 * square), slope)
    slope = np.add(slope, 1 + bend, slope)
    return np.multiply(slope, 0.5, slope)


@equation("z:ij -> a:ij", textbook="a = z * np.tanh(np.logaddexp(0, z))")
def mish(z, zero=0, out=None):
    r"""\a = \z \odot \tanh \bigl( \ln(1 + e^{\z}) \bigr)

    The pre-activation times the tanh of its softplus: smooth everywhere, and it dips below 0 before it rises (Misra,
    2020).
    """
    a = np.logaddexp(zero, z, out)
    a = np.tanh(a, a)
    return np.multiply(a, z, a)


@equation(
    "z:ij -> slope:ij",
    textbook="s = np.logaddexp(0, z)\nt = np.tanh(s)\nslope = t + z * np.exp(z - s) * (1 - t * t)",
)
def mish_slope(z, zero=0, out=None):
    r"""\slope = t + \z \odot e^{\z - s} \odot (1 - t^{2}), \quad t = \tanh(s), \quad s = \ln(1 + e^{\z})

    The product rule, and the chain rule through tanh and softplus, whose slope is the sigmoid, e to the z - s.
    """
    s = np.logaddexp(zero, z)
    t = np.tanh(s)
    slope = np.exp(z - s, out)
    slope = np.multiply(slope, z, slope)
    slope = np.multiply(slope, 1 - t * t, slope)
    return np.add(slope, t, slope)


@equation("z:ij -> a:ij", textbook="a = z * np.clip((z + 3) / 6, 0, 1)")
def hardswish(z, out=None):
    r"""\a = \z \odot \min \Bigl( 1,\ \max \Bigl( 0,\ \frac{\z + 3}{6} \Bigr) \Bigr)

    SiLU with a straight line for its sigmoid: 0 up to -3, the pre-activation itself from 3 on (Howard et al., 2019).
    """
    a = np.add(z, 3, out)
    a = np.divide(a, 6, a)
    a = np.clip(a, 0, 1, a)
    return np.multiply(a, z, a)


@equation("z:ij -> slope:ij", textbook="slope = np.where(np.abs(z) < 3, z / 3 + 0.5, z >= 3)")
def hardswish_slope(z, out=None):
    r"""\slope = [\z \ge 3] + [-3 < \z < 3] \Bigl( \frac{\z}{3} + \frac{1}{2} \Bigr)

    0 up to -3, and 1 from 3 on; between them it rises from -1/2 to 3/2. At either kink it has the slope of outside.
    """
    slope = np.heaviside(z, 0, out)
    return np.add(z / 3, 0.5, slope, where=np.abs(z) < 3)


@equation(
    "z:ik -> a:ij",
    textbook="e = np.exp(z - z.max(axis=1, keepdims=True))\na = e / e.sum(axis=1, keepdims=True)",
    rounds="order",
)
def softmax(z, out=None):
    r"""\a_{ij} = \frac{e^{\z_{ij}}}{\sum_{k} e^{\z_{ik}}}

    Turns a row of numbers into probabilities that add up to 1. The row's largest number is subtracted first, which
    changes nothing but keeps the exponentials finite.
    """
    a = np.subtract(z, row_largest(z), out)
    a = np.exp(a, a)
    return np.divide(a, row_sums(a), a)


@equation("a:ik, da:ik -> delta:ij", textbook="delta = a * (da - (a * da).sum(axis=1, keepdims=True))")
def softmax_chain(a, da, out=None):
    r"""\delta_{ij} = \a_{ij} \bigl( \da_{ij} - \sum_{k} \a_{ik} \da_{ik} \bigr)

    Softmax's outputs compete, so its Jacobian is full: raising one lowers all the others.
    """
    delta = np.subtract(da, (a * da).sum(axis=1, keepdims=True), out)
    return np.multiply(delta, a, delta)


UNIT = (0.0, 1.0)
ACTIVATIONS = {
    "elu": Activation(elu, elu_slope, range=(-1, INFINITY), rectifies=True, pytorch="functional.elu({z})"),
    "gelu": Activation(
        gelu,
        gelu_slope,
        range=(-0.17005, INFINITY),
        largest_slope=1.129,
        rectifies=True,
        pytorch='functional.gelu({z}, approximate="tanh")',
    ),
    "hardswish": Activation(
        hardswish,
        hardswish_slope,
        range=(-0.375, INFINITY),
        kinks=(-3, 3),
        largest_slope=1.5,
        can_die=True,
        rectifies=True,
        pytorch="functional.hardswish({z})",
    ),
    "identity": Activation(identity, identity_slope, pytorch="{z}"),
    "leaky_relu": Activation(
        leaky_relu, leaky_relu_slope, kinks=(0,), rectifies=True, pytorch="functional.leaky_relu({z}, 0.01)"
    ),
    "mish": Activation(
        mish,
        mish_slope,
        range=(-0.3089, INFINITY),
        largest_slope=1.0885,
        rectifies=True,
        pytorch="functional.mish({z})",
    ),
    "relu": Activation(
        relu,
        relu_slope,
        range=(0, INFINITY),
        kinks=(0,),
        can_die=True,
        rectifies=True,
        pytorch="torch.relu({z})",
        compared=True,
    ),
    "sigmoid": Activation(
        sigmoid,
        sigmoid_slope,
        range=UNIT,
        largest_slope=0.25,
        saturates=True,
        pytorch="torch.sigmoid({z})",
        compared=True,
    ),
    "silu": Activation(
        silu,
        silu_slope,
        range=(-0.2785, INFINITY),
        largest_slope=1.0999,
        rectifies=True,
        pytorch="functional.silu({z})",
    ),
    "softmax": Activation(
        softmax,
        backward=softmax_chain,
        range=UNIT,
        largest_slope=0.25,
        shares=True,
        pytorch="torch.softmax({z}, dim=1)",
    ),
    "softplus": Activation(
        softplus, softplus_slope, range=(0, INFINITY), rectifies=True, pytorch="functional.softplus({z})"
    ),
    "tanh": Activation(tanh, tanh_slope, range=(-1, 1), saturates=True, pytorch="torch.tanh({z})", compared=True),
}

# Known activations that are refused: their slope is 0 everywhere, so that nothing can learn through them.
WITHOUT_SLOPE = ("step",)
