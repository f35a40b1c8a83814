"""Only pages under a name that the server is served by may speak with it, and only scripts of such pages."""

import ipaddress
import socket
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from server.access.names import PORTS, Authority, authority, is_address, origin

FORBIDDEN = 403
ANY = "*"
SHOWN = 100  # characters of a stranger's header that an answer repeats


class OwnPages:
    """An ASGI application that answers strangers itself and hands all others on.

    A request is refused where its Host is none of ours: no IP address, no loopback name, not this machine's name, and
    none of ``hosts``, in which * means any. So a foreign name that is pointed at this machine (DNS rebinding) opens
    nothing. What changes something, a websocket or a POST, is refused where it has an Origin that is neither the page's
    own nor one of ``origins``. Programs send no Origin and are welcome. ``X-Forwarded-Host`` counts where it comes from
    a proxy with an address in ``proxies``.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str] = (), origins: Iterable[str] = (), proxies: Iterable[str] = ()
    ) -> None:
        self._app = app
        machine = socket.gethostname().lower()
        self._hosts = {"localhost", machine, f"{machine}.local", *(host.lower().rstrip(".") for host in hosts)}
        self._origins = {origin(each) for each in origins} - {None}
        self._proxies = [ipaddress.ip_network(each, strict=False) for each in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is refused, or hand it on."""
        reason = self._refused(scope, Headers(scope=scope)) if scope["type"] in ("http", "websocket") else None
        if reason is None:
            await self._app(scope, receive, send)
        else:
            await refuse(reason, scope, receive, send)

    def _refused(self, scope: Scope, headers: Headers) -> str | None:
        host = headers.get("host")
        if host is not None and not self._is_ours(authority(host)):
            return f"not served under this name: {host[:SHOWN]!r} (start the server with --allow-host NAME)"
        asking = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if asking is None or not changes:
            return None
        forwarded = headers.get("x-forwarded-host", "").partition(",")[0].strip() if self._by_proxy(scope) else ""
        if self._is_own(asking, filter(None, (host, forwarded))):
            return None
        return f"not from a page of this server: {asking[:SHOWN]!r} (start the server with --allow-origin ORIGIN)"

    def _is_ours(self, found: Authority | None) -> bool:
        if found is None:
            return False
        host, _ = found
        return not {host, ANY}.isdisjoint(self._hosts) or host.endswith(".localhost") or is_address(host)

    def _is_own(self, asking: str, hosts: Iterable[str]) -> bool:
        """Whether an Origin is allowed, or means what one of the hosts means; where TLS ends elsewhere, ours is not its
        scheme, so a host without a port stands at the origin's usual one.
        """
        found = origin(asking)
        if found is None:
            return False
        scheme, host, port = found
        own = {
            (name, PORTS[scheme] if number is None else number) for name, number in filter(None, map(authority, hosts))
        }
        return found in self._origins or (host, port) in own

    def _by_proxy(self, scope: Scope) -> bool:
        client = (scope.get("client") or ("",))[0]
        return is_address(client) and any(ipaddress.ip_address(client) in network for network in self._proxies)


async def refuse(reason: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with 403, a websocket's before it is accepted."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
    else:
        await PlainTextResponse(f"{reason}\n", FORBIDDEN)(scope, receive, send)
