"""The command ``backscope``: start the server, say its address, open the browser."""

import argparse
import asyncio
import errno
import ipaddress
import os
import secrets
import socket
import sys
import threading
import webbrowser
from contextlib import suppress

import uvicorn

from engine.base.threads import one_thread
from server.access.names import authority, origin
from server.app import create_app
from server.limits import MESSAGE_BYTES

TRIES = 50
EVERYWHERE = ("0.0.0.0", "::", "")


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(
        prog="backscope", description="See backpropagation: a page on a network that trains."
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="the port, or the next free one after it (default: %(default)s)"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.add_argument("--root-path", default="", metavar="PATH", help="the path that a proxy serves it under")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another name that it is served under; * for any",
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        type=_origin,
        metavar="ORIGIN",
        help="an origin whose pages may use it",
    )
    parser.add_argument(
        "--allow-embed", action="append", default=[], type=_origin, metavar="ORIGIN", help="a site that may frame it"
    )
    parser.add_argument(
        "--no-token", action="store_true", help="let everybody in who can reach it, also beyond this machine"
    )
    parser.add_argument(
        "--forwarded-allow-ips",
        default=["127.0.0.1", "::1"],
        type=_networks,
        metavar="ADDRESSES",
        help="proxies whose X-Forwarded headers count: addresses or networks, with commas (default: 127.0.0.1,::1)",
    )
    return parser.parse_args(argv)


def _name(text: str) -> str:
    if found := authority(text):
        return found[0]
    raise argparse.ArgumentTypeError(f"no name of a host: {text!r}")


def _origin(text: str) -> str:
    if origin(text):
        return text
    raise argparse.ArgumentTypeError(f"no origin, such as https://example.org: {text!r}")


def _networks(text: str) -> list[str]:
    try:
        return [str(ipaddress.ip_network(each.strip(), strict=False)) for each in text.split(",") if each.strip()]
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on the port, or on the next free one after it.

    Raises:
        OSError: the host is none of this machine's, or none of the next ports is free.
    """
    family, _, _, _, (address, *_) = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    for candidate in range(port, min(port + TRIES, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # so that asyncio sends at once
        if os.name != "nt":  # there it would share a port that is taken
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, candidate))
            listener.listen()
            return listener
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise OSError(f"no free port from {port} to {port + TRIES - 1}")


class Server(uvicorn.Server):
    """A server that lets its pages go as soon as it is told to end."""

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the pages go, then end as uvicorn does."""
        self._closing.set()
        await super().shutdown(sockets)


def main(argv: list[str] | None = None) -> int:
    """Run the server until it is stopped; returns the exit status."""
    options = arguments(argv)
    one_thread()
    try:
        listener = listen(options.host, options.port)
    except (OSError, OverflowError) as error:
        print(f"backscope: cannot listen on {options.host}:{options.port}: {error}", file=sys.stderr)
        return 1
    port = listener.getsockname()[1]
    if options.port not in (0, port):
        print(f"Port {options.port} is taken; using {port}.")
    beyond = not _is_loopback(listener.getsockname()[0])
    token = secrets.token_urlsafe(12) if beyond and not options.no_token else ""
    address = _address(options.host, port) + (f"?token={token}" if token else "")
    print(f"Backscope is at {address}  (Ctrl-C stops it)", flush=True)
    if beyond:
        who = "whoever has this address" if token else "everybody"
        print(f"Other machines of this network reach it too: it lets in {who}.", flush=True)
    if not options.no_browser:
        threading.Timer(0.6, webbrowser.open, [address]).start()
    app = create_app(
        hosts=options.allow_host,
        origins=options.allow_origin,
        proxies=options.forwarded_allow_ips,
        token=token,
        embedders=options.allow_embed,
        root_path=options.root_path,
    )
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
        proxy_headers=False,
    )
    with suppress(KeyboardInterrupt):
        Server(config, app.state.closing).run(sockets=[listener])
    return 0


def _address(host: str, port: int) -> str:
    """The address to give to people: for a server that listens everywhere, this machine's in its network."""
    if host in EVERYWHERE:
        host = _own_address(socket.AF_INET6 if ":" in host else socket.AF_INET)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _own_address(family: socket.AddressFamily) -> str:
    """The address from which this machine would speak to the outside; nothing is sent to find it."""
    outside, loopback = ("2001:db8::1", "::1") if family == socket.AF_INET6 else ("192.0.2.1", "127.0.0.1")
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((outside, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return loopback


if __name__ == "__main__":
    sys.exit(main())
