"""The questions behind Stop when: which conditions there are in a run, and why it has stopped."""

from typing import Annotated, Any

from engine.experiment.experiment import Experiment
from engine.run.source import Source
from engine.run.until import Kind
from engine.until.cause import cause
from engine.until.kinds import CONDITIONS
from engine.until.reading import condition_of, until_of
from server.protocol.kinds import Given, Message
from server.protocol.listing import mathml
from server.questions.answer import Answer, moment


class ConditionsAsked(Message):
    """What is checked."""

    until: Annotated[Any, Given("a condition, or a list of them", "Until | Until[]"), "refused where it cannot be"] = (
        None
    )


def conditions(timeline: Source, t: int, asked: ConditionsAsked) -> Answer:
    """The ``kinds`` of conditions, each with its ``fields`` as this run can have them and, where it can never be, why
    not (``unfit``: ``form`` and ``blanks``). Conditions that are given in ``until`` are checked.
    """
    experiment = timeline.segment_at(t).experiment
    if asked.until is not None:
        until_of(asked.until, experiment)
    return {"kinds": [_offered(kind, experiment) for kind in CONDITIONS.values()]}


def _offered(kind: Kind, experiment: Experiment) -> Answer:
    unfit = kind.suits(experiment)
    told = unfit and {"why": unfit.why, "form": unfit.form, "blanks": dict(unfit.blanks)}
    fields = [{"name": each.name, **each.offer(experiment)} for each in kind.fields]
    return {"name": kind.name, "unfit": told, "fields": fields}


class StoppedAsked(Message):
    """What has ended the way to the moment."""

    condition: Annotated[Any, Given("a condition", "Until"), "as a frame's metadata has it"]


def stopped(timeline: Source, t: int, asked: StoppedAsked) -> Answer:
    """Why a condition is true at this moment: what it has ``measured``, the newest last, and the ``bounds`` of that;
    the element of a parameter in which the cause is seen best, with its chain-rule ``terms`` for one ``example``, at
    the moment ``at`` that has its gradient; and the ``remedies`` that fit the network.
    """
    moment(timeline, t)
    experiment = timeline.segment_at(max(t - 1, 0)).experiment
    found = cause(timeline, t, condition_of(asked.condition, experiment, "condition"))
    terms = found["terms"]
    if terms:
        terms["factors"] = [{**each, "formula": mathml(each["formula"]), "rows": []} for each in terms["factors"]]
    return found
