"""Whether a lesson is true: its numbers are there, its comparisons hold, and no other number stands in it."""

from collections.abc import Iterator

from engine import Experiment, Refusal, Timeline
from engine.predictions.search import generate
from server.lessons.moments import OfRun
from server.lessons.reader import Lesson, Step
from server.trained.shipped import SHIPPED

WORDS = 75  # of a step at most: about 60 and a few


def complaints(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """What is wrong with a lesson, each with its line: faults of its form, numbers that are no reference, numbers that
    are not computed at its scene's moment, comparisons that do not hold there, and steps that are too long.
    """
    for fault in lesson.faults:
        yield fault.line, str(fault.refusal)
    for step in lesson.steps:
        yield from _of_step(step)


def _where(step: Step) -> tuple[Timeline, int] | None:
    """The run and the moment that a step brings, of its own or of its prediction."""
    if step.scene:
        return Timeline(step.scene.experiment), step.scene.t
    if step.predict and step.predict["seed"] is not None:
        found = generate(step.predict["kind"], step.predict["seed"])
        assert found.experiment is not None
        return Timeline(Experiment.from_dict(found.experiment, SHIPPED)), found.found.t
    return None


def _of_step(step: Step) -> Iterator[tuple[int, str]]:
    for line in step.digits:
        yield line, "a number that is no reference: write {an expression}, or the number as a word"
    if step.words > WORDS:
        yield step.line, f"{step.words} words; {WORDS} at most, and about 60 are better"
    if step.until and not step.task:
        yield step.line, "a condition without a task: say what is to be done"
    where = _where(step)
    if where is None:
        return  # the moment is what a person has come to
    timeline, t = where
    timeline.seek(t)
    now = OfRun(timeline, t, due=float("inf"))
    conditions = {condition["true"] for condition in step.until if "true" in condition}
    checks = {expression.text for _, expression in step.check}
    for line, expression in step.expressions:
        try:
            found = expression.value(now)
        except Refusal as refusal:
            yield line, str(refusal)
            continue
        if expression.text in checks and found is not True:
            yield line, f"does not hold at t = {t}: {expression.text}"
        elif expression.text in conditions and found is True:
            yield line, f"is met already at t = {t}: {expression.text}"
        elif found is None and not expression.is_truth:
            yield line, f"is not computed yet at t = {t}: {expression.text}"
