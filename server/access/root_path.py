"""The path that a proxy serves the page under, whether the proxy keeps it in what it hands on or takes it away."""

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class RootPath:
    """An ASGI application that hands on every path with the root path before it, as ASGI wants it."""

    def __init__(self, app: ASGIApp, root_path: str = "") -> None:
        self._app, self._root = app, root_path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; the root path without its last slash leads to the page, which needs it."""
        if self._root and scope["type"] in ("http", "websocket"):
            path = scope["path"]
            if path == self._root and scope["type"] == "http":
                await RedirectResponse(f"{self._root}/")(scope, receive, send)
                return
            kept = path.startswith(f"{self._root}/")
            scope = {**scope, "root_path": self._root, "path": path if kept else self._root + path}
        await self._app(scope, receive, send)
