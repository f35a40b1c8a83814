"""How soon the inspector answers, in headless Chromium: from the click or key that opens a view to its answer there."""

from collections.abc import Callable
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench.networks import DIGITS_100, XOR, Network
from bench.page import opened
from bench.report import Row
from engine import Experiment, Timeline
from tests.chromium import launch
from tests.serving import serving

VIEWS = ("why", "examples", "wishes", "column", "proof", "matrix")
FRAME = 1000 / 60
TARGETS = {XOR: FRAME, DIGITS_100: 100}  # milliseconds
CLICKS = 10
PRESS = 60  # milliseconds for which a finger presses; the question is asked when it comes down
REST = 800  # milliseconds until the panels beside it have had their answers too
LAST = "() => [backscope.stats().answer.count, backscope.stats().answer.last]"


def measure(say: Callable[[str], None]) -> list[Row]:
    """For each network and view, the milliseconds from the wish for its answer until that is on the page: medians."""
    found = []
    with serving() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
        for network, target in TARGETS.items():
            say(f"the inspector on {network.label}")
            opened(page, server.address, network)
            _choose(page, network)
            for view in VIEWS:
                for way, open_view in {"clicked": _click, "by keys": _key}.items():
                    what = f"{network.label}: {view} {way}, answer on the page, ms"
                    times = median(_answers(page, view, open_view))
                    found.append(Row(what, times, target, most=True, form="{:.1f}"))
        browser.close()
    return found


def _choose(page: Page, network: Network) -> None:
    """Go to the end of the first training step, and choose a weight of the last layer but one by the keys."""
    steps = len(Timeline(Experiment.from_dict(network.plain)).program)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("t => backscope.t === t", arg=steps)
    page.get_by_role("application").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    page.locator(f"[data-tab={VIEWS[-1]}]").click()
    page.wait_for_timeout(500)


def _click(page: Page, view: str) -> None:
    page.locator(f"[data-tab={view}]").click(delay=PRESS)


def _key(page: Page, view: str) -> None:
    """Open a view from the one before it."""
    page.locator(f"[data-tab={VIEWS[VIEWS.index(view) - 1]}]").focus()
    page.keyboard.press("ArrowRight")


def _answers(page: Page, view: str, open_view: Callable[[Page, str], None]) -> list[float]:
    """Milliseconds of each answer when the view is opened, at the end of one training step after the other."""
    found = []
    for _ in range(CLICKS):
        _step(page, VIEWS[(VIEWS.index(view) + 1) % len(VIEWS)])
        found.append(_answer(page, view, open_view))
    return found


def _step(page: Page, view: str) -> None:
    """Train for a step with another view open, and come to rest: an answer that is there already is not asked for."""
    page.locator(f"[data-tab={view}]").click()
    page.evaluate("document.activeElement.blur()")
    before = page.evaluate("backscope.t")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("before => backscope.t > before", arg=before)
    page.wait_for_timeout(REST)


def _answer(page: Page, view: str, open_view: Callable[[Page, str], None]) -> float:
    """Open a view and wait for its answer."""
    before = page.evaluate(LAST)[0]
    open_view(page, view)
    page.wait_for_function("before => backscope.stats().answer.count > before", arg=before)
    page.wait_for_timeout(60)
    return float(page.evaluate(LAST)[1])
