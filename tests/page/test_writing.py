"""A lesson is written on the page, by keys alone and in both languages; it is saved, opened elsewhere and played."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from server.lessons.proof import complaints
from server.lessons.reader import BYTES, FIELDS, read
from server.lessons.source import source_of
from tests.helpers.axe import violations
from tests.helpers.browsing import FIRST, Pages, at, button, eventually, region, resized, words
from tests.helpers.layout import CLIPPED, OVERFLOW
from tests.helpers.words import foreign

pytestmark = pytest.mark.without_chart

# How many times Tab leads from the focus to an element, about; backwards where it is negative, 0 where it is there.
WAY = """element => {
  const takes = "a[href], button, input, select, textarea, summary, [tabindex]";
  const all = [...document.querySelectorAll(takes)].filter(
    (each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }),
  );
  const { activeElement: at } = document;
  if (at === element) return 0;
  const [from, to] = [at, element].map((each) => all.indexOf(each));
  return from < 0 ? to + 1 : to - from || 1;
}"""


LOCALES = {"en": "en-US", "zh": "zh-CN"}


class Writer:
    """A person who writes a lesson in a language, by keys alone where it is ``by_keys``."""

    def __init__(self, page: Page, language: str = "en", by_keys: bool = False) -> None:
        self.page, self.says, self.keys, self.by_keys = page, words(language), page.keyboard, by_keys

    def say(self, name: str, **blanks: object) -> str:
        return re.sub(r"\{(\w+)\}", lambda blank: str(blanks[blank[1]]), self.says[f"writing.{name}"])

    @property
    def room(self) -> Locator:
        return self.page.get_by_role("region", name=self.say("region"), exact=True)

    def reach(self, target: Locator) -> None:
        """Move the focus there by Tab; without ``by_keys``, at once."""
        expect(target).to_be_visible()
        if not self.by_keys:
            target.focus()
            return
        for _ in range(20):
            way = target.evaluate(WAY)
            if not way:
                return
            for _ in range(abs(way)):
                self.keys.press("Tab" if way > 0 else "Shift+Tab")
        raise AssertionError(f"no Tab leads to {target}")

    def button(self, name: str, **blanks: object) -> Locator:
        return self.room.get_by_role("button", name=self.say(name, **blanks), exact=True)

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.keys.press("Enter")

    def field(self, name: str, **blanks: object) -> Locator:
        return self.room.get_by_role("textbox", name=self.say(name, **blanks), exact=True)

    def type(self, name: str, text: str) -> None:
        self.reach(self.field(name))
        self.keys.press("End")
        self.keys.type(text)

    def open(self, section: str) -> None:
        """Open a section of the step."""
        summary = self.room.locator("summary").filter(has_text=self.say(section)).first
        if summary.locator("..").get_attribute("open") is None:
            self.press(summary)

    def choose(self, name: str, option: str) -> None:
        """Choose an option of a list by typing."""
        choice = self.room.get_by_role("combobox", name=self.say(name), exact=True).first
        self.reach(choice)
        values = choice.locator("option").all_inner_texts()
        place = values.index(option)
        while (now := choice.evaluate("each => each.selectedIndex")) != place:
            self.keys.press("ArrowDown" if now < place else "ArrowUp")

    def is_well(self) -> None:
        """Nothing is told to be wrong, once what is there has been read."""
        expect(self.room.locator(".refused:not(:empty)")).to_have_count(0)

    def is_told(self, field: Locator, text: str) -> None:
        """A fault is told with the field that it belongs to."""
        expect(field).to_have_attribute("aria-invalid", "true")
        ids = (field.get_attribute("aria-describedby") or "").split()
        expect(self.page.locator(f"#{ids[-1]}")).to_contain_text(text)

    def saved(self) -> tuple[str, str]:
        """The name and the text of the file that is saved."""
        with self.page.expect_download() as download:
            self.press(self.button("save"))
        path = download.value.path()
        return download.value.suggested_filename, Path(path).read_text(encoding="utf-8")


def choose_in_the_network(writer: Writer, tensor: str, index: list[int]) -> None:
    """Choose a cell in the network by the keys that explore it."""
    writer.reach(writer.page.locator("canvas.overlay"))
    for key in ["ArrowRight", "ArrowDown", "ArrowDown", "Enter"]:
        writer.keys.press(key)
    eventually(lambda: writer.page.evaluate("backscope.view.selected") is not None)


def file(name: str, text: str | bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="text/markdown", buffer=text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.long)])
def test_a_lesson_of_three_steps_is_written_saved_and_played_through_by_keys(pages: Pages, language: str):
    page = pages.first(alone=True, locale=LOCALES[language])
    writer = Writer(page, language, by_keys=language == "en")
    says, keys = writer.says, page.keyboard
    writer.press(page.get_by_role("button", name=says["lessons"], exact=True))
    lessons = page.get_by_role("region", name=says["lessons"], exact=True)
    writer.press(lessons.get_by_role("button", name=writer.say("new"), exact=True))
    expect(writer.field("title")).to_be_focused()
    expect(writer.room.locator(".writing-faults p")).to_have_count(0)  # nothing is missing before one has left a field
    writer.type("title", "误差 A" if language == "zh" else "An error")
    writer.type("says", "*One* weight.")
    writer.type("heading", "First")
    scene = writer.say("scene.holds.plain", what=says["preset.xor"], t=FIRST)
    expect(writer.room.locator("summary").filter(has_text=scene)).to_have_count(1)
    choose_in_the_network(writer, "W", [0])
    cell = writer.room.locator(".writing-chosen").inner_text().split()[-1].split("：")[-1]
    assert re.fullmatch(r"(W|b|a)\d\[[\d,]+\]", cell)
    writer.type("prose", "It is ")
    writer.press(writer.button("number.insert"))
    expect(writer.field("prose")).to_be_focused()
    keys.type(" at ")
    writer.press(writer.button("link.insert"))
    keys.type(".")
    text = writer.field("prose").input_value()
    assert re.fullmatch(r"It is \{\w+\[[\d,]+\]:\+\.2f\} at \[.+\]\(" + re.escape(cell) + r"\)\.", text)
    writer.open("light")
    writer.press(writer.button("light.add"))
    expect(writer.room.locator(".writing-chip")).to_contain_text(cell)
    writer.open("check")
    writer.press(writer.button("check.now"))
    expect(writer.room.get_by_text(writer.say("holds.true"))).to_be_visible()
    writer.open("until")
    writer.press(writer.button("until.own"))
    writer.reach(writer.field("until.expression", count=1))
    keys.press("ControlOrMeta+a")
    keys.type("t >= 1")
    keys.type("8")
    writer.press(writer.button("until.add"))
    writer.press(writer.button("until.remove", count=2))
    expect(writer.field("until.expression", count=1)).to_have_value("t >= 18")  # what has been typed stays
    writer.type("task", "Press *Step forward*.")
    writer.open("notes")
    writer.reach(writer.field("notes.text"))
    keys.type("*Ask:* what is 1 + 1?")
    keys.press("Enter")
    keys.type("Yes = no.")
    writer.press(writer.button("add"))
    expect(writer.field("heading")).to_be_focused()
    keys.type("Third")
    writer.press(writer.button("add"))
    keys.type("Second")
    writer.open("question")
    concept = says["concept.step_goes_against_the_gradient"]
    writer.choose("question.which", writer.say("question.kind", kind=says["prediction.arrow_sign"], concept=concept))
    writer.press(writer.button("question.another"))
    expect(writer.room.get_by_text(writer.say("question.seed", seed=1))).to_be_visible()
    expect(writer.room.locator(".writing-asks")).not_to_be_empty()
    writer.press(writer.button("up", step=3))
    titles = writer.room.locator(".writing-heading span")
    expect(titles).to_have_text(["First", "Second", "Third"])
    keys.press("Alt+ArrowDown")
    expect(titles).to_have_text(["First", "Third", "Second"])
    keys.press("Alt+ArrowUp")
    expect(titles).to_have_text(["First", "Second", "Third"])
    writer.press(writer.button("remove", step=3))
    expect(titles).to_have_text(["First", "Second"])
    expect(writer.button("undo")).to_be_focused()
    keys.press("Enter")
    expect(titles).to_have_text(["First", "Second", "Third"])
    writer.is_well()
    writer.press(writer.room.get_by_role("button", name=re.compile("^1 First")))
    writer.press(writer.button("preview"))
    read_in = page.get_by_role("region", name=says["lesson.region"], exact=True)
    expect(read_in.get_by_role("heading", name="First")).to_be_visible()
    expect(read_in.locator("[data-expression]")).not_to_have_text("—")
    writer.press(read_in.get_by_role("button", name=says["lesson.next"]))
    expect(read_in.get_by_role("heading", name="Second")).to_be_visible()
    writer.press(read_in.get_by_role("button", name=writer.say("back")))
    expect(writer.field("heading")).to_have_value("Second")
    expect(writer.room.get_by_role("button", name=re.compile("^2 Second"))).to_be_focused()

    name, saved = writer.saved()
    assert name == {"en": "an-error.md", "zh": "误差-a.zh.md"}[language]
    lesson = read(saved)
    assert list(complaints(lesson)) == []
    assert [step.title for step in lesson.steps] == ["First", "Second", "Third"]
    assert (lesson.steps[0].light != [], lesson.steps[0].until) == (True, [{"true": "t >= 18"}])
    assert 'notes = """\n*Ask:* what is 1 + 1?\nYes = no.\n"""\n' in saved
    assert len(lesson.steps[0].notes) == 1
    assert lesson.steps[1].predict == {"kind": "arrow_sign", "seed": 1}

    other = pages.first(alone=True, locale=LOCALES[language])
    other.locator("[data-control=file]").set_input_files(file(name, saved))
    article = other.get_by_role("region", name=says["lesson.region"], exact=True)
    expect(article.get_by_role("heading", name="First")).to_be_visible()
    at(other, FIRST)
    task = article.locator(".lesson-task")
    for _ in range(4):
        other.get_by_role("button", name=says["step_forward"], exact=True).click()
    expect(task).to_have_class(re.compile("met"))
    article.get_by_role("button", name=says["lesson.next"]).click()
    group = article.get_by_role("group", name=says["lesson.prediction"])
    group.locator("[aria-pressed]").first.click()
    group.get_by_role("button", name=says["lesson.reveal"]).click()
    expect(group.get_by_role("status")).to_be_visible()
    article.get_by_role("button", name=says["lesson.next"]).click()
    expect(article.get_by_role("heading", name="Third")).to_be_visible()
    expect(article.get_by_role("button", name=says["lesson.next"])).to_be_hidden()


BROKEN = """\
# Broken

What one will know.

```lesson
order = 12  # after the others
```

## One

```step
scene = '#preset=xor&t=14'
# why this is lit
light = ["W2[0,0]"]
shown_to = "the back row"
```

A number: {W9[0,0]}.

## Two

```step
until = [
```

Text.
"""


def begun(pages: Pages, text: str, language: str = "en") -> tuple[Page, Writer]:
    """A page on which a file has been opened and is edited."""
    page = pages.first(alone=True, locale=LOCALES[language])
    writer = Writer(page, language)
    page.locator("[data-control=file]").set_input_files(file("broken.md", text))
    button(page, writer.say("edit")).click()
    expect(writer.field("title")).to_be_visible()
    return page, writer


def test_faults_are_told_by_their_fields_and_what_is_not_edited_stays_as_it_was(pages: Pages):
    page, writer = begun(pages, BROKEN)
    writer.is_told(writer.field("prose"), "this run has no tensor W9")
    _, saved = writer.saved()
    assert saved == BROKEN  # a lesson with faults is saved, and what is not edited stays to the letter
    expect(page.get_by_text("Saved: broken.md. It still has", exact=False)).to_be_visible()
    writer.field("prose").fill("## Not a step\n<b>a</b>\n```step\nnot a block\n```\n\\{ $x$")
    expect(writer.field("prose")).to_have_attribute("aria-invalid", "false")
    writer.room.get_by_role("button", name=re.compile("Step 2:")).click()
    expect(writer.field("block")).to_be_focused()
    writer.is_told(writer.field("block"), "TOML")
    writer.field("block").fill("until = {drawn = true}")
    writer.field("heading").focus()
    expect(writer.field("block")).to_have_count(0)  # it can be read, and has its fields again
    _, saved = writer.saved()
    assert all(
        each in saved for each in ("# why this is lit\nlight", 'shown_to = "the back row"', "order = 12  # after")
    )
    one, two = source_of(saved)["steps"]
    assert one["body"] == "## Not a step\n<b>a</b>\n```step\nnot a block\n```\n\\{ $x$"
    assert two["block"]["fields"][0]["value"] == {"drawn": True}
    writer.room.get_by_role("button", name=re.compile("^1 One")).click()
    button(page, "Preview").click()
    shown = region(page, "Lesson")
    expect(shown.get_by_text("## Not a step <b>a</b> ```step not a block", exact=False)).to_be_visible()


def test_what_is_missing_is_told_once_its_field_has_been_left_or_it_is_saved(pages: Pages):
    page = pages.first()
    button(page, "Lessons").click()
    button(page, "Write a lesson").click()
    writer = Writer(page)
    title, heading = writer.field("title"), writer.field("heading")
    expect(title).to_be_focused()
    missing = writer.room.locator(".writing-faults p")
    with page.expect_response(re.compile("/lessons$")):
        writer.field("prose").fill("Text.")  # what has been typed has been read
    heading.focus()
    expect(missing).to_have_text([writer.say("faults.missing", noun="title")])
    writer.saved()
    expect(missing).to_have_count(2)
    title.fill("A")
    heading.fill("B")
    expect(missing).to_have_count(0)


def test_a_draft_survives_reloading_and_no_file_takes_its_place(pages: Pages):
    page, writer = begun(pages, BROKEN)
    writer.field("title").fill("Mine <i>")
    writer.room.get_by_role("button", name=re.compile("^2 Two")).click()
    page.wait_for_url(re.compile(r"draft-\w+\.2"))
    page.reload()
    expect(writer.field("title")).to_have_value("Mine <i>")
    expect(writer.field("heading")).to_have_value("Two")
    page.locator("[data-control=file]").set_input_files(file("broken.md", BROKEN))
    expect(region(page, "Lesson").get_by_role("heading", name="One")).to_be_visible()
    button(page, "Lessons").click()
    drafts = region(page, "Lessons")
    expect(drafts.get_by_role("button", name="Mine <i>")).to_be_visible()
    drafts.get_by_role("button", name="Edit: Broken").click()
    expect(writer.field("title")).to_have_value("Broken")
    writer.field("title").fill("Another")
    writer.open("more")
    writer.button("twin", language="中文").click()
    expect(writer.field("heading")).to_have_value("One")
    writer.field("title").fill("另一节")
    assert writer.saved()[0] == "broken.zh.md"
    button(page, "Lessons").click()
    for title in ("Mine <i>", "Another", "另一节"):
        expect(drafts.get_by_role("button", name=title, exact=True)).to_be_visible()
    drafts.get_by_role("button", name="Another", exact=True).click()
    writer.open("more")
    button(page, "Delete this draft").click()
    expect(drafts.get_by_role("button", name="Another", exact=True)).to_have_count(0)
    drafts.get_by_role("button", name="Undo").click()
    expect(writer.field("title")).to_have_value("Another")


FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


def test_what_the_browser_cannot_keep_and_what_is_too_large_is_told(pages: Pages):
    page = pages.blank(alone=True)
    page.add_init_script(FULL)
    page.goto(pages.address)
    at(page, FIRST)
    button(page, "Lessons").click()
    button(page, "Write a lesson").click()
    writer = Writer(page)
    writer.field("title").fill("Mine")
    expect(writer.room.get_by_text("This browser cannot keep it", exact=False)).to_be_visible()
    button(page, "Close").click()
    button(page, "Mine").click()  # it lasts as long as the page
    writer.field("prose").fill("x " * (BYTES // 2))
    writer.is_told(writer.field("title"), "at most 64 kB")
    button(page, "Save").click()
    expect(page.get_by_text("A lesson has at most 64 kB", exact=False)).to_be_visible()
    writer.field("prose").fill("x")
    expect(writer.field("title")).to_have_attribute("aria-invalid", "false")
    writer.field("prose").fill("y " * BYTES)
    expect(page.get_by_text("This text is too long for a lesson", exact=False)).to_be_visible()
    expect(writer.field("prose")).to_have_value("x")
    page.locator("[data-control=file]").set_input_files(file("huge.md", b"# " + b"x" * 1_000_000))
    expect(page.get_by_text("at most 64 kB", exact=False).first).to_be_visible()


CHINESE = """\
# 误差项

一个权重。

## 第一步

```step
scene = '#preset=xor&t=14&view={"selected":{"kind":"parameter","tensor":"W2","index":[0,0]}}'
light = ["W2[0,0]"]
controls = ["play"]
until = ["t >= 18", {drawn = true}, {selected = "W2[0,0]"}]
check = ["W2[0,0] < 0"]
predict = {kind = "arrow_sign"}
shown = 1
```

它是 {W2[0,0]:.2f}。

## 第二步

{W9[0,0]}
"""
TYPED = {
    "light",
    "python",
    "server",
    "lessons",
    "md",
    "zh",
    "broken",
    "learning",
    "rate",
    "parameters",
    "shown",
    *FIELDS,
}


def test_the_form_in_chinese_lies_beside_the_network_or_below_it_and_nothing_is_cut_off(pages: Pages):
    page, writer = begun(pages, CHINESE, "zh")
    for section in ("light", "until", "question", "controls", "check", "others", "more"):
        writer.open(section)
    expect(writer.room.locator(".writing-all li")).to_have_count(2)
    page.evaluate("() => { window.painted = new Set(); }")
    assert {each for each in foreign(page) if each.split(":")[0] not in TYPED} == set()
    assert violations(page, ".writing") == []
    for width, height in [(1440, 900), (1024, 768), (390, 844)]:
        resized(page, width, height)
        page.evaluate("scrollTo(0, 0)")
        box, stage = writer.room.bounding_box(), page.locator(".stage").bounding_box()
        assert box and stage
        beside, below = box["x"] + box["width"] <= stage["x"] + 1, box["y"] >= stage["y"] + stage["height"] - 1
        assert below if width < 861 else beside
        assert page.evaluate(OVERFLOW) == {"page": 0, "wide": []}
        clipped = page.evaluate(CLIPPED)
        assert [text for text in clipped if text.startswith(("H2", "H3", "BUTTON", "LABEL", "P "))] == []
