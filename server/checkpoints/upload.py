"""A file comes in, a checkpoint, a recorded run or weights of another program: its size is looked at before and while
it comes, and what is in it in a thread.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from backscope.recording import is_recording
from engine import Refusal
from engine.data.choice import Tables
from server.checkpoints.soundness import THE_FILE
from server.checkpoints.store import Checkpoints
from server.limits import CHECKPOINT_BYTES, MESSAGE_BYTES, STALL_SECONDS, UPLOAD_SECONDS
from server.recordings.store import Recordings
from server.weights import desk
from server.weights.file import is_own

BAD_REQUEST, TIMEOUT, TOO_LARGE = 400, 408, 413


def _too_large() -> Refusal:
    limit = CHECKPOINT_BYTES >> 20
    return Refusal("invalid", "checkpoint", "checkpoint", THE_FILE, f"at most {limit} MB", "megabytes", limit=limit)


async def upload(request: Request, checkpoints: Checkpoints, recordings: Recordings) -> Response:
    """Answer with the experiment that goes on from the checkpoint, with that of a recorded run, with what another
    program's file of ``weights`` holds, or with what is refused.
    """

    def opened(data: bytes) -> Response:
        if is_recording(data):
            return _json(recordings.open(data))
        return _json(checkpoints.open(data) if is_own(data) else {"weights": desk.told(data)})

    return await _answered(request, CHECKPOINT_BYTES, opened)


async def read_weights(request: Request, tables: Tables) -> Response:
    """Answer with the checkpoint of a file of weights and a reading of it, or with what is refused."""

    def made(data: bytes) -> Response:
        return Response(desk.read(data, tables), media_type="application/octet-stream")

    return await _answered(request, CHECKPOINT_BYTES + MESSAGE_BYTES, made)


async def _answered(request: Request, limit: int, answer: Callable[[bytes], Response]) -> Response:
    data = await received(request, limit, _too_large())
    if isinstance(data, Response):
        return data
    try:
        return await asyncio.to_thread(answer, data)
    except Refusal as refusal:
        return _json(refusal.to_dict(), BAD_REQUEST)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    """An answer in ASCII, since a file may have names that no UTF-8 has."""
    return Response(json.dumps(content), status, media_type="application/json")


async def received(request: Request, limit: int, too_large: Refusal) -> bytes | Response:
    """The whole body of a request, or the answer that says why it is not there: it broke off, stalled, or is
    ``too_large``.
    """
    try:
        data = await body_of(request, limit)
    except ClientDisconnect:
        return _broken("the file broke off", BAD_REQUEST)
    except TimeoutError:
        return _broken("the file did not come in time", TIMEOUT)
    return JSONResponse(too_large.to_dict(), TOO_LARGE) if data is None else data


async def body_of(request: Request, limit: int) -> bytes | None:
    """The whole body, or None as soon as it is known to be larger than the limit.

    Raises:
        TimeoutError: it stalls, or takes too long as a whole.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > limit:
        return None
    data, clock = bytearray(), asyncio.get_running_loop().time
    last = clock() + UPLOAD_SECONDS
    async with asyncio.timeout(STALL_SECONDS) as deadline:
        async for part in request.stream():
            data += part
            if len(data) > limit:
                return None
            deadline.reschedule(min(last, clock() + STALL_SECONDS))
    return bytes(data)


def _broken(message: str, status: int) -> JSONResponse:
    return JSONResponse({"refused": message, "field": "", "details": None}, status)
