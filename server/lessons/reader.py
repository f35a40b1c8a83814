"""The reader of a lesson: a text that a teacher writes becomes steps, and what is wrong in it is told by its line."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from engine import Refusal
from engine.base.refusal import known, listed, one_of, whole, yes_or_no
from engine.predictions.kinds import KINDS
from engine.predictions.search import LARGEST_SEED
from server.lessons.expressions import Expression
from server.lessons.prose import Line, Plain, Prose, cells_of
from server.lessons.scene import Scene, scene_of

BYTES = 64 << 10  # of a lesson's file at most,
STEPS = 50  # its steps,
CELLS = 50  # and the cells, conditions or comparisons of one step
ORDER = 10**6
FIELDS = ("scene", "light", "controls", "until", "task", "notes", "check", "predict")
CONTROLS = (
    "play", "step_forward", "step_back", "full_speed", "restart", "grain", "speed", "timeline", "run_to", "experiment",
    "inspector", "pad", "plane", "loss", "arrows", "example", "projector",
)  # fmt: skip
ACTS = ("drawn", "taught", "changed", "played")  # what a reader can be asked to do, beside choosing something
FENCE = re.compile(r"[ \t]*```[ \t]*(.*?)[ \t]*")
HEADING = re.compile(r"##(?: .*|$)")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a lesson, and in which line."""

    line: int
    refusal: Refusal

    def to_dict(self) -> Plain:
        """The fault as a page translates it."""
        return {"line": self.line, **self.refusal.to_dict()}


@dataclass
class Step:
    """One step: what it shows, what it says, and what it asks to be done.

    Attributes:
        title: its heading.
        line: the line of that.
        scene: what it shows; None where it goes on in the scene before.
        shown: the scene that it is in; None where a prediction brings its own.
        light: cells that are lit.
        controls: the controls that matter; None where all do.
        until: the conditions that are to be met.
        task: these in words, as parts of prose.
        notes: what a teacher is told beside it, in blocks.
        predict: what the reader is asked to predict.
        body: its prose, in blocks.
        check: comparisons that the prose rests on, with their lines.
        expressions: all expressions of the prose and the conditions, with their lines.
        digits: the lines with numbers that are no reference.
        words: how many words, or Chinese characters by two, the prose has.
    """

    title: str
    line: int
    scene: Scene | None = None
    shown: Scene | None = None
    light: list[Plain] = field(default_factory=list)
    controls: list[str] | None = None
    until: list[Plain] = field(default_factory=list)
    task: list[Plain] | None = None
    notes: list[Plain] = field(default_factory=list)
    predict: Plain | None = None
    body: list[Plain] = field(default_factory=list)
    check: list[tuple[int, Expression]] = field(default_factory=list)
    expressions: list[tuple[int, Expression]] = field(default_factory=list)
    digits: list[int] = field(default_factory=list)
    words: int = 0

    def to_dict(self) -> Plain:
        """The step as the page reads it."""
        shown = {
            name: getattr(self, name)
            for name in ("title", "light", "controls", "until", "task", "notes", "predict", "body")
        }
        return {**shown, "scene": self.scene and self.scene.link}


@dataclass
class Lesson:
    """A lesson that has been read, as far as it could be.

    Attributes:
        title: its title.
        says: what one will know, as parts of prose.
        order: its place among the lessons.
        steps: its steps.
        faults: what is wrong in it.
    """

    title: str = ""
    says: list[Plain] = field(default_factory=list)
    order: int = ORDER
    steps: list[Step] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def heading(self) -> Plain:
        """What a list of lessons has of it."""
        faults = [fault.to_dict() for fault in self.faults]
        return {"title": self.title, "says": self.says, "steps": len(self.steps), "faults": faults}

    def to_dict(self) -> Plain:
        """All of it, as the page reads it."""
        return {**self.heading(), "steps": [step.to_dict() for step in self.steps]}


def read(text: str) -> Lesson:
    """Read a lesson. It never raises: what is wrong is among its faults, and the rest is there."""
    lesson = Lesson()
    if len(text.encode()) > BYTES:
        limit = BYTES >> 10
        _tell(lesson, 1, Refusal("invalid", "", "lesson", "", f"at most {limit} kB", "kilobytes", limit=limit))
        return lesson
    head, *parts = split_steps(lines_of(text))
    _read_head(lesson, head)
    if len(parts) > STEPS:
        refusal = Refusal("invalid", "", "lesson", parts[STEPS][0][1], f"at most {STEPS} steps", "steps", most=STEPS)
        _tell(lesson, parts[STEPS][0][0], refusal)
    if not parts:
        _tell(lesson, 1, Refusal("missing", "", "step", expected="a heading with ##", form="step_heading"))
    shown: Scene | None = None
    for part in parts[:STEPS]:
        step = _StepReader(lesson, shown, part).read()
        shown = step.shown
        lesson.steps.append(step)
    return lesson


def _tell(lesson: Lesson, line: int, refusal: Refusal) -> None:
    lesson.faults.append(Fault(line, refusal))


def lines_of(text: str) -> list[Line]:
    """The lines of a lesson's file with their numbers."""
    return list(enumerate(re.split("\r\n?|\n", text.removeprefix("\ufeff")), 1))


def split_steps(lines: list[Line]) -> list[list[Line]]:
    """The lines before the first step, and those of each step, its heading first. In a block no line is a heading."""
    parts: list[list[Line]] = [[]]
    fenced = False
    for number, text in lines:
        fenced ^= FENCE.fullmatch(text) is not None
        if HEADING.fullmatch(text) and not fenced:
            parts.append([])
        parts[-1].append((number, text))
    return parts


def apart(lines: list[Line], name: str) -> tuple[list[Line], list[Line], bool]:
    """The lines in the blocks of that name, all others with those of other blocks, and whether all blocks end."""
    inside: list[Line] = []
    outside: list[Line] = []
    fence: str | None = None
    for number, text in lines:
        match = FENCE.fullmatch(text)
        if fence == name or (match and fence is None and match[1] == name):
            if not match:
                inside.append((number, text))
        else:
            outside.append((number, text))
        if match:
            fence = match[1] if fence is None else None
    return inside, outside, fence is None


def _fenced(lines: list[Line], name: str) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines of the blocks of that name, those outside of all blocks, and those that begin other blocks."""
    inside, rest, _ = apart(lines, name)
    outside: list[Line] = []
    others: list[Line] = []
    fenced = False
    for number, text in rest:
        if FENCE.fullmatch(text):
            fenced = not fenced
            if fenced:
                others.append((number, text))
        elif not fenced:
            outside.append((number, text))
    return inside, outside, others


def _table(lesson: Lesson, lines: list[Line], noun: str) -> Plain:
    """The TOML of a block; empty where it cannot be read."""
    try:
        return tomllib.loads("\n".join(text for _, text in lines))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"at line (\d+)", str(error))
        number, text = lines[min(int(at[1]) if at else len(lines), len(lines)) - 1]
        _tell(lesson, number, Refusal("invalid", noun, noun, text.strip(), "TOML", "toml"))
        return {}


def _line_of(lines: list[Line], name: str) -> int:
    """The line of a block in which a field begins."""
    pattern = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]")
    return next((number for number, text in lines if pattern.match(text)), lines[0][0])


def _read_head(lesson: Lesson, lines: list[Line]) -> None:
    """Read the title, the sentence below it and the block of the whole lesson."""
    inside, outside, others = _fenced(lines, "lesson")
    title = next(((number, text) for number, text in outside if text.startswith("# ")), None)
    lesson.title = title[1][2:].strip() if title else ""
    if not lesson.title:
        _tell(lesson, 1, Refusal("missing", "", "title", expected="a line that begins with #", form="title"))
    prose = Prose(None, lambda line, refusal: _tell(lesson, line, refusal))
    rest = [line for line in outside if line != title and line[1].strip()]
    if rest:
        lesson.says = prose.parts(rest[0][0], " ".join(text.strip() for _, text in rest))
    for number, text in others:
        _tell(lesson, number, Refusal("unknown", "", "block", text.strip(), "lesson or step", "block"))
    if not inside:
        return
    for name, value in _table(lesson, inside, "lesson").items():
        try:
            one_of("lesson", "field", name, ("order",))
            lesson.order = whole("order", "order", value, 0, ORDER)
        except Refusal as refusal:
            _tell(lesson, _line_of(inside, name), refusal)


class _StepReader:
    """Reads one step, which goes on in the scene ``before`` unless it has one of its own."""

    def __init__(self, lesson: Lesson, before: Scene | None, lines: list[Line]) -> None:
        (number, heading), *rest = lines
        self._lesson, self._before = lesson, before
        self._step = Step(heading[2:].strip(), number, shown=before)
        self._block, self._text, others = _fenced(rest, "step")
        for line, text in others:
            self._tell(line, Refusal("unknown", "", "block", text.strip(), "lesson or step", "block"))
        if not self._step.title:
            self._tell(number, Refusal("missing", "", "heading", expected="what the step is about", form="heading"))

    def read(self) -> Step:
        """The step."""
        step, lines = self._step, self._block
        before = len(self._lesson.faults)
        table = _table(self._lesson, lines, "step") if lines else {}
        is_read = len(self._lesson.faults) == before
        for name in [name for name in table if name not in FIELDS]:
            self._try(_line_of(lines, name), lambda name=name: one_of("step", "field", name, FIELDS))
        for name in ("predict", "scene"):  # in which the others are
            if name in table:
                self._try(_line_of(lines, name), lambda name=name: getattr(self, f"_{name}")(table[name]))
        experiment = step.shown.experiment if step.shown else None
        self._prose = Prose(experiment, self._tell, step.expressions, step.digits)
        if not self._lesson.steps and step.shown is None and not step.predict and "scene" not in table and is_read:
            self._tell(
                step.line, Refusal("missing", "scene", "scene", expected="of the first step", form="first_scene")
            )
        for name in ("light", "controls", "until", "task", "notes", "check"):
            if name in table:
                line = self._line = _line_of(lines, name)
                self._try(line, lambda name=name: getattr(self, f"_{name}")(table[name]))
        step.body = self._prose.blocks(self._text)
        step.words = _words(" ".join(text for _, text in self._text))
        return step

    def _tell(self, line: int, refusal: Refusal) -> None:
        _tell(self._lesson, line, refusal)

    def _try(self, line: int, work: Any) -> None:
        try:
            work()
        except Refusal as refusal:
            self._tell(line, refusal)

    def _scene(self, plain: Any) -> None:
        self._step.scene = self._step.shown = scene_of(plain)

    def _light(self, plain: Any) -> None:
        experiment = self._step.shown.experiment if self._step.shown else None
        for each in listed("light", plain, CELLS):
            self._step.light += cells_of(each, experiment, "light")

    def _controls(self, plain: Any) -> None:
        self._step.controls = [one_of("controls", "control", each, CONTROLS) for each in listed("controls", plain)]

    def _until(self, plain: Any) -> None:
        for each in listed("until", plain, CELLS) if isinstance(plain, list) else [plain]:
            self._step.until.append(self._condition(each))

    def _condition(self, plain: Any) -> Plain:
        """A condition: ``{"true": expression}``, ``{"selected": cell}``, or an act such as ``{"drawn": true}``."""
        if isinstance(plain, str):
            return {"true": self._prose.expression(self._line, plain, is_truth=True, field="until").text}
        known("until", plain, ("selected", *ACTS))
        if len(plain) != 1:
            raise Refusal("invalid", "until", "condition", plain, "one condition", "one_condition")
        [(name, value)] = plain.items()
        if name != "selected":
            yes_or_no(f"until.{name}", "condition", value)
            return {name: True}
        experiment = self._step.shown.experiment if self._step.shown else None
        return {"selected": cells_of(value, experiment, "until.selected")[0]}

    def _task(self, plain: Any) -> None:
        if not isinstance(plain, str):
            raise Refusal("invalid", "task", "task", plain, "text", "text")
        self._step.task = self._prose.parts(self._line, plain)

    def _notes(self, plain: Any) -> None:
        if not isinstance(plain, str):
            raise Refusal("invalid", "notes", "notes", plain, "text", "text")
        opening = next(text for number, text in self._block if number == self._line).rstrip()
        below = opening.endswith(('"""', "'''"))  # the text begins in the next line
        lines = [(self._line + (1 + i if below else 0), text) for i, text in enumerate(plain.splitlines())]
        experiment = self._step.shown.experiment if self._step.shown else None
        self._step.notes = Prose(experiment, self._tell, self._step.expressions).blocks(lines)  # may have numbers

    def _check(self, plain: Any) -> None:
        for each in listed("check", plain, CELLS):
            found = self._prose.expression(self._line, each, is_truth=True, field="check")
            self._step.check.append((self._line, found))

    def _predict(self, plain: Any) -> None:
        known("predict", plain, ("kind", "seed"), required=("kind",))
        one_of("predict.kind", "prediction", plain["kind"], KINDS)
        if "seed" in plain:
            whole("predict.seed", "seed", plain["seed"], 0, LARGEST_SEED)
            self._step.shown = None
        self._step.predict = {"kind": plain["kind"], "seed": plain.get("seed")}


def _words(text: str) -> int:
    """How many words a text has; two Chinese characters count as one."""
    text = re.sub(r"\]\([^()]*\)", "]", text)
    han = len(re.findall("[\u3400-\u9fff]", text))
    return han // 2 + len(re.findall(r"\{[^{}]*\}|\$[^$]*\$|[^\W\d_][\w'’-]*", re.sub("[\u3400-\u9fff]", " ", text)))
