"""The desk: a lesson's file comes in, and what has been read of it goes back; what there is to write a lesson with."""

import asyncio
from functools import cache

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from engine import Refusal
from engine.predictions.kinds import KINDS
from engine.predictions.search import LARGEST_SEED
from server.checkpoints.upload import received
from server.lessons.prose import Plain
from server.lessons.reader import ACTS, BYTES, CONTROLS, STEPS
from server.lessons.shelf import read_bytes
from server.lessons.source import source_of


async def lesson_of(request: Request) -> Response:
    """The lesson of the text that is sent, with what is wrong in it and its source; it is kept nowhere."""
    limit = BYTES >> 10
    too_large = Refusal("invalid", "lesson", "lesson", "", f"at most {limit} kB", "kilobytes", limit=limit)
    data = await received(request, BYTES, too_large)
    if isinstance(data, Response):
        return data
    return JSONResponse(await asyncio.to_thread(_read, data))


def _read(data: bytes) -> Plain:
    """The lesson of a file's bytes, its source, and of each step its words and the lines with typed digits."""
    lesson = read_bytes(data)
    counts = [{"words": step.words, "typed": step.digits} for step in lesson.steps]
    try:
        source = source_of(data.decode())
    except UnicodeDecodeError:
        source = None
    return {**lesson.to_dict(), "counts": counts, "source": source}


@cache
def offered() -> Plain:
    """What a step may have: controls, acts, kinds of predictions with their concepts; and how much a lesson may be."""
    return {
        "controls": CONTROLS,
        "acts": ACTS,
        "kinds": {name: kind.concept for name, kind in KINDS.items()},
        "largest_seed": LARGEST_SEED,
        "bytes": BYTES,
        "steps": STEPS,
    }
