"""The inspector's response time, in headless Chromium: from the click or key that opens a view to its answer."""

import time
from collections.abc import Callable
from statistics import median

from bench.networks import DIGITS_100, XOR, Network
from bench.page import opened
from bench.report import Row
from bench.tab import Tab, tab
from engine import Experiment, Timeline
from tests.helpers.serving import serving

VIEWS = ("why", "examples", "wishes", "column", "proof", "matrix")
FRAME = 1000 / 60
TARGETS = {XOR: FRAME, DIGITS_100: 100}  # milliseconds
CLICKS = 10
REST = 0.8  # seconds until the other panels have their answers too
COUNT, LAST = "backscope.stats().answer.count", "backscope.stats().answer.last"


def measure(say: Callable[[str], None]) -> list[Row]:
    """For each network and view, the median milliseconds from the click or key until the answer is on the page."""
    found = []
    with serving() as server, tab() as page:
        for network, target in TARGETS.items():
            say(f"the inspector on {network.label}")
            opened(page, server.address, network)
            _choose(page, network)
            for view in VIEWS:
                for manner, open_view in {"clicked": _click, "by keys": _key}.items():
                    what = f"{network.label}: {view} {manner}, answer on the page, ms"
                    times = median(_answers(page, view, open_view))
                    found.append(Row(what, times, target, most=True, form="{:.1f}"))
    return found


def _choose(page: Tab, network: Network) -> None:
    """Go to the end of the first training step, and choose a weight of the last layer but one by keyboard."""
    steps = len(Timeline(Experiment.from_dict(network.plain)).program)
    page.press("ArrowRight", shift=True)
    page.wait_for(f"backscope.t === {steps}")
    page.focus("canvas.overlay")
    page.press("PageDown")
    page.press("Enter")
    page.click(_tab(VIEWS[-1]))
    time.sleep(0.5)


def _tab(view: str) -> str:
    return f"[data-tab={view}]"


def _click(page: Tab, view: str) -> None:
    page.click(_tab(view))


def _key(page: Tab, view: str) -> None:
    """Open a view by the arrow key from the tab before it."""
    page.focus(_tab(VIEWS[VIEWS.index(view) - 1]))
    page.press("ArrowRight")


def _answers(page: Tab, view: str, open_view: Callable[[Tab, str], None]) -> list[float]:
    """The milliseconds of each answer, when the view is opened at the ends of successive training steps."""
    found = []
    for _ in range(CLICKS):
        _step(page, VIEWS[(VIEWS.index(view) + 1) % len(VIEWS)])
        found.append(_answer(page, view, open_view))
    return found


def _step(page: Tab, view: str) -> None:
    """Run a training step with another view open, and wait: the view then has no answer for the new moment yet."""
    page.click(_tab(view))
    page.evaluate("document.activeElement.blur()")
    before = page.evaluate("backscope.t")
    page.press("ArrowRight", shift=True)
    page.wait_for(f"backscope.t > {before}")
    time.sleep(REST)


def _answer(page: Tab, view: str, open_view: Callable[[Tab, str], None]) -> float:
    """Open a view and wait for its answer; returns its milliseconds."""
    before = page.evaluate(COUNT)
    open_view(page, view)
    page.wait_for(f"{COUNT} > {before}")
    return float(page.evaluate(LAST))
