"""Conditions that end a seek. They are tested on the loss after each micro-step that writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

from engine.base.refusal import known, one_of
from engine.base.settings import Setting, Settings, read

Test = Callable[[Any], bool]  # whether a condition is true of a loss, which is a number or an array without axes
LOSS = "loss"  # the tensor that conditions are tested on
VALUE = Setting("value", "", 0.0, 0.0, 1e300)


@dataclass(frozen=True)
class Kind:
    """A kind of condition: its settings, and the function that makes its test from their values."""

    settings: tuple[Setting, ...]
    test: Callable[..., Test]


def _not_finite() -> Test:
    return lambda loss: not isfinite(loss)


def _loss_below(value: float) -> Test:
    return lambda loss: float(loss) < value


def _loss_above(value: float) -> Test:
    return lambda loss: float(loss) > value


CONDITIONS: dict[str, Kind] = {
    "not_finite": Kind((), _not_finite),
    "loss_below": Kind((VALUE,), _loss_below),
    "loss_above": Kind((VALUE,), _loss_above),
}


@dataclass(frozen=True)
class Condition:
    """One of ``CONDITIONS`` with its settings. It is true right after a micro-step has written a loss that passes."""

    name: str
    settings: Settings = ()

    @classmethod
    def from_dict(cls, plain: Any, field: str = "until") -> "Condition":
        """Read a condition from its plain form, such as ``{"name": "loss_below", "value": 0.1}``, with all settings.

        Raises:
            Refusal: there is no such condition, or a setting is missing, unknown or out of range.
        """
        names = dict.fromkeys(setting.name for kind in CONDITIONS.values() for setting in kind.settings)
        known(field, plain, ("name", *names), required=("name",))
        name = one_of(f"{field}.name", "condition", plain["name"], CONDITIONS)
        settings = CONDITIONS[name].settings
        fields = ("name", *(setting.name for setting in settings))
        return cls(name, read(known(field, plain, fields, required=fields), settings, field))

    def to_dict(self) -> dict[str, Any]:
        """The plain form; ``from_dict`` gives the same condition back."""
        return {"name": self.name, **dict(self.settings)}

    @cached_property
    def test(self) -> Test:
        """The test of a loss."""
        return CONDITIONS[self.name].test(**dict(self.settings))
