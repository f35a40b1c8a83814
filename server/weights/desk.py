"""A file of weights comes in twice: first to be told what is in it, then with a person's reading of it."""

import json
from dataclasses import asdict
from typing import Any

from engine import Refusal
from engine.data.choice import Tables
from server.checkpoints.store import NO_TABLES
from server.limits import MESSAGE_BYTES
from server.weights.file import is_archive, stored_in
from server.weights.finder import find
from server.weights.reading import checkpoint_of
from server.weights.refused import unreadable
from server.weights.stored import FLOATS

HIDDEN = "relu"  # what most networks have; no file of weights says it


def told(data: bytes) -> dict[str, Any]:
    """What a file of weights holds, in plain form: its ``arrays``, what has been found in them, and the activation that
    is suggested for hidden layers.

    Raises:
        Refusal: it is no file of weights.
    """
    stored = stored_in(data)
    found = find(stored, is_archive(data))
    if not found.layers:
        raise unreadable("unfit", "none of its arrays is named as the weights of a layer", "no_weights")
    arrays = [
        {"name": each.name, "shape": each.shape, "dtype": each.dtype, "floating": each.dtype in FLOATS}
        for each in stored
    ]
    return {
        "arrays": arrays,
        "activation": HIDDEN,
        "layers": [asdict(layer) for layer in found.layers],
        "left_out": found.left_out,
        "undecided": found.undecided,
    }


def read(body: bytes, tables: Tables = NO_TABLES) -> bytes:
    """The checkpoint of a file of weights and its reading, which come as one line of JSON and then the file.

    The data set of the reading may be one of the tables.

    Raises:
        Refusal: the line is no reading, the file is none of weights, or they do not fit each other.
    """
    line, _, data = body.partition(b"\n")
    try:
        plain = json.loads(line) if len(line) <= MESSAGE_BYTES else None
    except (ValueError, RecursionError):
        plain = None
    if plain is None:
        raise Refusal("invalid", "weights", "reading", len(line), "one line of JSON before the file", "json")
    return checkpoint_of(stored_in(data), plain, tables)
