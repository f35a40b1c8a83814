"""The command ``backscope``: start the server, say its address, open the browser."""

import argparse
import errno
import ipaddress
import os
import secrets
import socket
import sys
import threading
import webbrowser
from importlib.util import find_spec
from typing import Any

from server.access.names import origin
from server.bounds import bounds_in_words
from server.maps.address import is_silent
from server.settings import Settings
from server.telemetry.log import LEVELS
from server.workers import serve, serve_by_workers

TRIES = 50
MOST_WORKERS = 64
EVERYWHERE = ("0.0.0.0", "::", "")


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(
        prog="backscope",
        description="See backpropagation: a page on a network that trains.",
        epilog=bounds_in_words(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port",
        type=int,
        default=os.environ.get("PORT", "8000"),
        help="the port, or the next free one after it (default: PORT of the environment, or 8000)",
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
    parser.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="how many processes serve (default: %(default)s)"
    )
    parser.add_argument(
        "--lessons",
        type=_folder,
        metavar="DIR",
        help="a folder of lessons of one's own: see docs/lessons.md",
    )
    parser.add_argument(
        "--metrics", action=_Metrics, help="answer /metrics, for Prometheus (pip install 'backscope[metrics]')"
    )
    parser.add_argument(
        "--ray",
        action=_Ray,
        default="",
        metavar="ADDRESS",
        help="compute maps on the Ray cluster of this address, such as auto or local (pip install 'backscope[ray]')",
    )
    parser.add_argument(
        "--log-level",
        choices=LEVELS,
        default="warning",
        help="the least level that is logged (default: %(default)s)",
    )
    return parser.parse_args(argv)


class _Metrics(argparse.Action):
    """The option ``--metrics``, which needs the client of Prometheus."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(nargs=0, default=False, **settings)

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, *_: Any) -> None:
        """Say what is missing, or note that it is wished for."""
        if find_spec("prometheus_client") is None:
            parser.error("--metrics needs the client of Prometheus: pip install 'backscope[metrics]'")
        setattr(namespace, self.dest, True)


class _Ray(argparse.Action):
    """The option ``--ray ADDRESS``, which needs Ray."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, value: Any, *_: Any) -> None:
        """Say what is missing, or note the address."""
        if find_spec("ray") is None:
            parser.error("--ray needs Ray: pip install 'backscope[ray]'")
        if is_silent(value):
            parser.error(f"--ray: nobody listens at {value}")
        setattr(namespace, self.dest, value)


def _workers(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= MOST_WORKERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"no number of processes from 1 to {MOST_WORKERS}: {text!r}")


def _folder(text: str) -> str:
    if os.path.isdir(text):
        return os.path.abspath(text)
    raise argparse.ArgumentTypeError(f"no folder: {text!r}")


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


def main(argv: list[str] | None = None) -> int:
    """Run the server until it is stopped; returns the exit status."""
    options = arguments(argv)
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
    settings = Settings(
        hosts=tuple(options.allow_host),
        origins=tuple(options.allow_origin),
        proxies=tuple(options.forwarded_allow_ips),
        token=token,
        embedders=tuple(options.allow_embed),
        root_path=options.root_path,
        metrics=options.metrics,
        workers=options.workers,
        ray=options.ray,
        lessons=options.lessons or "",
        log_level=options.log_level,
    )
    (serve if options.workers == 1 else serve_by_workers)(settings, listener)
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
