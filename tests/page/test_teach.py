"""Teaching on the digit pad: a drawing becomes what is learned from, its price is told, and it can be undone."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browsing import (
    at,
    button,
    eventually,
    look,
    micro_steps,
    now,
    numbers,
    put,
    region,
    say,
    state,
    untrue,
)
from tests.helpers.networks import plain
from tests.helpers.pad import DRAWINGS, draw, drawing, share_right
from tests.helpers.setup import setting

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

QUICK = plain((10, "softmax"), dataset="digits", rate=0.5, mini_batch_size=10)  # learns in an instant
STEP = micro_steps(QUICK)
BEGIN = 400 * STEP
TWO = 2


@pytest.fixture
def page(pages) -> Page:
    """A network that has learned a little, with a 2 on the pad and the teaching in front."""
    page = pages.open(QUICK, BEGIN, accept_downloads=True)
    page.get_by_role("tab", name="Teach").click()
    draw(page, DRAWINGS[TWO])
    expect(page.get_by_role("status", name="Prediction")).not_to_have_text("—")
    return page


def says(page: Page, digit: int) -> None:
    page.get_by_role("group", name=say("teach.what")).get_by_role("button", name=str(digit), exact=True).click()


def test_the_teaching_does_not_know_what_the_pad_does_not_know(page):
    pad = region(page, "Digit pad")
    button(page, "Clear drawing").click()
    draw(page, [[(0.5, 0.5)]])
    expect(page.get_by_role("status", name="Prediction")).to_have_text("?")
    expect(pad).to_contain_text(say("teach.what.unsure"))
    expect(pad).not_to_contain_text("reads a")


def test_the_outputs_are_written_with_as_many_decimals_each(pages):
    strong = {"t": 0, "tensor": "b1", "index": [3], "value": 20}  # so that the output is 1 to all bits of float32
    page = pages.open(plain((10, "softmax"), dataset="digits") | {"changes": [strong]})
    draw(page, DRAWINGS[TWO])
    bars = region(page, "Digit pad").get_by_role("list", name=say("pad.bars")).get_by_role("listitem")
    assert look(page, "bar").marks[3].value == 1
    assert [bar.inner_text().split()[-1] for bar in bars.all()] == [
        "1.00" if digit == 3 else "0.00" for digit in range(10)
    ]


def mode(page: Page, name: str) -> Any:
    return page.get_by_role("group", name=say("teach.mode")).get_by_role("button", name=say(f"teach.mode.{name}"))


def costs(page: Page) -> np.ndarray:
    """The table of what it costs: before, now and change, a row a digit and one for all; NaN where nothing is told."""
    rows = region(page, "Digit pad").get_by_role("table").get_by_role("row").all()[1:]
    cells = [row.get_by_role("cell").all_inner_texts()[-3:] for row in rows]
    told = [[numbers(cell.replace("±", "")) or [np.nan] for cell in row] for row in cells]
    return np.array(told).reshape(len(rows), -1)


def sentence(page: Page) -> Locator:
    """What it costs in words, which are there as soon as all held-out digits are looked at."""
    return region(page, "Digit pad").get_by_text(say("teach.cost", before="", now="").split("%")[0].strip())


def test_a_drawing_becomes_the_mini_batch_and_the_price_is_told_and_a_step_back_undoes_it(page):
    untaught = look(page)
    picture = drawing(untaught)
    for name in ("off", "mixed", "alone"):
        expect(mode(page, name)).to_be_disabled()  # nobody has said yet what it is
    says(page, TWO)
    mode(page, "alone").click()
    expect(mode(page, "alone")).to_have_attribute("aria-pressed", "true")
    button(page, say("teach.step.1")).click()
    at(page, BEGIN + STEP)
    taught = look(page)
    assert untrue(taught) == []
    assert np.array_equal(taught.tensors["a0"], picture[None])
    assert taught.tensors["y"].argmax() == TWO
    button(page, say("teach.step.20")).click()
    at(page, BEGIN + 21 * STEP)
    experiment = look(page).experiment
    before, after = share_right(experiment, BEGIN), share_right(experiment, BEGIN + 21 * STEP)
    expected = np.stack([before, after, after - before], axis=1)
    for share in (before[-1], after[-1]):
        expect(sentence(page)).to_contain_text(f"{share:.1f}%")
    table = costs(page)
    assert table.shape == expected.shape
    assert np.allclose(table, expected, atol=0.11)
    shares = {(mark.tensor, mark.index[0]): mark.value for mark in look(page, "share").marks}
    assert np.allclose([shares["held_out.right.now", digit] for digit in range(10)], after[:10] / 100)
    for _ in range(21):
        page.keyboard.press("Shift+ArrowLeft")
    at(page, BEGIN)
    back = look(page)
    assert all(np.array_equal(back.tensors[name], untaught.tensors[name]) for name in ("W1", "b1"))
    assert all(np.array_equal(back.tensors[name], array) for name, array in untaught.tensors.items())


def test_mixed_into_the_mini_batches_it_does_less_harm_and_teaching_can_end_and_is_shared(page):
    picture = drawing(look(page, "drawing"))
    says(page, TWO)
    mode(page, "mixed").click()
    button(page, say("teach.step.20")).click()
    at(page, BEGIN + 20 * STEP)
    mixed = look(page)
    assert untrue(mixed) == []
    usual = state(QUICK, BEGIN + 20 * STEP)
    assert np.array_equal(mixed.tensors["a0"][0], picture)
    assert np.array_equal(mixed.tensors["a0"][1:], usual["a0"][1:])
    expect(sentence(page)).to_be_visible()
    table = costs(page)
    assert np.isfinite(table).all()
    assert abs(table[-1, 2]) < 10
    mode(page, "off").click()
    expect(mode(page, "off")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Shift+ArrowRight")
    at(page, BEGIN + 21 * STEP)
    ended = look(page)
    assert untrue(ended) == []
    assert np.array_equal(ended.tensors["a0"], state(QUICK, BEGIN + 21 * STEP)["a0"])
    page.wait_for_function(f"location.hash.includes('&t={BEGIN + 21 * STEP}&')")
    page.reload()
    at(page, BEGIN + 21 * STEP)
    again = look(page)
    assert all(np.array_equal(again.tensors[name], array) for name, array in ended.tensors.items())
    put(setting(page, "Seed"), "1")  # another run begins, without the lesson
    at(page, 0)
    assert {"drawings", "changes"}.isdisjoint(look(page).experiment)


def test_own_drawings_are_kept_by_the_browser_put_back_learned_from_saved_and_opened(page, tmp_path: Path):
    picture = drawing(look(page, "drawing"))
    says(page, TWO)
    button(page, say("teach.own.keep")).click()
    page.reload()
    at(page, BEGIN)
    page.get_by_role("tab", name="Teach").click()
    put = button(page, say("teach.own.put", label=TWO, number=1))
    put.click()
    eventually(lambda: np.array_equal(drawing(look(page, "drawing")), picture))
    with page.expect_download() as saved:
        button(page, say("teach.own.save")).click()
    saved.value.save_as(file := tmp_path / "drawings.json")
    kept = json.loads(file.read_text())["drawings"]
    assert kept["labels"] == [TWO]
    page.get_by_role("group", name=say("teach.which")).get_by_role("button", name=say("teach.which.all")).click()
    mode(page, "alone").click()
    expect(mode(page, "alone")).to_have_attribute("aria-pressed", "true")
    assert look(page).experiment["changes"][-1]["drawings"] == {**kept, "share": 1}
    button(page, say("teach.own.remove")).click()
    expect(put).to_have_count(0)
    (wrong := tmp_path / "wrong.json").write_text('{"drawings": {"pictures": ["AAAA"], "labels": [1]}}')
    for path, told in ((wrong, "teach.own.refused"), (file, "teach.own.added")):
        with page.expect_file_chooser() as chooser:
            button(page, say("teach.own.open")).click()
        chooser.value.set_files(path)
        expect(region(page, "Digit pad")).to_contain_text(say(told, file=path.name, count=1))
    expect(put).to_have_count(1)
    assert now(page) == BEGIN
