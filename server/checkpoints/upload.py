"""A checkpoint's file comes in: its size is looked at before and while it comes, and what is in it in a thread."""

import asyncio
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from engine import Refusal
from server.checkpoints.soundness import THE_FILE
from server.checkpoints.store import Checkpoints
from server.limits import CHECKPOINT_BYTES, STALL_SECONDS, UPLOAD_SECONDS

BAD_REQUEST, TIMEOUT, TOO_LARGE = 400, 408, 413


async def upload(request: Request, checkpoints: Checkpoints) -> Response:
    """Answer with the experiment that goes on from the checkpoint, or with what is refused."""
    try:
        data = await _body(request, CHECKPOINT_BYTES)
    except ClientDisconnect:
        return _refused("the file broke off", BAD_REQUEST)
    except TimeoutError:
        return _refused("the file did not come in time", TIMEOUT)
    if data is None:
        limit = CHECKPOINT_BYTES >> 20
        expected = f"at most {limit} MB"
        refusal = Refusal("invalid", "checkpoint", "checkpoint", THE_FILE, expected, "megabytes", limit=limit)
        return _refused(str(refusal), TOO_LARGE, refusal.field, refusal.details)
    try:
        return JSONResponse(await asyncio.to_thread(checkpoints.open, data))
    except Refusal as refusal:
        return _refused(str(refusal), BAD_REQUEST, refusal.field, refusal.details)


async def _body(request: Request, limit: int) -> bytes | None:
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


def _refused(message: str, status: int, field: str = "", details: Any = None) -> JSONResponse:
    return JSONResponse({"refused": message, "field": field, "details": details}, status)
