"""Checkpoints and experiments that were saved open in the page, by button, by keyboard and by dropping them on it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect
from safetensors.numpy import save

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from server.checkpoints.codec import Checkpoint, decode, encode
from server.limits import CHECKPOINT_BYTES, MESSAGE_BYTES
from tests.helpers.browsing import (
    Moment,
    Pages,
    at,
    button,
    eventually,
    link,
    look,
    look_inside,
    now,
    resized,
    same,
    say,
    words,
)
from tests.helpers.files import choose
from tests.helpers.gallery import open_example
from tests.helpers.interruption import lost
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, SPIRALS = PRESETS["xor"], PRESETS["spirals"]
STEP = 27  # micro-steps of a training step of the spirals network


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A checkpoint of a spirals network after 40 training steps."""
    timeline = Timeline(Experiment.from_dict(SPIRALS))
    timeline.seek(timeline.t_of(40))
    path = tmp_path / "run.safetensors"
    path.write_bytes(encode(timeline))
    return path


def drop(page: Page, path: Path) -> None:
    """Let go of a file over the page."""
    data = page.evaluate_handle(
        """([bytes, name]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], name));
            return data;
        }""",
        [list(path.read_bytes()), path.name],
    )
    for event in ("dragover", "drop"):
        page.dispatch_event("canvas.overlay", event, {"dataTransfer": data})


def runs_from(page: Page, opened: Checkpoint) -> None:
    """Wait until the page shows the beginning of the run that goes on from a checkpoint, and its numbers."""
    page.wait_for_function("name => window.backscope?.experiment?.start === name", arg=opened.start.name)
    at(page, 0)
    assert untrue_from(look(page), opened) == []


def told(page: Page, opened: Checkpoint) -> None:
    """Wait until the page says, which it does for a short time, that the checkpoint has been opened."""
    expect(page.get_by_text(say("open.done", file="run.safetensors", t=f"{opened.t:,}"))).to_be_visible()


def untrue_from(moment: Moment, opened: Checkpoint) -> list[str]:
    """The tensors of the page that are not those of the run from the checkpoint."""
    assert moment.experiment == opened.experiment
    timeline = Timeline(Experiment.from_dict(moment.experiment, {opened.start.name: opened.start}))
    state = timeline.seek(moment.t)
    assert state.keys() == moment.tensors.keys()
    return [name for name, array in state.items() if not same(moment.tensors[name], array)]


def alert(page: Page) -> Locator:
    return page.get_by_role("alert")


def forget(pages: Pages, status: int) -> None:
    """What the browser itself says of a refused file is as it should be."""
    pages.said[:] = [text for text in pages.said if str(status) not in text]


def test_a_checkpoint_opens_by_its_button_and_the_run_goes_on_from_what_was_learned(page, saved):
    opened = decode(saved.read_bytes())
    choose(page, saved)
    told(page, opened)
    runs_from(page, opened)
    assert same(look_inside(page).tensors["W2"], opened.start.tensors["W2"])
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, STEP)
    assert untrue_from(look(page), opened) == []


def test_a_checkpoint_opens_by_keyboard(page, saved):
    with page.expect_file_chooser() as chosen:
        button(page, say("save.label")).focus()
        page.keyboard.press("Shift+Tab")
        expect(button(page, "Open a checkpoint")).to_be_focused()
        page.keyboard.press("Enter")
    chosen.value.set_files(saved)
    runs_from(page, decode(saved.read_bytes()))


def test_a_checkpoint_that_is_dropped_on_the_page_opens(page, saved):
    drop(page, saved)
    runs_from(page, decode(saved.read_bytes()))
    expect(page.locator(".backscope")).not_to_have_class(re.compile("dropping"))


def test_the_page_shows_where_a_file_may_be_dropped(page, saved):
    data = page.evaluate_handle(
        "() => { const data = new DataTransfer(); data.items.add(new File([], 'a')); return data; }"
    )
    page.dispatch_event("canvas.overlay", "dragover", {"dataTransfer": data})
    expect(page.locator(".backscope")).to_have_class(re.compile("dropping"))
    page.dispatch_event("canvas.overlay", "dragleave", {"dataTransfer": data})
    expect(page.locator(".backscope")).not_to_have_class(re.compile("dropping"))


def test_the_same_file_can_be_opened_twice(page, saved):
    for _ in range(2):
        choose(page, saved)
        runs_from(page, decode(saved.read_bytes()))
        open_example(page, say("preset.xor"))
        page.wait_for_function("!backscope.experiment.start")
        at(page, 0)


def test_an_experiments_file_opens_too(page, tmp_path):
    path = tmp_path / "one.json"
    path.write_text(json.dumps({**SPIRALS, "seed": 3}))
    choose(page, path)
    page.wait_for_function("backscope.experiment.seed === 3")
    at(page, 0)
    assert look(page).experiment == Experiment.from_dict({**SPIRALS, "seed": 3}).to_dict()


# What does not open.


def without_b2() -> bytes:
    """A checkpoint of XOR that has lost a part."""
    timeline = Timeline(Experiment.from_dict(XOR))
    tensors = {name: np.array(timeline.seek(0)[name], order="C") for name in ("W1", "b1", "W2", "learning_rate")}
    return save(tensors, {"experiment": json.dumps(timeline.experiment.to_dict()), "t": "0"})


REFUSED = [
    ("a.safetensors", b"no", "invalid checkpoint: a.safetensors (its 2 bytes are no safetensors file)"),
    ("no b2.safetensors", without_b2(), "unfit checkpoint: no b2.safetensors (its b2 is missing)"),
    ("a.json", b"{", "invalid experiment: a.json (JSON)"),
    ("a.json", b'{"dataset": {"name": "xor"}, "layers": 3}', "invalid layers: 3 (a list of 1 to 12 layers)"),
    ("a.json", bytes(MESSAGE_BYTES + 1), "invalid experiment: a.json (at most 1 MB)"),
    ("a.json", b'{"experiment": {}, "checkpoint": "?"}', "invalid checkpoint: a.json (bytes in base64)"),
]


def test_a_file_that_does_not_open_is_refused_in_words_and_the_run_goes_on(pages, page, tmp_path):
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    at(page, 1)
    before = look(page)
    for name, content, message in REFUSED:
        path = tmp_path / name
        path.write_bytes(content)
        choose(page, path)
        expect(alert(page)).to_have_text(message)
        after = look(page)
        assert (after.t, after.experiment) == (1, before.experiment)
        assert after.tensors.keys() == before.tensors.keys()
    forget(pages, 400)


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page, tmp_path):
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(CHECKPOINT_BYTES + 1)
    choose(page, path)
    expect(alert(page)).to_have_text("invalid checkpoint: large.safetensors (at most 128 MB)")


def test_a_link_to_a_checkpoint_that_the_server_does_not_know_says_so(pages):
    page = pages.blank(fresh=True)
    page.goto(link(pages.address, {**XOR, "start": "0123456789abcdef"}))
    at(page, 0)
    expect(alert(page)).to_have_text("unknown checkpoint: “0123456789abcdef” (open its file again)")
    assert look(page).experiment == Experiment.from_dict(XOR).to_dict()


def test_where_panels_are_tabs_the_refusal_comes_to_the_front(pages, page, tmp_path):
    resized(page, 390, 844)
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"no")
    choose(page, path)
    expect(alert(page)).to_be_visible()
    forget(pages, 400)


# The server goes and comes back.


def test_a_server_that_has_begun_anew_gets_the_checkpoint_again(pages, interrupted, saved):
    page, opened = interrupted.open(pages, XOR), decode(saved.read_bytes())
    choose(page, saved)
    runs_from(page, opened)
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    at(page, STEP)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    held: list[Route] = []
    page.route("**/checkpoints", lambda route: held.append(route))
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    eventually(lambda: now(page) == STEP and held)
    page.keyboard.press("Shift+ArrowRight")  # while the server has no run yet
    held[0].continue_()
    at(page, 2 * STEP)
    assert untrue_from(look(page), opened) == []


def test_a_page_that_has_no_file_for_its_checkpoint_says_what_to_do(pages, interrupted, saved):
    page, opened = interrupted.open(pages, XOR), decode(saved.read_bytes())
    choose(page, saved)
    runs_from(page, opened)
    page.wait_for_function("location.hash.includes('start')")
    page.reload()
    runs_from(page, opened)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    interrupted.start()
    missing = f"unknown checkpoint: “{opened.start.name}” (open its file again)"
    expect(alert(page)).to_have_text(missing)
    for press in (button(page, "Step forward"), button(page, "Play")):
        page.evaluate("document.querySelector('[role=alert]').textContent = ''")
        press.click()
        expect(alert(page)).to_have_text(missing)
    expect(button(page, "Play")).to_be_visible()
    assert now(page) == 0
    choose(page, saved)
    told(page, opened)
    expect(alert(page)).to_have_count(0)
    runs_from(page, opened)


def test_a_server_that_cannot_be_reached_gets_no_file_and_the_page_says_so(pages, interrupted, saved):
    page = interrupted.open(pages, XOR)
    interrupted.stop()
    choose(page, saved)
    told_of = page.get_by_text(say("open.lost", file="run.safetensors"))
    expect(told_of).to_be_visible()
    interrupted.start()
    expect(told_of).to_be_hidden()


def test_a_chinese_page_opens_and_refuses_without_a_word_of_english(pages, saved, tmp_path):
    page, chinese_words = chinese(pages, XOR), words("zh")
    before = foreign(page)
    with page.expect_file_chooser() as chosen:
        button(page, chinese_words["open.label"]).click()
    chosen.value.set_files(saved)
    expect(page.get_by_text(chinese_words["open.done"].split("{file}")[0])).to_be_visible()
    assert {text for text in foreign(page) - before if "run.safetensors" not in text} == set()
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"no")
    drop(page, path)
    expect(alert(page)).to_be_visible()
    assert {text for text in foreign(page) - before if "run.safetensors" not in text and "bytes" not in text} == set()
    forget(pages, 400)
