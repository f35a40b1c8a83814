"""The reader of lessons: what is right is read, what is wrong is told by its line, and the shipped lessons are true."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.predictions.kinds import KINDS
from server.lessons.__main__ import main
from server.lessons.proof import complaints
from server.lessons.reader import BYTES, CONTROLS, STEPS, Lesson, Step, read
from server.lessons.shelf import SHIPPED, Shelf, read_bytes
from server.lessons.source import source_of
from tests.helpers.browsing import words
from tests.helpers.lessons import names_in
from tests.helpers.serving import ROOT, serving

FILES = sorted(SHIPPED.glob("*/*.md"))
LESSON = """\
# One weight

What *one* weight does.

```lesson
order = 7
```

## The first step

```step
scene = '#preset=xor&t=14&view={"grain":"layer"}'
light = ["W2[0,2]", "a1[1,:]", "W1"]
controls = ["step_forward", "play"]
until = ["t >= 18", {selected = "W2[0,2]"}, {played = true}]
task = "Press *Step forward*: {t:d}."
notes = '''
Ask *two* questions, at {t:d}.

- in 5 minutes
'''
check = ["abs(delta2[0,0]) > 0"]
```

The output is off by {delta2[0,0]:+.2f}; look at [W2, this one](W2[0,2] b2[0]).
So $\\delta^{[2]}$ and \\*stars\\* and <b>HTML</b>.
\\## No step, \\```no block.

- one *point*
- another {loss}

## The second step

It goes on: {parameters():d}.
"""


def told(text: str) -> list[tuple[int, str]]:
    """The faults of a lesson: their lines, and their forms."""
    return [(fault.line, str(fault.refusal.details["form"])) for fault in read(text).faults]


def changed(old: str, new: str) -> str:
    assert old in LESSON
    return LESSON.replace(old, new)


def plain(lesson: Lesson) -> dict[str, Any]:
    return lesson.to_dict()


def test_a_lesson_is_read_as_it_is_written():
    found = plain(read(LESSON))
    first, second = found["steps"]
    assert (found["title"], found["faults"], read(LESSON).order) == ("One weight", [], 7)
    assert found["says"] == [{"text": "What "}, {"emphasis": [{"text": "one"}]}, {"text": " weight does."}]
    assert first["scene"] == '#preset=xor&t=14&view={"grain":"layer"}'
    assert first["light"][1:] == [{"tensor": "a1", "index": [1, None]}, {"tensor": "W1"}]
    assert first["controls"] == ["step_forward", "play"]
    selected = {"selected": {"tensor": "W2", "index": [0, 2]}}
    assert first["until"] == [{"true": "t >= 18"}, selected, {"played": True}]
    assert first["task"][-2:] == [{"value": "t", "format": "d"}, {"text": "."}]
    assert [*first["notes"][0]["paragraph"][1:2], first["notes"][1]] == [
        {"emphasis": [{"text": "two"}]},
        {"list": [[{"text": "in 5 minutes"}]]},  # where numbers may be typed
    ]
    assert second["notes"] == []
    words, points = first["body"]
    assert words["paragraph"][1] == {"value": "delta2[0,0]", "format": "+.2f"}
    lit = [{"tensor": "W2", "index": [0, 2]}, {"tensor": "b2", "index": [0]}]
    assert words["paragraph"][3] == {"lights": lit, "words": [{"text": "W2, this one"}]}
    assert words["paragraph"][5] == {
        "math": ["mrow", ["msup", ["mi", "δ"], ["mrow", ["mo", "["], ["mn", "2"], ["mo", "]"]]]]
    }
    said = " and *stars* and <b>HTML</b>. ## No step, ```no block."
    assert words["paragraph"][-1] == {"text": said}
    assert len(points["list"]) == 2
    assert (second["scene"], second["until"], second["task"]) == (None, [], None)
    assert list(complaints(read(LESSON))) == []


@pytest.mark.parametrize(
    ("old", "new", "form"),
    [
        ("{loss}", "{los}", "expression"),
        ("{loss}", "{W9[0,0]}", "expression_tensor"),
        ("{loss}", "{W2[0,9]}", "expression_index"),
        ("{loss}", "{W2}", "expression_single"),
        ("{loss}", "{loss < 1}", "a_number"),
        ("b2[0])", "b2[5])", "expression_index"),
        ("b2[0])", "loss)", "expression_tensor"),
        ("b2[0])", "here)", "cells"),
        ("$\\delta^{[2]}$", "$x^$", "latex"),
        ("$\\delta^{[2]}$", "$\\text{<b>x</b>}$", "latex"),
        ("preset=xor", "preset=xnor", "one_of"),
        ("t=14", "t=-1", "range"),
        ("scene = '#preset", "scene = 'preset", "scene_link"),
        ('"t >= 18"', '"t"', "comparison"),
        ("{played = true}", "{danced = true}", "one_of"),
        ("{played = true}", "{played = true, drawn = true}", "one_condition"),
        ('"play"]', '"fly"]', "one_of"),
        ("task = ", "tusk = ", "one_of"),
        ("Ask *two*", "Ask {who} *two*", "expression"),
        ('check = ["abs', 'notes.who = 1\ncheck = ["abs', "toml"),
        ("controls = [", "controls = ", "toml"),
        ("order = 7", "order = -7", "range"),
        ("order = 7", "order == 7", "toml"),
        ("```lesson", "```python", "block"),
        ("check = [", 'predict = {kind = "who"}\ncheck = [', "one_of"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(old, new, form):
    """The line of a fault has what is wrong; a list or a paragraph of several lines is told by its first one."""
    text = changed(old, new)
    ((line, found),) = told(text)
    assert found == form
    here = text.splitlines()[line - 1 : line + 1 if old.startswith("$") else line]
    assert new.splitlines()[0] in "\n".join(here)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (changed("# One weight", "One weight"), [(1, "title")]),
        ("# A\n\n## B\n", [(3, "first_scene")]),
        (LESSON + "##\n", [(LESSON.count("\n") + 1, "heading")]),
        (changed("# One weight", "# "), [(1, "title")]),
        ("", [(1, "title"), (1, "step_heading")]),
        ("x" * (BYTES + 1), [(1, "kilobytes")]),
        (LESSON + "## More\n" * (STEPS - 1), [(LESSON.count("\n") + STEPS - 1, "steps")]),
    ],
)
def test_what_is_missing_or_too_much_is_told(text, faults):
    assert told(text) == faults


def test_only_the_end_of_a_line_ends_it():
    assert [part["paragraph"] for part in read("# A\r\n## B\r\na\u2028## b\x0c").steps[0].body] == [
        [{"text": "a\u2028## b"}]
    ]


def test_where_something_is_wrong_the_rest_is_there():
    found = plain(read(changed("{loss}", "{los}")))
    assert [step["title"] for step in found["steps"]] == ["The first step", "The second step"]
    assert found["steps"][0]["body"][1]["list"][1] == [{"text": "another {los}"}]
    assert found["steps"][0]["until"]


PIECES = st.sampled_from(
    [*re.findall(r"\s+|[\w.]+|[^\w\s]", LESSON), "\n## ", "\n```step\n", "```\n", "{", "}", "$", "[", "]("]
)


@settings(max_examples=60)
@given(st.lists(PIECES, max_size=120).map("".join) | st.text(max_size=300), st.integers(0, len(LESSON)))
def test_whatever_is_written_is_read_and_its_faults_have_lines(text, place):
    for each in (text, LESSON[:place] + text[:40] + LESSON[place:]):
        found = read(each)
        lines = len(each.splitlines())
        assert all(1 <= fault.line <= max(1, lines) for fault in found.faults)
        assert len(found.steps) <= STEPS
        assert isinstance(plain(found), dict)


def test_bytes_that_are_no_text_are_told_by_their_line():
    assert [fault.to_dict()["line"] for fault in read_bytes(b"# A\n\n\xff").faults] == [3]
    assert read_bytes(b"\xff" * (BYTES + 2)).faults[0].refusal.details["form"] == "kilobytes"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_shipped_lesson_is_true_by_the_engine(path):
    assert list(complaints(read_bytes(path.read_bytes()))) == []


def test_the_lesson_of_the_documentation_is_true():
    text = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    (lesson,) = re.findall(r"^````markdown\n(.*?)^````", text, re.DOTALL | re.MULTILINE)
    assert list(complaints(read(lesson))) == []
    assert all(f"`{name}`" in text for name in CONTROLS)


def test_a_shipped_lesson_is_the_same_in_all_languages():
    def shape(path: Path) -> list[Any]:
        lesson = read_bytes(path.read_bytes())
        return [
            (step.scene and step.scene.link, step.light, step.controls, step.until, step.predict, texts(step))
            for step in lesson.steps
        ]

    def texts(step: Step) -> set[str]:
        return {expression.text for _, expression in (*step.expressions, *step.check)}

    folders = {path.parent for path in FILES}
    assert folders
    for folder in folders:
        one, *others = sorted(folder.glob("*.md"))
        assert others, folder
        assert all(shape(one) == shape(other) for other in others), folder


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_tasks_name_is_on_the_page_and_no_control_that_they_name_rests(path):
    says = words(path.stem)
    names = {text.casefold() for text in says.values()}
    controls = [(name, says[f"writing.control.{name}"]) for name in CONTROLS]
    controls += [("inspector", text) for name, text in says.items() if re.fullmatch(r"view\.\w+", name)]
    for step in read_bytes(path.read_bytes()).steps:
        for name in map(str.casefold, names_in(step.task)):
            assert name in names, (step.title, name)
            named = {control for control, text in controls if text.casefold() == name}
            assert not named or step.controls is None or named & {*step.controls}, (step.title, name)


def test_a_lesson_that_is_not_true_is_found_out(tmp_path: Path, capsys):
    false = changed('> 0"]', '< 0"]').replace("It goes on", "It goes on 3 times").replace("{loss}", "{at(2, dW1[0,0])}")
    (tmp_path / "false.md").write_text(false, encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "does not hold at t = 14: abs(delta2[0,0]) < 0" in said
    assert "a number that is no reference" in said
    assert "is not computed yet at t = 14: at(2, dW1[0,0])" in said
    assert main([str(FILES[0])]) == 0


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Path:
    """A folder of lessons: one that is right, one with a fault, one that is no text, one in two languages."""
    folder = tmp_path_factory.mktemp("lessons")
    (folder / "mine.md").write_text(LESSON, encoding="utf-8")
    (folder / "broken.md").write_text(changed("{loss}", "{los}"), encoding="utf-8")
    (folder / "bytes.md").write_bytes(b"\xff\xfe")
    (folder / "both").mkdir()
    (folder / "both" / "zh.md").write_text(LESSON.replace("One weight", "一个权重"), encoding="utf-8")
    (folder / "twin.md").write_text(LESSON, encoding="utf-8")
    (folder / "twin.zh.md").write_text(LESSON.replace("One weight", "一个权重"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(own: Path) -> Iterator[httpx.Client]:
    with serving(0, "--lessons", str(own)) as running, httpx.Client(base_url=running.address) as client:
        yield client


def test_the_list_has_the_lessons_of_a_folder_and_what_is_wrong_in_them(server, own: Path):
    found = {each["name"]: each for each in server.get("lessons.json").json()["lessons"]}
    assert {"tour", "mine", "broken", "bytes", "both"} <= found.keys()
    assert found["mine"]["faults"] == [] and found["mine"]["steps"] == 2
    (fault,) = found["broken"]["faults"]
    line = (own / "broken.md").read_text(encoding="utf-8").splitlines()[fault["line"] - 1]
    assert (found["broken"]["file"], "{los}" in line, fault["details"]["form"]) == ("broken.md", True, "expression")
    assert found["bytes"]["faults"][0]["details"]["form"] == "utf8"
    assert (found["both"]["title"], found["both"]["language"]) == ("一个权重", "zh")
    assert (found["twin"]["title"], found["twin"]["file"], "twin.zh" in found) == ("One weight", "twin.md", False)
    twin = server.get("lessons/twin.json", params={"lang": "zh"}).json()
    assert (twin["title"], twin["language"]) == ("一个权重", "zh")
    assert next(iter(found)) == "tour"


def test_a_file_is_read_again_as_it_changes(server, own: Path):
    path = own / "mine.md"
    assert server.get("lessons/mine.json").json()["title"] == "One weight"
    path.write_text(changed("One weight", "Another weight"), encoding="utf-8")
    assert server.get("lessons/mine.json").json()["title"] == "Another weight"
    path.write_text(LESSON, encoding="utf-8")


def test_lessons_come_in_the_language_that_is_asked_for_and_no_other_file_does(server):
    assert server.get("lessons/tour.json", params={"lang": "zh"}).json()["title"] == "五分钟导览"
    assert server.get("lessons/tour.json", params={"lang": "xx"}).json()["language"] == "en"
    for name in ("nothing", "..%2Freader", "%2e%2e", "reader.py"):
        answer = server.get(f"lessons/{name}.json")
        assert answer.status_code == 404 or answer.json() is None


def test_a_file_that_is_opened_is_read_and_one_that_is_too_large_is_refused(server):
    found = server.post("lessons", content=changed("{loss}", "{los}").encode()).json()
    assert (found["title"], len(found["faults"]), len(found["steps"])) == ("One weight", 1, 2)
    refused = server.post("lessons", content=b"x" * (BYTES + 1))
    assert (refused.status_code, refused.json()["details"]["form"]) == (413, "kilobytes")


def test_what_is_read_of_a_file_has_its_source_and_what_there_is_to_write_with(server):
    found = server.post("lessons", content=LESSON.encode()).json()
    assert found["source"] == source_of(LESSON)
    assert [each["words"] for each in found["counts"]] == [step.words for step in read(LESSON).steps]
    assert server.post("lessons", content=b"# A\xff").json()["source"] is None
    mine, tour = (server.get(f"lessons/{name}/source.json").json() for name in ("mine", "tour"))
    assert (mine["title"], mine["own"], tour["own"], tour["language"]) == ("One weight", True, False, "en")
    assert [server.get(f"lessons/{name}/source.json").json() for name in ("bytes", "nothing")] == [None, None]
    offered = server.get("writing.json").json()
    assert offered["kinds"].keys() == KINDS.keys()
    assert (tuple(offered["controls"]), offered["bytes"], offered["steps"]) == (CONTROLS, BYTES, STEPS)


def test_a_shelf_without_a_folder_has_the_lessons_that_come_along():
    assert {each["name"] for each in Shelf().listed("en")} == {path.parent.name for path in FILES}
    assert Shelf(Path("gone")).lesson("tour", "en")
