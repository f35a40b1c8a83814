"""The stage uses its room: its numbers are there wherever they fit, and its type grows with it."""

import re

import pytest

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import look, micro_steps, numbers, resized
from tests.helpers.writing import written

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, WORKED, DIGITS = (PRESETS[name] for name in ("xor", "worked_example", "digits_13002"))


def is_written(value: float, texts: list[str], before: str = "") -> bool:
    """Whether a value stands in one of the texts that begin so, in as many digits as that has."""
    found = [number for text in texts if text.startswith(before) for number in numbers(text[len(before) :])]
    return any(abs(number - value) <= 0.006 * abs(value) + 5.1e-5 for number in found)


@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)])
def test_the_worked_example_shows_all_its_numbers(pages, size):
    page = pages.open(WORKED, viewport={"width": size[0], "height": size[1]})
    steps = page.evaluate("backscope.listing.program")
    last = max(k for k, step in enumerate(steps) if step["phase"] == "backward") + 1
    pages.go(page, WORKED, last)
    texts = [text for text, _ in written(page)]
    marks = look(page).marks
    assert {mark.tensor for mark in marks} >= {"W1", "b1", "W2", "b2", "dW1", "db1", "delta1", "delta2", "a2", "y"}
    kinds = {"weight": "w ", "bias": "b ", "delta": "δ ", "target": "target "}
    missing = [
        mark
        for mark in marks
        if (mark.kind in kinds and not is_written(mark.value, texts, kinds[mark.kind]))
        or (mark.kind == "nudge" and not is_written(-mark.value, [text for text in texts if text[0] in "+−0"]))
    ]
    assert missing == []
    activations = {mark.value for mark in marks if mark.kind == "activation"}
    assert {f"{value:.2f}" for value in activations} <= set(texts)


def test_with_the_stories_offered_every_neuron_has_its_number(pages):
    page = pages.first(viewport={"width": 1440, "height": 900})
    texts = [text for text, _ in written(page)]
    activations = [mark for mark in look(page).marks if mark.kind == "activation"]
    inputs = {f"{mark.value:.0f}" for mark in activations if mark.tensor == "a0"}
    others = {
        f"{mark.value:.2f}".replace("-", "−").replace("−0.00", "0.00") for mark in activations if mark.tensor != "a0"
    }
    assert len(activations) == 7
    assert inputs | others <= set(texts)
    assert sum(text.startswith("δ ") for text in texts) == 5


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_with_the_stories_offered_a_small_window_has_its_numbers_too(pages, locale):
    page = pages.first(alone=True, viewport={"width": 1024, "height": 768}, locale=locale)
    values = [text for text, _ in written(page) if re.fullmatch(r"−?\d\.\d{1,2}", text)]
    assert len(values) == 5  # of the neurons


@pytest.mark.parametrize("experiment", [XOR, DIGITS], ids=["xor", "digits"])
def test_type_is_never_below_ten_pixels_and_grows_with_the_stage(pages, experiment):
    page = pages.open(experiment, micro_steps(experiment))
    largest = []
    for width, height in ((1024, 768), (1440, 900), (2560, 1440), (390, 844)):
        resized(page, width, height)
        sizes = [size for _, size in written(page)]
        assert min(sizes) >= 10, (width, height)
        largest.append(max(sizes))
    assert largest[:3] == sorted(largest[:3])
    assert largest[2] > 1.8 * largest[1]
