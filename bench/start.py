"""A start of the page in a browser that has none of its files: weight, requests, and when the network is painted."""

import time
from collections.abc import Callable
from statistics import median

from bench.report import Row
from bench.tab import tab
from tests.helpers.serving import serving

WEIGHT, REQUESTS, PAINTED = 350, 20, 700  # targets: kilobytes, requests, milliseconds
WITHOUT_A_PRESS = 3  # seconds in which all counts that the page fetches
FIRST = 14  # the moment that a first visit shows
SHOWN = f"backscope.stats().painted.find(({{ t }}) => t === {FIRST})"
# The bodies as they travel, of all but plotly.js, which comes when the page is at work. The browser
# keeps at most 250.
SIZES = """["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
  .filter(({ name }) => !name.endsWith("/plotly.min.js")).map(({ encodedBodySize }) => encodedBodySize)"""


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """The weight and the requests of the page as it opens, and the time from the navigation to the first painting."""
    times, sizes = list[float](), list[int]()
    with serving() as server:
        for turn in range(count):
            say(f"a start of the page, {turn + 1} of {count}")
            with tab() as page:
                page.open(server.address)
                page.wait_for(f"window.backscope && {SHOWN}")
                times.append(page.evaluate(f"{SHOWN}.at"))
                time.sleep(WITHOUT_A_PRESS if turn == 0 else 0)
                sizes = sizes or page.evaluate(SIZES)
    return [
        Row("a start: kilobytes without plotly.js", sum(sizes) / 1000, WEIGHT, most=True, form="{:.0f}"),
        Row("a start: requests", len(sizes), REQUESTS, most=True, form="{:.0f}"),
        Row("a start: network painted, ms", median(times), PAINTED, most=True, form="{:.0f}"),
    ]
