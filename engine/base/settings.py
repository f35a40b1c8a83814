"""Settings: the numbers that a method takes, each with its symbol, its default and its range."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.base.refusal import number, whole

Settings = tuple[tuple[str, Any], ...]  # names and values, in order


@dataclass(frozen=True)
class Setting:
    """A number that a method takes.

    Attributes:
        name: its name in the plain form.
        symbol: its symbol in formulas, in LaTeX.
        default: its value where none is given.
        low: the least value that is accepted.
        high: the largest value that is accepted.
        whole: whether it must be a whole number.
    """

    name: str
    symbol: str
    default: float
    low: float
    high: float
    whole: bool = False


def read(plain: dict[str, Any], settings: Iterable[Setting], field: str) -> Settings:
    """The names and values of settings, in order. A setting that the plain form leaves out has its default.

    Args:
        plain: the plain form: a mapping of names to numbers.
        settings: the settings to look up.
        field: the path of the plain form, for refusals.

    Raises:
        Refusal: a value is no number, or out of its range.
    """
    values: list[tuple[str, Any]] = []
    for setting in settings:
        value, at = plain.get(setting.name, setting.default), f"{field}.{setting.name}"
        noun = setting.name.replace("_", " ")
        if setting.whole:
            values.append((setting.name, whole(at, noun, value, int(setting.low), int(setting.high))))
        else:
            values.append((setting.name, number(at, noun, value, setting.low, setting.high)))
    return tuple(values)
