"""The text form of a lesson, as the page writes it and the server reads it: what is written reads back as the same."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.lessons.reader import CONTROLS, read
from server.lessons.shelf import SHIPPED
from server.lessons.source import source_of
from tests.helpers.node import answers, call

Plain = dict[str, Any]
FILES = sorted(SHIPPED.glob("*/*.md"))
TEXTS = [path.read_text(encoding="utf-8") for path in FILES]

WRITE = """
import { lessonOf } from "./writing/lesson.js";
import { textOf } from "./writing/text.js";
const untouched = (part) => ({ ...part, raw: null });
const answer = ([source, anew]) => {
  const lesson = lessonOf(source);
  return textOf(anew ? { ...untouched(lesson), steps: lesson.steps.map(untouched) } : lesson);
};
"""


def written(sources: list[Plain], anew: bool) -> list[str]:
    """The files that the page writes of what has been read; ``anew``, as if all of it had been edited."""
    return answers(WRITE, [[source, anew] for source in sources])


def test_a_file_that_is_not_edited_stays_as_it_is_to_the_letter():
    strange = [
        "",
        "# A\n\n## B",
        "# A\r\n\r\n## B\r\n",
        "no title\n## x\n```python\na\n```\n",
        "# A\n\n## B\n\ntext first\n\n```step\n# why\nlight = [ 'W1' ]   # x\n\n[predict]\nkind = 'x'\n```\nand after",
        "# A\n## B\n```step\nlight = [\n```\n## C\n",
    ]
    texts = [*TEXTS, *strange]
    assert len(texts) > 30
    for text, again in zip(texts, written([source_of(each) for each in texts], anew=False), strict=True):
        assert again == text.replace("\r\n", "\n")


def test_a_shipped_lesson_whose_every_part_is_edited_reads_the_same():
    sources = [source_of(text) for text in TEXTS]
    again = written(sources, anew=True)
    for path, text, source, found in zip(FILES, TEXTS, sources, again, strict=True):
        now = source_of(found)
        assert all(now[name] == source[name] for name in ("title", "says", "block"))
        for step, before in zip(now["steps"], source["steps"], strict=True):
            assert all(step[name] == before[name] for name in ("title", "body", "block"))
        if path.stem == "en" and path.parent.name in ("tour", "checking"):  # the same to a reader
            assert read(found).to_dict() == read(text).to_dict()


def test_a_block_that_does_not_end_takes_no_other_step_when_it_is_moved():
    first, second = source_of("# A\n\n## B\n\nb\n\n## C\n\n```step\nlight = [\n")["steps"]
    assert second["raw"] is None
    source = {"title": "A", "says": "", "block": {"fields": [], "rest": ""}, "raw": None, "steps": [second, first]}
    (text,) = written([source], anew=False)
    assert [step["title"] for step in source_of(text)["steps"]] == ["C", "B"]


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (["light = ['W1']"], [("light", ["W1"])]),
        (
            ["# why", "", "scene = '#a'", "until = [", '  "t > 3", # so', "]", "# end"],
            [("scene", "#a"), ("until", ["t > 3"])],
        ),
        (["when = 1979-05-27", "much = inf"], [("when", None), ("much", None)]),
        (["task = '''", "a = 1", "'''"], [("task", "a = 1\n")]),
        (
            ['notes = """', "", *["Ask = 1"] * 40, '"""', "light = []"],
            [("notes", "\n" + "Ask = 1\n" * 40), ("light", [])],
        ),
    ],
)
def test_the_fields_of_a_block_are_told_apart_with_all_of_its_lines(block, found):
    text = "\n".join(block)
    (step,) = source_of(f"# A\n## B\n```step\n{text}\n```\n")["steps"]
    fields, rest = step["block"]["fields"], step["block"]["rest"]
    assert [(each["name"], each["value"]) for each in fields] == found
    assert "\n".join([*(each["text"] for each in fields), *([rest] if rest else [])]) == text


@pytest.mark.parametrize("block", ["light = [", "predict.kind = 'a'\npredict.seed = 1", "[predict]\nkind = 'a'", "\0"])
def test_a_block_that_cannot_be_told_apart_is_a_text(block):
    (step,) = source_of(f"# A\n## B\n```step\n{block}\n```\n")["steps"]
    assert step["block"] == {"text": block}


@pytest.mark.parametrize(("line", "ends", "kept"), [("x" * 20, ("'''", "'''"), "fields"), ("'x'," * 5, "[]", "text")])
def test_a_long_block_is_told_apart_in_time(line, ends, kept):
    lines = "\n".join(line for _ in range(2500))
    (step,) = source_of(f"# A\n## B\n```step\ntask = {ends[0]}\n{lines}\n{ends[1]}\n```\n")["steps"]
    assert kept in step["block"]


# What people may type: all marks that mean something in a lesson, at the beginnings of lines too, and any letters.
MARKS = st.sampled_from(
    [
        "## ",
        "##",
        "# ",
        "```",
        "```step",
        "\\",
        "\n",
        "\n\n",
        " ",
        "*",
        "{loss}",
        "{",
        "}",
        "$",
        "[a](W1)",
        "- ",
        "<b>",
        "'",
        '"',
    ]
)
TYPED = st.lists(MARKS | st.text(max_size=6), max_size=9).map("".join)
VALUES = {
    "scene": st.text(max_size=12),
    "light": st.lists(st.text(max_size=6), max_size=3),
    "controls": st.lists(st.sampled_from(CONTROLS), max_size=3),
    "until": st.text(max_size=9) | st.fixed_dictionaries({"selected": st.text(max_size=6)}) | st.just({"drawn": True}),
    "task": TYPED,
    "notes": TYPED,
    "check": st.lists(TYPED, max_size=2),
    "predict": st.fixed_dictionaries({"kind": st.text(max_size=9)}, optional={"seed": st.integers(0, 10**6)}),
}
LESSONS = st.fixed_dictionaries(
    {
        "title": TYPED,
        "says": TYPED,
        "steps": st.lists(
            st.fixed_dictionaries(
                {"title": TYPED, "body": TYPED, "values": st.fixed_dictionaries({}, optional=VALUES)}
            ),
            max_size=4,
        ),
    }
)
TYPE = """
import { emptyLesson, emptyStep, withValue } from "./writing/lesson.js";
import { textOf } from "./writing/text.js";
const answer = ({ title, says, steps }) => {
  const made = steps.map((step, i) => {
    const { title, body } = step;
    const begun = { ...emptyStep(i + 1, { scene: "#other" }), title, body };
    return Object.entries({ scene: undefined, ...step.values }).reduce(
      (each, [name, value]) => withValue(each, name, value ?? undefined),
      begun,
    );
  });
  return textOf({ ...emptyLesson(""), title, says, steps: made });
};
"""


def one_line(text: str) -> str:
    """A text as the page takes it for a title."""
    return "".join(" " if ord(each) < 32 or 127 <= ord(each) < 160 or each in "\u2028\u2029" else each for each in text)


def squeezed(text: str) -> str:
    return " ".join(one_line(text).split())


def several_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


@settings(max_examples=20)
@given(st.lists(LESSONS, max_size=3))
def test_whatever_is_typed_reads_back_as_the_same(lessons):
    for lesson, text in zip(lessons, answers(TYPE, lessons), strict=True):
        found = source_of(text)
        assert squeezed(found["title"]) == squeezed(lesson["title"])
        assert found["says"] == several_lines(lesson["says"])
        assert len(found["steps"]) == len(lesson["steps"])
        for step, typed in zip(found["steps"], lesson["steps"], strict=True):
            assert squeezed(step["title"]) == squeezed(typed["title"])
            assert step["body"] == several_lines(typed["body"])
            assert {each["name"]: each["value"] for each in step["block"]["fields"]} == typed["values"]


PLAIN = st.recursive(
    st.text(max_size=12) | st.integers(-(2**53), 2**53) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=15)
@given(st.lists(PLAIN, max_size=20))
def test_toml_reads_back_as_the_value(values):
    for value, text in zip(values, call("writing/toml.js", "field", [["name", each] for each in values]), strict=True):
        assert tomllib.loads(text) == {"name": value}


def test_what_a_fault_belongs_to_is_told_by_its_line():
    text = (
        "# A\n\nsays\n\n```lesson\norder = -1\n```\n\n## B\n\n```step\nlight = [\n  'W1',\n]\ntusk = 1\n"
        "notes = '''\na = {who}\n'''\n```\n\n{los}\n"
    )
    places = call("writing/text.js", "placeOf", [[text, line] for line in range(1, 22)])
    head, block = (
        [(0, "title"), (0, "block"), (0, "order")],
        [(1, "block"), *[(1, "light")] * 3, (1, "tusk"), *[(1, "notes")] * 3],
    )
    found = [(each["step"], each["field"]) for each in places]
    assert [each for each in found if each[1] != "body"] == [*head, (1, "title"), *block]
    assert (found[2], found[20]) == ((0, "body"), (1, "body"))
    faults = [fault.to_dict() for fault in read(text).faults]
    told = call("writing/text.js", "placeOfFault", [[text, fault] for fault in faults])
    assert [(each["step"], each["field"]) for each in told] == [
        (0, "order"),
        (1, "tusk"),
        (1, "scene"),
        (1, "notes"),
        (1, "body"),
    ]


def test_files_have_names_in_each_language():
    names = [["The error's arrow!"], ["误差从哪里来"], ["  --  "], ["A" * 90]]
    assert call("writing/text.js", "nameOf", names) == ["the-error-s-arrow", "误差从哪里来", "", "a" * 60]
    languages = ["en", "zh"]
    files = ["mine.md", "mine.zh.md", "v1.2.md", "mine.MD", "mine"]
    assert call("writing/text.js", "namedIn", [[file, languages] for file in files]) == [
        {"name": "mine", "language": "en"},
        {"name": "mine", "language": "zh"},
        {"name": "v1.2", "language": "en"},
        {"name": "mine", "language": "en"},
        {"name": "mine", "language": "en"},
    ]
    lessons = [[{"name": "mine", "language": each}, languages] for each in languages]
    assert call("writing/text.js", "fileOf", lessons) == ["mine.md", "mine.zh.md"]
