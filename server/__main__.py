"""The command ``backscope``: start the server, say its address, open the browser."""

import argparse
import errno
import os
import socket
import sys
import threading
import webbrowser

import uvicorn

from server.app import create_app
from server.limits import MESSAGE_BYTES

TRIES = 50


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
    return parser.parse_args(argv)


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
    shown = "127.0.0.1" if options.host in ("0.0.0.0", "::", "") else options.host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
    print(f"Backscope is at {address}  (Ctrl-C stops it)", flush=True)
    if not options.no_browser:
        threading.Timer(0.6, webbrowser.open, [address]).start()
    config = uvicorn.Config(
        create_app(),
        log_level="warning",
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
