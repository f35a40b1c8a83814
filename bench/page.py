"""The page in headless Chromium: its training speed, its painted frames a second, and its response to a click."""

import json
import time
from collections.abc import Callable
from urllib.parse import quote

from bench.contenders import ours
from bench.networks import DIGITS_16, DIGITS_100, NETWORKS, SPIRALS_PRESET, XOR, Network
from bench.report import Row
from bench.rounds import ratio, rounds
from bench.tab import Tab, tab
from engine import Experiment, Timeline
from tests.helpers.serving import serving

FRAMES = {XOR: 60, SPIRALS_PRESET: 60, DIGITS_16: 45, DIGITS_100: 30}  # targets: painted frames a second
CLICK = {XOR: 25, DIGITS_16: 30, DIGITS_100: 50}  # targets: milliseconds from a click until its frame is painted
SHARE = 0.85
CLICKS, BETWEEN = 40, 0.75  # the clicks, and the seconds between two, in which the page comes to rest
NOW = "[performance.now(), backscope.t]"
PAINTED = "backscope.stats().painted"


def opened(page: Tab, address: str, network: Network) -> None:
    """Open the page with a network at t = 0."""
    plain = json.dumps(Experiment.from_dict(network.plain).to_dict())
    page.open("about:blank")
    page.open(f"{address}#t=0&experiment={quote(json.dumps(network.plain))}")
    # to_dict has the page's order of keys
    page.wait_for(f"JSON.stringify(window.backscope?.experiment) === JSON.stringify({plain})")
    time.sleep(1.5)  # the charts come after the first paint


def _playing(page: Tab, micro_steps: int, frames: list[float]) -> Callable[[float], float]:
    """The contender that plays in the page. It appends its painted frames a second to ``frames``."""

    def run(seconds: float) -> float:
        page.click("[data-control=play]")
        time.sleep(0.3)
        began, first = page.evaluate(NOW)
        time.sleep(seconds)
        ended, last = page.evaluate(NOW)
        count = page.evaluate(f"{PAINTED}.filter(({{ at }}) => {began} <= at && at < {ended}).length")
        frames.append(count * 1000 / (ended - began))
        page.click("[data-control=play]")
        time.sleep(0.2)
        return (ended - began) / 1000 / max(1e-9, (last - first) / micro_steps)

    return run


def _clicks(page: Tab) -> list[float]:
    """The milliseconds from each click on Step forward until its frame has been painted, ascending."""
    page.evaluate("window.clicks = []; addEventListener('click', e => clicks.push([e.timeStamp, backscope.t]), true)")
    page.set("[data-control=grain]", "equation")
    for _ in range(CLICKS):
        page.click("[data-control=forward]")
        time.sleep(BETWEEN)
    shown = f"clicks.map(([at, t]) => {PAINTED}.find((each) => each.t === t + 1).at - at)"
    return sorted(page.evaluate(shown))


def measure(say: Callable[[str], None], count: int) -> list[Row]:
    """For each network: the training speed as a share of that without a page, frames a second, response to clicks."""
    found = []
    with serving() as server, tab() as page:
        for network in (*NETWORKS, SPIRALS_PRESET):
            click = CLICK.get(network)
            say(f"{network.label} in headless Chromium")
            opened(page, server.address, network)
            clicked = _clicks(page) if click else []
            page.set("[data-control=speed]", "100")
            experiment, frames = Experiment.from_dict(network.plain), list[float]()
            contenders = {
                "page": _playing(page, len(Timeline(experiment).program), frames),
                "alone": ours(experiment),
            }
            times = rounds(contenders, count, 1.0)
            seen = sorted(frames)[len(frames) // 2]
            name = network.label
            share = ratio(times, "alone", "page")
            found.append(Row(f"{name}: training in the page / alone", share, SHARE, form="{:.0%}"))
            found.append(Row(f"{name}: painted frames a second", seen, FRAMES.get(network), form="{:.0f}"))
            if click:
                p95, median = clicked[int(0.95 * len(clicked))], clicked[len(clicked) // 2]
                note = f"median {median:.0f}"
                row = Row(f"{name}: click to painted, p95, ms", p95, click, most=True, form="{:.0f}", note=note)
                found.append(row)
    return found
