"""The question behind the view of a recorded run: a tensor as it was recorded beside Backscope's own."""

from typing import Annotated, Any

import numpy as np

from engine.data.recorded import RecordedData, beginnings, number_of
from engine.recorded.compared import Compared, compared, own_name, recorded_of, recorded_tensors
from engine.recorded.proven import Proven, proven
from engine.recorded.rebuilt import written_at
from engine.run.source import Source
from server.limits import CAUSE_SECONDS
from server.protocol.kinds import TENSOR, Message
from server.questions.answer import Answer, Tensors, moment, passes_to
from server.recordings.store import told_of

MOST_BEGINNINGS = 500  # recorded steps that a page offers to begin with


class RecordedAsked(Message):
    """Which tensor."""

    tensor: Annotated[Any, TENSOR, "a parameter, its gradient, or a running statistic of batch norm"]


def recorded(timeline: Source, t: int, asked: RecordedAsked) -> Tensors:
    """A tensor of the training step that leads to t in both runs: as it was ``recorded``, Backscope's ``own``, and the
    ``difference``, own minus recorded; those that there are.

    Returns:
        The tensors, and as facts what the ``proof`` of the whole recording has found; the ``number`` of the training
        step in the recorded run, null after its end; whether the tensor ``agrees``, null where one of both is missing;
        the name of Backscope's ``own``, which is that of the clipped gradient where this was recorded; by how much the
        worst element is ``allowed`` to be off, and how much PyTorch's rule for running variances sets it ``apart``
        besides; the ``worst`` element, {index, recorded, own}; the moment at which the tensor is ``due``; the moment
        ``first_wrong`` at which the first tensor that disagrees has been computed, null where that is not in this run;
        the ``names`` of all that was recorded; the ``first`` recorded step of this run and how many it has, ``count``;
        and the ``beginnings``, the recorded steps that a run may begin with, {number, learning_rate}.
    """
    moment(timeline, t)
    data = recorded_of(timeline.experiment)
    proof = proven(data.recording, CAUSE_SECONDS)
    found = compared(timeline, t, asked.tensor, proof)
    there = {name: array for name, array in (("recorded", found.recorded), ("own", found.own)) if array is not None}
    if len(there) == len(("recorded", "own")):
        there["difference"] = there["own"].astype(float) - there["recorded"].astype(float)
    is_first = (data.number + found.step, asked.tensor) == (proof.number, proof.verdict.tensor)
    facts = {
        "proof": told_of(data.recording, proof),
        "number": data.number + found.step if found.step < data.count else None,
        "agrees": found.agrees and not is_first,
        "own": found.name,
        "allowed": found.allowed_there,
        "apart": found.apart_there,
        "worst": _worst(found),
        "due": passes_to(timeline, t).due(found.name) if found.own is None else None,
        "first_wrong": _first_wrong(timeline, data, proof),
        "names": recorded_tensors(timeline.segment_at(t).experiment),
        "first": data.number,
        "count": data.count,
        "beginnings": _beginnings(data),
    }
    return Tensors({name: np.asarray(array) for name, array in there.items()}, facts)


def _first_wrong(timeline: Source, data: RecordedData, proof: Proven) -> int | None:
    if proof.number is None or proof.verdict.tensor is None:
        return None
    step = proof.number - data.number
    name = own_name(timeline.experiment, proof, proof.verdict.tensor)
    return written_at(timeline, step, name) if 0 <= step < data.count else None


def _worst(found: Compared) -> Answer | None:
    if found.worst is None or found.recorded is None or found.own is None:
        return None
    both = {"recorded": float(found.recorded[found.worst]), "own": float(found.own[found.worst])}
    return {"index": [*found.worst], **both}


def _beginnings(data: RecordedData) -> list[Answer]:
    steps = data.recording.steps
    places = beginnings(steps)[:MOST_BEGINNINGS]
    rates = [float(steps[i]["learning_rate"]) if "learning_rate" in steps[i] else None for i in places]
    return [{"number": number_of(steps, i), "learning_rate": rate} for i, rate in zip(places, rates, strict=True)]
