"""A checkpoint: what a network has learned up to a moment, with its experiment, as one safetensors file.

Its tensors are those that live from one training step to the next: parameters, running averages, the optimizer's state.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from engine import Experiment, Refusal
from engine.base.refusal import one_of, whole
from engine.base.tensors import shape_of
from engine.data.choice import Tables
from engine.experiment.changes import LARGEST_T
from engine.experiment.experiment import Start
from engine.run.segments import RATES, segments
from engine.run.source import Source
from server.checkpoints.soundness import THE_FILE, refuse_impossible, refuse_missing, unfit

METADATA_BYTES = 1 << 20  # of the file's own description, which a page has to send back
HEADER_BYTES = METADATA_BYTES + (1 << 18)  # of that and the list of tensors, which are parsed first of all
MOST_AXES = 8  # of a tensor in a file; ours have two at the most
DTYPES = {4: "F32", 8: "F64"}  # by the bytes of an element


@dataclass(frozen=True)
class Checkpoint:
    """An opened checkpoint: the experiment that goes on from it, in plain form, and the moment that it was saved at."""

    experiment: dict[str, Any]
    t: int
    start: Start


def encode(timeline: Source) -> bytes:
    """The file of the moment that was sought last. Every array is written row by row, however it lies in memory."""
    state, segment = timeline.seek(timeline.t), timeline.segment_at(timeline.t)
    tensors = {name: np.array(state[name], order="C") for name in segment.carried}
    return save(tensors, {"experiment": json.dumps(timeline.experiment.to_dict()), "t": str(timeline.t)})


def decode(data: bytes, tables: Tables | None = None) -> Checkpoint:
    """The checkpoint of such a file. Its name is a function of its bytes.

    Its experiment may name one of the ``tables``.

    The experiment is the one in force at its moment. What changes had written is in the tensors; the learning rate
    is put into the experiment, where it can be set anew.

    Raises:
        Refusal: it is no such file, or its tensors do not fit its experiment.
    """
    header = header_of(data)
    trained, t = _described(header.pop("__metadata__", None), tables)
    part = [each for each in segments(trained) if each.t <= t][-1]
    refuse_missing(header, part)
    for name, entry in header.items():
        one_of("checkpoint", "tensor", name, part.carried)
        one_of("checkpoint", "dtype", entry.get("dtype"), DTYPES.values())
        found, needed = _shape(entry.get("shape")), shape_of(name, trained.sizes, 0)
        if found != needed:
            blanks = {"tensor": name, "found": str(found), "needed": str(needed)}
            raise unfit(f"its {name} is {found}, this network needs {needed}", "checkpoint_shape", **blanks)
    tensors = tensors_of(data)
    refuse_impossible(tensors, part)
    kept = {name: array for name, array in tensors.items() if name not in RATES}
    start = Start(hashlib.sha256(data).hexdigest()[:16], kept, part.experiment.training.optimizer)
    plain = part.experiment.to_dict() | {"start": start.name}
    for name in RATES & tensors.keys():
        plain["optimizer"] = {**plain["optimizer"], "learning_rate": float(str(tensors[name]))}
    Experiment.from_dict(plain, {start.name: start}, tables)
    return Checkpoint(plain, t, start)


def header_of(data: bytes) -> dict[str, Any]:
    """The part of a safetensors file that says what is in it.

    Raises:
        Refusal: it is no such file.
    """
    length = int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8 : 8 + length]) if length <= min(HEADER_BYTES, len(data) - 8) else None
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or not all(isinstance(entry, dict) for entry in header.values()):
        raise _no_file(data)
    return header


def _shape(plain: Any) -> tuple[Any, ...] | None:
    return tuple(plain) if isinstance(plain, list) and len(plain) <= MOST_AXES else None


def _described(metadata: Any, tables: Tables | None) -> tuple[Experiment, int]:
    """The experiment and the moment of the file's metadata. Where the run itself started from is in the tensors."""
    text, t = ((metadata or {}).get(name, "") for name in ("experiment", "t"))
    if not isinstance(text, str) or len(text) > METADATA_BYTES or not isinstance(t, str) or not t.isdecimal():
        raise unfit("its metadata holds no experiment and t", "no_experiment")
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise unfit("its metadata holds no experiment and t", "no_experiment") from None
    if isinstance(plain, dict):
        plain.pop("start", None)
    return Experiment.from_dict(plain, tables=tables), whole("t", "t", int(t[:20]), 0, LARGEST_T)


def tensors_of(data: bytes) -> dict[str, np.ndarray]:
    """The tensors of a safetensors file, read-only.

    Raises:
        Refusal: it is no such file.
    """
    try:
        tensors: dict[str, np.ndarray] = load(data)
    except (SafetensorError, ValueError, KeyError):
        raise _no_file(data) from None
    for array in tensors.values():
        array.flags.writeable = False
    return tensors


def _no_file(data: bytes) -> Refusal:
    expected = f"its {len(data)} bytes are no safetensors file"
    return Refusal("invalid", "checkpoint", "checkpoint", THE_FILE, expected, "safetensors", count=len(data))
