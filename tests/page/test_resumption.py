"""A server that dies, or is full, and what a person asks for meanwhile: the page is back where it was, and nothing is
lost.
"""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Experiment
from engine.experiment.presets import PRESETS
from server.capacity import state_bytes
from server.limits import LEAST_HISTORY_BYTES
from server.protocol.frame import decode
from tests.helpers.browsing import (
    LINK_TO_XOR,
    Plain,
    at,
    button,
    eventually,
    link,
    look,
    now,
    number_field,
    put,
    say,
    untrue,
    words,
)
from tests.helpers.gallery import open_example
from tests.helpers.interception import answered_otherwise
from tests.helpers.interruption import lost, serving_again
from tests.helpers.serving import with_room_for
from tests.helpers.setup import setting
from tests.helpers.tcp_proxy import tcp_proxy

pytestmark = pytest.mark.without_chart

XOR, SPIRALS = PRESETS["xor"], PRESETS["spirals"]
LONG = 1_600_000  # micro-steps, a run of one second or two


def said(page: Page, name: str, **blanks: str | int) -> Locator:
    return page.get_by_role("status").filter(has_text=say(name, **blanks))


def answered(page: Page) -> list[int]:
    """The moments of the frames that come over lines that are opened from now on."""
    moments: list[int] = []

    def hear(frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            moments.append(int(decode(frame)[1]["t"]))

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    return moments


def kept_landmarks(page: Page) -> list[int]:
    """The moments of the landmarks that come over lines that are opened from now on."""
    moments: list[int] = []

    def hear(frame: str | bytes) -> None:
        if isinstance(frame, str) and '"landmark"' in frame:
            landmark = json.loads(frame)["answer"]["landmark"]
            moments.extend([landmark["t"]] if landmark else [])

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    return moments


def kept(page: Page) -> None:
    """Wait until the page has kept what a server needs to go on from where it is."""
    page.wait_for_timeout(1800)


def test_a_long_run_is_back_at_once_with_the_same_bits_when_the_server_has_begun_anew(pages, interrupted):
    page = interrupted.open(pages, XOR, LONG)
    kept(page)
    before = look(page)
    moments = answered(page)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("t => backscope.t > t", arg=before.t)
    assert min(moments) > LONG / 4  # what lies before has not been run again
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_function("t => backscope.t < t + 18", arg=before.t)
    after = look(page)
    if after.t == before.t:
        assert all(after.tensors[name].tobytes() == array.tobytes() for name, array in before.tensors.items())
    assert untrue(after) == []


def test_a_page_that_plays_when_the_server_dies_plays_on_at_once(pages, interrupted):
    page = pages.blank()
    landmarks = kept_landmarks(page)
    page.goto(link(interrupted.address, XOR))
    at(page, 0)
    button(page, "Full speed").click()
    while len(landmarks) < 3:
        page.wait_for_timeout(100)
    last = landmarks[-1]
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    t = now(page)
    moments = answered(page)
    interrupted.start()
    page.wait_for_function("t => backscope.t > t", arg=t)
    button(page, "Pause").click()
    assert untrue(look(page)) == []
    assert min(moments) >= last > 0  # it goes on from what was kept last


def test_what_is_handed_back_and_does_not_fit_is_not_taken_and_the_run_is_run_again(pages, interrupted):
    page = pages.blank(alone=True)

    def damage(answer: Plain) -> None:
        if answer["landmark"]:
            answer["landmark"]["checksum"] = "0"

    answered_otherwise(page, "landmark", damage)
    page.goto(link(interrupted.address, SPIRALS, 60_000))
    at(page, 60_000)
    kept(page)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    button(page, "Step forward").click()
    page.wait_for_function("backscope.t > 60_000")
    assert untrue(look(page)) == []


def test_a_change_that_may_not_have_arrived_is_made_once_when_the_line_is_back(pages):
    pages.server_may_stop = True
    page = pages.blank(alone=True)
    with tcp_proxy(pages.address) as line:
        page.goto(link(line.address, SPIRALS, 1091))
        at(page, 1091)
        line.silence()
        put(number_field(page, "Learning rate"), "0.0625")
        page.wait_for_timeout(200)
        line.cut()
        expect(said(page, "later.change")).to_be_visible()
        assert "changes" not in page.evaluate("backscope.experiment")
        line.mend()
        expect(said(page, "later.changed", t="1,091")).to_be_visible()
    eventually(lambda: page.evaluate("backscope.experiment.changes") == [{"t": 1091, "learning_rate": 0.0625}])
    expect(number_field(page, "Learning rate")).to_have_value("0.0625")
    at(page, 1091)


def test_of_what_begins_a_run_while_there_is_no_server_the_newest_is_shown_and_plays_if_that_was_pressed(
    pages, interrupted
):
    page = interrupted.open(pages, SPIRALS, 54)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    button(page, "Step forward").click()
    put(setting(page, "Seed"), "7")
    put(number_field(page, "Learning rate"), "0.01")
    expect(said(page, "later.change")).to_be_visible()
    open_example(page, "Sine")
    expect(said(page, "later.begin")).to_be_visible()
    assert now(page) == 54  # nothing is shown as done before it is
    assert page.evaluate("backscope.experiment") == Experiment.from_dict(SPIRALS).to_dict()
    open_example(page, "XOR 2-4-1")
    button(page, "Play").click()
    expect(said(page, "later.move")).to_be_visible()
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    page.wait_for_function("backscope.experiment.dataset.name === 'xor' && backscope.t > 2")
    button(page, "Pause").click()
    running = page.evaluate("backscope.experiment")
    assert running == Experiment.from_dict(XOR).to_dict()
    expect(setting(page, "Seed")).to_have_value(str(running["seed"]))
    expect(number_field(page, "Learning rate")).to_have_value(f"{running['optimizer']['learning_rate']}")
    assert untrue(look(page)) == []


def test_what_waits_for_the_line_is_said_beside_and_after_whatever_else_is_said_meanwhile(pages, interrupted):
    page = interrupted.open(pages, SPIRALS, 54)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    button(page, "Step forward").click()
    expect(said(page, "later.move")).to_be_visible()
    page.get_by_role("tab", name=say("view.proof"), exact=True).click()  # whose panel cannot be fetched
    expect(said(page, "panel.lost")).to_be_visible()
    expect(said(page, "later.move")).to_be_visible()
    expect(said(page, "panel.lost")).to_be_hidden()
    expect(said(page, "later.move")).to_be_visible()
    interrupted.start()
    expect(said(page, "later.move")).to_be_hidden()


def test_changes_and_a_step_that_are_pressed_while_there_is_no_server_are_all_carried_out(pages, interrupted):
    page = interrupted.open(pages, SPIRALS, 54)
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    setting(page, say("optimizer")).select_option("adam")
    expect(said(page, "later.change")).to_be_visible()
    put(number_field(page, "Learning rate"), "0.01")
    page.locator("h1").click()
    page.keyboard.press("Shift+ArrowRight")
    expect(said(page, "later.move")).to_be_visible()
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    page.wait_for_function("backscope.t > 54")
    changes = page.evaluate("backscope.experiment.changes")
    assert [sorted(each) for each in changes] == [["optimizer", "t"], ["learning_rate", "t"]]
    assert untrue(look(page)) == []


def test_a_server_that_is_full_is_said_to_be_and_lets_the_page_in_when_there_is_room(pages):
    pages.server_may_stop = True
    with serving_again(first=with_room_for(sessions=1)) as small:
        first, second = pages.blank(alone=True), pages.blank(alone=True, locale="zh-CN")
        first.goto(f"{small.address}{LINK_TO_XOR}")
        at(first, 0)
        second.goto(link(small.address, SPIRALS, 40))
        expect(second.get_by_role("status").filter(has_text=words("zh")["lost.full"])).to_be_visible()
        expect(said(first, "lost.full")).to_be_hidden()
        first.goto("about:blank")
        at(second, 40)
        expect(second.get_by_role("status").filter(has_text=words("zh")["lost.full"])).to_be_hidden()
        assert untrue(look(second)) == []
        second.goto("about:blank")


def test_a_server_whose_memory_is_taken_is_asked_again_and_gives_no_wrong_advice(pages):
    taken = 10 * state_bytes(Experiment.from_dict(XOR)) + LEAST_HISTORY_BYTES
    with serving_again(first=with_room_for(total=taken)) as small:
        first, second = pages.blank(alone=True), pages.blank(alone=True)
        for page in (first, second):
            page.goto(link(small.address, XOR, 20))
        at(first, 20)
        expect(said(second, "lost.full")).to_be_visible()
        assert second.get_by_role("alert").filter(has_text="mini-batch").count() == 0
        first.goto("about:blank")
        at(second, 20)
        expect(said(second, "lost.full")).to_be_hidden()
        open_example(second, "Spirals")  # which is larger, and is refused at once, as there is a run to go on with
        expect(second.get_by_role("alert")).to_contain_text(say("expected.busy"))
        assert second.evaluate("backscope.experiment.dataset.name") == "xor"
        second.goto("about:blank")
