"""The page itself, in headless Chromium: training steps and painted frames a second, and how soon a click is seen."""

import json
from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from bench.contenders import ours
from bench.networks import DIGITS_16, DIGITS_100, SPIRALS_PRESET, XOR, Network
from bench.report import Row
from bench.rounds import ratio, rounds
from engine import Experiment, Timeline
from tests.chromium import launch
from tests.serving import serving

TARGETS = {  # painted frames a second, milliseconds from click to painted
    XOR: (60, 25),
    SPIRALS_PRESET: (60, None),
    DIGITS_16: (45, 30),
    DIGITS_100: (30, 50),
}
SHARE = 0.85
CLICKS = 40
PAINTED = """t => backscope.stats().painted.find(each => each.t === t)?.at ?? null"""


def opened(page: Page, address: str, network: Network) -> None:
    """Follow a link to the network's beginning and set full speed."""
    plain = Experiment.from_dict(network.plain).to_dict()
    page.goto("about:blank")
    page.goto(f"{address}#t=0&experiment={quote(json.dumps(network.plain))}")
    page.wait_for_function("e => JSON.stringify(window.backscope?.experiment) === JSON.stringify(e)", arg=plain)
    page.wait_for_timeout(1500)  # the charts come after the first paint


def _playing(page: Page, micro_steps: int, frames: list[float]) -> Callable[[float], float]:
    """Plays for a while and pauses; says the seconds that a training step took, and notes the frames a second."""
    look = "() => [performance.now(), backscope.t]"

    def run(seconds: float) -> float:
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(300)
        began, first = page.evaluate(look)
        page.wait_for_timeout(seconds * 1000)
        ended, last = page.evaluate(look)
        count = "([from, to]) => backscope.stats().painted.filter(({ at }) => from <= at && at < to).length"
        frames.append(page.evaluate(count, [began, ended]) * 1000 / (ended - began))
        page.get_by_role("button", name="Pause", exact=True).click()
        page.wait_for_timeout(200)
        return (ended - began) / 1000 / max(1e-9, (last - first) / micro_steps)

    return run


def _clicks(page: Page, t: int) -> list[float]:
    """Milliseconds from each click on Step forward to the moment that its frame has been painted."""
    page.evaluate("addEventListener('click', ({ timeStamp }) => (window.clickedAt = timeStamp), true)")
    page.get_by_role("combobox", name="Grain", exact=True).select_option("equation")
    button, found = page.get_by_role("button", name="Step forward", exact=True), []
    for _ in range(CLICKS):
        t += 1
        button.click()
        handle = page.wait_for_function(PAINTED, arg=t)
        found.append(handle.json_value() - page.evaluate("clickedAt"))
        page.wait_for_timeout(60)
    return sorted(found)


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """For each network: training steps a second beside those without a page, frames a second, clicks."""
    found = []
    with serving() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
        for network, (fps, click) in TARGETS.items():
            say(f"{network.label} in headless Chromium")
            opened(page, server.address, network)
            clicked = _clicks(page, 0)
            page.get_by_role("slider", name="Speed", exact=True).fill("100")
            experiment, frames = Experiment.from_dict(network.plain), list[float]()
            contenders = {
                "page": _playing(page, len(Timeline(experiment).program), frames),
                "alone": ours(experiment),
            }
            times = rounds(contenders, count, 1.0)
            seen, p95 = sorted(frames)[len(frames) // 2], clicked[int(0.95 * len(clicked))]
            name = network.label
            share = ratio(times, "alone", "page")
            found.append(Row(f"{name}: training in the page / alone", share, SHARE, form="{:.0%}"))
            found.append(Row(f"{name}: painted frames a second", seen, fps, form="{:.0f}"))
            if click:
                found.append(Row(f"{name}: click to painted, p95, ms", p95, click, most=True, form="{:.0f}"))
        browser.close()
    return found
