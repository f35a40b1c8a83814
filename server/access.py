"""Who may speak with the server: only pages under a name that it is served by, and scripts of such pages alone."""

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FORBIDDEN = 403
SHOWN = 100  # characters of a stranger's header that an answer repeats
PORTS = {"http": 80, "https": 443}
Authority = tuple[str, int | None]  # a name in lower case, and the port where one is given


def authority(text: str) -> Authority | None:
    """The host and the port of a Host header, such as ``Example.org:80`` or ``[::1]``; None where it is none."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if not host or parts.username is not None or parts.path or parts.query or parts.fragment:
        return None
    return host, port


def origin(text: str) -> tuple[str, str, int] | None:
    """The scheme, host and port of an Origin header; None where it is none, or not of the web."""
    scheme, _, rest = text.partition("://")
    scheme, found = scheme.lower(), authority(rest)
    if scheme not in PORTS or found is None:
        return None
    host, port = found
    return scheme, host, PORTS[scheme] if port is None else port


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address, which no name server can turn to another machine."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


class Access:
    """An ASGI application that answers strangers itself and hands all others on.

    A request is refused where its Host is none of ours: no IP address, no loopback name, not this machine's name, and
    none of ``hosts``. So a foreign name that is pointed at this machine (DNS rebinding) opens nothing. What changes
    something, a websocket or a POST, is refused where it has an Origin that is neither the page's own nor one of
    ``origins``. Programs send no Origin and are welcome. ``X-Forwarded-Host`` counts where it comes from a proxy with
    an address in ``proxies``.
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
        reason = self._refused(scope) if scope["type"] in ("http", "websocket") else None
        if reason is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before it is accepted: 403
        else:
            await PlainTextResponse(reason, FORBIDDEN)(scope, receive, send)

    def _refused(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host")
        if host is not None and not self._is_ours(authority(host)):
            return f"not served under this name: {host[:SHOWN]!r} (start the server with --allow-host NAME)\n"
        asking = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if asking is None or not changes:
            return None
        forwarded = headers.get("x-forwarded-host", "").partition(",")[0].strip() if self._by_proxy(scope) else ""
        if self._is_own(asking, filter(None, (host, forwarded))):
            return None
        return f"not from a page of this server: {asking[:SHOWN]!r} (start the server with --allow-origin ORIGIN)\n"

    def _is_ours(self, found: Authority | None) -> bool:
        if found is None:
            return False
        host, _ = found
        return host in self._hosts or host.endswith(".localhost") or is_address(host)

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
