"""A class's token: who has the address that the server has printed may come in, and who has not may not."""

from hashlib import sha256
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.access.origin import refuse

SEE_OTHER = 303
OPEN = ("/healthz", "/readyz")  # to everybody, for they tell nothing of anybody
KEPT = 30 * 86400  # seconds
REASON = "open the address with its token, as the server printed it"


class Token:
    """An ASGI application that hands on what comes with the token; without a token to ask for, everything.

    The token comes in the page's address the first time (``?token=...``), then in a cookie that no other site's
    requests carry. Programs may send it as a bearer's. It is compared in constant time and stands in no answer.
    """

    def __init__(self, app: ASGIApp, token: str = "") -> None:
        self._app, self._token = app, token
        self._cookie = f"backscope-{sha256(token.encode()).hexdigest()[:8]}"  # servers on one host share one jar

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, give out the cookie, or refuse."""
        if not self._token or scope["type"] not in ("http", "websocket") or _is_open(scope):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if any(map(self._is_token, (_cookies(headers).get(self._cookie), _bearer(headers)))):
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "GET" and self._is_token(_in_address(scope)):
            await self._cookie_given(scope)(scope, receive, send)
        else:
            await refuse(REASON, scope, receive, send)

    def _cookie_given(self, scope: Scope) -> Response:
        """The way to the page without the token in its address."""
        answer = Response(status_code=SEE_OTHER, headers={"Location": "./", "Cache-Control": "no-store"})
        secure = scope["scheme"] == "https"
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="lax", secure=secure, max_age=KEPT)
        return answer

    def _is_token(self, given: str | None) -> bool:
        return given is not None and compare_digest(given.encode(), self._token.encode())


def _is_open(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) in OPEN


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _in_address(scope: Scope) -> str:
    return parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
