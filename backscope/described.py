"""What model, loss and optimizer of PyTorch are in Backscope's names. What is not understood is refused by its name."""

from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any

from backscope.known import NotUnderstood, known, settled
from backscope.traced import Network

# Losses: their name, the output activation that they have in them, and the settings that they must have.
REDUCED = {"reduction": ("mean", "sum")}
LOSSES: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "BCELoss": ("binary_cross_entropy", None, {**REDUCED, "weight": None}),
    "BCEWithLogitsLoss": ("binary_cross_entropy", "sigmoid", {**REDUCED, "weight": None, "pos_weight": None}),
    "CrossEntropyLoss": ("cross_entropy", "softmax", {**REDUCED, "weight": None, "label_smoothing": 0.0}),
    "HuberLoss": ("huber", None, {**REDUCED, "delta": 1.0}),
    "L1Loss": ("absolute_error", None, REDUCED),
    "MSELoss": ("squared_error", None, REDUCED),
    "NLLLoss": ("cross_entropy", None, {**REDUCED, "weight": None}),
    "SmoothL1Loss": ("huber", None, {**REDUCED, "beta": 1.0}),
}
FUNCTIONS = {
    "binary_cross_entropy": "BCELoss",
    "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
    "cross_entropy": "CrossEntropyLoss",
    "huber_loss": "HuberLoss",
    "l1_loss": "L1Loss",
    "mse_loss": "MSELoss",
    "nll_loss": "NLLLoss",
    "smooth_l1_loss": "SmoothL1Loss",
}
OVER_EXAMPLES = {"CrossEntropyLoss", "NLLLoss"}  # whose mean is that of the examples; of others also of the outputs
PLAIN = {"maximize": False}
# Optimizers: from their settings, the name and settings here; and the settings that they must have.
OPTIMIZERS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], dict[str, Any]]] = {
    "Adagrad": (
        lambda s: {"name": "adagrad", "epsilon": s["eps"]},
        {**PLAIN, "lr_decay": 0, "initial_accumulator_value": 0},
    ),
    "Adam": (lambda s: _adam(s, s.get("decoupled_weight_decay", False)), {**PLAIN, "amsgrad": False}),
    "AdamW": (lambda s: _adam(s, decoupled=True), {**PLAIN, "amsgrad": False}),
    "RMSprop": (
        lambda s: {"name": "rmsprop", "decay": s["alpha"], "epsilon": s["eps"]},
        {**PLAIN, "momentum": 0, "centered": False},
    ),
    "SGD": (lambda s: _descent(s), PLAIN),
}


def _adam(settings: dict[str, Any], decoupled: bool) -> dict[str, Any]:
    first, second = settings["betas"]
    found = {"beta1": first, "beta2": second, "epsilon": settings["eps"]}
    if decoupled:
        return {"name": "adamw", **found, "weight_decay": settings["weight_decay"]}
    return {"name": "adam", **found}


def _descent(settings: dict[str, Any]) -> dict[str, Any]:
    if not settings["momentum"]:
        return {"name": "gradient_descent"}
    if settings["dampening"]:
        return {"name": "dampened_momentum", "momentum": settings["momentum"], "dampening": settings["dampening"]}
    return {"name": "nesterov" if settings["nesterov"] else "momentum", "momentum": settings["momentum"]}


def described(network: Network, optimizer: Any, loss: Any, clip_norm: float | None = None) -> dict[str, Any]:
    """What is said of a run in PyTorch, by the names of an assignment's constants.

    Raises:
        NotUnderstood: something cannot be run again.
    """
    kind, setting = _loss(loss)
    name, inside, needed = known(kind, "loss", LOSSES)
    settled(kind, needed, setting)
    told, plain = known(type(optimizer).__name__, "optimizer", OPTIMIZERS)
    if len(optimizer.param_groups) != 1:
        raise NotUnderstood(f"{type(optimizer).__name__} has {len(optimizer.param_groups)} groups of parameters, not 1")
    settings = optimizer.param_groups[0]
    settled(type(optimizer).__name__, plain, settings.__getitem__)
    found = told(settings)
    said: dict[str, Any] = {
        "ACTIVATIONS": _activations(network, kind, inside),
        "LOSS": name,
        "LEARNING_RATE": float(settings["lr"]),
        "OPTIMIZER": found,
        "AVERAGED": kind not in OVER_EXAMPLES and setting("reduction") == "mean",
    }
    beside = {
        "OPERATIONS": None if network.plain else network.operations,
        "SUMMED": setting("reduction") == "sum",
        "CLIP_NORM": clip_norm,
        "COUPLED_WEIGHT_DECAY": 0 if "weight_decay" in found else settings["weight_decay"],
    }
    return said | {name: value for name, value in beside.items() if value}


def _loss(loss: Any) -> tuple[str, Callable[[str], Any]]:
    """The class of a loss, and its settings: of a module, or of a function or one with settings given to it."""
    function = loss.func if isinstance(loss, partial) else loss
    name = getattr(function, "__name__", None)
    if name is None:
        return type(loss).__name__, partial(getattr, loss)
    given = loss.keywords if isinstance(loss, partial) else {}
    if name not in FUNCTIONS:
        raise NotUnderstood(f"the loss {name} is not understood (one of: {', '.join(FUNCTIONS)}, or their modules)")
    return FUNCTIONS[name], lambda setting: given.get(setting, signature(function).parameters[setting].default)


def _activations(network: Network, loss: str, inside: str | None) -> list[str]:
    """The activations of all layers, including the one inside of the loss."""
    *found, last = network.activations
    if "log_softmax" in found:
        raise NotUnderstood("LogSoftmax is understood of the output layer alone")
    if loss == "NLLLoss":
        if last != "log_softmax":
            raise NotUnderstood("NLLLoss is understood after LogSoftmax alone")
        return [*found, "softmax"]
    if last == "log_softmax" and loss == "CrossEntropyLoss":  # the logarithm of softmax once more is the same
        return [*found, "softmax"]
    if last == "log_softmax":
        raise NotUnderstood(f"{loss} after LogSoftmax is not understood (NLLLoss is)")
    if inside is None:
        return [*found, last]
    if last != "identity":
        raise NotUnderstood(f"{loss} has its own {inside}: the last layer must have no activation")
    return [*found, inside]
