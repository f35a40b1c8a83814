"""A checkpoint's file comes in: its size is looked at before and while it comes, and what is in it in a thread."""

import asyncio
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from engine import Refusal
from server.checkpoints.codec import THE_FILE
from server.checkpoints.store import Checkpoints
from server.limits import CHECKPOINT_BYTES
from server.stream import same_origin

BAD_REQUEST, FORBIDDEN, TOO_LARGE = 400, 403, 413


async def upload(request: Request, checkpoints: Checkpoints) -> Response:
    """Answer with the experiment that goes on from the checkpoint, or with what is refused."""
    if not same_origin(request):
        return _refused("only a page of this server may open a checkpoint here", FORBIDDEN)
    try:
        data = await _body(request, CHECKPOINT_BYTES)
    except ClientDisconnect:
        return _refused("the file broke off", BAD_REQUEST)
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
    """The whole body, or None as soon as it is known to be larger than the limit."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > limit:
        return None
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > limit:
            return None
    return bytes(data)


def _refused(message: str, status: int, field: str = "", details: Any = None) -> JSONResponse:
    return JSONResponse({"refused": message, "field": field, "details": details}, status)
