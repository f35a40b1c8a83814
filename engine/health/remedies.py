"""Cures: what an engineer does about a trouble, each as one change of structure that fits the experiment at hand."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from engine.methods.activations import ACTIVATIONS
from engine.methods.optimizers import OPTIMIZERS

Plain = dict[str, Any]

LIMIT = 1.0  # of a clipped gradient's norm: that of a gradient in good health
SLOWER = 10  # how many times smaller the smaller rate is
L1, L2 = 0.01, 0.02  # strengths that hold a few hundred weights back and still let them learn
DROPOUT, NOISE = 0.65, 0.2
MOMENTUM, ADAM_RATE = 0.9, 0.01


def _hidden(plain: Plain, **settings: Any) -> list[Plain]:
    """The layers, the hidden ones with other settings."""
    *hidden, output = plain["layers"]
    return [*({**layer, **settings} for layer in hidden), output]


def relu(plain: Plain) -> Plain:
    """Slopes of 1, however deep; and weights drawn anew, for those at hand were drawn for another activation."""
    return {"layers": _hidden(plain, activation="relu"), "initializer": "he"}


def leaky_relu(plain: Plain) -> Plain:
    """A slope that is never 0; and weights drawn anew, for a leak of 1/100 alone revives the dead too slowly."""
    return {"layers": _hidden(plain, activation="leaky_relu"), "initializer": "he"}


def batch_norm(plain: Plain) -> Plain:
    """Pre-activations brought back to where the slopes are large, in every hidden layer."""
    return {"layers": _hidden(plain, batch_norm=True)}


def residual(plain: Plain) -> Plain:
    """A way past every hidden layer that is as wide as the one before."""
    layers = [dict(layer) for layer in plain["layers"]]
    for below, layer in pairwise(layers[:-1]):
        if layer["units"] == below["units"]:
            layer["residual"] = True
    return {"layers": layers}


def clip_norm(plain: Plain) -> Plain:
    """No step longer than so much; from fresh weights, for what has become infinite stays so."""
    return {"clip_norm": min(LIMIT, plain.get("clip_norm") or LIMIT), "initializer": plain["initializer"]}


def smaller_rate(plain: Plain) -> Plain:
    """Smaller steps, from fresh weights."""
    optimizer = plain["optimizer"]
    slower = {**optimizer, "learning_rate": optimizer["learning_rate"] / SLOWER}
    return {"optimizer": slower, "initializer": plain["initializer"]}


def he(plain: Plain) -> Plain:
    """Weights drawn anew, of the size that suits relu."""
    return {"initializer": "he"}


def xavier(plain: Plain) -> Plain:
    """Weights drawn anew, of the size that suits tanh and sigmoid."""
    return {"initializer": "xavier"}


def l2(plain: Plain) -> Plain:
    """Every weight is pulled towards 0 by a share of itself."""
    return {"regularization": _stronger(plain, "l2", L2)}


def l1(plain: Plain) -> Plain:
    """Every weight is pulled towards 0 by the same amount, and many get there."""
    return {"regularization": _stronger(plain, "l1", L1)}


def _stronger(plain: Plain, name: str, strength: float) -> Plain:
    penalties = plain.get("regularization") or {}
    return {**penalties, name: max(strength, penalties.get(name, 0))}


def dropout(plain: Plain) -> Plain:
    """Hidden units are left out at random, so none can rely on another."""
    return {"layers": _hidden(plain, dropout=DROPOUT)}


def noise(plain: Plain) -> Plain:
    """No example comes twice the same."""
    augment = plain.get("augment") or {}
    return {"augment": {**augment, "noise": max(NOISE, augment.get("noise", 0))}}


def momentum(plain: Plain) -> Plain:
    """Small gradients that agree add up."""
    rate = plain["optimizer"]["learning_rate"]
    return {"optimizer": {"name": "momentum", "learning_rate": rate, "momentum": MOMENTUM}}


def adam(plain: Plain) -> Plain:
    """Each weight's step is measured against its usual gradient, so small gradients make no small steps."""
    return {"optimizer": {"name": "adam", "learning_rate": ADAM_RATE}}


REMEDIES: dict[str, Callable[[Plain], Plain]] = {
    function.__name__: function
    for function in (
        adam, batch_norm, clip_norm, dropout, he, l1, l2, leaky_relu, momentum, noise, relu, residual, smaller_rate,
        xavier,
    )
}  # fmt: skip


def fitting(name: str, plain: Plain) -> bool:
    """Whether a cure would change the experiment, and for the better."""
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
    """A cure as ``name``, ``change`` (the fields of a change of structure) and ``change_back`` (the same fields as they
    are; None stands for the default).

    Args:
        plain: the experiment in force, in plain form.
    """
    change = REMEDIES[name](plain)
    return {"name": name, "change": change, "change_back": {field: plain.get(field) for field in change}}
