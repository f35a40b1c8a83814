"""One's own data in the page: tables are pasted, points painted by real pointer events, and runs on them are true."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.base.tensors import dtype_of
from engine.data.table import read
from server.tables.codec import content_of
from tests.helpers.axe import violations
from tests.helpers.browsing import SENT, Pages, at, button, eventually, link, look, region
from tests.helpers.files import choose
from tests.helpers.interruption import Interrupted
from tests.helpers.tables import CONTENT, FLOWERS, PRICES, of_prices

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Your data", exact=True)


def within(page: Page, role: Any, name: str) -> Locator:
    return dialog(page).get_by_role(role, name=name, exact=True)


def opened(page: Page) -> Locator:
    button(page, "Your data …").click()
    expect(dialog(page)).to_be_visible()
    return dialog(page)


def pasted(page: Page, table: bytes) -> Locator:
    """Paste a table, and wait until it has been described."""
    found = opened(page)
    within(page, "textbox", "Paste a table").fill(table.decode())
    expect(within(page, "button", "Train on it")).to_be_enabled()
    return found


def train(page: Page) -> None:
    within(page, "button", "Train on it").filter(visible=True).click()
    expect(dialog(page)).to_be_hidden()
    at(page, 0)


def data_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("backscope.experiment.dataset")
    return found


def is_true(page: Page, table: bytes) -> None:
    """The tensors of the page are the engine's on that table."""
    seen = look(page)
    chosen = Experiment.from_dict(seen.experiment, tables={content_of(table): read(table)})
    state = Timeline(chosen).seek(seen.t)
    assert seen.tensors
    for name, tensor in seen.tensors.items():
        np.testing.assert_array_equal(tensor, np.asarray(state[name], dtype_of(name, SENT)), err_msg=name)


def refused_quietly(pages: Pages) -> None:
    """What the browser itself says of a refused table is as it should be."""
    pages.said[:] = [text for text in pages.said if "status of 400" not in text]


def test_a_table_that_is_pasted_is_shown_described_and_trained_on(pages):
    page = pages.open()
    found = pasted(page, FLOWERS)
    expect(found).to_contain_text("60 rows, 3 columns")
    expect(within(page, "combobox", "Separated by")).to_have_value("semicolon")
    expect(within(page, "radio", "Target: species")).to_be_checked()
    expect(within(page, "checkbox", "Input: species")).to_be_disabled()
    expect(found).to_contain_text("3 classes: setosa, versicolor, virginica")
    expect(found).to_contain_text("45 to train on, 15 held out")
    expect(found.locator("math").first).to_contain_text("standard deviation")
    assert violations(page) == []
    train(page)
    assert data_of(page)["content"] == CONTENT[FLOWERS]
    page.keyboard.press("Shift+ArrowRight")
    eventually(lambda: page.evaluate("backscope.t") > 0)
    is_true(page, FLOWERS)
    points = look(page, "point").marks
    assert {mark.tensor for mark in points} == {"y_training", "y_held_out"}
    assert len(points) == 60
    assert len({mark.colour for mark in points}) == 3
    shown = region(page, "What it computes")
    expect(shown.get_by_role("combobox")).to_contain_text("virginica")
    expect(shown).to_contain_text("→ petal length, ↑ petal width.")


def test_the_standardized_numbers_are_the_engines(page):
    pasted(page, PRICES)
    lines = dialog(page).locator(".own-equation li")
    expect(lines).to_have_count(4)
    chosen = Experiment.from_dict(
        {"dataset": {"name": "own", "content": "abc"}, "layers": [{"units": 1, "activation": "identity"}]},
        tables={"abc": read(PRICES)},
    )
    told = float((lines.first.locator("math").text_content() or "").split("=")[1].replace("−", "-"))
    assert told == pytest.approx(chosen.data.x_train[0, 0], rel=0.01)
    within(page, "checkbox", "Standardize").uncheck()
    expect(lines).to_have_count(0)
    within(page, "checkbox", "Input: rooms").uncheck()
    expect(within(page, "button", "Train on it")).to_be_enabled()
    train(page)
    assert data_of(page) == {
        "name": "own", "content": CONTENT[PRICES], "target": "price", "kind": "values", "held_out": 0.25,
        "inputs": ["area", "age"], "standardize": False,
    }  # fmt: skip
    assert page.evaluate("backscope.experiment.optimizer.learning_rate") == 0.05
    is_true(page, PRICES)


def test_a_text_that_is_being_changed_cannot_be_trained_on_before_it_is_read(page):
    pasted(page, FLOWERS)
    page.route("**/tables", lambda route: None)  # the answer does not come
    within(page, "textbox", "Paste a table").fill(PRICES.decode())
    expect(within(page, "button", "Train on it")).to_be_disabled()
    page.unroute_all(behavior="ignoreErrors")
    page.keyboard.press("Escape")


def test_what_is_wrong_is_said_beside_its_cause_and_the_run_goes_on(pages):
    page = pages.open()
    before = page.evaluate("JSON.stringify(backscope.experiment)")
    found = opened(page)
    text, alert = within(page, "textbox", "Paste a table"), found.get_by_role("alert")
    text.fill("a,b\n1,2\n3\n")
    expect(alert).to_contain_text("row 3 (it has 1 cell, the first row has 2)")
    expect(within(page, "button", "Train on it")).to_be_disabled()
    expect(found.get_by_role("table")).to_be_hidden()
    text.fill("a\n1\n2\n")
    expect(alert).to_contain_text("1 column (a target and at least one input)")
    text.fill("a,b\n1,u\n2,u\n")
    expect(alert).to_contain_text("all are “u”; at least two")
    text.fill("a,b\n1,u\n,v\n3,u\n4,v\n")
    expect(alert).to_contain_text("row 3 (its “a” is missing")
    within(page, "checkbox", "Leave out rows in which a cell is missing").check()
    expect(alert).to_have_count(0)
    expect(within(page, "button", "Train on it")).to_be_enabled()
    within(page, "combobox", "The target is").select_option("values")
    expect(alert).to_contain_text("its “b” is “u”, where a number is needed")
    expect(within(page, "button", "Train on it")).to_be_disabled()
    within(page, "button", "Close your data").click()
    assert page.evaluate("JSON.stringify(backscope.experiment)") == before
    refused_quietly(pages)


def tool_named(page: Page, name: str) -> Locator:
    """The button of a class, or of the eraser."""
    return dialog(page).get_by_role("button", name=re.compile(rf"^{name}( \d|$)"))


def painted(page: Page, strokes: list[tuple[str, list[tuple[float, float]]]]) -> None:
    """Paint strokes by the mouse, each with a tool, through places as shares of the plane."""
    easel = dialog(page).locator(".own-points > canvas")
    easel.scroll_into_view_if_needed()
    box = easel.bounding_box()
    assert box
    for tool, places in strokes:
        tool_named(page, tool).click()
        for i, (x, y) in enumerate(places):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if not i:
                page.mouse.down()
        page.mouse.up()


def cleared(page: Page) -> None:
    """No points are there, not even those of another test."""
    clear = within(page, "button", "Clear all points")
    if clear.is_enabled():
        clear.click()


def test_points_are_painted_by_a_pointer_erased_undone_and_trained_on(page):
    opened(page)
    within(page, "tab", "Paint points").click()
    cleared(page)
    painted(
        page,
        [
            ("A", [(0.1, 0.25), (0.4, 0.25)]),
            ("B", [(0.6, 0.75), (0.9, 0.75)]),
            ("C", [(0.75, 0.25)]),
            ("D", [(0.25, 0.75)]),
            ("Eraser", [(0.25, 0.75)]),
        ],
    )
    counts = [tool_named(page, name) for name in "ABCD"]
    for each, number in zip(counts, (11, 11, 1, 0), strict=True):
        expect(each).to_have_accessible_name(re.compile(rf" {number} points?$"))
    assert violations(page) == []
    within(page, "button", "Undo").click()
    expect(counts[3]).to_have_accessible_name("D 1 point")
    train(page)
    chosen = data_of(page)
    assert (chosen["target"], chosen["standardize"]) == ("class", False)
    points = look(page, "point").marks
    assert len(points) == 24
    assert len({mark.colour for mark in points}) == 4
    kept = json.loads(page.evaluate("localStorage.getItem('backscope.tables')"))[0][1]["text"]
    first = kept.splitlines()[1].split(",")
    assert (float(first[0]), float(first[1]), first[2]) == pytest.approx((-0.8, 0.5, "A"), abs=0.01)
    is_true(page, kept.encode())


def test_the_points_of_the_plane_are_taken_changed_and_trained_on(page):
    region(page, "What it computes").get_by_role("button", name="Paint points").click()
    cleared(page)
    within(page, "button", "Take the points of the plane").click()
    expect(tool_named(page, "A")).to_have_accessible_name("A 2 points")
    expect(tool_named(page, "B")).to_have_accessible_name("B 2 points")
    painted(page, [("A", [(0.2, 0.2)])])
    train(page)
    points = page.evaluate("localStorage.getItem('backscope.tables')")
    rows = [row.split(",") for row in json.loads(points)[0][1]["text"].splitlines()[1:]]
    data = Experiment.from_dict({"dataset": {"name": "xor"}, "layers": [{"units": 1, "activation": "sigmoid"}]}).data
    assert [[float(x), float(y)] for x, y, _ in rows[:4]] == data.x_train.tolist()
    assert ["AB".index(name) for _, _, name in rows[:4]] == data.y_train[:, 0].tolist()
    assert len(rows) == 5


def test_points_are_put_down_by_keys_alone(page):
    opened(page)
    within(page, "tab", "Table").focus()
    page.keyboard.press("ArrowRight")
    easel = within(page, "application", "Plane to paint points on")
    cleared(page)
    easel.focus()
    for keys in ("1 Space", "2 Shift+ArrowUp Space", "ArrowRight Space", "e Space"):
        for key in keys.split():
            page.keyboard.press(key)
    expect(within(page, "button", "A 1 point")).to_be_visible()
    expect(within(page, "button", "B 0 points")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    assert page.evaluate("backscope.experiment.dataset.name") == "xor"


def test_a_tables_file_opens_and_the_scenes_file_has_its_table(page, tmp_path: Path):
    path = tmp_path / "flowers.csv"
    path.write_bytes(b"\xef\xbb\xbf" + FLOWERS)
    choose(page, path)
    expect(within(page, "button", "Train on it")).to_be_enabled()
    train(page)
    with page.expect_download() as saved:
        button(page, "Save this scene").click()
    form = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert form["data"] == {"name": "flowers.csv", "text": FLOWERS.decode()}
    assert form["experiment"]["dataset"]["content"] == CONTENT[FLOWERS]
    page.reload()
    at(page, 0)
    expect(opened(page)).to_contain_text("60 rows, 3 columns")  # the run's table is there, and how it is taken
    expect(within(page, "radio", "Target: species")).to_be_checked()
    page.keyboard.press("Escape")


def test_a_link_to_a_table_that_nobody_has_is_refused_and_a_scenes_file_brings_its_own(page, tmp_path: Path):
    table = "".join(f"{i},{i * i}\n" for i in range(1, 20))  # which no other test gives
    wanted = of_prices(content=content_of(table.encode()), target="x2", kind="values")
    page.goto(link(page.url.partition("#")[0], wanted))
    alert = region(page, "Experiment").get_by_role("alert")
    expect(alert).to_contain_text("(give its file again)")
    path = tmp_path / "scene.json"
    path.write_text(json.dumps({"experiment": wanted, "t": 5, "data": {"name": "", "text": table}}), encoding="utf-8")
    choose(page, path)
    at(page, 5)
    expect(alert).to_have_count(0)
    assert data_of(page)["content"] == wanted["dataset"]["content"]
    is_true(page, table.encode())


def test_a_server_that_has_lost_a_table_gets_it_again(pages, interrupted: Interrupted):
    page = interrupted.open(pages, {"dataset": {"name": "xor"}, "layers": [{"units": 1, "activation": "sigmoid"}]})
    pasted(page, PRICES)
    train(page)
    address = page.url
    interrupted.stop()
    interrupted.start()
    page.keyboard.press("ArrowRight")
    at(page, 1)
    is_true(page, PRICES)
    interrupted.stop()
    interrupted.start()
    page.goto("about:blank")
    page.goto(address)  # a link, at a server that has never had it; the browser has
    at(page, 0)
    assert data_of(page)["content"] == CONTENT[PRICES]
    refused_quietly(pages)
