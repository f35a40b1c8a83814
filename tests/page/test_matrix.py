"""Any tensor can be looked at cell by cell, and taken home as a file: all of it is what the engine has."""

import csv
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Download, Locator, Page, expect
from safetensors import safe_open

from engine.base.tensors import dtype_of
from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    SENT,
    Plain,
    at,
    bring,
    button,
    channels,
    chooser,
    colour,
    eventually,
    explored,
    micro_steps,
    now,
    numbers,
    resized,
    same,
    say,
    state,
)
from tests.helpers.cells import MARGIN, OVERLAY, aim, in_sight, point
from tests.helpers.experiments import ADAM, DIVERGES
from tests.helpers.layout import CLIPPED, HEIGHTS, NARROW_CHOICES, OVERFLOW, WIDTHS
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_100"]


def matrix(pages: Any, experiment: Plain = XOR, t: int = 18, **options: Any) -> Page:
    """A page with the view in front."""
    page: Page = pages.open(experiment, t, **options)
    bring(page, "matrix")
    return page


def choose(page: Page, tensor: str) -> Locator:
    """Choose a tensor; its cells."""
    chooser(page, say("matrix.select")).select_option(tensor)
    return cells(page, tensor)


def cells(page: Page, tensor: str) -> Locator:
    return view(page).get_by_role("slider", name=say("matrix.cells", tensor=tensor), exact=True)


def view(page: Page) -> Locator:
    return page.locator("[data-part=matrix]")


def read(page: Page) -> tuple[str, float]:
    """The cell that is pointed at: its name and its number; none and NaN where nothing is."""
    name, _, number = view(page).locator(".cell b").inner_text().partition(" = ")
    return name, numbers(number)[0] if number else float("nan")


def reads(page: Page, value: Any) -> None:
    """Wait until the number of the cell that is pointed at is this one."""
    eventually(lambda: same(read(page)[1], value))


def spelled(tensor: str, index: tuple[int, ...]) -> str:
    return f"{tensor}[{', '.join(map(str, index))}]" if index else tensor


def lit(canvas: Locator) -> str:
    return str(canvas.get_attribute("data-lit"))


@pytest.mark.parametrize(
    ("experiment", "t", "every"),
    [
        pytest.param(XOR, 13, 1, id="half-way"),
        pytest.param(ADAM, 70, 3, id="adam"),
        pytest.param(ADAM, 70, 1, id="adam, every tensor", marks=pytest.mark.long),
    ],
)
def test_every_cell_of_every_tensor_is_the_engines_to_the_last_bit(pages, experiment, t, every):
    page = matrix(pages, experiment, t)
    engine = state(experiment, t)
    names = page.evaluate("Object.keys(backscope.listing.tensors)")
    assert len(names) > 12
    for name in names[::every]:
        canvas = choose(page, name)
        if name not in engine:
            expect(view(page).locator("canvas.cells")).to_be_hidden()
            expect(chooser(page, say("matrix.select")).locator("option:checked")).to_have_text(f"{name} —")
            continue
        expect(canvas).to_be_visible()
        array = np.asarray(engine[name], np.float32)
        box = in_sight(canvas)
        for index in list(np.ndindex(array.shape))[:: max(1, array.size - 1)]:
            aim(page, box, array.shape, index)
            expect(view(page).locator(".cell b")).to_contain_text(f"{spelled(name, index)} = ")
            assert same(read(page)[1], array[index]), (name, index)


def test_it_shows_what_was_computed_last_until_something_is_chosen_in_the_network(pages):
    page = matrix(pages, XOR, 7)
    expect(cells(page, "delta2")).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(cells(page, "db2")).to_be_visible()
    network = explored(page)
    network.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(cells(page, "a1")).to_be_visible()
    assert '"row":1' in lit(cells(page, "a1"))  # the second example is shown
    choose(page, "W2")
    page.keyboard.press("Escape")
    expect(cells(page, "W2")).to_be_visible()
    assert chooser(page, say("matrix.select")).input_value() == "W2"


def test_what_is_not_there_yet_is_said_with_the_micro_step_that_computes_it(pages):
    page = matrix(pages, XOR, 5)
    choose(page, "delta2")
    due = say("matrix.due", step="backward · layer 2 · delta2", t=7)
    expect(view(page)).to_contain_text(due)
    expect(view(page).locator("canvas.cells")).to_be_hidden()
    expect(button(page, say("matrix.csv"))).to_be_disabled()
    options = {each.get_attribute("value"): each.inner_text() for each in view(page).locator("option").all()}
    assert options["delta2"] == "delta2 —"
    assert options["W2"] == "W2"
    page.locator("h1").click()
    chooser(page, "Grain").select_option("equation")
    for t in (6, 7):
        expect(view(page)).to_contain_text(due)
        button(page, "Step forward").click()
        at(page, t)
    expect(cells(page, "delta2")).to_be_visible()
    expect(view(page).get_by_text(due)).to_be_hidden()


def round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7, 10, ... times a power of ten."""
    candidates = [step * 10.0**power for power in range(-12, 6) for step in (1, 1.5, 2, 3, 5, 7)]
    return min(each for each in candidates if each >= value * (1 - 1e-9))


def shared_by(text: str) -> list[str]:
    """The tensors that share a scale, as it is said; none where one has it for itself."""
    return re.findall(r"[A-Za-z]+\d+", text.partition(":")[2])


def spans(scale: Locator, tensors: list[str], full: float) -> bool:
    text = scale.inner_text()
    return sorted(shared_by(text)) == tensors and numbers(text)[:1] == pytest.approx([full])


def test_the_scale_says_what_it_spans_and_where_its_colour_is_full(pages):
    page = matrix(pages, XOR, 18 * 30)
    engine = state(XOR, 18 * 30)
    for tensor, families in {
        "W1": {"tensor": ["W1"], "layer": ["W1", "b1"], "network": ["W1", "b1", "W2", "b2"]},
        "dW2": {"tensor": ["dW2"], "layer": ["dW2", "db2"], "network": ["dW1", "db1", "dW2", "db2"]},
        "delta1": {"tensor": ["delta1"], "layer": ["da1", "delta1"], "network": ["da1", "delta1", "delta2"]},
    }.items():
        choose(page, tensor)
        for scope, names in families.items():
            chooser(page, say("matrix.scope")).select_option(scope)
            shared = sorted(names) if len(names) > 1 else []
            most = max(float(np.abs(engine[name]).max()) for name in names)
            eventually(partial(spans, view(page).locator(".matrix-scale p"), shared, round_up(most)))


PIXEL = """(canvas, [x, y]) => {
  const [column, row] = [x, y].map((pixels) => pixels * devicePixelRatio);
  const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, -Math.floor(column), -Math.floor(row));
  return [...copy.getImageData(0, 0, 1, 1).data];
}"""


def painted(canvas: Locator, shape: tuple[int, ...], index: tuple[int, ...]) -> tuple[int, ...]:
    """The colour near the corner of a cell, clear of its number."""
    rows, columns = (1, 1, *shape)[-2:]
    row, column = (0, 0, *index)[-2:]
    box = canvas.bounding_box()
    assert box
    x = MARGIN + (column + 0.12) * (box["width"] - 2 * MARGIN) / columns
    y = MARGIN + (row + 0.12) * (box["height"] - 2 * MARGIN) / rows
    return tuple(canvas.evaluate(PIXEL, [x, y])[:3])


def farthest(array: np.ndarray) -> tuple[int, ...]:
    """The index of the largest number."""
    return tuple(int(each[0]) for each in np.nonzero(array == array.max()))


def nearer(found: tuple[int, ...], one: str, other: str) -> bool:
    def away(text: str) -> float:
        return float(np.abs(np.subtract(found, channels(text))).sum())

    return away(one) < away(other)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_gradients_are_blue_where_they_lift_a_parameter_and_updates_where_they_add_to_it(pages, scheme):
    t = 3 * micro_steps(ADAM)
    page = matrix(pages, ADAM, t, color_scheme=scheme)
    engine = state(ADAM, t)
    up, down, ink, paper = (colour(page, name) for name in ("up", "down", "ink", "paper"))
    for name, rises in [("dW1", -1), ("dW2", -1), ("uW1", 1), ("delta2", -1), ("mW1", -1)]:
        canvas = choose(page, name)
        expect(canvas).to_be_visible()
        array = engine[name]
        for sign in (1, -1):
            index = farthest(array * sign)
            if array[index] * sign > 0.5 * np.abs(array).max():
                blue, red = (up, down) if sign == rises else (down, up)
                assert nearer(painted(canvas, array.shape, index), blue, red), (name, sign)
    canvas = choose(page, "W1")
    expect(canvas).to_be_visible()
    array = engine["W1"]
    assert nearer(painted(canvas, array.shape, farthest(array)), ink, paper)
    assert nearer(painted(canvas, array.shape, farthest(-array)), paper, ink)


def test_numbers_that_are_none_any_more_are_shown_as_such(pages):
    t = 18 * 40
    page = matrix(pages, DIVERGES, t)
    engine = state(DIVERGES, t)
    name = next(name for name in ("W1", "W2", "b2") if np.isnan(engine[name]).any())
    index = tuple(map(int, np.argwhere(np.isnan(engine[name]))[0]))
    canvas = choose(page, name)
    expect(canvas).to_be_visible()
    eventually(lambda: painted(canvas, engine[name].shape, index) == channels(colour(page, "now")))
    point(page, canvas, engine[name].shape, index)
    expect(view(page).locator(".cell b")).to_have_text(f"{spelled(name, index)} = NaN")


def test_a_cell_and_its_mark_in_the_network_light_each_other(pages):
    page = matrix(pages, XOR, 18)
    canvas = choose(page, "W1")
    expect(canvas).to_be_visible()
    assert not page.evaluate(OVERLAY)
    point(page, canvas, (4, 2), (2, 1))
    expect(view(page).locator(".cell")).to_contain_text("neuron 2 of layer 1, input 1")
    assert page.evaluate(OVERLAY)
    page.mouse.move(5, 5)
    page.wait_for_function(f"() => !({OVERLAY})()")
    explored(page).focus()  # which points at the output's neuron
    assert lit(choose(page, "W2")) != "[]"
    explored(page).focus()
    expect(cells(page, "W2")).to_have_attribute("data-lit", '[{"row":0,"column":null}]')


def test_a_click_chooses_the_parameter_or_the_neuron_and_its_example(pages):
    page = matrix(pages, XOR, 18)
    for tensor, shape, index, text in [
        ("W1", (4, 2), (2, 1), "Weight W¹[2, 1]"),
        ("dW1", (4, 2), (3, 0), "Weight W¹[3, 0]"),
        ("db1", (4,), (1,), "Bias b¹[1]"),
    ]:
        canvas = choose(page, tensor)
        expect(canvas).to_be_visible()
        point(page, canvas, shape, index)
        page.mouse.down()
        page.mouse.up()
        expect(cells(page, tensor)).to_be_visible()  # it still shows what was clicked
        page.mouse.move(5, 5)
        place = {"row": index[0] if len(index) > 1 else 0, "column": index[-1]}
        expect(canvas).to_have_attribute("data-lit", f'[{{"row":{place["row"]},"column":{place["column"]}}}]')
        bring(page, "why")
        expect(page.locator("[data-part=why]")).to_contain_text(text)
        bring(page, "matrix")
    canvas = choose(page, "delta1")
    expect(canvas).to_be_visible()
    point(page, canvas, (4, 4), (3, 2))
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_role("group", name=say("example.label"))).to_contain_text(say("example", example=4, count=4))
    bring(page, "why")
    expect(page.locator("[data-part=why]")).to_contain_text(say("why.neuron", unit=2, layer=1))


def test_the_arrow_keys_go_from_cell_to_cell_and_do_not_step(pages):
    page = matrix(pages, XOR, 18, fresh=True)
    canvas = choose(page, "W1")
    expect(canvas).to_be_visible()
    canvas.focus()
    engine = state(XOR, 18)["W1"]
    for key, index in [
        (None, (0, 0)), ("ArrowDown", (1, 0)), ("ArrowRight", (1, 1)), ("ArrowRight", (1, 1)), ("ArrowDown", (2, 1)),
        ("ArrowUp", (1, 1)), ("ArrowLeft", (1, 0)),
    ]:  # fmt: skip
        if key:
            page.keyboard.press(key)
        said = str(canvas.get_attribute("aria-valuetext"))
        assert said.startswith(f"{spelled('W1', index)} = ")
        assert same(numbers(said.split(" = ")[1])[0], engine[index])
        assert canvas.get_attribute("aria-valuenow") == str(index[0] * 2 + index[1])
    assert now(page) == 18
    page.keyboard.press("Enter")
    bring(page, "why")
    expect(page.locator("[data-part=why]")).to_contain_text("Weight W¹[1, 0]")


def saved(page: Page, name: str, folder: Path) -> tuple[Download, Path]:
    with page.expect_download() as waiting:
        button(page, say(name)).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return waiting.value, path


@pytest.mark.parametrize(("experiment", "tensors"), [(XOR, ("dW1", "loss", "b1")), (DIGITS, ("W1",))])
def test_a_tensor_is_saved_as_text_with_all_its_bits(pages, experiment, tensors, tmp_path):
    page = matrix(pages, experiment, 18)
    for tensor in tensors:
        expect(choose(page, tensor)).to_be_visible()
        _, path = saved(page, "matrix.csv", tmp_path)
        assert path.name == f"{tensor}-t18.csv"
        header, *rows = csv.reader(path.open(encoding="utf-8"))
        array = np.atleast_2d(np.asarray(state(experiment, 18)[tensor], np.float32))
        assert header == [str(column) for column in range(array.shape[1])]
        assert np.array(rows, np.float32).tobytes() == array.tobytes(), tensor


@pytest.mark.parametrize(("experiment", "t"), [(XOR, 7), (ADAM, 70), (DIGITS, 20)], ids=["xor", "adam", "digits"])
def test_the_whole_moment_is_saved_as_a_file_that_safetensors_opens(pages, experiment, t, tmp_path):
    page = matrix(pages, experiment, t)
    _, path = saved(page, "matrix.file", tmp_path)
    assert path.name == f"backscope-t{t}.safetensors"
    engine = state(experiment, t)
    with safe_open(str(path), framework="numpy") as file:
        assert set(file.keys()) == set(engine)
        assert file.metadata()["t"] == str(t)
        for name in file.keys():  # noqa: SIM118, it is no mapping
            assert file.get_tensor(name).tobytes() == np.asarray(engine[name], dtype_of(name, SENT)).tobytes()


def test_a_large_tensor_is_seen_whole_or_scrolled_and_each_cell_can_be_reached(pages):
    page = matrix(pages, DIGITS, 18)
    canvas = choose(page, "W1")
    expect(view(page)).to_contain_text(say("matrix.pooled", across=3, down=1))
    box = view(page).locator(".cell-box")
    whole = "box => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight"
    assert box.evaluate(whole)
    larger = button(page, say("matrix.larger"))
    for _ in range(4):
        larger.click()
    expect(larger).to_be_disabled()
    expect(view(page)).not_to_contain_text(say("matrix.pooled", across=3, down=1))
    assert not box.evaluate(whole)
    assert box.evaluate("box => box.scrollWidth") >= 784 * 44
    fits = "box => [box.querySelector('canvas').width / devicePixelRatio, box.clientWidth]"
    wide, room = box.evaluate(fits)
    assert wide <= room
    engine = np.asarray(state(DIGITS, 18)["W1"], np.float32)
    canvas.focus()
    for key, count in (("ArrowRight", 30), ("ArrowDown", 12)):
        for _ in range(count):
            page.keyboard.press(key)
    assert read(page)[0] == "W1[12, 30]"
    assert same(read(page)[1], engine[12, 30])
    left, top = box.evaluate("box => [box.scrollLeft, box.scrollTop]")
    assert left + room >= 31 * 44
    assert top > 0
    frame = canvas.bounding_box()
    assert frame
    row, column = int((10 - MARGIN + top) // 44), int((10 - MARGIN + left) // 44)

    def points_there() -> bool:  # again, once it is painted where it has been scrolled to
        for away in (9, 10):
            page.mouse.move(frame["x"] + away, frame["y"] + away)
        return read(page)[0] == f"W1[{row}, {column}]"

    eventually(points_there)
    assert same(read(page)[1], engine[row, column])
    smaller = button(page, say("matrix.smaller"))
    for _ in range(4):
        smaller.click()
    expect(smaller).to_be_disabled()
    assert box.evaluate(whole)


def test_another_run_and_another_moment_show_their_own_numbers(pages):
    page = matrix(pages, XOR, 18)
    for t, seed, tensor in ((18, 0, "W2"), (72, 0, "a1"), (72, 5, "W2")):
        experiment = {**XOR, "seed": seed}
        if (t, seed) != (18, 0):  # which is there already
            pages.go(page, experiment, t)
            bring(page, "matrix")
        canvas = choose(page, tensor)  # another one each time: its cells have its name once it is there
        expect(canvas).to_be_visible()
        array = state(experiment, t)[tensor]
        point(page, canvas, array.shape, (0, 3))
        reads(page, array[0, 3])
        page.mouse.move(5, 5)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_nothing_of_it_overflows_or_is_cut_off_at_any_width(pages, locale):
    page = pages.open(DIGITS, 18, locale=locale)
    page.locator("[role=tab][data-tab=matrix]").click()
    for width in WIDTHS:
        resized(page, width, HEIGHTS[width])
        if width <= 860:
            page.locator("[role=tab][data-tab=side]").click()
        for tensor, scope in (("dW1", "network"), ("learning_rate", "tensor")):
            view(page).locator("select").first.select_option(tensor)
            view(page).locator("select").nth(1).select_option(scope)
            expect(view(page).locator(f"canvas.cells[aria-label*={tensor}]")).to_be_visible()
            assert page.evaluate(CLIPPED) == [], (width, tensor)
            assert page.evaluate(NARROW_CHOICES) == [], (width, tensor)
            assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}, (width, tensor)


def test_a_chinese_matrix_says_nothing_in_english(pages):
    page = chinese(pages, XOR, 5)
    page.locator("[role=tab][data-tab=matrix]").click()
    for tensor in ("W1", "loss", "delta2", "a1"):
        view(page).locator("select").first.select_option(tensor)
        view(page).locator("canvas.cells").focus() if tensor != "delta2" and tensor != "loss" else None
        assert foreign(page) == set()
    for scope in ("layer", "network"):
        view(page).locator("select").nth(1).select_option(scope)
        assert foreign(page) == set()
