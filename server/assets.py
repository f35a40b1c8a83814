"""The page's own files. Their address holds a version, so a browser may keep them: a changed file has another one."""

import gzip
import hashlib
import os
import re
from pathlib import Path
from typing import Any

from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.types import Scope

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
PACKED = {".css", ".js", ".json", ".svg"}
KEPT = {"Cache-Control": "max-age=31536000, immutable"}
VERSION = re.compile(r"v-([0-9a-f]+)/")


class Assets(StaticFiles):
    """Static files, looked at once, at their plain address and at one with a version, such as ``v-0123/main.js``.

    At the plain address, and at that of another version than the latest, the browser asks after each time.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        self.folder = folder
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self.modules = [path.relative_to(folder).as_posix() for path in files if path.suffix == ".js"]
        self.version = _version(files)
        self._packed: dict[str, bytes] = {}

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
        scope["backscope.kept"] = match is not None and match[1] == self.version
        return VERSION.sub("", path, count=1)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; one that may be kept is packed only once, for there are many and a page asks for all of them."""
        wanted = Headers(scope=scope).get("accept-encoding", "") if scope["method"] == "GET" else ""
        if not scope["backscope.kept"] or Path(path).suffix not in PACKED or "gzip" not in wanted:
            return await super().get_response(path, scope)
        if path not in self._packed:
            full_path, stat = self.lookup_path(path)
            if stat is None:
                return await super().get_response(path, scope)
            self._packed[path] = gzip.compress(Path(full_path).read_bytes(), mtime=0)
        headers = {**KEPT, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(self._packed[path], media_type=MEDIA[Path(path).suffix], headers=headers)

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        """The file, with how long the browser may keep it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        if media := MEDIA.get(Path(full_path).suffix):
            response.headers["Content-Type"] = (
                media if media.startswith(("font", "image")) else f"{media}; charset=utf-8"
            )
        response.headers.update(KEPT if scope["backscope.kept"] else {"Cache-Control": "no-cache"})
        return response


def _version(files: list[Path]) -> str:
    """A name that follows from the files' names, sizes and times of change."""
    stats = [(path, path.stat()) for path in files]
    told = [(str(path), each.st_size, each.st_mtime_ns) for path, each in stats]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]
