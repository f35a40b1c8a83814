"""What a class is shown, without a browser: names of parts, scenes of links, a frame's snippet, what notes are told."""

from html.parser import HTMLParser
from typing import Any

import pytest

from server.lessons.reader import CONTROLS
from tests.helpers.node import answers, call

Plain = dict[str, Any]
VIEW = {"grain": "epoch", "theme": "dark", "projector": True, "hide": ["loss"], "lesson": "tour.2", "language": "zh"}
SCENE = {"experiment": {"seed": 1}, "t": 14, "view": VIEW}
CHOICE: Plain = {"hide": ["pad"], "language": None, "lesson": None, "questions": False, "embed": False}


def test_the_names_that_a_link_may_leave_out_are_the_parts_that_are_found():
    source = """
    import { NAMES } from "./presenting/feature.js";
    import { CONTROLS, PARTS, TABS } from "./page/parts.js";
    const answer = () => [NAMES, Object.keys(PARTS), Object.keys(CONTROLS), Object.values(TABS).flat()];
    """
    ((names, parts, controls, behind),) = answers(source, [None])
    assert sorted(names) == sorted([*parts, "notes"])
    assert set(controls) == set(CONTROLS)
    assert set(behind) <= set(parts)


def for_class(**chosen: Any) -> Plain:
    (found,) = call("presenting/scenes.js", "forClass", [[SCENE, {**CHOICE, **chosen}]])
    return dict(found)


def test_a_link_for_a_class_holds_what_is_chosen_and_nothing_of_ones_own():
    found = for_class()
    assert (found["experiment"], found["t"]) == (SCENE["experiment"], 14)
    assert found["view"] == {
        "grain": "epoch", "hide": ["pad"], "language": None, "lesson": None, "quiz": False, "embed": False,
    }  # fmt: skip
    assert for_class(language="en")["view"]["hide"] == ["pad", "language"]
    assert for_class(language="en", hide=["language"])["view"]["hide"] == ["language"]
    lesson = for_class(lesson="tour.3", questions=True)
    assert lesson == {
        "view": {"hide": ["pad"], "language": None, "lesson": "tour.3", "quiz": True, "embed": False}
    }  # which brings its own scene


def test_in_full_nothing_is_left_out_and_all_else_is_as_it_was():
    scene = {**SCENE, "view": {**VIEW, "embed": True, "quiz": True}}
    (found,) = call("presenting/scenes.js", "inFull", [[scene]])
    assert found == {**SCENE, "view": {**VIEW, "hide": [], "embed": False, "quiz": False}}


class Frames(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("title", ['A "lesson"', "a < b & c", '"><script>'])
def test_a_snippet_is_one_frame_with_that_address_and_that_title(title):
    href = "http://a.example/?lang=zh#preset=xor&t=14&view=%7B%22embed%22:true%7D"
    (snippet,) = call("presenting/scenes.js", "snippetOf", [[href, title, 560]])
    page = Frames()
    page.feed(snippet)
    ((tag, fields),) = page.found
    assert (tag, fields["src"], fields["title"], fields["height"]) == ("iframe", href, title, "560")


def test_a_clock_shows_minutes_and_hours_where_there_are_some():
    times = [0, 999, 61_000, 3_599_000, 3_600_000, 36_061_000, -5]
    assert call("presenting/clock.js", "lasted", [[time] for time in times]) == [
        "00:00", "00:00", "01:01", "59:59", "1:00:00", "10:01:01", "00:00",
    ]  # fmt: skip


def test_the_notes_are_told_the_step_the_next_one_and_where_it_is_among_those_that_are_read():
    steps: list[Plain] = [{"title": name, "notes": [{"paragraph": [{"text": name}]}]} for name in "abc"]
    steps[1] = {"title": "b"}
    lesson = {"title": "L", "language": "en", "steps": steps}
    shown = {"language": "zh", "theme": "dark", "since": 5}

    def told(step: int, order: list[int]) -> Plain:
        read = {"lesson": lesson, "place": {"name": "x", "step": step}, "order": order, "values": {"loss": 1}}
        (found,) = call("presenting/notes_message.js", "stepOf", [[read, shown]])
        return dict(found)

    first = told(1, [1, 2, 3])
    assert first["notes"] == steps[0]["notes"]
    assert (first["title"], first["number"], first["count"], first["next"]) == ("a", 1, 3, "b")
    assert (first["language"], first["theme"], first["since"], first["values"]) == ("zh", "dark", 5, {"loss": 1})
    assert told(2, [1, 2, 3])["notes"] == []
    last = told(3, [1, 3])
    assert (last["number"], last["count"], last["next"]) == (2, 2, None)
