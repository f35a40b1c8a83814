"""A landmark in a page's keeping: the carried tensors from which a run goes on at a server that does not have it.

It is one safetensors file with the tensors in the run's own dtypes; its metadata holds the moment ``t`` and a
fingerprint of the experiment up to there. It goes out with a checksum, and comes back with it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np
from safetensors.numpy import save

from engine import Experiment, Refusal
from engine.base.refusal import one_of
from engine.base.tensors import bytes_of, dtype_of, shape_of
from engine.experiment.changes import LARGEST_T
from engine.run.segments import Segment
from engine.run.source import Source
from server.checkpoints.codec import DTYPES, header_of, tensors_of
from server.checkpoints.soundness import refuse_impossible, unfit
from server.limits import LANDMARK_BYTES

HEADER_BYTES = 1 << 16  # the most bytes of the file's header


def encode(moment: int, carried: Mapping[str, np.ndarray], experiment: Experiment) -> bytes | None:
    """The file of a landmark; None where it would be larger than a page keeps."""
    if sum(array.nbytes for array in carried.values()) > LANDMARK_BYTES:
        return None
    tensors = {name: np.array(array, order="C") for name, array in carried.items()}
    return save(tensors, {"experiment": fingerprint(experiment, moment), "t": str(moment)})


def checksum(data: bytes | bytearray) -> str:
    """What tells a file from one that has been damaged."""
    return sha256(data).hexdigest()


def fingerprint(experiment: Experiment, t: int) -> str:
    """What tells the experiment, with its changes up to t, from any other."""
    changes = tuple(change for change in experiment.changes if change.t <= t)
    return sha256(json.dumps(replace(experiment, changes=changes).to_dict(), sort_keys=True).encode()).hexdigest()


@dataclass
class Parts:
    """A file that comes in parts, which are put together in the order in which they come."""

    data: bytearray = field(default_factory=bytearray)

    def add(self, part: bytes, timeline: Source) -> None:
        """Put one more part to those that there are.

        Raises:
            Refusal: they are more than a landmark of this run has.
        """
        limit = min(LANDMARK_BYTES, max(map(_bytes_of, timeline.segments))) + HEADER_BYTES
        if len(self.data) + len(part) > limit:
            raise unfit(f"a landmark of this run has at most {limit} bytes", "landmark_bytes", limit=f"{limit:,}")
        self.data += part


def adopt(timeline: Source, data: bytes, told: str) -> int:
    """Have the run go on from the landmark of a file with the checksum that was ``told``, and give its moment.

    Raises:
        Refusal: the file is damaged, of another run, or holds what no run of this experiment comes to; nothing has
            changed then.
    """
    if checksum(data) != told:
        raise unfit("its checksum is another", "landmark_checksum")
    header = header_of(data)
    metadata = header.pop("__metadata__", {})
    t = _moment(metadata.get("t"), timeline)
    if metadata.get("experiment") != fingerprint(timeline.experiment, t):
        raise unfit("it is of another run", "landmark_run")
    segment = timeline.segment_at(t)
    for name in segment.carried:
        if name not in header:
            raise unfit(f"its {name} is missing", "tensor_missing", tensor=name)
    for name, entry in header.items():
        _check(one_of("checkpoint", "tensor", name, segment.carried), entry, segment.experiment)
    tensors = tensors_of(data)
    refuse_impossible(tensors, segment)
    timeline.adopt(t, tensors)
    return t


def _moment(plain: object, timeline: Source) -> int:
    """The moment of a file's metadata, which must be one at which a training step begins."""
    t = int(plain) if isinstance(plain, str) and plain.isdecimal() and len(plain) < 20 else 0
    if not 0 < t <= LARGEST_T or timeline.locate(t).micro_step:
        expected = "a moment at which a training step begins"
        raise Refusal("invalid", "checkpoint", "t", plain, expected, "landmark_moment")
    return t


def _check(name: str, entry: dict[str, object], experiment: Experiment) -> None:
    """Refuse a tensor of another dtype or shape than the run's."""
    one_of("checkpoint", "dtype", entry.get("dtype"), [DTYPES[dtype_of(name, experiment.numpy_dtype).itemsize]])
    found, needed = entry.get("shape"), [*shape_of(name, experiment.sizes, 0)]
    if found != needed:
        blanks = {"tensor": name, "found": str(found), "needed": str(needed)}
        raise unfit(f"its {name} is {found}, this network needs {needed}", "checkpoint_shape", **blanks)


def _bytes_of(segment: Segment) -> int:
    """What the carried tensors of a segment take."""
    experiment = segment.experiment
    return sum(bytes_of(name, experiment.sizes, 0, experiment.numpy_dtype) for name in segment.carried)
