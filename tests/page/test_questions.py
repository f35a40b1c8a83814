"""Ten questions of a learner: the page answers each within two actions, in numbers that are computed here another way.

An action is one pointing, click or choice. Each test begins on a page that shows what the question is about.
"""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from tests.helpers.autodiff import true_gradients
from tests.helpers.browsing import Plain, button, eventually, micro_steps, numbers, region, say, state
from tests.helpers.experiments import DIVERGES
from tests.helpers.networks import State, plain, table
from tests.helpers.pad import DRAWINGS, draw, share_right
from tests.helpers.sights import sight
from tests.helpers.why import before_update

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

MOST = 2  # actions until the answer is there
EXAMPLE = 1  # the one that a page shows
XOR, RING, WORKED = PRESETS["xor"], PRESETS["ring"], PRESETS["worked_example"]
VANISHING = SCENARIOS["vanishing"]["experiment"]
ADAM = {**XOR, "optimizer": {"name": "adam", "learning_rate": 0.05}}
SURE_AND_WRONG = plain((1, "sigmoid"), dataset=table([[1.0]], [[0.0]]), dtype="float64") | {
    "changes": [{"t": 0, "tensor": "W1", "value": [[2.5]]}, {"t": 0, "tensor": "b1", "value": [1.5]}]
}
QUICK = plain((10, "softmax"), dataset="digits", rate=0.5, mini_batch_size=10)  # learns in an instant


class Learner:
    """Someone who asks a page, and whose actions are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def _acts(self) -> None:
        self.actions += 1
        assert self.actions <= MOST

    def points_at(self, name: str, answer: str) -> str:
        """Point at what the inspector calls so; what the card beside it says once it has this answer."""
        there = sight(self.page, 7, name)
        self._acts()
        self.page.mouse.move(there.x + 0.5, there.y + 0.5)
        card = region(self.page, say("card"))
        expect(card).to_contain_text(name)
        expect(card).to_contain_text(answer)
        return card.inner_text()

    def clicks(self, there: Locator) -> None:
        self._acts()
        there.click()


def asked(pages: Any, experiment: Plain, t: int) -> Learner:
    return Learner(pages.open(experiment, t))


def backward(experiment: Plain) -> int:
    """The moment at which all gradients of the first training step are there, and nothing has been updated."""
    program = Timeline(Experiment.from_dict(experiment)).program
    return sum(step.phase != "update" for step in program)


def near(true: float) -> Any:
    """A number that the page shows with two or three digits."""
    return pytest.approx(float(true), rel=0.051)


def after(text: str, sign: str) -> float:
    """The first number after a sign in a text."""
    return numbers(text.split(sign, 1)[1])[0]


def delta1_of(now: State) -> np.ndarray:
    """The errors of the hidden layer of sigmoid neurons below an output layer of sigmoid neurons, by squared error."""
    delta2 = 2 * (now["a2"] - now["y"]) * now["a2"] * (1 - now["a2"])
    found: np.ndarray = (delta2 @ now["W2"]) * now["a1"] * (1 - now["a1"])
    return found


def test_why_is_this_arrow_red(pages):
    t = backward(XOR)
    now = dict(state(XOR, t))
    true = true_gradients(Experiment.from_dict(XOR), now)["dW2"]
    _, k = np.unravel_index(true.argmax(), true.shape)  # raising this weight raises the loss
    text = asked(pages, XOR, t).points_at(f"Weight W²[0, {k}]", "↓ −dC/dw")
    (why,) = (line for line in text.splitlines() if line.startswith("dC/dw = "))
    assert why.endswith(say("arrows.nudge.plus", quantity="", value="", w="w").split(": ")[1])
    assert after(why, "dC/dw =") == near(true[0, k])


def test_why_is_it_so_short(pages):
    t = 9 * micro_steps(RING)
    now = before_update(Experiment.from_dict(RING), t)
    own = now["delta2"] * now["a1"]  # (examples, hidden units): the gradients of W2, example by example
    mean, size = np.abs(own.mean(axis=0)), np.abs(own).mean(axis=0)
    k = int(np.argmin(mean))
    assert mean[k] < 0.05 * min(size[k], mean.max())  # one of the short ones, since the examples cancel
    why = say("reason.examples_cancel", value="{}").split("{}")
    text = asked(pages, RING, t).points_at(f"Weight W²[0, {k}]", why[0])
    (told,) = (line for line in text.splitlines() if line.startswith(why[0]))
    assert told.endswith(why[1])
    assert after(told, why[0]) == near(size[k])


def test_what_did_this_example_want(pages):
    t = backward(WORKED)
    now = state(WORKED, t)
    learner = asked(pages, WORKED, t)
    learner.clicks(learner.page.get_by_role("tab", name=say("view.wishes"), exact=True))
    panel = learner.page.get_by_role("tabpanel", name=say("view.wishes"), exact=True)
    expect(panel.get_by_role("row")).to_have_count(3)
    (a,), (y,) = now["a2"], now["y"]
    wish = 2 * (y - a) * a * (1 - a)
    for row in panel.get_by_role("row").all()[1:]:
        (unit,) = map(int, numbers(row.get_by_role("rowheader").inner_text()))
        told = [numbers(cell) for cell in row.get_by_role("cell").all_inner_texts()]
        assert [told[0], told[1], told[-1]] == [[near(each[unit])] for each in (a, y, wish)]
    lower = say("wishes.ways.lower", unit=say("wishes.output", unit=0))
    expect(panel).to_contain_text(lower)


def test_what_is_the_ring(pages):
    t = backward(WORKED)
    true = delta1_of(dict(state(WORKED, t)))[0, 1]
    sign = say("card.delta.plus" if true > 0 else "card.delta.minus")
    text = asked(pages, WORKED, t).points_at("Neuron 1 of layer 1", sign)
    assert after(text, "δ =") == near(true)


def test_why_does_the_first_layer_not_learn(pages):
    t = 300 * micro_steps(VANISHING)
    now = before_update(Experiment.from_dict(VANISHING), t)
    learner = asked(pages, VANISHING, t)
    diagnosis = region(learner.page, say("diagnosis"))
    sizes = [float(np.sqrt(np.mean(now[f"dW{layer}"].astype(float) ** 2))) for layer in range(1, 9)]
    said, true = "The gradients of layer 1 are", near(100 * sizes[0] / max(sizes[-2:]))
    expect(diagnosis).to_contain_text(said)
    eventually(lambda: after(diagnosis.inner_text(), said) == true)  # a moment on the way may be diagnosed before
    begin, end = say("card.fading", sizes="{}").split("{}")
    told = numbers(learner.points_at("Neuron 2 of layer 1", end).split(begin)[1].split(end)[0])
    sizes = [np.sqrt(np.mean(now[f"delta{layer}"][EXAMPLE].astype(float) ** 2)) for layer in range(8, 0, -1)]
    assert told == [near(each) for each in sizes]


def test_what_would_my_drawing_change_and_cost(pages):
    begin = 400 * micro_steps(QUICK)
    page = pages.open(QUICK, begin)
    page.get_by_role("tab", name=say("pad.tab.teach"), exact=True).click()
    draw(page, DRAWINGS[2])
    learner = Learner(page)
    learner.clicks(page.get_by_role("group", name=say("teach.what")).get_by_role("button", name="2", exact=True))
    learner.clicks(button(page, say("teach.step.1")))
    pad = region(page, say("pad"))
    expect(pad).to_contain_text(say("teach.alone.one", label=2, step=400))  # whose arrows these are now
    table_of = pad.get_by_role("table")
    expect(table_of.get_by_role("row").last.get_by_role("cell").last).not_to_have_text("—")
    experiment = page.evaluate("backscope.experiment")
    before, now = (share_right(experiment, begin + steps * micro_steps(QUICK)) for steps in (0, 1))
    for row, true in zip(table_of.get_by_role("row").all()[1:], zip(before, now, strict=True), strict=True):
        cells = row.get_by_role("cell")

        def is_told(cells: Locator = cells, true: tuple[float, float] = true) -> bool:
            told = [numbers(cell.replace("±", "+"))[0] for cell in cells.all_inner_texts()[-3:]]
            return told == pytest.approx([*true, true[1] - true[0]], abs=0.11)

        eventually(is_told)  # of all digits, once all have been read
    expect(pad).to_contain_text(say("teach.cost", before=f"{before[-1]:.1f}", now=f"{now[-1]:.1f}"))


def test_what_does_adam_really_apply(pages):
    chosen, steps = Experiment.from_dict(ADAM), 5
    beta1, beta2, rate = 0.9, 0.999, 0.05
    gradients = [before_update(chosen, t * micro_steps(ADAM))["dW1"][2, 1] for t in range(1, steps + 1)]
    ages = np.arange(steps)[::-1]
    mean = np.average(gradients, weights=beta1**ages)
    size = np.sqrt(np.average(np.square(gradients), weights=beta2**ages))
    text = asked(pages, ADAM, steps * micro_steps(ADAM)).points_at("Weight W¹[2, 1]", "m̂/√v̂ = ")
    gradient = after(text, "dC/dw = ")
    update = after(text, say("card.update", letter="w", value="{}").split("{}")[0])
    told = after(text, "η ="), *numbers(text.split("m̂/√v̂ = ")[1])[:3]
    assert abs(gradient) == near(abs(gradients[-1]))
    assert update == near(-rate * mean / size)
    assert told == (near(rate), near(mean), near(size), near(mean / size))


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "squared_error"])
def test_why_does_cross_entropy_learn_faster_than_squared_error(pages, loss):
    experiment = {**SURE_AND_WRONG, "loss": loss}
    a = 1 / (1 + np.exp(-4.0))
    slope = a * (1 - a)
    names = {"cancelling": say("loss.binary_cross_entropy"), "keeping": say("loss.squared_error")}
    pieces = say("card.losses", **names, cancelled="{}", kept="{}", slope="{}").split("{}")
    text = asked(pages, experiment, backward(experiment)).points_at("Neuron 0 of layer 1", pieces[-1])
    (told,) = (line for line in text.splitlines() if line.startswith(pieces[0]))
    assert numbers(told) == [near(a), near(2 * a * slope), near(slope)]
    assert after(text, "δ =") == near(a if loss == "binary_cross_entropy" else 2 * a * slope)


def test_where_did_the_nan_come_from(pages):
    timeline = Timeline(Experiment.from_dict(DIVERGES))
    first = next(t for t in range(600) if not all(np.isfinite(each).all() for each in timeline.seek(t).values()))
    (tensor,) = (name for name, array in timeline.seek(first).items() if not np.isfinite(array).all())
    learner = asked(pages, DIVERGES, 600)
    status = learner.page.get_by_role("status").filter(has_text=say("trouble.first", t=first, tensor=tensor))
    expect(status).to_be_visible()
    learner.clicks(button(learner.page, say("trouble.go", t=first - 1)))
    phase = say(f"phase.{timeline.program[(first - 1) % len(timeline.program)].phase}")
    next_one = say("trouble.next", t=first, phase=phase, tensor=tensor)
    expect(learner.page.get_by_role("status").filter(has_text=next_one)).to_be_visible()


def test_is_it_right(pages):
    t = backward(XOR)
    now = dict(state(XOR, t))
    true = true_gradients(Experiment.from_dict(XOR), now)
    count = sum(now[name].size for name in ("W1", "b1", "W2", "b2"))
    right = all(
        np.allclose(now[f"d{name}"], true[f"d{name}"], rtol=1e-4, atol=1e-7) for name in ("W1", "b1", "W2", "b2")
    )
    learner = asked(pages, XOR, t)
    learner.clicks(button(learner.page, say("check")))
    verdict = say(f"check.says.{'right' if right else 'wrong'}", t=t, checked=count, of=count, tensors="")
    expect(region(learner.page, "Inspector").get_by_role("status")).to_have_text(verdict)
