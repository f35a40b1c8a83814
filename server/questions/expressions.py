"""The question of expressions: the numbers in a lesson's prose, and whether its conditions are met."""

from typing import Annotated, Any

from engine import Refusal
from engine.base.refusal import listed
from engine.run.source import Source
from server.lessons.expressions import Budget, Expression, Value, parse
from server.lessons.moments import OfRun
from server.protocol.kinds import Given, Message
from server.questions.answer import Answer, moment

EXPRESSIONS = 100  # the most of one question


class ExpressionsAsked(Message):
    """Expressions."""

    expressions: Annotated[
        Any,
        Given(f"list of at most {EXPRESSIONS} texts", "string[]"),
        "such as `W2[0,1]` or `loss < 0.1`; see docs/lessons.md",
    ]


def expressions(timeline: Source, t: int, asked: ExpressionsAsked) -> Answer:
    """The ``values`` of expressions at this moment: a number, true or false, or null where a tensor has not been
    computed yet, or where this run has no such tensor or element.
    """
    texts = listed("expressions", asked.expressions, EXPRESSIONS)
    parsed = [parse(text, f"expressions.{i}") for i, text in enumerate(texts)]
    moment(timeline, t)
    now, budget = OfRun(timeline, t), Budget()
    return {"values": [_value(each, now, budget) for each in parsed]}


def _value(expression: Expression, now: OfRun, budget: Budget) -> Value:
    try:
        return expression.value(now, budget=budget)
    except Refusal:
        return None
