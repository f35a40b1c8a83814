"""The page's own files. Their address holds a version, so a browser may keep them: a changed file has another one."""

import asyncio
import gzip
import hashlib
import os
import re
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.types import Scope

from server.packing import Packing

# What a file is follows from its name here, whatever the operating system believes.
MEDIA = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".md": "text/markdown",
}
COMPRESSED = {".css", ".js", ".json", ".svg"}
KEPT = {"Cache-Control": "max-age=31536000, immutable"}
VERSION = re.compile(r"v-([0-9a-f]+)/")


class Assets(StaticFiles):
    """Static files, looked at once, at their plain address and at one with a version, such as ``v-0123/main.js``.

    At an address with a version scripts and style sheets are packed with what they import, without comments and
    indentation; at the plain address every file is as it is written. Only the latest version may be kept by a browser,
    which asks after all others each time.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        self.version = _version(sorted(path for path in folder.rglob("*") if path.is_file()))
        self._packing = Packing(folder)
        self._packed: dict[str, tuple[bytes, bytes]] = {}
        self._once = asyncio.Lock()

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The file, which a path that no file can have has not."""
        try:
            return super().lookup_path(path)
        except (ValueError, OSError):
            return "", None

    def get_path(self, scope: Scope) -> str:
        """The file's path, without the version."""
        path = super().get_path(scope)
        match = VERSION.match(path)
        scope["backscope.packed"] = match is not None
        scope["backscope.kept"] = match is not None and match[1] == self.version
        return VERSION.sub("", path, count=1)

    async def packed(self, path: str) -> tuple[bytes, bytes]:
        """A file as it travels, plain and compressed. It is packed once, in a thread, so that no page waits for it."""
        async with self._once:
            if path not in self._packed:
                self._packed[path] = await asyncio.to_thread(self._pack, path)
        return self._packed[path]

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; at an address with a version, packed."""
        suffix = Path(path).suffix
        there = scope["method"] == "GET" and scope["backscope.packed"] and suffix in COMPRESSED
        if not there or self.lookup_path(path)[1] is None:
            return await super().get_response(path, scope)
        plain, compressed = await self.packed(path)
        headers = {**_kept(scope), "Vary": "Accept-Encoding"}
        if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return Response(plain, media_type=MEDIA[suffix], headers=headers)
        return Response(compressed, media_type=MEDIA[suffix], headers=headers | {"Content-Encoding": "gzip"})

    def _pack(self, path: str) -> tuple[bytes, bytes]:
        text = self._packing.packed(path)
        data = Path(self.lookup_path(path)[0]).read_bytes() if text is None else text.encode()
        return data, gzip.compress(data, mtime=0)

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        """The file, with how long the browser may keep it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        if media := MEDIA.get(Path(full_path).suffix):
            response.headers["Content-Type"] = (
                media if media.startswith(("font", "image")) else f"{media}; charset=utf-8"
            )
        response.headers.update(_kept(scope))
        return response


def _kept(scope: Scope) -> dict[str, str]:
    """The header that says how long a browser may keep a file."""
    return KEPT if scope["backscope.kept"] else {"Cache-Control": "no-cache"}


class Packed:
    """A large script, packed once for all browsers that ask for it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._once = asyncio.Lock()
        self._bytes: bytes | None = None

    async def response(self, request: Request) -> Response:
        """The script, which a browser may keep for a day."""
        headers = {"Cache-Control": "max-age=86400", "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return FileResponse(self._path, media_type="text/javascript", headers=headers)
        async with self._once:  # in a thread, so that no page waits for it
            if self._bytes is None:
                self._bytes = await asyncio.to_thread(lambda: gzip.compress(self._path.read_bytes(), mtime=0))
        return Response(self._bytes, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})


def _version(files: list[Path]) -> str:
    """A name that follows from the files' names, sizes and times of change."""
    stats = [(path, path.stat()) for path in files]
    told = [(str(path), each.st_size, each.st_mtime_ns) for path, each in stats]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]
