"""Kinds of values in messages: each checks a value by the engine's refusals, and says what it is in words and types."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema
from pydantic_core.core_schema import ValidationInfo, any_schema, with_info_plain_validator_function

from engine.base.refusal import Refusal, base64_bytes, known, number, one_of, whole, yes_or_no


class Kind(ABC):
    """What a field may hold. ``words`` say it to a reader, ``script`` to a page's script."""

    words: str
    script: str

    @abstractmethod
    def check(self, field: str, value: Any) -> Any:
        """The value, if it is one of this kind.

        Raises:
            Refusal: it is not.
        """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def checked(value: Any, info: ValidationInfo) -> Any:
            return self.check(str(info.field_name), value)

        return with_info_plain_validator_function(checked)


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number from low to high."""

    noun: str
    low: int
    high: int
    script = "number"

    @property
    def words(self) -> str:  # type: ignore[override]
        return f"whole number, {self.low} to {self.high}"

    def check(self, field: str, value: Any) -> Any:
        return whole(field, self.noun, value, self.low, self.high)


@dataclass(frozen=True)
class Number(Kind):
    """A finite number from low to high."""

    noun: str
    low: float
    high: float
    script = "number"

    @property
    def words(self) -> str:  # type: ignore[override]
        return f"number, {self.low:g} to {self.high:g}"

    def check(self, field: str, value: Any) -> Any:
        return number(field, self.noun, value, self.low, self.high)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of some names."""

    noun: str
    choices: tuple[str, ...]

    @property
    def words(self) -> str:  # type: ignore[override]
        return "one of " + ", ".join(f"`{each}`" for each in sorted(self.choices))

    @property
    def script(self) -> str:  # type: ignore[override]
        return " | ".join(f'"{each}"' for each in sorted(self.choices))

    def check(self, field: str, value: Any) -> Any:
        return one_of(field, self.noun, value, self.choices)


@dataclass(frozen=True)
class YesOrNo(Kind):
    """True or false."""

    noun: str
    words = "true or false"
    script = "boolean"

    def check(self, field: str, value: Any) -> Any:
        return yes_or_no(field, self.noun, value)


class Base64(Kind):
    """Bytes, as text in base64."""

    words = "text: bytes in base64"
    script = "string"

    def check(self, field: str, value: Any) -> Any:
        return base64_bytes(field, field, value)


@dataclass(frozen=True)
class Given(Kind):
    """What can only be judged by the run that it is about, and is by whoever takes it."""

    words: str
    script: str = "unknown"

    def check(self, field: str, value: Any) -> Any:
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return any_schema()


# Values that every network has others of.
LAYER = Given("whole number: a layer, the input is 0", "number")
UNIT = Given("whole number: a unit of the layer, from 0", "number")
EXAMPLE = Given("whole number: an example of the mini-batch, from 0", "number")
TENSOR = Given("a tensor's name, as the listing has it", "string")
INDEX = Given("list of whole numbers: the place of an element", "number[]")


class Message(BaseModel):
    """Fields by their names; each class says in its docstring what it is for."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)


class Nothing(Message):
    """There is nothing more to say."""


M = TypeVar("M", bound=Message)


def names(model: type[Message]) -> list[str]:
    """The fields of a message as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def required(model: type[Message]) -> list[str]:
    """Those that have to be there."""
    return [field.alias or name for name, field in model.model_fields.items() if field.is_required()]


def parsed(model: type[M], fields: Mapping[str, Any]) -> M:
    """The message of these fields.

    Raises:
        Refusal: a field is unknown, missing or wrong.
    """
    if not fields.keys() <= _known(model) or not _needed(model) <= fields.keys():
        known("", dict(fields), names(model), required(model))
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        refusal: Refusal = found["ctx"]["error"]
        refusal.field = str(found["loc"][0])  # as the field is written
        raise refusal from None


@cache
def _known(model: type[Message]) -> frozenset[str]:
    return frozenset(names(model))


@cache
def _needed(model: type[Message]) -> frozenset[str]:
    return frozenset(required(model))
