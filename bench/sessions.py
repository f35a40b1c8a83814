"""How long a step takes beside many pages, and what the server holds: for classes of several sizes, and two workers."""

from collections.abc import Callable

from bench.crowd import measured
from bench.report import Row
from tests.helpers.serving import serving

CLASSES = ((1, 0), (10, 0), (40, 0), (100, 0), (100, 4))  # pages that step, and pages at full speed
WORKERS = (1, 2)
SECONDS = 8
P95, P99 = 30, 100  # milliseconds of a step, beside 100 pages and 4 at full speed


def measure(say: Callable[[str], None]) -> list[Row]:
    """The milliseconds within which 95 and 99 of 100 steps are answered; each page steps five times a second."""
    rows = []
    for workers in WORKERS:
        with serving(0, "--workers", str(workers)) as running:
            for steppers, players in CLASSES:
                what = f"{steppers} pages step" + (f", {players} at full speed" if players else "")
                say(f"{what}, {workers} worker processes")
                took = measured(running.websocket, steppers, players, SECONDS)
                held = running.megabytes
                note = (
                    f"median {took[len(took) // 2]:.1f} ms, slowest {took[-1]:.0f} ms; the server holds {held:.0f} MB"
                )
                for share, target in ((0.95, P95), (0.99, P99)):
                    name = f"{what}, {workers} worker{'s' * (workers > 1)}: p{share * 100:.0f} of a step, ms"
                    value = took[int(len(took) * share)]
                    rows.append(Row(name, value, target, most=True, form="{:.1f}", note=note))
    return rows
