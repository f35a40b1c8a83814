"""Whether anybody listens at the address of a cluster, found out in no time: Ray itself tries for minutes."""

import re
import socket

SECONDS = 2.0
WITH_PORT = re.compile(r"(?:ray://)?(?P<host>[^/:]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")


def is_silent(address: str) -> bool:
    """Whether the address names a host and a port at which nobody listens."""
    named = WITH_PORT.fullmatch(address)
    if not named:
        return False
    try:
        socket.create_connection((named["host"].strip("[]"), int(named["port"])), SECONDS).close()
    except (OSError, OverflowError):
        return True
    return False
