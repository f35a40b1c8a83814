"""A table comes in, and is told about; and a data set of it is described before a run begins with it."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from engine import Refusal
from engine.base.refusal import Described, one_of, whole
from engine.data.choice import OWN
from engine.data.examples import made
from engine.data.notation import SEPARATORS
from engine.data.own import OwnData
from engine.data.table import Table
from server.checkpoints.upload import BAD_REQUEST, received
from server.limits import MESSAGE_BYTES, TABLE_BYTES
from server.tables.store import Tables

THE_TABLE = Described("the table", "table")
HEADERS = {"yes": True, "no": False}
SEPARATED = {"tab": "\t", "semicolon": ";", "bar": "|", "comma": ","}
assert {*SEPARATED.values()} == {*SEPARATORS}


async def upload(request: Request, tables: Tables) -> Response:
    """Answer with what the table is, or with what is refused. The address may say ``separator`` and ``header``."""
    limit = TABLE_BYTES >> 20
    too_large = Refusal("invalid", "table", "table", THE_TABLE, f"at most {limit} MB", "megabytes", limit=limit)
    data = await received(request, TABLE_BYTES, too_large)
    if isinstance(data, Response):
        return data
    try:
        separator = _chosen(request, "separator", SEPARATED)
        header = _chosen(request, "header", HEADERS)
        return JSONResponse(await asyncio.to_thread(tables.open, data, separator, header))
    except Refusal as refusal:
        return JSONResponse(refusal.to_dict(), BAD_REQUEST)


async def describe(request: Request, tables: Tables) -> Response:
    """Answer with the facts of the data set that a body such as ``{"dataset": {"name": "own", ...}, "seed": 0}``
    describes, or with what is refused.
    """
    too_large = Refusal("invalid", "dataset", "dataset", THE_TABLE, "at most 1 MB", "megabytes", limit=1)
    data = await received(request, MESSAGE_BYTES, too_large)
    if isinstance(data, Response):
        return data
    try:
        return JSONResponse(await asyncio.to_thread(described, data, tables))
    except Refusal as refusal:
        return JSONResponse(refusal.to_dict(), BAD_REQUEST)


def described(data: bytes, tables: Mapping[str, Table]) -> dict[str, Any]:
    """The plain form of a data set with its defaults, its facts, and the numbers that it is standardized with.

    Raises:
        Refusal: it is no plain form of a data set, or its table is not there or does not fit.
    """
    try:
        plain = json.loads(data)
        dataset, seed = plain["dataset"], plain.get("seed", 0)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise Refusal("invalid", "dataset", "dataset", THE_TABLE, "JSON", "json") from None
    if not isinstance(dataset, dict):
        raise Refusal("invalid", "dataset", "dataset", dataset, "a mapping of: name", "mapping", choices=["name"])
    one_of("dataset.name", "dataset", dataset.get("name"), [OWN])
    own = OwnData.from_dict(dataset, tables)
    record = own.record
    examples = made(own, whole("seed", "seed", seed, 0, 2**32 - 1), record.outputs[0])
    names = (*own.inputs, *((own.target,) if own.kind == "values" else ()))
    first = int(examples.order[0])
    scaled = [*examples.data.x_train[0], *(examples.data.y_train[0] if own.kind == "values" else ())]
    return {
        "dataset": own.to_dict(),
        "record": {
            "kind": record.kind, "looks": record.looks, "inputs": record.inputs, "outputs": [*record.outputs],
            "output_activation": record.output_activation, "classes": [*record.classes],
        },
        "examples": {"training": len(examples.data.x_train), "held_out": len(examples.data.x_held_out)},
        "standardized": [
            {
                "name": name, "mean": float(mean), "deviation": float(deviation),
                "row": int(own.table.rows[first]), "value": float(own.table.columns[name].numbers[first]),
                "standardized": float(z),
            }
            for name, mean, deviation, z in zip(names, examples.mean, examples.deviation, scaled, strict=True)
        ],
    }  # fmt: skip


def _chosen(request: Request, name: str, choices: dict[str, Any]) -> Any:
    """What the address says of this name; None where it says nothing."""
    given = request.query_params.get(name)
    return None if given is None else choices[one_of(name, name, given, choices)]
