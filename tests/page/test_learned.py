"""What the network has learned: the page counts what an independent computation counts, and never holds up the run."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Position, WebSocket, expect

from engine import Experiment
from engine.experiment.presets import PRESETS
from tests.helpers.browsing import (
    Plain,
    at,
    button,
    chooser,
    eventually,
    look,
    micro_steps,
    numbers,
    region,
    resized,
    say,
    state,
    words,
)
from tests.helpers.layout import CLIPPED, HEIGHTS, OVERFLOW
from tests.helpers.networks import plain
from tests.helpers.words import chinese, foreign

pytestmark = pytest.mark.without_chart

DIGITS, SPIRALS, SINE = PRESETS["digits_100"], PRESETS["spirals"], PRESETS["sine"]
LARGE = plain((512, "relu"), (512, "relu"), (10, "softmax"), dataset="digits", loss="cross_entropy", rate=0.1)
QUESTIONS = {"predictions", "inputs", "averages", "weights_history", "response_history"}


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=words()[name], exact=True)


def learned(page: Page) -> Locator:
    """Bring what it has learned to the front, and wait until all is counted."""
    tab(page, "stage.learned").click()
    panel = page.get_by_role("tabpanel", name=say("stage.learned"), exact=True)
    counted(panel)
    return panel


def counted(panel: Locator) -> None:
    """Wait until nothing is still to come: what comes late is shown in buttons that take the place of others."""
    expect(panel.get_by_text(say("learned.counting"))).to_have_count(0)
    expect(panel.locator(".progress")).to_be_hidden()
    expect(panel.locator(".averages [title='—']")).to_have_count(0)


def forward(experiment: Plain, t: int, split: str = "held_out") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, targets and outputs of a split, in float64, layer by layer."""
    chosen, tensors = Experiment.from_dict(experiment), state(experiment, t)
    x, y = chosen.data.split(split)
    x = a = x * chosen.data.scale
    for l, layer in enumerate(chosen.layers, 1):
        z = a @ tensors[f"W{l}"].T.astype(float) + tensors[f"b{l}"]
        softmax = np.exp(z - z.max(axis=1, keepdims=True))
        a = {
            "relu": np.maximum(z, 0),
            "tanh": np.tanh(z),
            "sigmoid": 1 / (1 + np.exp(-z)),
            "identity": z,
            "softmax": softmax / softmax.sum(axis=1, keepdims=True),
        }[layer.activation]
    return x, y, a


def matrix(panel: Locator) -> np.ndarray:
    """The counts that stand in the matrix."""
    buttons = panel.locator(".confusion button")
    expect(buttons.first).not_to_have_text("—")  # as long as nothing has been counted
    cells = [int(text) for text in buttons.all_text_contents()]
    classes = int(len(cells) ** 0.5)
    return np.array(cells).reshape(classes, classes)


def counts(panel: Locator, true: list[list[int]]) -> None:
    eventually(lambda: matrix(panel).tolist() == true)


def rows(panel: Locator) -> list[list[str]]:
    found: list[list[str]] = panel.locator(".example-rows tbody").evaluate(
        "body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return found


def named(panel: Locator) -> list[list[str]]:
    """The rows, once the inputs in them are there."""
    eventually(lambda: (found := rows(panel)) and not any("—" in row[0] for row in found))
    return rows(panel)


def test_the_digits_are_counted_as_numpy_counts_them_and_one_that_is_clicked_goes_onto_the_pad(pages):
    t = 300 * micro_steps(DIGITS)
    page = pages.open(DIGITS, t)
    panel = learned(page)
    x, y, a = forward(DIGITS, t)
    label, read = y.argmax(axis=1), a.argmax(axis=1)
    true = np.histogram2d(label, read, bins=10, range=[[0, 10], [0, 10]])[0]
    ties = int(np.sum(np.diff(np.sort(a, axis=1)[:, -2:], axis=1) < 1e-5))
    expect(panel).to_contain_text(say("learned.classes.held_out", of="10,000"))
    assert np.abs(matrix(panel) - true).sum() <= 2 * ties
    assert matrix(panel).sum() == 10_000
    accuracy = float(np.mean(label == read))
    assert numbers(panel.locator(".figure").inner_text()) == [pytest.approx(100 * accuracy, abs=0.06 + ties / 100)]
    expect(panel).to_contain_text(say("learned.when", steps="300"))
    shares = [float(text) for text in panel.locator(".confusion tbody .share").all_text_contents()]
    assert shares == pytest.approx(100 * np.diag(true) / true.sum(axis=1), abs=0.06 + ties / 5)

    loss = -np.log(a[range(len(a)), label])
    wrong = sorted(np.flatnonzero(label != read), key=lambda row: -loss[row])[:20]
    pictures = panel.locator(".gallery button")
    expect(pictures.last).to_be_enabled()
    shown = [[float(each) for each in text.replace("→", " ").split()] for text in pictures.all_inner_texts()]
    assert [each[:2] for each in shown] == [[label[row], read[row]] for row in wrong]
    assert [each[2] for each in shown] == pytest.approx([a[row].max() for row in wrong], abs=0.006)

    pictures.nth(2).hover()
    page.mouse.down()
    page.evaluate(
        "for (let i = 0; i < 3; i++) document.querySelector('[data-control=theme]').click()"
    )  # all is drawn anew
    page.mouse.up()
    expect(panel).to_contain_text(say("learned.on_pad", label=label[wrong[2]]))

    def on_pad() -> bool:
        seen = [mark.value for mark in look(page, "drawing").marks]
        return len(seen) == 784 and np.allclose(seen, x[wrong[2]], atol=1e-6)

    eventually(on_pad)

    four, nine = 4, 9
    cell = panel.locator(".confusion button").nth(10 * four + nine)
    cell.hover()
    count = matrix(panel)[four, nine]
    says = say("learned.read.pictures", label=four, answer=nine)
    share = f"{100 * count / np.sum(label == four):.1f}%"
    expect(panel).to_contain_text(say("learned.cell", reading=says, value=count, of=np.sum(label == four), share=share))
    cell.click()
    eventually(lambda: {tuple(text.split()[:3]) for text in pictures.all_inner_texts()} == {("4", "→", "9")})
    expect(pictures).to_have_count(min(20, count))
    panel.get_by_role("button", name=say("learned.all"), exact=True).click()
    assert len({tuple(text.split()[:3]) for text in pictures.all_inner_texts()}) > 3

    marks = look(page, "confusion").marks
    assert [mark.value for mark in marks] == matrix(panel).ravel().tolist()
    cell.focus()
    page.keyboard.press("ArrowLeft")
    expect(panel.locator(".confusion button").nth(10 * four + nine - 1)).to_be_focused()
    assert page.evaluate("backscope.t") == t


def test_averages_and_the_first_layers_history_are_the_engines_and_a_click_goes_to_a_moment(pages):
    experiment = PRESETS["digits_13002"]
    steps = micro_steps(experiment)
    page = pages.open(experiment, 100 * steps + 3)
    panel = learned(page)
    histories = panel.locator(".histories")
    expect(histories.get_by_role("button").first).to_be_visible()
    moments = [int(text) for text in histories.get_by_role("button").all_text_contents()]
    assert moments[0] == 0
    assert moments[-1] == 100
    pixels = look(page, "pixel").marks
    pictures = [mark.value for mark in pixels if mark.tensor == "W1"]
    true = [state(experiment, step * steps)["W1"][:6] for step in moments]
    assert np.array_equal(np.array(pictures, np.float32).reshape(len(moments), 6, 784), np.array(true))
    data = Experiment.from_dict(experiment).data
    own = np.array([mark.value for mark in pixels if mark.tensor == "mean"]).reshape(10, 784)
    label = data.y_train.argmax(axis=1)
    np.testing.assert_allclose(own, [data.x_train[label == c].mean(axis=0) / 255 for c in range(10)], atol=1e-6)
    x, _, a = forward(experiment, 100 * steps + 3)
    given = sorted({mark.index[0] for mark in pixels if mark.tensor == "called"})
    assert given == sorted(set(a.argmax(axis=1).tolist()))
    called = np.array([mark.value for mark in pixels if mark.tensor == "called"]).reshape(len(given), 784)
    np.testing.assert_allclose(called, [x[a.argmax(axis=1) == c].mean(axis=0) for c in given], atol=2e-3)
    panel.get_by_role("button", name=say("learned.histories.next"), exact=True).click()
    expect(panel).to_contain_text(say("learned.histories.neurons", first=6, last=11, of=16))
    expect(
        histories.get_by_role("img", name=say("learned.histories.picture", unit=11, steps=moments[2]))
    ).to_be_visible()
    histories.get_by_role("button").nth(2).click()
    page.wait_for_function("t => backscope.t === t", arg=moments[2] * steps)
    expect(panel).to_contain_text(say("learned.when", steps=moments[2]))


def test_points_of_the_plane_that_are_wrong_are_listed_and_the_training_points_can_be_looked_at_too(pages):
    t = 400 * micro_steps(SPIRALS)
    page = pages.open(SPIRALS, t)
    panel = learned(page)
    for split, name in [("held_out", "learned.split.held_out"), ("training", "learned.split.training")]:
        panel.get_by_role("combobox", name=say("learned.split"), exact=True).select_option(label=words()[name])
        x, y, a = forward(SPIRALS, t, split)
        label, answer = y[:, 0].astype(int), (a[:, 0] > 0.5).astype(int)
        expect(panel).to_contain_text(say(f"learned.classes.{split}", of=len(x)))
        true = [[np.sum((label == i) & (answer == j)) for j in (0, 1)] for i in (0, 1)]
        counts(panel, true)
        loss = -np.log(np.where(label == 1, a[:, 0], 1 - a[:, 0]))
        worst = sorted(np.flatnonzero(label != answer), key=lambda row: -loss[row])[:8]
        found = named(panel)
        assert [numbers(row[0]) for row in found] == [pytest.approx(x[row], abs=0.006) for row in worst]
        assert [row[1] for row in found] == [say("learned.class", label=label[row]) for row in worst]
        assert [numbers(row[2])[0] for row in found] == pytest.approx([a[row, 0] for row in worst], abs=0.006)
        assert [numbers(row[3])[0] for row in found] == pytest.approx([loss[row] for row in worst], rel=0.01)
    row = panel.locator(".example-rows button").first
    row.click()
    expect(panel.locator(".example-rows button").first).to_have_attribute("aria-pressed", "true")
    expect(panel.locator(".histories canvas").last).to_be_visible()
    box = panel.locator(".tall canvas").bounding_box()
    assert box
    every = np.concatenate([forward(SPIRALS, t, split)[0] for split in ("training", "held_out")])
    low, high = every.min(), every.max()
    room = max(0.25 * (high - low), 0.25)
    x, y, a = forward(SPIRALS, t, "training")
    loss = -np.log(np.where(y[:, 0] > 0.5, a[:, 0], 1 - a[:, 0]))
    wrong = sorted(np.flatnonzero((a[:, 0] > 0.5) != (y[:, 0] > 0.5)), key=lambda row: -loss[row])
    alone = max(wrong, key=lambda row: sorted(np.linalg.norm(x[wrong] - x[row], axis=1))[1])
    share = (x[alone] - low + room) / (high - low + 2 * room)
    place: Position = {"x": share[0] * box["width"], "y": (1 - share[1]) * box["height"]}
    panel.locator(".tall canvas").click(position=place)
    pressed = panel.locator(".example-rows [aria-pressed=true]")
    expect(pressed).to_have_count(1)
    eventually(lambda: numbers(pressed.inner_text()) == pytest.approx(x[alone], abs=0.006))


def test_values_show_what_is_farthest_off(pages):
    t = 200 * micro_steps(SINE)
    panel = learned(pages.open(SINE, t))
    x, y, a = forward(SINE, t)
    off = (a - y)[:, 0]
    worst = sorted(range(len(off)), key=lambda row: -abs(off[row]))[:12]
    found = named(panel)
    assert [numbers(row[0])[0] for row in found] == pytest.approx([x[row, 0] for row in worst], abs=0.006)
    assert [numbers(row[3])[0] for row in found] == pytest.approx([off[row] for row in worst], rel=0.01)
    assert numbers(panel.locator(".figure").inner_text())[0] == pytest.approx(float(np.mean(off**2)), rel=0.01)
    expect(panel.locator(".confusion")).to_be_hidden()


def test_a_table_of_ones_own_with_one_hot_targets_is_evaluated_by_classes(pages):
    rows = {"name": "table", "x": [[0, 0], [1, 0], [0, 1], [1, 1]], "y": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]}
    chosen = plain((4, "tanh"), (3, "softmax"), dataset=rows, loss="cross_entropy", mini_batch_size=4)
    t = 30 * micro_steps(chosen)
    page = pages.open(chosen, t)
    panel = learned(page)
    _, y, a = forward(chosen, t, "training")
    expected = np.zeros((3, 3), int)
    np.add.at(expected, (y.argmax(axis=1), a.argmax(axis=1)), 1)
    assert np.array_equal(matrix(panel), expected)
    share = 100 * float(np.mean(y.argmax(axis=1) == a.argmax(axis=1)))
    assert numbers(panel.locator(".figure").inner_text())[0] == pytest.approx(share, abs=0.1)


def commands(page: Page) -> list[Plain]:
    """All that the page sends from when it is opened, as it sends it."""
    sent: list[Plain] = []

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", lambda text: sent.append(json.loads(text)))

    page.once("websocket", opened)
    return sent


# From here on parts of a split are asked for only when they are let go.
HOLD = """() => {
  Object.assign(window, { sent: [], held: [], holding: true });
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    const command = JSON.parse(text);
    sent.push(command);
    if (command.question === "predictions" && holding) held.push(() => send.call(this, text));
    else send.call(this, text);
  };
}"""
GO = "held.shift()?.()"
ALL_GO = "holding = false; held.splice(0).forEach((go) => go())"
REPORTED = 250  # milliseconds from one report of progress to the next


def asked(page: Page) -> list[int]:
    """Where in the split the parts begin that the page wants."""
    found: list[int] = page.evaluate("sent.filter((each) => each.question === 'predictions').map((each) => each.start)")
    return found


def test_a_large_network_can_be_stepped_while_it_predicts_and_closing_gives_up(pages):
    page, step = pages.blank(fresh=True), micro_steps(LARGE)
    sent = commands(page)
    pages.go(page, LARGE)
    page.evaluate(HOLD)
    assert not {each.get("question") for each in sent} & QUESTIONS
    tab(page, "stage.learned").click()
    page.locator("h1").click()
    page.wait_for_function("held.length")
    page.wait_for_function("end => performance.now() > end", arg=page.evaluate("performance.now()") + REPORTED)
    page.evaluate(GO)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("backscope.t > 0 && held.length")
    before = asked(page)
    assert len(before) == 2
    assert before[-1] < 9000
    panel = page.get_by_role("tabpanel", name=say("stage.learned"), exact=True)
    expect(panel.locator(".progress")).to_be_visible()
    page.evaluate(ALL_GO)
    counted(panel)
    assert asked(page)[-1] > before[-1]
    assert asked(page).count(0) == 1  # no weight has moved: what was counted still counts
    assert matrix(panel).sum() == 10_000
    page.evaluate("holding = true")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("t => backscope.t === t", arg=2 * step)
    eventually(lambda: ((again := asked(page)).count(0) > 1 and again[-1] > 0) or page.evaluate(GO))
    count = len(asked(page))
    tab(page, "stage.network").click()
    page.locator("h1").click()
    page.evaluate(GO)
    page.keyboard.press("Shift+ArrowRight")
    at(page, 3 * step)  # which is answered after that part
    page.wait_for_function("t => sent.some((each) => each.question === 'evaluate' && each.t === t)", arg=3 * step)
    assert len(asked(page)) == count  # and it would have been asked before it is evaluated


def test_while_it_plays_a_sample_is_predicted_and_at_rest_all(pages):
    page = pages.open(DIGITS)
    panel = learned(page)
    button(page, "Full speed").click()
    told = re.escape(say("learned.classes.held_out.sample", done="some", of="10,000"))
    sample = re.compile(told.replace("some", r"\d[\d,]*"))
    expect(panel).to_contain_text(sample)
    page.wait_for_function("parseFloat(document.querySelector('.figure').textContent) > 60")
    button(page, "Pause").click()
    eventually(lambda: matrix(panel).sum() == 10_000)
    expect(panel).not_to_contain_text(sample)
    tab(page, "stage.network").click()
    at(page, page.evaluate("backscope.t"))
    assert look(page, "weight").marks
    assert not look(page, "confusion").marks


@pytest.mark.parametrize("experiment", [DIGITS, SINE], ids=["digits", "sine"])
def test_it_fits_at_every_width_and_says_nothing_in_english_to_chinese_readers(pages, experiment):
    page = chinese(pages, experiment, 40)
    before = foreign(page)
    page.get_by_role("tab", name=words("zh")["stage.learned"], exact=True).click()
    page.locator(".histories button").first.wait_for()
    page.wait_for_selector(".gallery button:enabled, .example-rows")
    expect(page.locator(".averages [title='—']")).to_have_count(0)
    assert foreign(page) - before == set()
    named = page.locator(".learned :is(button, select, [role=img], [role=progressbar])")
    names = (
        "found => found.filter(each => each.checkVisibility()).map(each => each.ariaLabel || each.textContent.trim())"
    )
    assert all(named.evaluate_all(names))
    for width in (390, 1024, 1440):
        resized(page, width, HEIGHTS[width])
        assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}, width
        assert page.evaluate(CLIPPED.replace("(texts)", "('.learned :is(' + texts + ')')")) == [], width


def test_tables_of_ones_own_have_no_held_out_examples_and_each_output_can_be_looked_at(pages):
    page = pages.open(PRESETS["worked_example"], 40)
    panel = learned(page)
    expect(panel).to_contain_text(say("learned.values.training", of=1))
    assert numbers(rows(panel)[0][1]) == [pytest.approx(0.01)]
    chooser(page, say("learned.output")).select_option(index=1)
    eventually(lambda: numbers(rows(panel)[0][1]) == [pytest.approx(0.99)])
    assert region(page, "Network").get_by_role("tab").count() == 4
