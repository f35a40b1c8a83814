"""Recorded runs in the page: one opens by the file chooser, is stepped both ways, and its tensors are compared."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import backscope
from backscope.recorder import Recorder
from backscope.recording import FORM, parsed
from engine.recorded.proven import proven
from engine.recorded.rebuilt import rebuilt
from engine.run.timeline import Timeline
from tests.helpers.axe import violations
from tests.helpers.browsing import at, bring, button, eventually, look_inside, now, say, words
from tests.helpers.files import choose
from tests.helpers.homework import GENERAL, LOOPS, changed
from tests.helpers.interruption import Interrupted
from tests.helpers.recorded import recording
from tests.helpers.wrong_homework import SEEDED

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

RIGHT = recording(GENERAL)
WRONG = recording(changed(*SEEDED["gradients_accumulate"]))


def chosen(page: Page, tmp_path: Path, data: bytes) -> Locator:
    """Open a recording; the view of it."""
    path = tmp_path / "run.backscope"
    path.write_bytes(data)
    choose(page, path)
    page.wait_for_function("backscope.experiment.dataset.name === 'recorded'")
    return view(page)


def view(page: Page) -> Locator:
    return page.locator(".view[data-part=recorded]")


def run_of(data: bytes) -> tuple[Timeline, Any]:
    found = parsed(data)
    run = rebuilt(f"{hash(data)}", found)
    return Timeline(run.experiment), run


def is_true(page: Page, timeline: Timeline) -> None:
    """The tensors of the page are those of the rebuilt run, cell by cell."""
    moment = look_inside(page)
    assert moment.tensors
    state = timeline.seek(moment.t)
    for name, tensor in moment.tensors.items():
        assert np.array_equal(tensor, np.asarray(state[name], tensor.dtype)), name


def step(page: Page, key: str, t: int | None = None) -> None:
    """Press a key that steps, until the page is at t, or at another moment."""
    before = now(page)
    page.keyboard.press(key)
    page.wait_for_function("before => backscope.t !== before", arg=before)
    if t is not None:
        at(page, t)


def test_a_recorded_run_opens_as_any_other_and_goes_both_ways(page, tmp_path):
    found = chosen(page, tmp_path, RIGHT)
    at(page, 0)
    timeline, _ = run_of(RIGHT)
    expect(found).to_contain_text("Every tensor agrees: 160 tensors of 20 training steps")
    expect(found).to_contain_text("This run is the recorded steps 0 to 19")
    page.locator("h1").click()
    length = len(timeline.program)
    step(page, "Shift+ArrowRight", length)
    step(page, "Shift+ArrowRight", 2 * length)
    is_true(page, timeline)
    step(page, "ArrowLeft")
    assert length < now(page) < 2 * length
    is_true(page, timeline)
    step(page, "Shift+ArrowLeft", length)
    expect(found).to_contain_text("Training step 0 of the recorded run: W2 agrees.")
    found.get_by_label("Tensor").select_option("dW1")
    expect(found).to_contain_text("Training step 0 of the recorded run: dW1 agrees.")
    expect(found.get_by_text(say("recorded.go"))).to_be_hidden()
    true = parsed(RIGHT).steps[0]["dW1"]
    sides = found.get_by_role("slider")
    expect(sides).to_have_count(3)
    sides.first.focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(found).to_contain_text("dW1[1, 1]")
    expect(found.locator("dd").first).to_have_text(f"{true[1, 1]:#.7g}".replace("-", "−"))
    assert violations(page) == []


def test_of_a_run_that_cannot_be_stepped_the_proof_is_shown(page, tmp_path):
    path, rng = tmp_path / "run.backscope", np.random.default_rng(0)
    said = {"ACTIVATIONS": ["identity"], "LOSS": "squared_error", "LEARNING_RATE": 0.1, "SUMMED": True}
    with Recorder(path, said) as scope:
        x, y, W, b = rng.normal(size=(4, 2)), rng.normal(size=(4, 1)), [rng.normal(size=(1, 2))], [np.zeros(1)]
        delta = 2 * (x @ W[0].T + b[0] - y)
        scope.step(W, b, x, y)
        scope.step([W[0] - 0.1 * delta.T @ x], [b[0] - 0.1 * delta.sum(axis=0)])
    choose(page, path)
    found = view(page)
    expect(found).to_contain_text("Every tensor agrees")
    expect(found).to_contain_text("run.backscope is proven. It cannot be stepped through here:")
    expect(found).to_contain_text("it is summed over the examples")
    assert page.evaluate("backscope.experiment.dataset.name") != "recorded"
    assert not violations(page)


def test_a_run_that_disagrees_opens_at_the_first_tensor_that_does_with_the_cause(page, tmp_path):
    found = chosen(page, tmp_path, WRONG)
    timeline, run = run_of(WRONG)
    at(page, run.t)
    expect(found).to_contain_text("W2 disagrees in training step 1 of the recorded run.")
    expect(found).to_contain_text("Likely cause: the gradients of earlier mini-batches are not set to 0.")
    element = f"W2[{', '.join(map(str, run.index))}]"
    expect(found).to_contain_text(f"{element}, the largest difference")
    recorded, own = parsed(WRONG).steps[2]["W2"][run.index], timeline.seek(run.t)["W2"][run.index]
    for row, number in enumerate((recorded, own)):
        expect(found.locator("dd").nth(row)).to_have_text(f"{number:#.10g}".replace("-", "−"))
    lit = {"row": run.index[0], "column": run.index[1]}
    for side in found.get_by_role("slider").all():
        assert side.evaluate("canvas => JSON.parse(canvas.dataset.lit)") == [lit]
    assert page.evaluate("backscope.view.selected") == {"kind": "parameter", "tensor": "W2", "index": [*run.index]}
    assert violations(page) == []
    page.locator("h1").click()
    step(page, "ArrowRight")  # on in Backscope's own equations
    is_true(page, timeline)
    step(page, "Shift+ArrowLeft", len(timeline.program))
    expect(found).to_contain_text("Training step 0 of the recorded run: W2 agrees.")
    found.get_by_role("button", name="Show it").click()
    at(page, run.t)
    expect(found).to_contain_text("W2 is off by more than rounding.")
    page.get_by_role("combobox", name="Language").select_option("zh")
    expect(found).to_contain_text("可能的原因：没有把前面小批量的梯度清零。")
    page.get_by_role("combobox", name=words("zh")["language.label"]).select_option("en")


def test_every_cause_has_its_words():
    docs = (Path(__file__).parents[2] / "docs" / "your-runs.md").read_text(encoding="utf-8")
    causes = {
        cause for row in re.findall(r"^\| (`.*?) \|", docs, re.MULTILINE) for cause in re.findall(r"`(\w+)`", row)
    }
    assert "gradients_accumulate" in causes
    for language in ("en", "zh"):
        named = {name.removeprefix("recorded.cause.") for name in words(language) if name.startswith("recorded.cause.")}
        assert causes - {"LAYERS", "ACTIVATIONS", "LOSS", "LEARNING_RATE", "OPTIMIZER"} <= named | {
            "REGULARIZATION", "CLIP_NORM", "COUPLED_WEIGHT_DECAY", "AVERAGED",
        }  # fmt: skip


def test_of_every_nth_step_another_one_can_be_begun_with(page, tmp_path):
    path, rng = tmp_path / "run.backscope", np.random.default_rng(0)
    W, b = [rng.normal(size=(1, 2))], [np.zeros(1)]
    said: dict[str, Any] = {"activations": ["identity"], "loss": "squared_error", "learning_rate": 0.1}
    with backscope.record(path, **said, every=3) as scope:
        for k in range(7):
            x, y, rate = rng.normal(size=(4, 2)), rng.normal(size=(4, 1)), 0.1 / (k + 1)
            delta = 2 * (x @ W[0].T + b[0] - y)
            scope.step(W, b, x, y, learning_rate=rate)
            W, b = [W[0] - rate * delta.T @ x / 4], [b[0] - rate * delta.mean(axis=0)]
        scope.step(W, b)
    found = chosen(page, tmp_path, path.read_bytes())
    expect(found).to_contain_text("Only some training steps were recorded.")
    expect(found).to_contain_text("This run is the recorded step 0")
    begin = found.get_by_label("The recorded step to begin with")
    assert begin.locator("option").all_inner_texts() == ["Begin with step 0", "Begin with step 3", "Begin with step 6"]
    begin.select_option("3")
    page.wait_for_function("backscope.experiment.dataset.first === 3")
    at(page, 0)
    assert page.evaluate("backscope.experiment.optimizer.learning_rate") == 0.1 / 4
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    expect(found).to_contain_text("Training step 3 of the recorded run: W1 agrees.")
    page.keyboard.press("Shift+ArrowRight")
    expect(found).to_contain_text("The recording ends before this training step.")


def test_a_recording_that_was_cut_off_opens_as_far_as_it_goes_and_says_so(page, tmp_path):
    found = chosen(page, tmp_path, recording(LOOPS)[:-20])
    expect(found).to_contain_text("The recording was cut off in the middle of a step; 19 training steps are whole.")


@pytest.mark.parametrize("data", [FORM, FORM.replace(b"2", b"3") + bytes(99)], ids=["cut", "later"])
def test_what_is_no_recording_is_refused_by_its_name_and_the_run_goes_on(pages, tmp_path, data):
    page = pages.open()
    before = page.evaluate("JSON.stringify(backscope.experiment)")
    path = tmp_path / "mine.backscope"
    path.write_bytes(data)
    choose(page, path)
    expect(page.get_by_role("alert").filter(has_text="recording").filter(has_text="mine.backscope")).to_be_visible()
    assert page.evaluate("JSON.stringify(backscope.experiment)") == before
    told = pages.said  # the browser's own word may come after the page's
    eventually(lambda: page.evaluate("true") and any("status of 400" in text for text in told))
    pages.said[:] = [text for text in pages.said if "status of 400" not in text]


def test_a_run_that_was_not_recorded_says_how_one_is(page):
    bring(page, "recorded")
    expect(view(page)).to_contain_text("backscope.watch(model, optimizer, loss)")
    assert violations(page) == []


def test_a_server_that_has_lost_a_recording_gets_it_again(pages, interrupted: Interrupted, tmp_path):
    page = interrupted.open(pages, {"dataset": {"name": "xor"}, "layers": [{"units": 1, "activation": "sigmoid"}]})
    chosen(page, tmp_path, RIGHT)
    at(page, 0)
    interrupted.stop()
    interrupted.start()
    page.locator("h1").click()
    step(page, "ArrowRight")
    is_true(page, run_of(RIGHT)[0])
    expect(view(page)).to_contain_text("Every tensor agrees")
    pages.said[:] = [text for text in pages.said if "status of 400" not in text]


def test_a_loop_that_sends_its_recording_prints_a_link_that_opens_it(page, tmp_path):
    address = page.evaluate("location.origin + location.pathname")
    path = tmp_path / "sent.backscope"
    with backscope.record(path, activations=["identity"], loss="squared_error", learning_rate=0.1, to=address) as scope:
        scope.step([np.ones((1, 2))], [np.zeros(1)], np.eye(2), np.ones((2, 1)))
        scope.step([np.ones((1, 2))], [np.ones(1)])
    assert scope.address
    page.goto("about:blank")
    page.goto(scope.address)
    page.wait_for_function("window.backscope?.experiment?.dataset?.name === 'recorded'")
    proof = proven(parsed(path.read_bytes()))
    expect(view(page)).to_contain_text(f"{proof.verdict.tensor} disagrees in training step 0 of the recorded run.")


def test_a_saved_scene_holds_the_recording_and_its_run_can_be_forked(pages, interrupted: Interrupted, tmp_path):
    page = interrupted.open(pages, {"dataset": {"name": "xor"}, "layers": [{"units": 1, "activation": "sigmoid"}]})
    chosen(page, tmp_path, RIGHT)
    page.locator("h1").click()
    step(page, "Shift+ArrowRight", len(run_of(RIGHT)[0].program))
    with page.expect_download() as saved:
        button(page, say("save.label")).click()
    path = tmp_path / "scene.json"
    saved.value.save_as(path)
    t = now(page)
    interrupted.stop()
    interrupted.start()
    page.goto("about:blank")
    page.goto(interrupted.address)
    page.wait_for_function("Number.isInteger(window.backscope?.t)")
    choose(page, path)
    page.wait_for_function("backscope.experiment.dataset.name === 'recorded'")
    at(page, t)
    is_true(page, run_of(RIGHT)[0])
    page.keyboard.press("f")
    page.wait_for_function("backscope.lanes.length === 2")
    pages.said[:] = [text for text in pages.said if "status of 400" not in text]
