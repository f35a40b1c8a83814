"""How soon the inspector answers, in headless Chromium: each view, from a step to its answer on the page."""

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
STEPS = 20
LAST = "() => [backscope.stats().answer.count, backscope.stats().answer.last]"


def measure(say: Callable[[str], None]) -> list[Row]:
    """For each network and view the milliseconds from the wish for an answer until it is on the page: medians over
    steps through a training step's backward pass and update, in which all that a view shows is there.
    """
    found = []
    with serving() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
        for network, target in TARGETS.items():
            say(f"the inspector on {network.label}")
            opened(page, server.address, network)
            _choose(page, network)
            for view in VIEWS:
                page.locator(f"[data-tab={view}]").click()
                what = f"{network.label}: {view}, answer on the page, ms"
                found.append(Row(what, median(_answers(page)), target, most=True, form="{:.1f}"))
        browser.close()
    return found


def _choose(page: Page, network: Network) -> None:
    """Go to the end of the second training step, and choose a weight of the last layer but one by the keys."""
    steps = len(Timeline(Experiment.from_dict(network.plain)).program)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("t => backscope.t === t", arg=steps)
    page.get_by_role("application").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Grain", exact=True).select_option("training_step")


def _answers(page: Page) -> list[float]:
    """Milliseconds of each answer while one steps."""
    found = []
    page.wait_for_timeout(300)
    button = page.get_by_role("button", name="Step forward", exact=True)
    for _ in range(STEPS):
        before = page.evaluate(LAST)[0]
        button.click()
        page.wait_for_function("before => backscope.stats().answer.count > before", arg=before)
        page.wait_for_timeout(150)
        found.append(float(page.evaluate(LAST)[1]))
    return found
