"""Lessons by keys alone, in both languages: every step is reached, its numbers and lights are the engine's, and its
conditions are met by what its text names; leaving, coming back, links, files, phones.
"""

import re
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from server.lessons.shelf import SHIPPED, Shelf
from tests.helpers.browsing import FIRST, Pages, at, button, eventually, now, region, resized, words
from tests.helpers.by_keys import press
from tests.helpers.layout import CLIPPED, OVERFLOW
from tests.helpers.lessons import Reader, comes, has_true_numbers, told
from tests.helpers.serving import serving

pytestmark = pytest.mark.without_chart


NAMES = sorted({path.parent.name for path in SHIPPED.glob("*/*.md")})
OFTEN = {("tour", "en"), ("activations", "zh")}  # which between them have each kind of condition, and what tasks name
EVERY = [
    pytest.param(*each, marks=() if each in OFTEN else [pytest.mark.long, pytest.mark.timeout(600)], id="-".join(each))
    for each in product(NAMES, ["en", "zh"])
]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_lesson_is_read_by_keys_alone_and_all_of_it_is_true(pages: Pages, name: str, language: str):
    page = pages.blank()
    page.goto(f'{pages.address}?lang={language}#view={{"lesson":"{name}.1"}}')
    says, lesson = words(language), Shelf().lesson(name, language)
    assert lesson
    numbers, steps, reader = 0, lesson["steps"], Reader(page, language)
    for count, step in enumerate(steps, 1):
        comes(page, count)
        numbers += reader.reads(step)
        if count < len(steps):
            reader.turns()
    assert numbers > 4
    asked = sum(step["predict"] is not None for step in steps)
    score = page.get_by_role("status", name=says["lesson.score"])
    blanks = {"{right}": str(reader.right), "{asked}": str(asked)}
    expect(score).to_contain_text(re.sub(r"\{\w+\}", lambda blank: blanks[blank[0]], says["lesson.score.says"]))
    if reader.right < asked:  # there is something to look at again
        press(page, score.get_by_role("button").first)
        page.wait_for_function("steps => backscope.lesson.step < steps", arg=len(steps))


def test_a_lesson_is_left_to_play_and_restored(pages: Pages):
    page = pages.first(alone=True)
    page.get_by_role("button", name="Lessons", exact=True).click()
    page.get_by_role("link", name="The five-minute tour").click()
    comes(page, 1)
    next_step = button(page, "Next step")
    expect(page.get_by_text("You can go on without.")).to_be_visible()  # it is never locked
    next_step.click()
    comes(page, 2)
    asked, scene = told(page)["question"]["scene"], page.evaluate("backscope.scene")
    assert (asked["t"], asked["experiment"]) == (scene["t"], scene["experiment"])
    button(page, "Leave the lesson").click()
    assert page.evaluate("backscope.lesson") is None
    expect(region(page, "Lesson")).to_be_hidden()
    button(page, "Step forward").click()
    page.wait_for_function("t => backscope.t > t", arg=scene["t"])
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.get_by_text("step 2 of 9")).to_be_visible()
    page.get_by_role("link", name="The five-minute tour").click()
    comes(page, 2)
    page.wait_for_function("t => backscope.t === t", arg=scene["t"])
    button(page, "Restart").click()
    at(page, 0)
    button(page, "Show the scene of this step again").click()
    at(page, scene["t"])
    page.wait_for_url(re.compile(rf"[#&]t={scene['t']}&"))
    page.go_back()
    eventually(lambda: now(page) == 0)


def test_a_link_leads_to_a_step(pages: Pages):
    page = pages.blank()
    page.goto(f'{pages.address}#preset=xor&t=14&view={{"lesson":"tour.4"}}')
    comes(page, 4)
    at(page, 14)
    expect(page.get_by_role("heading", name="Which arrow is the longest?")).to_be_visible()
    eventually(lambda: "tour.4" in page.url)
    page.goto(f'{pages.address}#preset=xor&t=13&view={{"lesson":"gone.1"}}')
    expect(page.get_by_text("There is no such lesson here.", exact=False)).to_be_visible()
    expect(page.get_by_role("link", name="The five-minute tour")).to_be_visible()


APART = """\
# Apart

Two networks.

## Three layers

```step
scene = "#preset=digits_13002&t=30"
light = ["W3[0,0]", "a2[0,0]"]
```

Three.

## Two layers

```step
scene = "#preset=worked_example&t=6"
light = ["a2[0,0]"]
```

Two.
"""


def test_lights_of_a_step_end_with_its_network_when_the_next_has_fewer_layers(pages: Pages):
    page = pages.first(alone=True)
    file = FilePayload(name="apart.md", mimeType="text/markdown", buffer=APART.encode())
    page.locator("[data-control=file]").set_input_files(file)
    comes(page, 1)
    page.wait_for_function("backscope.experiment.layers.length === 3")
    button(page, "Next step").click()
    comes(page, 2)
    page.wait_for_function("backscope.experiment.layers.length === 2")
    expect(page.locator("canvas.overlay")).not_to_have_class(re.compile("empty"))


@pytest.mark.parametrize(("width", "height"), [(390, 844), (844, 390), (1024, 768), (1440, 900)])
def test_the_lesson_lies_beside_the_stage_or_below_it_and_never_over_it(pages: Pages, width: int, height: int):
    page = pages.blank()
    page.goto(f'{pages.address}#preset=xor&t=14&view={{"lesson":"tour.4"}}')
    lesson = comes(page, 4)
    resized(page, width, height)
    page.evaluate("scrollTo(0, 0)")
    box, stage = lesson.bounding_box(), page.locator(".stage").bounding_box()
    assert box and stage
    beside, below = box["x"] + box["width"] <= stage["x"] + 1, box["y"] >= stage["y"] + stage["height"] - 1
    assert beside if width > height else below  # also on a phone that is held sideways
    assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
    assert [text for text in page.evaluate(CLIPPED) if text.startswith(("H2", "BUTTON"))] == []
    page.keyboard.press("p")  # the projector keeps it
    expect(lesson).to_be_visible()
    page.keyboard.press("p")


def test_on_a_phone_what_a_step_is_about_is_drawn_and_no_card_that_it_brings_covers_its_prose(pages: Pages):
    page = pages.blank(viewport={"width": 390, "height": 844})
    page.goto(f'{pages.address}#view={{"lesson":"wishes.3"}}')
    comes(page, 3)
    outputs = "[...new Set(backscope.marks().filter(({ tensor }) => tensor === 'a3').map(({ index }) => index[1]))]"
    eventually(lambda: 2 in page.evaluate(outputs) and len(page.evaluate(outputs)) < 10)
    page.goto(f'{pages.address}#view={{"lesson":"arrows.1"}}')
    comes(page, 1)
    page.wait_for_function("backscope.scene.view.selected?.tensor === 'W2'")
    sheet = page.locator(".sheet")
    expect(sheet).to_be_hidden()
    page.locator(".lesson-task .lights").click()
    expect(sheet).to_be_visible()


BROKEN = """\
# Broken

It has <i>HTML</i>.

## One

```step
scene = "#preset=xor&t=14"
controls = ["step_forward"]
until = "t >= 18"
task = "Press *Step forward*."
```

One number is {W9[0,0]}, another {W2[0,0]:.2f}.
"""


def test_a_folder_of_lessons_tells_what_is_wrong_and_a_file_opens(pages: Pages, tmp_path: Path):
    (tmp_path / "mine.md").write_text(BROKEN, encoding="utf-8")
    with serving(0, "--lessons", str(tmp_path)) as running:
        page = pages.blank(alone=True)
        page.goto(running.address)
        at(page, FIRST)
        button(page, "Lessons").click()
        fault = page.get_by_text("mine.md, line 14:", exact=False)
        expect(fault).to_contain_text("this run has no tensor W9")
        expect(page.get_by_text("It has <i>HTML</i>.")).to_be_visible()
        page.get_by_role("link", name="The five-minute tour").wait_for()
        page.get_by_role("link", name="Broken").click()
        lesson = comes(page, 1)
        expect(lesson).to_contain_text("One number is {W9[0,0]}, another")
        assert has_true_numbers(page) == 1
        expect(page.get_by_label("Play", exact=True)).to_have_class(re.compile("resting"))
        expect(button(page, "Step forward")).to_have_class(re.compile("matters"))
        task = page.locator(".lesson-task")
        expect(task).not_to_have_class(re.compile("met"))
        button(page, "Step forward").click(click_count=2)
        expect(task).to_have_class(re.compile("met"))
        assert has_true_numbers(page) == 1
        (tmp_path / "mine.md").write_text(BROKEN.replace("{W9[0,0]}", "{loss}"), encoding="utf-8")
        button(page, "Lessons").click()
        expect(page.get_by_role("link", name="Broken")).to_be_visible()
        expect(fault).to_have_count(0)
        page.locator("[data-control=file]").set_input_files(
            FilePayload(
                name="dropped.md", mimeType="text/markdown", buffer=BROKEN.replace("Broken", "Dropped").encode()
            )
        )
        comes(page, 1)
        assert told(page)["name"] == "dropped"
        assert told(page)["question"] is None
        page.goto("about:blank")  # before its server is gone
