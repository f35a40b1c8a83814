"""Hosts and origins as the headers of a request write them, read so that what means the same is the same."""

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
Authority = tuple[str, int | None]  # a name in lower case, and the port where one is given


@lru_cache(maxsize=64)  # a page asks for some 200 files
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


@lru_cache(maxsize=64)
def is_address(host: str) -> bool:
    """Whether a host is written as an IP address, which no name server can turn to another machine."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
