"""The questions behind predictions: what a reader is asked, without its key, and the key with its reason."""

from typing import Annotated, Any

from engine.base.refusal import Refusal, number, one_of
from engine.experiment.changes import LARGEST_T
from engine.predictions.kinds import KINDS
from engine.predictions.paired_tests import TESTS
from engine.predictions.prediction import Blanks, Choice, Line, Prediction, Term
from engine.predictions.search import LARGEST_SEED, at, generate, in_run, suiting
from engine.predictions.step import Element
from engine.run.source import Source
from server.limits import PART_SECONDS, PREDICTION_SECONDS
from server.protocol.kinds import Given, Message, Nothing, OneOf, Whole, YesOrNo
from server.questions.answer import Answer, moment

KIND = OneOf("prediction", tuple(KINDS))
SEED = Whole("seed", 0, LARGEST_SEED)
HERE = YesOrNo("here")
SINCE = Whole("t", 0, LARGEST_T)


class PredictAsked(Message):
    """Which prediction."""

    kind: Annotated[str, KIND, "what is asked"]
    seed: Annotated[int, SEED, "which of that kind: the same kind and seed give the same prediction"]
    here: Annotated[bool, HERE, "of this run, at the first moment from `t` on that will do; else of one of its own"] = (
        False
    )
    since: Annotated[int, SINCE, "up to where an earlier answer has searched this run"] = 0


def predict(timeline: Source, t: int, asked: PredictAsked) -> Answer:
    """A question to a reader about what the engine computes next: the ``prediction``, without its key. It has its
    ``kind``, ``concept`` and ``seed``; the ``experiment`` in plain form, or null where it is of this run; the moment
    ``t`` at which it is asked, and ``reveal_t`` at which the truth is seen; the ``example`` that it is about, or null;
    the elements in it, ``subject``; what it ``asks``, as a word of the catalogue and its blanks; and either
    ``choices``, each with name, word, blanks and element, or an ``amount``, with the range, the tolerance, and a size
    that is ``given``.

    Where time is over before one is found in this run, ``prediction`` is null and ``searched`` says up to where: ask
    again. One of its own that is not found in time is refused, and so is its truth: take another seed.
    """
    if not asked.here:
        return {"prediction": _asked(_generated(asked)), "searched": None}
    moment(timeline, t)
    found = in_run(asked.kind, timeline, t, asked.seed, asked.since, PART_SECONDS)
    if isinstance(found, int):
        return {"prediction": None, "searched": found}
    return {"prediction": _asked(found), "searched": None}


class RevealAsked(Message):
    """Which prediction, and how it was answered."""

    kind: Annotated[str, KIND, "what was asked"]
    seed: Annotated[int, SEED, "which of that kind"]
    here: Annotated[bool, HERE, "of this run, at `t`; else of one of its own"] = False
    answer: Annotated[
        Any, Given("name of a choice, or an amount", "string | number | null"), "the reader's; null where there is none"
    ] = None


def reveal(timeline: Source, t: int, asked: RevealAsked) -> Answer:
    """The ``key`` of a prediction, whether the reader's answer is ``right``, and the reason: ``why``, as a word and its
    blanks, and its terms in one ``line``. The sum over ``rows`` of the product of their terms, divided by ``over``, is
    the ``result``; where that is null the rows are compared. A term's value is the element of its ``tensor`` at its
    ``index``; without an index the tensor's root mean square; without a tensor no tensor has it. ``t`` is where the
    truth is seen, ``select`` the parameter's element whose gradient it is about, and ``margin`` how many times as far
    from a tie it is as it need be.
    """
    if asked.here:
        moment(timeline, t)
        moment(timeline, timeline.t_of(timeline.locate(t).training_step + 1))
    prediction = at(asked.kind, timeline, t, asked.seed) if asked.here else _generated(asked)
    found = prediction.found
    return {
        "key": found.key,
        "right": None if asked.answer is None else prediction.right(_answer(prediction, asked.answer)),
        "margin": found.margin,
        "t": found.reveal_t,
        "select": _element(found.select),
        "example": found.example,
        "why": _said(f"prediction.{asked.kind}.why{'.' if found.case else ''}{found.case}", found.why),
        "line": _line(found.line),
    }


class SuitingAsked(Message):
    """What is looked for, and up to where it has been."""

    kinds: Annotated[
        Any, Given(f"list of at most {len(KINDS)} kinds", "string[]"), "what may be asked; all without it"
    ] = None
    seed: Annotated[int, SEED, "which of each kind"] = 0
    since: Annotated[int, SINCE, "up to where an earlier answer has searched this run"] = 0


def suiting_kinds(timeline: Source, t: int, asked: SuitingAsked) -> Answer:
    """The kinds of which this run has a prediction from `t` on: ``found`` has the moment of the first one of each, from
    which ``predict`` has it at once. Where time is over ``searched`` says up to where: ask again for the others. Else
    it is null, and what has not been found by then the run has not.
    """
    kinds = list(KINDS) if asked.kinds is None else asked.kinds
    if not isinstance(kinds, list) or len(kinds) > len(KINDS):
        most = len(KINDS)
        raise Refusal("invalid", "kinds", "prediction", kinds, f"a list of at most {most}", "list_most", most=most)
    moment(timeline, t)
    names = [one_of("kinds", "prediction", kind, KINDS) for kind in kinds]
    found, searched = suiting(timeline, t, asked.seed, names, asked.since, PART_SECONDS)
    return {"found": found, "searched": searched}


def kinds(timeline: Source, t: int, asked: Nothing) -> Answer:
    """All kinds of predictions by their ``concepts``, and the ``tests``: before and after a course, each a list of
    items in the same order, with the ``kind``, the ``concept`` and the ``seed``.
    """
    concepts: dict[str, list[str]] = {}
    for name, kind in KINDS.items():
        concepts.setdefault(kind.concept, []).append(name)
    tests = {
        name: [{"kind": kind, "concept": KINDS[kind].concept, "seed": seed} for kind, seed in items]
        for name, items in TESTS.items()
    }
    return {"concepts": concepts, "tests": tests}


def _generated(asked: PredictAsked | RevealAsked) -> Prediction:
    """The prediction of a kind and seed, with the time of the server's core that a question may take."""
    return generate(asked.kind, asked.seed, PREDICTION_SECONDS)


def _answer(prediction: Prediction, plain: Any) -> str | float:
    """The reader's answer, which is one of the choices or within the range of the amount.

    Raises:
        Refusal: it is not.
    """
    amount = prediction.found.amount
    if amount is not None:
        return number("answer", "answer", plain, amount.low, amount.high)
    name: str = one_of("answer", "answer", plain, [choice.name for choice in prediction.found.choices])
    return name


def _asked(prediction: Prediction) -> Answer:
    """A prediction in plain form, without its key."""
    found, kind = prediction.found, prediction.kind
    return {
        "kind": kind,
        "concept": KINDS[kind].concept,
        "seed": prediction.seed,
        "here": prediction.experiment is None,
        "experiment": prediction.experiment,
        "t": found.t,
        "reveal_t": found.reveal_t,
        "example": found.example,
        "subject": [_element(element) for element in found.subject],
        "form": "choice" if found.amount is None else "amount",
        "asks": _said(f"prediction.{kind}.asks", found.asks),
        "choices": [_choice(choice) for choice in found.choices],
        "amount": found.amount and {**vars(found.amount), "element": _element(found.amount.element)},
    }


def _said(word: str, blanks: Blanks) -> Answer:
    return {"word": word, "blanks": {name: _unsigned(blank) for name, blank in blanks.items()}}


def _unsigned(blank: str | int | float) -> str | int | float:
    """The same, with 0 in place of a product's -0, whose sign tells a reader nothing."""
    return blank + 0.0 if isinstance(blank, float) else blank


def _element(element: Element | None) -> list[Any] | None:
    return element and [element[0], [*element[1]]]


def _choice(choice: Choice) -> Answer:
    told = _said(f"prediction.option.{choice.says}", choice.blanks)
    return {"name": choice.name, **told, "element": _element(choice.element)}


def _line(line: Line) -> Answer:
    rows = [[_term(term) for term in row] for row in line.rows]
    return {"rows": rows, "over": line.over, "result": line.result and _term(line.result)}


def _term(term: Term) -> Answer:
    return {
        "tensor": term.tensor,
        "index": None if term.index is None else [*term.index],
        "value": _unsigned(term.value),
    }
