"""Practice: predictions of this run and of others, one score, a test before and after, the results of a class."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.predictions.kinds import KINDS
from engine.predictions.paired_tests import TESTS
from engine.predictions.prediction import Found
from engine.predictions.search import at as asked_at
from engine.predictions.search import generate
from tests.helpers.axe import violations
from tests.helpers.browsing import Pages, button, now, region, resized, say, words
from tests.helpers.by_keys import press
from tests.helpers.layout import CLIPPED, OVERFLOW

pytestmark = pytest.mark.without_chart

Plain = dict[str, Any]
ASKED = """() => {
  const { lesson, t } = backscope;
  return lesson?.name === "practice" && lesson.question && !("key" in lesson.question) && lesson.question.scene.t === t;
}"""
REVEALED = "backscope.lesson?.question && 'key' in backscope.lesson.question"


def comes(page: Page) -> Plain:
    """Wait until a prediction is asked at its moment; what the page tells of it."""
    page.wait_for_function(ASKED)
    return dict(page.evaluate("backscope.lesson.question"))


def group(page: Page, language: str = "en") -> Locator:
    return page.get_by_role("group", name=words(language)["lesson.prediction"], exact=True)


def truth(question: Plain, here: bool) -> Found:
    """The prediction by the engine here."""
    kind, seed = question["kind"], question["seed"]
    if not here:
        return generate(kind, seed).found
    timeline = Timeline(Experiment.from_dict(question["scene"]["experiment"]))
    return asked_at(kind, timeline, question["scene"]["t"], seed).found


def place_of(found: Found, right: bool) -> int:
    """The place among the choices of the right answer, or of a wrong one."""
    return next(i for i, choice in enumerate(found.choices) if (choice.name == found.key) == right)


def answer(page: Page, found: Found, right: bool) -> None:
    """Answer a prediction rightly or wrongly by its choices, or by its slider."""
    if found.amount:
        low, high = found.amount.low, found.amount.high
        group(page).get_by_role("slider").fill(
            str(found.key if right else (high if float(found.key) < (low + high) / 2 else low))
        )
    else:
        group(page).locator("[aria-pressed]").nth(place_of(found, right)).click()


def score(page: Page) -> Locator:
    return page.get_by_role("status", name=say("lesson.score"))


@pytest.mark.parametrize("preset", ["xor", "digits_13002"])
def test_a_run_is_asked_about_and_a_wrong_answer_leads_back_to_its_moment(pages: Pages, preset: str, tmp_path: Path):
    page = pages.open(PRESETS[preset], alone=True)
    button(page, "Practice").click()
    practice = region(page, "Practice")
    question = comes(page)
    found = truth(question, here=True)
    assert page.evaluate("backscope.experiment") == question["scene"]["experiment"]
    answer(page, found, right=False)
    button(page, "Show me").click()
    page.wait_for_function(REVEALED)
    assert page.evaluate("backscope.lesson.question.key") == found.key
    assert now(page) == found.reveal_t
    expect(practice).to_contain_text(say(f"concept.{KINDS[question['kind']].concept}"))
    expect(score(page)).to_contain_text(say("lesson.score.says", right=0, asked=1))
    for right in (True, False):
        button(page, "Next prediction").click()
        question = comes(page)
        answer(page, truth(question, here=True), right)
        button(page, "Show me").click()
        page.wait_for_function(REVEALED)
    expect(score(page)).to_contain_text(say("lesson.score.says", right=1, asked=3))

    button(page, "Other runs").click()
    page.wait_for_function(ASKED)
    question = comes(page)
    assert truth(question, here=False).t == now(page)
    assert page.evaluate("backscope.experiment") == generate(question["kind"], question["seed"]).experiment
    score(page).locator("summary").click()
    score(page).get_by_role("button", name=re.compile("^Look again")).last.click()
    page.wait_for_function("name => backscope.experiment.dataset.name === name", arg=PRESETS[preset]["dataset"]["name"])
    expect(practice).to_be_visible()
    button(page, "Show its moment again").click()
    page.wait_for_function(ASKED)

    with page.expect_download() as saved:
        button(page, "Export").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    plain = json.loads(path.read_text(encoding="utf-8"))
    assert [each["right"] for each in plain["answers"]] == [False, True, False]
    assert (
        plain["answers"][0]["scene"].endswith(f"t={found.reveal_t}")
        or f"t={found.reveal_t}&" in plain["answers"][0]["scene"]
    )
    assert {"kind", "concept", "seed", "answer", "date"} <= plain["answers"][0].keys()
    button(page, "Clear").click()
    button(page, "Clear all").click()
    expect(score(page)).to_be_hidden()
    page.locator("[data-control=file]").set_input_files(path)
    expect(score(page)).to_contain_text(say("lesson.score.says", right=1, asked=3))
    page.keyboard.press("Escape")


def test_practice_is_left_at_any_time_and_goes_on_and_gives_way_to_a_lesson(pages: Pages):
    page = pages.first(alone=True)
    button(page, "Practice").click()
    comes(page)
    button(page, "Other runs").click()
    question = comes(page)
    button(page, "Leave practice").click()
    expect(region(page, "Practice")).to_be_hidden()
    assert page.evaluate("backscope.lesson") is None
    page.goto(f"{pages.address}#preset=xor&t=3")
    page.reload()
    page.wait_for_function("backscope.t === 3")
    button(page, "Lessons").click()
    page.get_by_role("button", name=say("lesson.practice")).click()
    assert comes(page) == question  # the same, also after the page has been loaded anew
    expect(page.get_by_role("link", name="The five-minute tour")).to_be_hidden()
    button(page, "Lessons").click()
    expect(region(page, "Practice")).to_be_hidden()
    page.get_by_role("link", name="The five-minute tour").click()
    page.wait_for_function("backscope.lesson?.name === 'tour'")


def test_only_concepts_that_are_chosen_are_asked_and_those_that_a_run_lacks_are_said(pages: Pages):
    page = pages.open(PRESETS["xor"], alone=True)
    button(page, "Practice").click()
    comes(page)
    practice = region(page, "Practice")
    practice.get_by_text(say("practice.concepts", count=15, of=15)).click()
    button(page, "none").click()
    expect(practice).to_contain_text(say("practice.choose"))
    practice.get_by_role("checkbox", name=say("concept.error_times_input")).check()
    question = comes(page)
    assert KINDS[question["kind"]].concept == "error_times_input"
    expect(
        practice.get_by_role("checkbox", name=f"{say('concept.dead_neurons')} {say('practice.concept.not_here')}")
    ).to_be_visible()
    button(page, "none").click()
    practice.get_by_role("checkbox", name=say("concept.dead_neurons")).check()
    expect(practice).to_contain_text(say("practice.none"))
    button(page, "Other runs").click()
    assert comes(page)["kind"] == "dead_neuron"


def takes(page: Page, test: str, right: int, language: str) -> None:
    """Take a test by keys alone. The first ``right`` answers are right; nothing is revealed before the end."""
    says = words(language)
    press(page, page.get_by_role("button", name=says["practice.test.begin"], exact=True))
    for i, (kind, seed) in enumerate(TESTS[test]):
        page.wait_for_function("step => backscope.lesson?.step === step", arg=i + 1)
        question = comes(page)
        found = generate(kind, seed).found
        assert (question["kind"], question["seed"]) == (kind, seed)
        press(page, group(page, language).locator("[aria-pressed]").nth(place_of(found, i < right)))
        expect(page.locator(".lesson-prediction .true")).to_have_count(0)
        expect(page.get_by_role("button", name=says["lesson.reveal"])).to_have_count(0)
        page.keyboard.press("ArrowRight")  # the run is held
        assert now(page) == found.t
        expect(page.locator(".transport")).to_have_attribute("inert", "")
        assert "key" not in page.evaluate("backscope.lesson.question")
        on = says["practice.test.next" if i < len(TESTS[test]) - 1 else "practice.test.finish"]
        press(page, page.get_by_role("button", name=on, exact=True))
    blanks = {"{right}": str(right), "{count}": "10"}
    said = re.sub(r"\{\w+\}", lambda blank: blanks[blank[0]], says["practice.test.score"])
    expect(page.locator(".practice-result")).to_have_text(said)


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.long)])
def test_a_test_before_and_after_is_taken_by_keys_and_its_gain_is_computed(pages: Pages, language: str):
    page = pages.blank(alone=True, locale={"en": "en-US", "zh": "zh-CN"}[language])
    says = words(language)
    page.goto(f"{pages.address}#test=before")
    name = page.get_by_role("textbox", name=says["practice.name"])
    name.fill("Ada")
    before, after = 4, 8
    takes(page, "before", before, language)
    expect(page.locator(".transport")).not_to_have_attribute("inert", "")
    expect(page.locator(".practice-learned")).to_have_text(says["practice.gain.needs_after"])
    items = page.locator(".practice-item")
    expect(items).to_have_count(10)
    items.first.locator("summary").click()
    page.wait_for_function("document.querySelector('.practice-item .lesson-asks') !== null")
    with page.expect_download() as saved:
        press(page, page.get_by_role("button", name=says["practice.test.save"]))
    plain = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert (plain["test"], plain["name"]) == ("before", "Ada")
    assert [(each["kind"], each["seed"]) for each in plain["items"]] == [*TESTS["before"]]
    assert [each["right"] for each in plain["items"]] == [i < before for i in range(10)]

    press(page, page.get_by_role("button", name=says["practice.test.after"]))
    expect(page.get_by_role("textbox", name=says["practice.name"])).to_have_value("Ada")
    takes(page, "after", after, language)
    gain = (after - before) / (10 - before)
    expect(page.locator(".practice-gain")).to_contain_text(f"= {gain:.3f}")
    expect(page.locator(".practice-learned")).to_contain_text(f"{gain:.0%}")
    assert violations(page, ".practice") == []
    page.reload()
    expect(page.locator(".practice-gain")).to_contain_text(f"= {gain:.3f}")


def file(test: str, name: str, right: int) -> FilePayload:
    items = [
        {"kind": kind, "concept": KINDS[kind].concept, "seed": seed, "answer": None, "right": i < right}
        for i, (kind, seed) in enumerate(TESTS[test])
    ]
    plain = {
        "backscope": "test",
        "format": 1,
        "test": test,
        "name": name,
        "person": "",
        "date": "2026-11-29",
        "items": items,
    }
    return FilePayload(name=f"{test}-{name}.json", mimeType="application/json", buffer=json.dumps(plain).encode())


DROP = """([root, files]) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name));
  root.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def test_a_teacher_opens_the_results_of_a_class_and_no_file_goes_to_the_server(pages: Pages):
    page = pages.open(PRESETS["xor"], alone=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    button(page, "Practice").click()
    comes(page)
    page.get_by_text(say("practice.tests"), exact=True).click()
    assert violations(page, ".practice") == []
    button(page, say("practice.class")).click()
    scores = {"Ada": (2, 8), "Ben": (6, 7), "Eva": (10, 10)}
    files = [file(test, name, both[i]) for name, both in scores.items() for i, test in enumerate(TESTS)]
    poem = FilePayload(name="poem.json", mimeType="application/json", buffer=b'["roses"]')
    with page.expect_file_chooser() as chosen:
        button(page, say("practice.class.open")).click()
    chosen.value.set_files([*files, poem])
    table = page.get_by_role("table", name=say("practice.class.people"))
    rows = [each.split("\t") for each in table.inner_text().splitlines() if each.strip()][-4:]
    before, after = (sum(both[i] for both in scores.values()) / 3 for i in (0, 1))
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["Ada", "2", "8", "0.750"],
        ["Ben", "6", "7", "0.250"],
        ["Eva", "10", "10", say("practice.class.full")],
        [
            say("practice.class.mean", count=3),
            f"{before:.1f}",
            f"{after:.1f}",
            f"{(after - before) / (10 - before):.3f}",
        ],
    ]
    expect(page.get_by_text(say("practice.file.other", file="poem.json"))).to_be_visible()
    concepts = page.get_by_role("table", name=say("practice.class.concepts"))
    expect(concepts.get_by_role("row")).to_have_count(11)
    expect(concepts.get_by_role("row").nth(3)).to_contain_text("2 / 3")
    root = page.locator(".backscope").element_handle()
    late = file("before", "Zoe", 1)
    page.evaluate(
        DROP, [root, [[late["name"], late["buffer"].decode()], [files[0]["name"], files[0]["buffer"].decode()]]]
    )
    expect(table.get_by_role("rowheader", name="Zoe")).to_be_visible()
    assert "POST" not in asked
    assert violations(page, ".practice") == []


@pytest.mark.parametrize("shown", ["questions", "before"])
def test_practice_lies_beside_the_stage_or_below_it_and_never_over_it(pages: Pages, shown: str):
    page = pages.blank()
    page.goto(f'{pages.address}#preset=xor&t=14&view={{"practice":"{shown}"}}')
    practice = region(page, "Practice")
    expect(practice.get_by_role("heading").first).to_be_visible()
    if shown == "questions":
        comes(page)
    for width, height in ((390, 844), (844, 390), (1024, 768), (1440, 900)):
        resized(page, width, height)
        page.evaluate("scrollTo(0, 0)")
        box, stage = practice.bounding_box(), page.locator(".stage").bounding_box()
        assert box and stage
        beside, below = box["x"] + box["width"] <= stage["x"] + 1, box["y"] >= stage["y"] + stage["height"] - 1
        assert beside if width > 390 else below
        assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
        assert [text for text in page.evaluate(CLIPPED) if text.startswith(("H2", "BUTTON"))] == []
        expect(button(page, "Practice")).to_be_visible()
