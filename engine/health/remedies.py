"""Remedies for the troubles of training, each as a change of structure that is made for the experiment in force."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from engine.methods.activations import ACTIVATIONS
from engine.methods.optimizers import OPTIMIZERS

Plain = dict[str, Any]

LIMIT = 1.0  # the limit of the gradient's norm: a typical norm in healthy training
SLOWER = 10  # the factor by which the smaller learning rate is smaller
L1, L2 = 0.01, 0.02  # penalties under which a few hundred weights stay small and still learn
DROPOUT, NOISE = 0.65, 0.2
MOMENTUM, ADAM_RATE = 0.9, 0.01


def _hidden(plain: Plain, **settings: Any) -> list[Plain]:
    """The layers, with these settings in all hidden ones."""
    *hidden, output = plain["layers"]
    return [*({**layer, **settings} for layer in hidden), output]


def relu(plain: Plain) -> Plain:
    """ReLU, whose slope of 1 keeps errors alive at any depth; the weights are drawn anew for this activation."""
    return {"layers": _hidden(plain, activation="relu"), "initializer": "he"}


def leaky_relu(plain: Plain) -> Plain:
    """Leaky ReLU, whose slope is never 0; weights are drawn anew, since a leak of 1/100 revives units too slowly."""
    return {"layers": _hidden(plain, activation="leaky_relu"), "initializer": "he"}


def batch_norm(plain: Plain) -> Plain:
    """Batch normalization in every hidden layer, which brings pre-activations to where slopes are large."""
    return {"layers": _hidden(plain, batch_norm=True)}


def residual(plain: Plain) -> Plain:
    """A residual connection around every hidden layer that is as wide as the one before it."""
    layers = [dict(layer) for layer in plain["layers"]]
    for below, layer in pairwise(layers[:-1]):
        if layer["units"] == below["units"]:
            layer["residual"] = True
    return {"layers": layers}


def clip_norm(plain: Plain) -> Plain:
    """A limit of the gradient's norm; the weights are drawn anew, since infinite ones stay infinite."""
    return {"clip_norm": min(LIMIT, plain.get("clip_norm") or LIMIT), "initializer": plain["initializer"]}


def smaller_rate(plain: Plain) -> Plain:
    """A smaller learning rate; the weights are drawn anew."""
    optimizer = plain["optimizer"]
    slower = {**optimizer, "learning_rate": optimizer["learning_rate"] / SLOWER}
    return {"optimizer": slower, "initializer": plain["initializer"]}


def he(plain: Plain) -> Plain:
    """He's initialization, which suits ReLU."""
    return {"initializer": "he"}


def xavier(plain: Plain) -> Plain:
    """Xavier initialization, which suits tanh and sigmoid."""
    return {"initializer": "xavier"}


def l2(plain: Plain) -> Plain:
    """An L2 penalty, which pulls every weight towards 0 by a share of itself."""
    return {"regularization": _stronger(plain, "l2", L2)}


def l1(plain: Plain) -> Plain:
    """An L1 penalty, which pulls every weight towards 0 by the same amount, and many to 0 itself."""
    return {"regularization": _stronger(plain, "l1", L1)}


def _stronger(plain: Plain, name: str, strength: float) -> Plain:
    penalties = plain.get("regularization") or {}
    return {**penalties, name: max(strength, penalties.get(name, 0))}


def dropout(plain: Plain) -> Plain:
    """Dropout in the hidden layers, so that no unit can rely on another."""
    return {"layers": _hidden(plain, dropout=DROPOUT)}


def noise(plain: Plain) -> Plain:
    """Noise on the inputs, so that no example comes twice the same."""
    augment = plain.get("augment") or {}
    return {"augment": {**augment, "noise": max(NOISE, augment.get("noise", 0))}}


def momentum(plain: Plain) -> Plain:
    """Momentum, with which small gradients in the same direction add up."""
    rate = plain["optimizer"]["learning_rate"]
    return {"optimizer": {"name": "momentum", "learning_rate": rate, "momentum": MOMENTUM}}


def adam(plain: Plain) -> Plain:
    """Adam, which divides each gradient by its usual size, so that small gradients do not make small steps."""
    return {"optimizer": {"name": "adam", "learning_rate": ADAM_RATE}}


REMEDIES: dict[str, Callable[[Plain], Plain]] = {
    function.__name__: function
    for function in (
        adam, batch_norm, clip_norm, dropout, he, l1, l2, leaky_relu, momentum, noise, relu, residual, smaller_rate,
        xavier,
    )
}  # fmt: skip


def fitting(name: str, plain: Plain) -> bool:
    """Whether a remedy suits the experiment in force, given in plain form, and would change it."""
    optimizer = OPTIMIZERS[plain["optimizer"]["name"]]
    hidden = [ACTIVATIONS[layer["activation"]] for layer in plain["layers"][:-1]]
    rectified = any(each.rectifies for each in hidden)
    suits = {
        "adam": not optimizer.adapts,
        "batch_norm": plain["mini_batch_size"] > 1,
        "he": rectified,
        "leaky_relu": any(each.can_die for each in hidden),
        "momentum": not optimizer.states,
        "smaller_rate": plain["optimizer"]["learning_rate"] > 0,
        "xavier": not rectified,
    }
    return suits.get(name, True) and any(plain.get(field) != value for field, value in REMEDIES[name](plain).items())


def remedy(name: str, plain: Plain) -> Plain:
    """A remedy for the experiment in force.

    Args:
        name: a key of ``REMEDIES``.
        plain: the experiment in force, in plain form.

    Returns:
        ``name``; ``change``, the fields of the change of structure; and ``change_back``, the values that these fields
        have now, None for a default.
    """
    change = REMEDIES[name](plain)
    return {"name": name, "change": change, "change_back": {field: plain.get(field) for field in change}}
