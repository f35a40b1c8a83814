"""A recording on its way to a running Backscope, by nothing but the standard library."""

import json
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

SECONDS = 130  # for the answer, a little more than the server has
TOKEN = "token"  # of a server that asks for one, in the address that it prints


class NotSent(Exception):
    """A recording that no server has taken; the message says why."""


class Destination:
    """A running Backscope.

    Args:
        address: its address as it prints it, with its token if it asks for one.

    Raises:
        ValueError: it is no address of a web server.
    """

    def __init__(self, address: str) -> None:
        found = urlsplit(address)
        if found.scheme not in ("http", "https") or not found.hostname:
            raise ValueError(f"invalid to: {address!r} (an address such as http://127.0.0.1:8000)")
        self._base = f"{found.scheme}://{found.netloc}{found.path.rstrip('/')}/"
        self._token = parse_qs(found.query).get(TOKEN, [""])[0]
        self._own = _is_own_machine(found.hostname)

    def send(self, path: Path) -> str:
        """Send a recording's file, and give the address of the page that opens it.

        Raises:
            NotSent: there is no answer, or it is a refusal, or the page cannot step through it.
            OSError: the file cannot be read.
        """
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(path.stat().st_size)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        opener = build_opener(*([ProxyHandler({})] if self._own else []))
        with path.open("rb") as file:
            request = Request(f"{self._base}checkpoints", file, headers, method="POST")
            try:
                with opener.open(request, timeout=SECONDS) as answer:
                    told = json.load(answer)
                if "unfit" in told:
                    raise NotSent(_unfit(told))
                there = f"?{TOKEN}={self._token}" if self._token else ""
                return f"{self._base}{there}{told['address']}"
            except HTTPError as error:
                raise NotSent(_refused(error)) from None
            except URLError as error:
                raise NotSent(f"no answer ({error.reason})") from None
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise NotSent(f"no answer of a Backscope ({error})") from None


def _is_own_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unfit(told: dict[str, Any]) -> str:
    """What a server says of a recording that it has proven, and that its page cannot step through."""
    proof = told["recording"]
    found = "every tensor agrees" if proof["agrees"] else f"{proof['tensor']} disagrees in step {proof['number']}"
    return f"{found}; the page cannot step through it: {told['unfit']['refused']}"


def _refused(error: HTTPError) -> str:
    """What a server says that refuses a recording."""
    said = error.read(10_000).decode(errors="replace").strip()
    try:
        return str(json.loads(said)["refused"])
    except (ValueError, KeyError, TypeError):
        return f"it answers {error.code}: {said[:200]}"
