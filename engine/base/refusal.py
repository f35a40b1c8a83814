"""A refusal: an error about bad input, with its field, value and choices as data, so that a page can translate it."""

import base64
import binascii
import reprlib
from collections.abc import Iterable
from math import prod
from typing import Any

SHOWN = 60  # the most characters of a value that a refusal repeats
NAMED = 100  # the most characters of a field's name, which may come from outside too
LISTED = 1024  # the most items of a list for which nothing else is said

_short = reprlib.Repr()
_short.maxlevel, _short.maxlist, _short.maxtuple, _short.maxdict = 3, 12, 12, 6
_short.maxstring = _short.maxlong = 2 * SHOWN


class Described(str):
    """A description that stands in a refusal, without quotes, for a value that cannot be shown.

    Args:
        text: the description in English.
        form: the key of that description in a catalogue; with none, it is the same in every language.
        blanks: what fills the placeholders of the catalogue's description.
    """

    form: str
    blanks: dict[str, Any]

    def __new__(cls, text: str, form: str = "", **blanks: Any) -> "Described":
        described = super().__new__(cls, text)
        described.form, described.blanks = form, blanks
        return described


class Refusal(ValueError):
    """An error about a value from outside.

    Args:
        kind: "unknown" (the value is not one of the choices), "invalid" (its form or range is wrong), "missing",
            "unfit" (it does not go with another field) or "unsupported" (it belongs to a later version).
        field: the path of the field that held the value, such as ``layers.0.units``.
        noun: the name of the thing that the value describes, such as "layer width".
        value: the value.
        expected: an English phrase that says which values are accepted.
        form: the key of that phrase in a catalogue.
        blanks: what fills the placeholders of the catalogue's phrase.
    """

    def __init__(
        self, kind: str, field: str, noun: str, value: Any = None, expected: str = "", form: str = "", **blanks: Any
    ) -> None:
        shown = cut(_shown(value), SHOWN)
        field, noun = cut(field, NAMED), cut(noun, NAMED)
        blanks = {name: cut(blank, NAMED) if name == "found" else blank for name, blank in blanks.items()}
        bracket = f" ({expected})" if expected else ""
        super().__init__(f"{kind} {noun}{bracket}" if kind == "missing" else f"{kind} {noun}: {shown}{bracket}")
        self.field = field
        self.details = {"kind": kind, "noun": noun, "value": shown, "form": form, "blanks": blanks}
        if isinstance(value, Described) and value.form:
            self.details["described"] = {"form": value.form, "blanks": value.blanks}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> "Refusal":
        """The refusal that ``to_dict`` gave."""
        refusal = cls.__new__(cls, plain["refused"])
        refusal.args, refusal.field, refusal.details = (plain["refused"],), plain["field"], plain["details"]
        return refusal

    def to_dict(self) -> dict[str, Any]:
        """The refusal as a page translates it: ``refused`` in English, ``field`` and ``details``."""
        return {"refused": str(self), "field": self.field, "details": self.details}


def _shown(value: Any) -> str:
    if isinstance(value, Described):
        return value
    return repr(value[:SHOWN]) if isinstance(value, str) else _short.repr(value)


def cut(text: str, most: int) -> str:
    """The text, or its beginning where it has more than ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def one_of(field: str, noun: str, value: Any, choices: Iterable[str]) -> Any:
    """The value, if it is among the choices.

    Raises:
        Refusal: it is not.
    """
    choices = sorted(choices)
    if not isinstance(value, str) or value not in choices:
        listed = ", ".join(choices)
        raise Refusal("unknown", field, noun, value, f"one of: {listed}", "one_of", choices=choices)
    return value


def whole(field: str, noun: str, value: Any, low: int, high: int) -> int:
    """The value, if it is a whole number from low to high.

    Raises:
        Refusal: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refusal("invalid", field, noun, value, f"{low} to {high}", "range", low=low, high=high)
    return value


def number(field: str, noun: str, value: Any, low: float, high: float) -> float:
    """The value as a float, if it is a finite number from low to high.

    Raises:
        Refusal: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Refusal("invalid", field, noun, value, f"{low:g} to {high:g}", "range", low=low, high=high)
    return float(value)


def yes_or_no(field: str, noun: str, value: Any) -> bool:
    """The value, if it is true or false.

    Raises:
        Refusal: it is not.
    """
    if not isinstance(value, bool):
        raise Refusal("invalid", field, noun, value, "true or false", "yes_or_no")
    return value


def base64_bytes(field: str, noun: str, plain: Any) -> bytes:
    """The bytes of a text in base64.

    Raises:
        Refusal: it is none.
    """
    try:
        return base64.b64decode(plain, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Refusal("invalid", field, noun, plain, "bytes in base64", "base64") from None


def bytes_in(field: str, noun: str, plain: Any, *sides: int) -> bytes:
    """Decode the bytes of an array from base64.

    Args:
        plain: the base64 text.
        sides: the array's side lengths; their product is the number of bytes.

    Raises:
        Refusal: the value is not base64, or the number of bytes is another.
    """
    found = base64_bytes(field, noun, plain)
    if len(found) != prod(sides):
        expected = f"{' x '.join(map(str, sides))} bytes"
        raise Refusal(
            "invalid",
            field,
            noun,
            Described(f"{len(found)} bytes", "bytes", count=len(found)),
            expected,
            "bytes",
            count=prod(sides),
        )
    return found


def listed(field: str, plain: Any, most: int = LISTED) -> list[Any]:
    """The value, if it is a list of at most so many items.

    Raises:
        Refusal: it is not.
    """
    if not isinstance(plain, list):
        raise Refusal("invalid", field, field, plain, "a list", "list")
    if len(plain) > most:
        found = Described(f"a list of {len(plain)}", "list", count=len(plain))
        raise Refusal("invalid", field, field, found, f"a list of at most {most}", "list_most", most=most)
    return plain


def index_in(field: str, plain: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index of an element of an array of this shape, as a tuple, from a list of whole numbers.

    Raises:
        Refusal: the value is no list with one number per axis, or a number is out of range.
    """
    if not isinstance(plain, list) or len(plain) != len(shape):
        raise Refusal("invalid", field, "index", plain, f"a list of {len(shape)}", "list_of", count=len(shape))
    return tuple(whole(field, "index", i, 0, size - 1) for i, size in zip(plain, shape, strict=True))


def known(field: str, value: Any, fields: Iterable[str], required: Iterable[str] = ()) -> dict[str, Any]:
    """The value, if it is a mapping that has only known fields and every required one.

    Raises:
        Refusal: it is not.
    """
    fields = list(fields)
    noun, prefix = field or "experiment", field + "." if field else ""
    if not isinstance(value, dict):
        listed = ", ".join(fields)
        raise Refusal("invalid", field, noun, value, f"a mapping of: {listed}", "mapping", choices=fields)
    for name in value:
        one_of(f"{prefix}{name}", "field", name, fields)
    for name in required:
        if name not in value:
            raise Refusal("missing", prefix + name, "field", expected=prefix + name, form="field", name=prefix + name)
    return value
