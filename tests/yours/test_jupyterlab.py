"""In a real JupyterLab the page stands in the output of a cell, and its run in the kernel."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, expect

from engine.experiment.presets import PRESETS
from tests.helpers.browsing import Pages, eventually, look, same, say, untrue
from tests.helpers.jupyter import Lab, Notebook, jupyterlab

ONE = "import backscope\none = backscope.show('xor')\none"
OTHER = "other = backscope.show('sine', t=7, height=500)\nother"
# What a view reads, held against the engine in the kernel itself.
COMPARED = """from engine import Experiment, Timeline
state = Timeline(Experiment.from_dict(one.experiment)).seek(one.t)
print(one.t, sorted(one.tensors) == sorted(state) and all(one.tensors[name].dtype == state[name].dtype
    and one.tensors[name].tobytes() == state[name].tobytes() for name in state), "W1" in one.tensors)"""
TRAINED = "import time\nfor step in one.steps(200):\n    time.sleep(0.02)\nprint('done', one.t, step)"
HELD = """from server.notebook.application import application
print(application().house.capacity.sessions)"""
STAGE = ("weight", "bias", "nudge", "delta", "activation", "pre-activation", "target")


@pytest.fixture(scope="module", params=[True, False], ids=["subshells", "no subshells"])
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    with jupyterlab(request.param) as running:
        yield running


@pytest.fixture(scope="module")
def usual() -> Iterator[Lab]:
    with jupyterlab() as running:
        yield running


def is_at(view: Frame, t: int) -> None:
    view.wait_for_function("t => backscope.t === t && backscope.stats().painted.at(-1)?.t === t", arg=t)


def is_true(view: Frame) -> None:
    """The page's tensors have the engine's bits, and its marks are elements of them."""
    moment = look(view)  # type: ignore[arg-type]
    assert untrue(moment) == []
    marks = moment.of(*STAGE)
    assert len(marks) > 10
    assert [mark for mark in marks if not same(mark.value, moment.engine[mark.tensor][mark.index])] == []


def leave(pages: Pages, notebook: Notebook) -> None:
    """Close the notebook, which would go on asking for a JupyterLab that ends, and says so in the console."""
    notebook.page.goto("about:blank")
    assert [line for line in pages.said if "backscope" in line.lower()] == []
    pages.said.clear()


def test_two_views_train_side_by_side_over_the_notebooks_own_line_alone(lab: Lab, pages: Pages):
    page = pages.blank(alone=True)
    reached: set[str] = set()
    page.on("request", lambda request: reached.add(request.url))
    page.on("websocket", lambda socket: reached.add(socket.url))
    page.route(lambda url: url.startswith("http") and not url.startswith(lab.address), lambda to: to.abort())
    lab.write("two.ipynb", ONE, OTHER, COMPARED, TRAINED)
    notebook = lab.open(page, "two.ipynb")
    for number in (0, 1):
        notebook.run(number)
    one, other = notebook.view(0), notebook.view(1)
    is_at(one, 0)
    is_at(other, 7)

    other.get_by_role("button", name="Play", exact=True).click()
    one.get_by_role("button", name="Step forward", exact=True).click()
    one.wait_for_function("backscope.t > 0")
    other.wait_for_function("backscope.t > 9")
    other.get_by_role("button", name="Pause", exact=True).click()
    for view in (one, other):
        is_true(view)
    assert one.evaluate("backscope.experiment.dataset.name") == "xor"
    assert other.evaluate("backscope.experiment.dataset.name") == "sine"
    assert notebook.run(2).split() == [str(one.evaluate("backscope.t")), "True", "True"]

    notebook.begin(3)  # the page follows a cell that is running
    seen = list[int]()

    def has_moved() -> bool:
        seen.append(one.evaluate("backscope.t"))
        return len({*seen}) > 5

    eventually(has_moved)
    assert "*" in notebook.cell(3).locator(".jp-InputPrompt").first.inner_text()
    assert sorted(seen) == seen
    eventually(lambda: "done" in notebook.output(3))
    t, step = (int(each) for each in notebook.output(3).split()[1:])
    assert step >= 200
    is_at(one, t)
    is_true(one)
    port = urlsplit(lab.address).port
    assert {urlsplit(url).port for url in reached if not url.startswith(("data:", "blob:", "about:"))} == {port}
    assert any(url.startswith("ws") for url in reached)
    leave(pages, notebook)


def test_cells_steer_a_view_and_read_what_a_person_does(usual: Lab, pages: Pages):
    codes = {
        "one.t = 120\nprint(one.t)": "120",
        "one.step()\none.step(-3)\nprint(one.t)": "118",
        "print(one.train(10), one.training_step)": "16 16",
        "one.change(learning_rate=0.125)\nprint(one.experiment['changes'][0]['learning_rate'])": "0.125",
        "one.experiment = 'sine'\none.seek(9)\nprint(one.t)": "9",
        "print(one.scene['experiment']['dataset']['name'], one.scene['view']['speed'] > 0)": "sine True",
    }
    usual.write("steered.ipynb", ONE, "")
    notebook = usual.open(pages.blank(alone=True), "steered.ipynb")
    notebook.run(0)
    view = notebook.view(0)
    for code, told in codes.items():
        notebook.write(1, code)
        assert notebook.run(1).strip() == told, code
        notebook.write(1, "print(one.t)")
        is_at(view, int(notebook.run(1)))
    assert view.evaluate("backscope.experiment.dataset.name") == "sine"
    is_true(view)

    view.get_by_role("button", name="Step forward", exact=True).click()
    view.wait_for_function("backscope.t > 9")
    notebook.write(1, "print(one.t)")
    assert int(notebook.run(1)) == view.evaluate("backscope.t")
    notebook.write(1, "one.seek(-1)")
    assert "invalid t: -1" in notebook.run(1)
    leave(pages, notebook)


def test_a_page_is_answered_while_a_cell_runs_where_the_kernel_has_subshells(usual: Lab, pages: Pages):
    usual.write("busy.ipynb", ONE, "import time\nwhile one.t < 3: time.sleep(0.05)\nprint('done', one.t)")
    notebook = usual.open(pages.blank(alone=True), "busy.ipynb")
    notebook.run(0)
    view = notebook.view(0)
    notebook.begin(1)
    expect(notebook.cell(1).locator(".jp-InputPrompt").first).to_contain_text("*")
    for _ in range(3):
        t = view.evaluate("backscope.t")
        view.get_by_role("button", name="Step forward", exact=True).click()
        view.wait_for_function("t => backscope.t > t", arg=t)
    eventually(lambda: "done" in notebook.output(1))
    leave(pages, notebook)


def test_keys_of_the_page_are_the_pages_and_its_theme_is_the_notebooks(usual: Lab, pages: Pages):
    usual.write("keys.ipynb", ONE, "2", "3")
    page = pages.blank(alone=True)
    notebook = usual.open(page, "keys.ipynb")
    notebook.run(0)
    view = notebook.view(0)
    cells = page.locator(".jp-Notebook .jp-CodeCell").count()
    view.locator("canvas.overlay").click(position={"x": 4, "y": 4})
    page.keyboard.press("ArrowRight")
    view.wait_for_function("backscope.t > 0")
    t = view.evaluate("backscope.t")
    for key in ("x", "d", "d", "b", "a", "m"):  # which cut, delete and make cells where the notebook hears them
        page.keyboard.press(key)
    page.keyboard.press("ArrowLeft")
    view.wait_for_function("t => backscope.t < t", arg=t)
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == cells

    assert view.evaluate("document.documentElement.dataset.theme") == "light"
    page.get_by_role("menuitem", name="Settings").click()
    page.locator(".lm-Menu-item", has_text="Theme").first.hover()
    page.locator(".lm-Menu-item", has_text="JupyterLab Dark").first.click()
    view.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert notebook.cell(1).evaluate("each => getComputedStyle(each).fontFamily") == page.evaluate(
        "getComputedStyle(document.querySelector('.jp-Notebook')).fontFamily"
    )
    leave(pages, notebook)


def test_an_output_that_is_cleared_leaves_nothing_behind(usual: Lab, pages: Pages):
    usual.write("cleared.ipynb", ONE, HELD, "one")
    page = pages.blank(alone=True)
    notebook = usual.open(page, "cleared.ipynb")
    notebook.run(0)
    notebook.view(0).evaluate("backscope.t")
    notebook.run(2)
    is_at(notebook.view(2), 0)
    assert notebook.run(1).strip() == "3"
    frames = len(page.frames)
    notebook.cell(2).locator(".jp-InputPrompt").first.click(button="right")
    page.get_by_role("menuitem", name="Clear Cell Output", exact=True).click()
    eventually(lambda: len(page.frames) == frames - 1)
    eventually(lambda: notebook.run(1).strip() == "2")
    notebook.write(0, "one.close()")
    notebook.run(0)
    eventually(lambda: notebook.run(1).strip() == "0")
    assert page.locator("iframe[title=Backscope]").count() == 0
    leave(pages, notebook)


def test_a_cell_that_is_moved_shows_its_moment_again(usual: Lab, pages: Pages):
    usual.write("moved.ipynb", ONE, "one.t = 33")
    page = pages.blank(alone=True)
    notebook = usual.open(page, "moved.ipynb")
    notebook.run(0)
    notebook.view(0)
    notebook.run(1)
    is_at(notebook.view(0), 33)
    notebook.cell(0).locator(".jp-InputPrompt").first.click()
    page.keyboard.press("Control+Shift+ArrowDown")
    is_at(notebook.view(1), 33)
    leave(pages, notebook)


def test_a_notebook_that_is_opened_without_its_kernel_says_how_the_page_comes_back(usual: Lab, pages: Pages):
    path = usual.write("saved.ipynb", ONE)
    page = pages.blank(alone=True)
    notebook = usual.open(page, "saved.ipynb")
    notebook.run(0)
    notebook.view(0)
    page.keyboard.press("Control+s")
    note = say("notebook.saved", dataset="xor")
    expect(page.get_by_text(note)).to_be_hidden()
    eventually(lambda: note in path.read_text())
    assert len(path.read_text()) < 50_000
    notebook.restart()
    expect(notebook.view(0).get_by_text(say("notebook.lost"))).to_be_visible()
    again = usual.open(page, "saved.ipynb")
    expect(again.cell(0).locator(".jp-OutputArea")).to_contain_text(note)
    leave(pages, again)


def test_a_large_network_is_shown_and_its_tensors_are_the_engines(usual: Lab, pages: Pages):
    usual.write(
        "large.ipynb", "import backscope\none = backscope.show('digits_13002')\none", "one.train(3)\n" + COMPARED
    )
    notebook = usual.open(pages.blank(alone=True), "large.ipynb")
    notebook.run(0)
    view = notebook.view(0)
    t, *compared = notebook.run(1).split()
    assert compared == ["True", "True"]
    is_at(view, int(t))
    assert view.evaluate("backscope.experiment.layers.length") == len(PRESETS["digits_13002"]["layers"])
    leave(pages, notebook)
