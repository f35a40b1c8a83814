"""The wishes of an example on the stage: arrows beside the neurons, each an element that the engine has computed."""

import json

import pytest
from playwright.sync_api import Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.passes import passes
from engine.explain.wishes import wishes
from tests.helpers.browsing import bring, button, channels, colour, legend, look, micro_steps, same, say

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

SPIRALS = PRESETS["spirals"]
EXAMPLE = 1  # the one that is shown


def arrows(page: Page, layer: int) -> int:
    """How many arrows are true of the layer: every one is an element, coloured by the way that it asks for."""
    moment = look(page, "wish")
    timeline = Timeline(Experiment.from_dict(json.loads(json.dumps(moment.experiment))))
    true = wishes(passes(timeline, moment.t), layer, EXAMPLE)
    up, down = channels(colour(page, "up")), channels(colour(page, "down"))
    for mark in moment.marks:
        assert same(mark.value, true[mark.tensor.removeprefix("wishes.")][mark.index]), mark
        assert channels(mark.colour) == (up if mark.value > 0 else down)
    assert sum(mark.tensor == "wishes.total" for mark in moment.marks) == len(true["total"])
    return len(moment.marks) - len(true["total"])


def test_the_wishes_of_a_layer_stand_beside_its_neurons_and_go_with_their_view(pages):
    page = pages.open(SPIRALS, micro_steps(SPIRALS))
    assert look(page, "wish").marks == []
    bring(page, "wishes")
    for back in (1, 2):
        button(page, say("wishes.further")).click()
        layer = len(SPIRALS["layers"]) - back
        page.wait_for_function("backscope.marks().some(({ kind }) => kind === 'wish')")
        page.wait_for_timeout(100)
        assert arrows(page, layer) > 0
    expect(legend(page).get_by_role("listitem").filter(has_text=say("legend.wish"))).to_be_visible()
    bring(page, "why")
    page.wait_for_function("!backscope.marks().some(({ kind }) => kind === 'wish')")
