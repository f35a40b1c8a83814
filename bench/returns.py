"""How long a page takes to be back after its line is cut, and after its server is killed and begun anew."""

from collections.abc import Callable
from random import Random

from bench.report import Row
from tests.endurance.soak import Kept, cuts, kills, opened
from tests.helpers.tcp_proxy import tcp_proxy

CUTS, KILLS = 20, 6
SECONDS = 2  # within which a page is back


def measure(say: Callable[[str], None]) -> list[Row]:
    """The seconds until a page has taken its next step, from the cut, or from the first answer of the new server."""
    draw, server = Random(0), Kept()
    try:
        with tcp_proxy(server.running.address) as line, opened(line.address) as page:
            say(f"{CUTS} cuts of a page's line")
            after_cuts = cuts(page, line, CUTS, draw)
            say(f"{KILLS} kills of its server")
            after_kills = kills(page, server, KILLS, draw)
    finally:
        server.close()
    found = {"its line is cut": after_cuts, "its server is killed": after_kills}
    return [
        Row(
            f"a page is back after {what}: slowest, s",
            max(each.took),
            SECONDS,
            most=True,
            form="{:.1f}",
            note=str(each),
        )
        for what, each in found.items()
    ]
