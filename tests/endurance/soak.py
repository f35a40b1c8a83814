"""``make soak``: a page in a real browser whose line is cut at random bytes, whose server is killed, and which plays on
for as long as one likes.

After each cut and each kill the page must be back: it is where all its steps lead, takes another one, and what it shows
then has the bits that the engine computes. What is drawn follows from the seed.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import at, button, link, look, new_context
from tests.helpers.chromium import launch
from tests.helpers.serving import Running, serving
from tests.helpers.tcp_proxy import TcpProxy, tcp_proxy

PRESET = "spirals"
LONGEST = 30_000  # milliseconds that a page may take to be back before it counts as lost
MOST_BYTES = 40_000  # to the page, before its line is cut
RESTS = 0.15  # seconds for which a moment is shown, and not only passed
SHOWN = """([t, rests]) => {
  if (backscope.t !== t || backscope.stats().painted.at(-1)?.t !== t) delete window.since;
  else window.since ??= performance.now();
  return performance.now() - window.since > 1000 * rests;
}"""


@dataclass
class Returns:
    """The seconds that returns took, and how many of them were at other bits than the engine's."""

    took: list[float] = field(default_factory=list)
    wrong: int = 0

    def __str__(self) -> str:
        took = sorted(self.took)
        if not took:
            return "none"
        good = len(took) - self.wrong
        median = took[len(took) // 2]
        return f"{good} of {len(took)} back at the same bits, median {median:.1f} s, slowest {took[-1]:.1f} s"


class Kept:
    """A server that can be killed, and begun anew at the same port."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self.running: Running = self._running.enter_context(serving())
        self.port = urlsplit(self.running.address).port or 0

    def kill(self) -> None:
        """Kill it, and begin it anew."""
        self.running.process.kill()
        self._running.close()
        self.running = self._running.enter_context(serving(self.port))

    def close(self) -> None:
        self._running.close()


def play(page: Page, draw: Random) -> int | None:
    """Step a page that is at rest, and return the moment to which that leads, or let it play on at full speed."""
    if draw.random() < 0.5:
        button(page, "Full speed").click()
        page.wait_for_timeout(draw.uniform(50, 600))
        return None
    t: int = page.evaluate("backscope.t")
    for _ in range(draw.randrange(5)):
        key, change = draw.choice([("ArrowRight", 1), ("ArrowRight", 1), ("ArrowLeft", -1)])
        page.keyboard.press(key)
        t += change
    return t


def back(page: Page, began: float, t: int | None, returns: Returns) -> None:
    """Wait until the page is where its presses lead, take one more step, and compare what it shows with the engine."""
    if t is None:
        button(page, "Pause").click()
        t = page.evaluate("backscope.t")
    page.keyboard.press("ArrowRight")
    page.evaluate("delete window.since")
    page.wait_for_function(SHOWN, arg=[t + 1, RESTS])
    returns.took.append(time.monotonic() - began - RESTS)
    shown = look(page)
    engine = shown.engine
    same = all(
        tensor.tobytes() == engine[name].astype(tensor.dtype).tobytes() for name, tensor in shown.tensors.items()
    )
    returns.wrong += not same


@contextmanager
def opened(address: str) -> Iterator[Page]:
    """A page of a browser of its own."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = new_context(browser, chart=False).new_page()
        page.set_default_timeout(LONGEST)
        page.goto(link(address, PRESETS[PRESET], 60))
        at(page, 60)
        page.get_by_role("combobox", name="Grain").select_option("equation")
        yield page


def cuts(page: Page, line: TcpProxy, count: int, draw: Random) -> Returns:
    """Cut the page's line so often, each time when so many bytes more have come."""
    returns = Returns()
    for number in range(count):
        line.cut(1 + draw.randrange(MOST_BYTES))
        t = play(page, draw)
        line.cut()
        back(page, time.monotonic(), t, returns)
        if number % 20 == 19:
            print(f"{number + 1} cuts: {returns}", file=sys.stderr, flush=True)
    return returns


def kills(page: Page, server: Kept, count: int, draw: Random) -> Returns:
    """Kill the server so often; the time begins when it answers again."""
    returns = Returns()
    for _ in range(count):
        t = play(page, draw)
        page.wait_for_timeout(draw.uniform(0, 2000))
        server.kill()
        back(page, time.monotonic(), t, returns)
    print(f"{count} kills: {returns}", file=sys.stderr, flush=True)
    return returns


def hold(page: Page, server: Kept, minutes: float) -> str:
    """Play for so long; what server and page held in megabytes, at the start and at the end."""
    browser = page.context.new_cdp_session(page)

    def held() -> tuple[float, float]:
        browser.send("HeapProfiler.collectGarbage")
        return server.running.megabytes, page.evaluate("performance.memory.usedJSHeapSize / 2 ** 20")

    button(page, "Full speed").click()
    page.wait_for_timeout(20_000)
    before = held()
    page.wait_for_timeout(minutes * 60_000)
    after = held()
    button(page, "Pause").click()
    steps = page.evaluate("backscope.t")
    grown = [f"{old:.0f} to {new:.0f} MB" for old, new in zip(before, after, strict=True)]
    return f"server {grown[0]}, page {grown[1]}, t = {steps:,}"


def main() -> None:
    """Do it all, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.soak", description=__doc__)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=60, help="how long it plays on afterwards (%(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    draw, server = Random(options.seed), Kept()
    try:
        with tcp_proxy(server.running.address) as line, opened(line.address) as page:
            found = [cuts(page, line, options.cuts, draw), kills(page, server, options.kills, draw)]
            print(f"playing for {options.minutes:g} minutes: {hold(page, server, options.minutes)}")
    finally:
        server.close()
    if any(each.wrong for each in found):
        raise SystemExit("some were at other bits")


if __name__ == "__main__":
    main()
