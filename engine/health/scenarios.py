"""The scenarios: runs that go wrong, each with its trouble and the remedies that set it right."""

from typing import Any

from engine.health.remedies import remedy

Plain = dict[str, Any]

# The moments, in micro-steps, at which the learning rate of "dead_relus" becomes far too large and normal again: after
# 100 and 105 training steps of 27 micro-steps each.
FAR_TOO_LONG, SANE_AGAIN = 100 * 27, 105 * 27


def _layers(*layers: tuple[int, str]) -> list[Plain]:
    return [{"units": units, "activation": activation} for units, activation in layers]


def _scenario(trouble: str, *remedies: str, **experiment: Any) -> Plain:
    return {"experiment": experiment, "trouble": trouble, "remedies": [remedy(name, experiment) for name in remedies]}


def _descent(learning_rate: float) -> Plain:
    return {"name": "gradient_descent", "learning_rate": learning_rate}


SCENARIOS: dict[str, Plain] = {
    "vanishing": _scenario(
        "vanishing",
        "relu",
        "batch_norm",
        "residual",
        dataset={"name": "moons"},
        layers=_layers(*[(8, "sigmoid")] * 7, (1, "sigmoid")),
        loss="binary_cross_entropy",
        initializer="xavier",
        optimizer=_descent(0.1),
        mini_batch_size=20,
    ),
    "exploding": _scenario(
        "exploding",
        "clip_norm",
        "he",
        "smaller_rate",
        dataset={"name": "sine"},
        layers=_layers(*[(16, "relu")] * 4, (1, "identity")),
        loss="squared_error",
        initializer="standard_normal",
        optimizer=_descent(0.01),
        mini_batch_size=25,
        seed=116,
    ),
    "stuck": _scenario(
        "stuck",
        "xavier",
        dataset={"name": "xor"},
        layers=_layers((4, "tanh"), (1, "sigmoid")),
        loss="binary_cross_entropy",
        initializer="small_normal",
        optimizer=_descent(0.5),
        mini_batch_size=4,
    ),
    "plateau": _scenario(
        "plateau",
        "momentum",
        "adam",
        dataset={"name": "xor"},
        layers=_layers((8, "sigmoid"), (1, "sigmoid")),
        loss="squared_error",
        initializer="xavier",
        optimizer=_descent(0.2),
        mini_batch_size=4,
        seed=3,
    ),
    "overfitting": _scenario(
        "overfitting",
        "l2",
        "l1",
        "dropout",
        "noise",
        dataset={"name": "moons", "examples": 60, "noise": 0.3},
        layers=_layers((64, "relu"), (64, "relu"), (1, "sigmoid")),
        loss="binary_cross_entropy",
        initializer="he",
        optimizer=_descent(0.1),
        mini_batch_size=15,
        seed=1,
    ),
    "dead_relus": _scenario(
        "dying",
        "leaky_relu",
        dataset={"name": "circles"},
        layers=_layers((16, "relu"), (16, "relu"), (1, "sigmoid")),
        loss="binary_cross_entropy",
        initializer="he",
        optimizer=_descent(0.3),
        mini_batch_size=20,
        changes=[{"t": FAR_TOO_LONG, "learning_rate": 16.0}, {"t": SANE_AGAIN, "learning_rate": 0.3}],
    ),
}
