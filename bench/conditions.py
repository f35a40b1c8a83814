"""What conditions cost at full speed: a training step with one that never becomes true against one without any."""

from collections.abc import Callable
from statistics import median

from bench.contenders import Contender, played
from bench.networks import DIGITS_16, XOR, Network
from bench.report import Row
from bench.rounds import ratio, rounds
from engine import Experiment, Timeline
from engine.until.reading import plain_of, until_of
from server.limits import HISTORY_BYTES

SECONDS = 0.06  # a contender's turn
NEVER = {
    "not_finite": "not_finite",
    "loss_below": "loss < 1e-300",
    "loss_rises": "loss_rises(100)",
    "gradient_norm": "gradient_norm(0, 1e300)",
    "activation_rms": "activation_rms(1, 0)",
    "gradient_rms": "gradient_rms(1, 0)",
    "update_ratio": "update_ratio(1, 0, 1e300)",
    "saturated": "saturated(1, times=1000)",
    "class_changes": "class_changes(0) and loss < 1e-300",
    "sign_changes": "sign_changes(b1[0]) and loss < 1e-300",
    "held_out_rises": "held_out_rises(20)",
    "sharpness": "sharpness(1e300)",
}


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """The time of a training step with each condition, divided by that without any."""
    return [row for network in (XOR, DIGITS_16) for row in _of(network, say, count)]


def _of(network: Network, say: Callable[[str], None], count: int) -> list[Row]:
    say(f"conditions {network.label}")
    experiment = Experiment.from_dict(network.plain)
    held_out = len(experiment.data.x_held_out) > 0
    never = {name: text for name, text in NEVER.items() if held_out or name != "held_out_rises"}
    contenders: dict[str, Contender] = {"none": _with(experiment, None)}
    contenders |= {name: _with(experiment, text) for name, text in never.items()}
    times = rounds(contenders, count, SECONDS)
    return [
        Row(
            f"{network.label}: a training step with the condition {name} / with none",
            ratio(times, name, "none"),
            1.05,
            most=True,
            note=f"{median(times[name]) * 1e6:.0f} µs",
        )
        for name in never
    ]


def _with(experiment: Experiment, text: str | None) -> Contender:
    """The engine with a condition, sought as the page does at full speed."""
    until = text and until_of(plain_of(text), experiment)
    return played(Timeline(experiment, HISTORY_BYTES), until or None)
