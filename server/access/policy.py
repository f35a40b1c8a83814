"""What a browser is told to forbid: scripts from elsewhere, frames on other sites, guesses at what a file is."""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.access.names import authority

NONCE = "Backscope-Nonce"  # in a page's own answer: that of its script, which goes into the policy instead


class Policy:
    """An ASGI application that adds these headers to every answer; pages of ``embedders`` may frame ours."""

    def __init__(self, app: ASGIApp, embedders: Iterable[str] = ()) -> None:
        self._app, self._ancestors = app, " ".join(["'self'", *embedders])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        host = Headers(scope=scope).get("host", "") if scope["type"] == "http" else ""
        lines = f" ws://{host} wss://{host}" if authority(host) else ""  # some browsers do not count them as 'self'

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._guard(MutableHeaders(scope=message), lines)
            await send(message)

        await self._app(scope, receive, guarded)

    def _guard(self, headers: MutableHeaders, lines: str) -> None:
        nonce = f" 'nonce-{headers[NONCE]}'" if NONCE in headers else ""
        del headers[NONCE]
        rules = {
            "default-src": "'self'",
            "script-src": f"'self' 'unsafe-eval'{nonce}",  # so that programs that drive a browser can ask the page
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "connect-src": f"'self'{lines}",
            "worker-src": "'self' blob:",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": self._ancestors,
        }
        headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in rules.items())
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
