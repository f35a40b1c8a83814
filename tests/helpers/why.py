"""How the tests choose a parameter in the picture, and the true numbers of its chain rule."""

import re

from playwright.sync_api import Locator, Page

from engine import Experiment, Timeline
from tests.helpers.browsing import numbers
from tests.helpers.networks import State
from tests.helpers.sights import Sight, sight


def choose(page: Page, name: str, sighted: dict[str, Sight] | None = None) -> tuple[str, tuple[int, ...]]:
    """Click a parameter in the picture."""
    tensor, index = re.fullmatch(r"(\w+)\[(.*)\]", name).groups()  # type: ignore[union-attr]
    written = f"{tensor[0]}{'⁰¹²³⁴⁵⁶⁷⁸⁹'[int(tensor[1:])]}[{index}]"
    there = sighted[name] if sighted else sight(page, 7, written)
    page.mouse.click(there.x + 0.5, there.y + 0.5)
    page.mouse.move(5, 5)
    return tensor, tuple(map(int, index.split(",")))


def before_update(chosen: Experiment, t: int) -> State:
    """The last state before the update in the training step that leads to t."""
    timeline = Timeline(chosen)
    step = (t - 1) // len(timeline.program)
    backward = sum(each.phase != "update" for each in timeline.program)
    return dict(timeline.seek(step * len(timeline.program) + backward))


def full(output: Locator) -> float:
    """A number of the page in full digits; NaN where there is none."""
    return next(iter(numbers(str(output.get_attribute("title")))), float("nan"))
