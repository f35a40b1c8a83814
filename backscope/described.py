"""What model, loss and optimizer of PyTorch are in Backscope's names. What is not understood is refused by its name."""

from collections.abc import Callable
from functools import partial
from typing import Any


class NotUnderstood(ValueError):
    """A module, an optimizer or a setting that cannot be run again; the message names it, and what can be."""


# Activations by their classes, each with the settings that it must have.
ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "ELU": ("elu", {"alpha": 1.0}),
    "GELU": ("gelu", {"approximate": "tanh"}),
    "Hardswish": ("hardswish", {}),
    "Identity": ("identity", {}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}),
    "Mish": ("mish", {}),
    "ReLU": ("relu", {}),
    "SiLU": ("silu", {}),
    "Sigmoid": ("sigmoid", {}),
    "Softmax": ("softmax", {}),
    "Softplus": ("softplus", {"beta": 1.0}),
    "Tanh": ("tanh", {}),
}
# Losses: their name, the output activation that they have in them, and the settings that they must have.
MEAN = {"reduction": "mean"}
LOSSES: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "BCELoss": ("binary_cross_entropy", None, {**MEAN, "weight": None}),
    "BCEWithLogitsLoss": ("binary_cross_entropy", "sigmoid", {**MEAN, "weight": None, "pos_weight": None}),
    "CrossEntropyLoss": ("cross_entropy", "softmax", {**MEAN, "weight": None, "label_smoothing": 0.0}),
    "HuberLoss": ("huber", None, {**MEAN, "delta": 1.0}),
    "L1Loss": ("absolute_error", None, MEAN),
    "MSELoss": ("squared_error", None, MEAN),
    "SmoothL1Loss": ("huber", None, {**MEAN, "beta": 1.0}),
}
OVER_EXAMPLES = {"CrossEntropyLoss"}  # whose mean is that of the examples; of the others it is that of the outputs too
PLAIN = {"weight_decay": 0, "maximize": False}
# Optimizers: from their settings, the name and settings here; and the settings that they must have.
OPTIMIZERS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], dict[str, Any]]] = {
    "Adagrad": (
        lambda s: {"name": "adagrad", "epsilon": s["eps"]},
        {**PLAIN, "lr_decay": 0, "initial_accumulator_value": 0},
    ),
    "Adam": (lambda s: {"name": "adam", **_betas(s)}, {**PLAIN, "amsgrad": False}),
    "AdamW": (
        lambda s: {"name": "adamw", **_betas(s), "weight_decay": s["weight_decay"]},
        {"maximize": False, "amsgrad": False},
    ),
    "RMSprop": (
        lambda s: {"name": "rmsprop", "decay": s["alpha"], "epsilon": s["eps"]},
        {**PLAIN, "momentum": 0, "centered": False},
    ),
    "SGD": (lambda s: _descent(s), {**PLAIN, "dampening": 0}),
}


def _betas(settings: dict[str, Any]) -> dict[str, Any]:
    first, second = settings["betas"]
    return {"beta1": first, "beta2": second, "epsilon": settings["eps"]}


def _descent(settings: dict[str, Any]) -> dict[str, Any]:
    if not settings["momentum"]:
        return {"name": "gradient_descent"}
    return {"name": "nesterov" if settings["nesterov"] else "momentum", "momentum": settings["momentum"]}


def described(model: Any, optimizer: Any, loss: Any) -> dict[str, Any]:
    """What is said of a run in PyTorch, by the names of an assignment's constants.

    Raises:
        NotUnderstood: something cannot be run again.
    """
    name, inside, needed = _known(loss, "loss", LOSSES)
    _settled(loss, needed, partial(getattr, loss))
    activations = _activations(model)
    if inside is not None:
        if activations[-1] != "identity":
            raise NotUnderstood(f"{type(loss).__name__} has its own {inside}: the last layer must have no activation")
        activations[-1] = inside
    if len(optimizer.param_groups) != 1:
        raise NotUnderstood(f"{type(optimizer).__name__} has {len(optimizer.param_groups)} groups of parameters, not 1")
    told, plain = _known(optimizer, "optimizer", OPTIMIZERS)
    settings = optimizer.param_groups[0]
    _settled(optimizer, plain, settings.__getitem__)
    return {
        "ACTIVATIONS": activations,
        "LOSS": name,
        "LEARNING_RATE": float(settings["lr"]),
        "OPTIMIZER": told(settings),
        "AVERAGED": type(loss).__name__ not in OVER_EXAMPLES,
    }


def linears(model: Any) -> list[Any]:
    """The linear layers of a model, from the inputs to the outputs."""
    return [each for each in _flat(model) if type(each).__name__ == "Linear"]


def _flat(model: Any) -> list[Any]:
    if type(model).__name__ != "Sequential":
        return [model]
    return [inner for each in model for inner in _flat(each)]


def _activations(model: Any) -> list[str]:
    """The activation of each linear layer; identity where none follows."""
    found: list[str] = []
    free = False
    for module in _flat(model):
        kind = type(module).__name__
        if kind == "Linear":
            if module.bias is None:
                raise NotUnderstood("a Linear without biases is not understood")
            found.append("identity")
            free = True
        elif kind == "Flatten" and not found:
            continue
        else:
            name, needed = _known(module, "module", ACTIVATIONS | {"Linear": ("", {})})
            if not free:
                raise NotUnderstood(f"{kind} does not follow a Linear")
            _settled(module, needed, partial(getattr, module))
            found[-1], free = name, name == "identity"
    if not found:
        raise NotUnderstood(f"{type(model).__name__} has no Linear; an nn.Sequential of them is understood")
    return found


def _known(thing: Any, noun: str, table: dict[str, Any]) -> Any:
    kind = type(thing).__name__
    if kind not in table:
        raise NotUnderstood(f"the {noun} {kind} is not understood (one of: {', '.join(sorted(table))})")
    return table[kind]


def _settled(thing: Any, needed: dict[str, Any], value: Callable[[str], Any]) -> None:
    for name, due in needed.items():
        if value(name) != due:
            raise NotUnderstood(f"{type(thing).__name__} with {name} {value(name)} is not understood ({name} {due} is)")
