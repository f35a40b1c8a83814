"""What a prediction consists of: what is asked about which elements, its key, and the reason in numbers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.predictions.step import Element, Step

Blanks = Mapping[str, str | int | float]  # what fills the blanks of a text: names, whole numbers, numbers
Key = str | float  # the name of a choice, or an amount
LARGEST_MARGIN = 1000.0


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from.

    Attributes:
        name: its name, by which it is answered.
        says: the name of its text.
        blanks: what fills the blanks of that text.
        element: the element that it stands for; None where it stands for none.
    """

    name: str
    says: str
    blanks: Blanks = field(default_factory=dict)
    element: Element | None = None


@dataclass(frozen=True)
class Amount:
    """A size that is asked for, and the range of answers.

    Attributes:
        low: the least answer.
        high: the largest answer.
        tolerance: how far an answer may be from the key.
        given: a size that is known when the prediction is asked, to compare with.
        element: the element whose size is given.
    """

    low: float
    high: float
    tolerance: float
    given: float
    element: Element


@dataclass(frozen=True)
class Term:
    """A number of the reason: an element of a tensor, or where there is no index the root mean square of the tensor.

    A number that no tensor of the run holds has no tensor.
    """

    tensor: str | None
    index: tuple[int, ...] | None
    value: float


@dataclass(frozen=True)
class Line:
    """The terms of the reason in one line.

    Attributes:
        rows: products of terms. With a result they are added up; else they are compared with each other.
        over: what the sum is divided by.
        result: what that gives; None where the rows are compared.
    """

    rows: tuple[tuple[Term, ...], ...]
    over: int = 1
    result: Term | None = None


@dataclass(frozen=True)
class Found:
    """What a kind asks of a training step, and what is true.

    Attributes:
        t: the moment at which it is asked.
        reveal_t: the moment at which the truth is seen.
        subject: the elements that it is about.
        asks: what fills the blanks of the question.
        key: the name of the right choice, or the amount.
        margin: how many times as far from a tie the truth is as it need be; below 1 it is too near.
        why: what fills the blanks of the reason's sentence.
        line: the terms of the reason.
        case: which of the kind's reasons it is; empty where there is one only.
        choices: the choices; none where an amount is asked for.
        amount: the range of the amount; None where there are choices.
        example: the example that it is about, a row of the mini-batch; None where it is about all of them.
        select: the parameter's element whose gradient the reason explains; None where there is none.
    """

    t: int
    reveal_t: int
    subject: tuple[Element, ...]
    asks: Blanks
    key: Key
    margin: float
    why: Blanks
    line: Line
    case: str = ""
    choices: tuple[Choice, ...] = ()
    amount: Amount | None = None
    example: int | None = None
    select: Element | None = None


Plain = dict[str, Any]
Places = Callable[[np.random.Generator], tuple[Plain, list[int]]]


@dataclass(frozen=True)
class Kind:
    """A kind of prediction.

    Attributes:
        concept: the name of the concept that it is about.
        find: the predicate: what may be asked of a training step, in an order that the generator decides. What is too
            near a tie is among it, with a margin below 1.
        places: an experiment in plain form, drawn by the generator, and the training steps to look at.
        keys: the keys, where they are the same each time: each of them is then looked for as often.
    """

    concept: str
    find: Callable[[Step, np.random.Generator], Iterator[Found]]
    places: Places
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prediction:
    """A prediction of a kind.

    Attributes:
        kind: the name of the kind.
        seed: the seed that it was drawn by.
        experiment: the experiment in plain form; None where it is about a run that was given.
        found: what is asked, and what is true.
    """

    kind: str
    seed: int
    experiment: Plain | None
    found: Found

    def right(self, answer: Key) -> bool:
        """Whether an answer is right: the name of the choice, or an amount within the tolerance."""
        key, amount = self.found.key, self.found.amount
        if amount is None:
            return answer == key
        return abs(float(answer) - float(key)) <= amount.tolerance


def named(tensor: str, index: tuple[int, ...]) -> str:
    """The name of an element, such as ``W1[0, 2]``."""
    return f"{tensor}[{', '.join(map(str, index))}]"


def ratio(large: float, small: float) -> float:
    """How many times as large one size is as another, at most ``LARGEST_MARGIN``; 0 where both are 0."""
    if small * LARGEST_MARGIN <= large:
        return LARGEST_MARGIN if large > 0 else 0.0
    return large / small


def fixed(*names: str) -> tuple[Choice, ...]:
    """Choices whose texts have their own names."""
    return tuple(Choice(name, name) for name in names)
