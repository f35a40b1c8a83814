"""Every method can be chosen by its name in its menu, trains from there, and is explained, proved and checked."""

from typing import Any

import pytest
from playwright.sync_api import expect

from engine.data import DATASETS
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS
from tests.helpers.browsing import (
    at,
    bring,
    button,
    channels,
    colour,
    eventually,
    look,
    look_inside,
    micro_steps,
    region,
    say,
    untrue,
    words,
)
from tests.helpers.networks import plain
from tests.helpers.setup import running, setting
from tests.helpers.sights import sight
from tests.helpers.words import chinese

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

BEFORE = plain((3, "tanh"), (1, "identity"), dataset="moons", loss="squared_error", rate=0.1, mini_batch_size=8)
HIDDEN = f"{say('layer.hidden', layer=1)}: {say('activation')}"
MENUS = {"dataset": say("data"), "activation": HIDDEN, "loss": say("loss"), "optimizer": say("optimizer")}
CHOSEN = [("dataset", "rings"), ("activation", "mish"), ("loss", "hinge"), ("optimizer", "lion")]


def there(form: dict[str, Any], kind: str) -> str:
    """The method of this kind that an experiment has."""
    named: dict[str, str] = {
        "dataset": form["dataset"]["name"],
        "activation": form["layers"][0]["activation"],
        "loss": form["loss"],
        "optimizer": form["optimizer"]["name"],
    }
    return named[kind]


@pytest.mark.parametrize(("kind", "name"), CHOSEN, ids=[name for _, name in CHOSEN])
def test_a_method_is_chosen_trains_and_is_explained_proved_and_checked(pages, kind, name):
    page = pages.open(BEFORE)
    setting(page, MENUS[kind]).select_option(label=say(f"{kind}.{name}"))
    eventually(lambda: there(running(page), kind) == name)
    form = running(page)
    at(page, 0)
    page.locator("h1").click()
    for _ in page.evaluate("backscope.listing.grains.layer"):
        before = page.evaluate("backscope.t")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("t => backscope.t > t", arg=before)
    at(page, micro_steps(form))
    assert untrue(look_inside(page)) == []
    button(page, say("check")).click()
    expect(region(page, "Inspector").get_by_role("status")).to_contain_text("the gradients are right")
    weight = sight(page, 6, "Weight W²[0, 1]")
    page.mouse.click(weight.x, weight.y)
    for view in ("why", "wishes", "proof"):
        bring(page, view)
        expect(page.get_by_role("tabpanel", name=say(f"view.{view}"))).to_be_visible()
    expect(page.get_by_role("tabpanel", name=say("view.proof")).locator(".verdict")).to_have_class("verdict right")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_menus_offer_every_method_by_its_name_in_both_languages(pages, language):
    page = pages.open(BEFORE) if language == "en" else chinese(pages, BEFORE)
    catalogue = words(language)
    first = catalogue["layer.hidden"].format(layer=1)
    offered = {
        catalogue["data"]: [*(f"dataset.{name}" for name in DATASETS), "dataset.xor_cloud"],
        catalogue["layer.setting"].format(title=first, setting=catalogue["activation"]): [
            *(f"activation.{name}" for name, each in ACTIVATIONS.items() if not each.output_only), "activation.step",
        ],
        catalogue["loss"]: [f"loss.{name}" for name in LOSSES],
        catalogue["optimizer"]: [f"optimizer.{name}" for name in OPTIMIZERS],
    }  # fmt: skip
    for menu, names in offered.items():
        texts = [
            text.split(" (")[0].split("（")[0]
            for text in setting(page, menu, language).locator("option").all_inner_texts()
        ]
        assert {*texts} == {catalogue[name].split(" (")[0].split("（")[0] for name in names}, menu


def test_a_hinge_loss_colours_the_plane_around_0_and_counts_the_classes_by_the_sign(pages):
    form = plain((4, "tanh"), (1, "identity"), dataset="gaussians", loss="hinge", rate=0.1)
    page = pages.open(form, 40 * micro_steps(form))
    eventually(lambda: look(page, "surface").marks)
    cells = look(page, "surface").marks
    paper, first, second = (channels(colour(page, name)) for name in ("paper", "first", "second"))
    for cell in cells:
        end = second if cell.value > 0 else first
        share = 0.62 * min(1, abs(cell.value))  # full at 1 and -1, which the targets ask for
        mixed = [there + (to - there) * share for there, to in zip(paper, end, strict=True)]
        assert channels(cell.colour) == pytest.approx(mixed, abs=1.5)
    assert {cell.value > 0 for cell in cells} == {True, False}
