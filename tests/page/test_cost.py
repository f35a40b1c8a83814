"""The views of cost and of PyTorch: their counts, their program and their gradients are the engine's."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from safetensors.numpy import load_file

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.cost import cost
from engine.explain.passes import passes
from engine.explain.pytorch import compared
from tests.helpers.browsing import bring, button, numbers, region, say, state

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
BACKWARD = 14  # the moment at which the backward pass is done
MEASURED = re.compile(r"^[\d.,]+ (?:s|ms|µs)$")


def test_the_table_has_the_engines_counts_and_once_measured_a_time_in_each_row(pages):
    page = pages.open(XOR, BACKWARD)
    bring(page, "cost")
    view = page.locator("[data-part=cost]")
    timeline = Timeline(Experiment.from_dict(XOR))
    found = cost(passes(timeline, BACKWARD), 4)
    rows = view.locator("tbody tr")
    counts = [(each["multiply_adds"], each["others"]) for each in found["layers"]]
    sums = [(each["multiply_adds"], each["others"]) for phase, each in found["phases"].items() if phase != "loss"]
    expect(rows).to_have_count(len(counts) + len(sums))
    shown = rows.evaluate_all("rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))")
    assert sorted((int(products), int(others)) for products, others, _ in shown) == sorted(counts + sums)
    assert {time for *_, time in shown} == {"–"}
    expect(view).to_contain_text(say("cost.kept.says", all="128 bytes", examples="4"))
    expect(view).to_contain_text(say("cost.differences.says", parameters="17", passes="34"))
    before = page.evaluate("backscope.t")
    button(page, say("cost.measure")).click()
    expect(button(page, say("cost.again"))).to_be_visible()
    times = rows.locator("td:last-child").all_text_contents()
    assert all(MEASURED.match(time) for time in times), times
    headings = view.locator("h3").all_text_contents()
    assert headings == [say(f"cost.{name}") for name in ("kept", "differences", "batch", "loop")]
    assert page.evaluate("backscope.t") == before


def test_the_program_in_pytorch_reads_a_file_that_the_page_saves_and_its_gradients_are_those_in_it(pages, tmp_path):
    page = pages.open(XOR, BACKWARD)
    bring(page, "pytorch")
    view = page.locator("[data-part=pytorch]")
    timeline = Timeline(Experiment.from_dict(XOR))
    timeline.seek(BACKWARD)
    found = compared(passes(timeline, BACKWARD), "backscope-t{t}.safetensors")
    expect(view.locator("code")).to_have_text(found["code"], use_inner_text=False)
    with page.expect_download() as saved:
        view.get_by_role("button", name=say("pytorch.file"), exact=True).click()
    assert saved.value.suggested_filename == found["file"] == f"backscope-t{BACKWARD}.safetensors"
    saved.value.save_as(tmp_path / "moment.safetensors")
    tensors, engine = load_file(tmp_path / "moment.safetensors"), state(XOR, BACKWARD)
    lengths = dict(
        zip(*(view.locator(f"tbody {cell}").all_text_contents() for cell in ("th", "td:last-child")), strict=True)
    )
    assert [*lengths] == ["dW1", "db1", "dW2", "db2"]
    for name, length in lengths.items():
        assert (tensors[name] == engine[name]).all()
        assert numbers(length)[0] == pytest.approx(np.linalg.norm(engine[name]), rel=1e-5)
    assert {"a0", "y", "W1", "b1", "W2", "b2"} <= tensors.keys()
    expect(view.locator("cite")).to_have_count(5)
    expect(view).to_contain_text(re.compile("1951.*1970.*1974.*1986.*2018", re.DOTALL))


@pytest.mark.parametrize(("size", "kind"), [(4, "full"), (1, "one"), (2, "some")])
def test_the_hint_of_the_mini_batch_names_which_of_the_three_it_is(pages, size, kind):
    page = pages.open({**XOR, "mini_batch_size": size})
    expect(region(page, "Experiment").get_by_title(say(f"mini_batch.{kind}.hint")).first).to_be_attached()
