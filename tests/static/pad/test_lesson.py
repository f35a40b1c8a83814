"""A lesson in words: how drawings are taught, and what is said before and during a lesson."""

from typing import Any

from tests.helpers.node import WORDS, call

SEGMENT = {"t": 0, "training_step": 0, "program": [{}] * 10, "experiment": {}}
LISTING = {"segments": [SEGMENT], "experiment": {}}


def state(t: int = 5, drawing: Any = None, **experiment: Any) -> dict[str, Any]:
    listing = LISTING | {"experiment": experiment}
    return {"words": WORDS, "listing": listing, "moment": {"t": t}, "drawing": drawing}


def taught(share: float, *labels: int) -> dict[str, Any]:
    return {"begin": 25, "drawings": {"share": share, "labels": list(labels)}}


def status(*given: Any) -> str:
    (found,) = call("pad/lesson.js", "statusOf", [given])
    assert isinstance(found, str)
    return found


def test_a_share_of_one_is_a_lesson_alone():
    assert call("pad/lesson.js", "modeOf", [[None], [taught(0.1, 3)], [taught(1, 3)]]) == ["off", "mixed", "alone"]


def test_a_lesson_tells_its_digit_and_the_training_step_that_it_began_before():
    assert status(state(), taught(1, 3), [], False).startswith("It learns from your 3 alone, from training step 3 on.")
    assert status(state(), taught(0.1, 3, 4), [], True) == (
        "Your 2 drawings make up a tenth of each mini-batch; they have been taught from training step 3 on."
    )


def test_before_a_lesson_what_is_missing_is_said():
    drawing = {"picture": [0, 1], "label": None}
    assert status(state(), None, [], False) == WORDS["teach.draw"]
    assert status(state(drawing=drawing), None, [], False) == WORDS["teach.say"]
    assert status(state(drawing=drawing), None, [], True) == WORDS["teach.own.empty"]
    assert status(state(), None, [{}], False) == WORDS["teach.ready"]
    assert status(state(t=0), None, [{}], False) == WORDS["teach.untrained"]
    assert status(state(t=0, start="mlp"), None, [{}], False) == WORDS["teach.ready"]


def test_what_a_person_has_said_holds_for_that_very_picture():
    drawing = {"picture": [0, 255, 7], "label": 4}
    said = [None, {"picture": [0, 255, 7], "label": 9}, {"picture": [0, 255, 8], "label": 9}]
    assert call("pad/lesson.js", "labelOf", [[drawing, each] for each in said]) == [4, 9, 4]
    assert call("pad/lesson.js", "labelOf", [[None, said[1]]]) == [None]
