"""How tests read a lesson by keys alone: what its tasks name and its conditions ask for is done as a person without a
mouse does it, and all that it says is held against the engine.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from engine import Experiment, Timeline
from server.lessons.expressions import parse
from server.lessons.moments import OfRun
from server.trained.shipped import SHIPPED
from tests.helpers.browsing import PATIENCE, words
from tests.helpers.by_keys import press, reach
from tests.helpers.pad import opened

Plain = dict[str, Any]
MOST = 60  # times that a key is pressed for one thing
LONG = 240  # seconds that a run may take to meet a condition

SEEN = """() => {
  const numbers = [...document.querySelectorAll("[data-region=lessons] [data-expression]")];
  const { t, experiment } = backscope;
  return { t, experiment, numbers: numbers.map(({ dataset: { expression, format }, textContent }) =>
    [expression, format ?? "", textContent]) };
}"""
# Whether a cell has a mark of its own that the keys lead to.
REACHED = """({ tensor, index = [0] }) => backscope.marks().some((mark) => mark.kind !== "pixel"
  && mark.tensor === tensor && String(mark.index) === String(index))"""
# The cells of groups that no mark shows. Where an index has null, any will do; a cell without one is a whole tensor. Of
# the examples that a group names for a neuron one is shown; a weight that is not among the strongest is lit between its
# neurons.
UNMARKED = """groups => {
  const marks = backscope.marks();
  const fits = ({ tensor, index = [] }) => (mark) => mark.tensor === tensor
    && index.every((each, axis) => each === null || each === mark.index[axis]);
  const isDrawn = (cell) => marks.some(fits(cell));
  const isShown = (cell) => isDrawn(cell)
    || isDrawn({ tensor: cell.tensor.replace(/^W(?=\\d)/, "b"), index: cell.index?.slice(0, 1) });
  const isSame = (one, other) => /^[azy]/.test(one.tensor) && one.tensor === other.tensor
    && one.index?.at(-1) === other.index?.at(-1);
  return groups.flatMap((cells) =>
    cells.filter((cell) => !isShown(cell) && !cells.some((other) => isSame(cell, other) && isShown(other))));
}"""
CHOSEN = """({ tensor, index = [] }) => {
  const { selected } = backscope.scene.view;
  const kind = (tensor) => tensor.replace(/^d(?=[Wb])|^[za](?=\\d)/, "");
  const same = (one, other) => kind(one) === kind(other);
  return Boolean(selected) && same(selected.tensor, tensor)
    && index.every((each, axis) => each === null || each === selected.index[axis]);
}"""


def told(page: Page) -> Plain:
    """What the page tells of the lesson."""
    return dict(page.evaluate("backscope.lesson"))


def comes(page: Page, step: int) -> Locator:
    """Wait until a step is shown with its scene and its question; the lesson's region."""
    page.wait_for_function(
        """step => {
          const { lesson, t } = backscope;
          const asks = document.querySelector(".lesson-asked > *");
          return lesson?.step === step && t !== null && (!asks || lesson.question !== null);
        }""",
        arg=step,
    )
    return page.locator("[data-region=lessons]")


@dataclass
class Engine:
    """The run that a page shows, by the engine here."""

    experiment: Plain | None = None
    timeline: Timeline | None = None

    def at(self, experiment: Plain, t: int) -> OfRun:
        """A moment of the experiment; the run is kept for the next one."""
        if self.timeline is None or experiment != self.experiment:
            self.experiment, self.timeline = experiment, Timeline(Experiment.from_dict(experiment, SHIPPED))
        self.timeline.seek(t)
        return OfRun(self.timeline, t, due=float("inf"))


def is_written(shown: str, value: float, form: str) -> bool:
    """Whether a text is the number as the format says; without one, rounded to its own last digit."""
    if form:
        decimals = 0 if form == "d" else int(form[-2])
        text = f"{100 * abs(value):.{decimals}f}%" if form.endswith("%") else f"{abs(value):,.{decimals}f}"
        is_zero = not re.search("[1-9]", text)
        return shown == ("" if is_zero else "−" if value < 0 else "+" * form.startswith("+")) + text
    found = re.fullmatch(r"(−?[\d,]+(?:\.(\d+))?)(?:e([−\d]+))?", shown)
    if not found:
        return False
    power = int((found[3] or "0").replace("−", "-"))
    number = float(found[1].replace("−", "-").replace(",", "")) * 10.0**power
    return abs(number - value) <= 0.5001 * 10.0 ** (power - len(found[2] or ""))


def has_true_numbers(page: Page, engine: Engine | None = None) -> int:
    """Each number of the prose is the engine's. Returns how many there are."""
    engine = engine or Engine()
    deadline = time.monotonic() + PATIENCE
    while True:
        seen = page.evaluate(SEEN)
        wrong = list(_wrong(seen, engine))
        if not wrong:
            return len(seen["numbers"])
        assert time.monotonic() < deadline, (seen["t"], wrong)
        time.sleep(0.03)


def _wrong(seen: Plain, engine: Engine) -> Iterator[tuple[str, str, object]]:
    """The numbers of a page that are not the engine's: the expression, what is shown, and what is true."""
    here = engine.at(seen["experiment"], seen["t"]) if seen["numbers"] else None
    for expression, form, shown in seen["numbers"]:
        value = parse(expression).value(here)  # type: ignore[arg-type]
        if value is None or not is_written(shown, float(value), form):
            yield expression, shown, value


def links_in(parts: Any) -> list[list[Plain]]:
    """The cells that each link lights, somewhere in blocks or parts of prose."""
    if isinstance(parts, list):
        return [cells for part in parts for cells in links_in(part)]
    if not isinstance(parts, dict):
        return []
    own = [parts["lights"]] if "lights" in parts else []
    return own + [cells for value in parts.values() for cells in links_in(value)]


def names_in(task: list[Plain] | None) -> list[str]:
    """What a task names: the words that it emphasizes."""
    return ["".join(each.get("text", "") for each in part["emphasis"]) for part in task or [] if "emphasis" in part]


@dataclass
class Reader:
    """A person who reads a lesson in a page by keys alone."""

    page: Page
    language: str
    engine: Engine = field(default_factory=Engine)
    step: Plain = field(default_factory=dict)  # the one that is read
    right: int = 0  # predictions that came true

    def named(self, role: Any, word: str) -> Locator:
        """What has this role and the name of the catalogue."""
        found = self.page.get_by_role(role, name=words(self.language)[word], exact=True)
        return found.and_(self.page.locator(":not([data-term])"))  # a term of the glossary may have the same name

    @property
    def task(self) -> Locator:
        return self.page.locator(".lesson-task")

    def is_met(self) -> bool:
        return bool(self.page.locator(".lesson-task.met").count())

    def holds(self) -> bool:
        """Whether the comparisons of the step's conditions hold at the moment that is shown, by the engine."""
        t, experiment = self.page.evaluate("[backscope.t, backscope.experiment]")
        here = self.engine.at(experiment, t)
        return all(parse(each["true"]).value(here) is True for each in self.step["until"] if "true" in each)

    def reads(self, step: Plain) -> int:
        """All of a step that is shown: numbers, lights, task, question. Returns how many numbers it has."""
        page, self.step = self.page, step
        expect(page.locator("[data-region=lessons] h2")).to_have_text(step["title"])
        numbers = has_true_numbers(page, self.engine)
        lit = [step["light"], *links_in([step["body"], step["task"]])]
        late = page.evaluate(UNMARKED, lit)
        for link in page.locator("[data-region=lessons] :is(.lesson-body, .lesson-task) .lights").all():
            reach(page, link)
            expect(page.locator("canvas.overlay")).not_to_have_class(re.compile("empty"))
        if step["until"]:
            assert not self.is_met()
            self.does()
        assert not late or page.evaluate(UNMARKED, lit) == []  # a neuron's number may come with what is to be done
        if step["predict"]:
            self.answers()
        return numbers

    def turns(self) -> None:
        """Go to the next step: by the lesson's own key, or from elsewhere on the page by its button."""
        if self.page.evaluate("document.activeElement.closest('[data-region=lessons] :not(input)') !== null"):
            self.page.keyboard.press("PageDown")
        else:
            press(self.page, self.named("button", "lesson.next"))

    def does(self) -> None:
        """What the step asks for: first what its task names, then what its conditions still want."""
        for name in names_in(self.step["task"]):
            for word, act in NAMED.items():
                if words(self.language)[word].lower() == name.lower():
                    act(self, word)
                    break
            else:
                self.takes_remedy(name)
        for condition in self.step["until"]:
            ((kind, what),) = condition.items()
            WANTED[kind](self, what)
        expect(self.task).to_have_class(re.compile("met"))
        has_true_numbers(self.page, self.engine)

    def answers(self) -> None:
        """Predict something, be shown the truth, and find both told."""
        page = self.page
        group = self.named("group", "lesson.prediction")
        slider, choices = group.get_by_role("slider"), group.locator("[aria-pressed]")
        if slider.count():
            reach(page, slider)
            page.keyboard.press("End")
        else:
            press(page, choices.last)
            expect(choices.last).to_have_attribute("aria-pressed", "true")
        question = told(page)["question"]
        assert (question["kind"], "key" in question) == (self.step["predict"]["kind"], False)
        press(page, group.get_by_role("button", name=words(self.language)["lesson.reveal"]))
        page.wait_for_function("'key' in backscope.lesson.question")
        expect(group.get_by_role("status")).to_be_visible()
        expect(self.page.locator(".lesson-buttons .waits")).to_have_count(0)
        self.right += group.locator(".right").count()

    def steps(self, word: str = "step_forward") -> None:
        """Press the button for a step until the comparisons hold."""
        reach(self.page, self.named("button", word))
        self._steps_by("Enter")

    def steps_on(self, _: str) -> None:
        """Step by the arrow key until the comparisons hold."""
        if not self.holds():
            reach(self.page, self.named("button", "step_forward"))
            self._steps_by("ArrowRight")

    def _steps_by(self, key: str) -> None:
        for _ in range(MOST):
            if self.holds():
                return
            t = self.page.evaluate("backscope.t")
            self.page.keyboard.press(key)
            self.page.wait_for_function("t => backscope.t !== t", arg=t)
        raise AssertionError(f"not met after {MOST} steps: {self.step['until']}")

    def plays(self, word: str) -> None:
        """Have the run go on until the task is done, and pause it."""
        if self.is_met():
            return
        reach(self.page, self.named("button", word))
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(".lesson-task.met", timeout=LONG * 1000)
        press(self.page, self.page.locator("[data-control=play]"))
        expect(self.page.locator("[data-label=pause]")).to_have_count(0)

    def runs_to(self, word: str) -> None:
        """Run to the epoch that the condition has."""
        (epoch,) = [found[1] for each in self.step["until"] if (found := re.match(r"epoch\(\) >= (\d+)", each["true"]))]
        press(self.page, self.named("button", word))
        self.fills(self.named("spinbutton", "run_to.value.epoch"), epoch, "Enter")
        self.page.wait_for_selector(".lesson-task.met", timeout=LONG * 1000)

    def fills(self, field: Locator, text: str, leave: str = "Tab") -> None:
        """Type into a field, and leave it."""
        reach(self.page, field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press(leave)

    def takes_seed(self, word: str) -> None:
        """Begin with other weights."""
        self.fills(self.named("spinbutton", word), "1")
        self.page.wait_for_function("backscope.experiment.seed === 1")

    def lowers(self, word: str) -> None:
        """Lower a number of the experiment to a tenth."""
        field = self.named("spinbutton", word)
        self.fills(field, f"{float(field.input_value()) / 10:g}")

    def takes(self, word: str) -> None:
        """Choose an option by the arrow keys in the first list that has it."""
        text = words(self.language)[word]
        choice = self.page.locator("select:visible", has=self.page.locator(f"option:text-is('{text}')")).first
        reach(self.page, choice)
        for key in ("ArrowDown", "ArrowUp"):
            for _ in range(choice.locator("option").count()):
                if choice.evaluate("each => each.selectedOptions[0].text") == text:
                    return
                self.page.keyboard.press(key)
                expect(choice).to_be_focused()
        raise AssertionError(f"{text} cannot be chosen by keys")

    def takes_remedy(self, name: str) -> None:
        """Press a remedy of the diagnosis, where it has one of this name."""
        remedy = self.page.locator("[data-region=diagnosis]").get_by_role("button", name=name, exact=True)
        if remedy.count():
            press(self.page, remedy)
            expect(remedy).to_have_attribute("aria-pressed", "true")

    def presses(self, word: str) -> None:
        press(self.page, self.named("button", word))

    def drags(self, word: str) -> None:
        """Have the proof keep what it is dragged to, and drag it."""
        reach(self.page, self.named("checkbox", word))
        self.page.keyboard.press("Space")
        before = self.page.evaluate("backscope.experiment.changes.length")
        name = re.escape(words(self.language)["proof.slider"]).replace(r"\{w\}", ".+")
        reach(self.page, self.page.get_by_role("slider", name=re.compile(f"^{name}$")))
        for key in ("ArrowLeft", "ArrowLeft", "Enter"):
            self.page.keyboard.press(key)
        self.page.wait_for_function("count => backscope.experiment.changes.length > count", arg=before)

    def takes_the_first(self, word: str) -> None:
        """Sort the column, and choose what stands first."""
        self.presses(word)
        reach(self.page, self.page.locator("[data-region=inspector] [role=listbox]"))
        for key in ("Home", "Enter"):
            self.page.keyboard.press(key)

    def chooses(self, cell: Plain) -> None:
        """Choose a cell by the link that the task has for it, and where the keys reach it in the network, there too."""
        found = [each["lights"] for each in self.step["task"] if "lights" in each]
        links = [i for i, (first, *_) in enumerate(found) if _is(first, cell)]
        if links:
            press(self.page, self.task.locator(".lights").nth(links[-1]))
        self.page.wait_for_function(CHOSEN, arg=cell)
        self.explores(cell)

    def explores(self, cell: Plain) -> None:
        """Go through the network by the arrow keys and W to a cell, and choose it, where it is drawn."""
        page = self.page
        if not page.evaluate(REACHED, cell):
            return
        assert self.engine.timeline
        units = self.engine.timeline.experiment.sizes[1:]
        kind, layer = re.fullmatch(r"([a-zW]+)(\d+)", cell["tensor"]).groups()  # type: ignore[union-attr]
        index = cell.get("index", [0])
        unit = index[0] if kind in ("W", "b") else index[-1]
        reach(page, page.locator("canvas.overlay"))
        for key in ("Escape", "Escape", *["ArrowRight"] * len(units), *["ArrowLeft"] * (len(units) - int(layer))):
            page.keyboard.press(key)
        for key in (*["ArrowUp"] * max(units), *["ArrowDown"] * unit):
            page.keyboard.press(key)
        for _ in range(MOST):
            if kind in ("W", "b"):
                page.keyboard.press("w")
            page.keyboard.press("Enter")
            if page.evaluate(CHOSEN, cell):
                return
        raise AssertionError(f"no key leads to {cell}")

    def draws(self, _: bool) -> None:
        """Draw a one on the pad."""
        reach(self.page, opened(self.page, self.language))
        for key in ("Space", *["ArrowDown"] * 16, "Space"):
            self.page.keyboard.press(key)

    def teaches(self, _: bool) -> None:
        """Say what is drawn, and teach it alone."""
        press(self.page, self.named("group", "teach.what").get_by_role("button", name="1", exact=True))
        alone = words(self.language)["teach.mode.alone"]
        press(self.page, self.named("group", "teach.mode").get_by_role("button", name=alone))


def _is(first: Plain, cell: Plain) -> bool:
    return first["tensor"] == cell["tensor"] and cell.get("index", first.get("index")) == first.get("index")


# What is done with what a task names, by its word in the catalogue; any other name may be that of a remedy.
NAMED: dict[str, Callable[[Reader, str], None]] = {
    "step_forward": Reader.steps,
    "play": Reader.plays,
    "full_speed": Reader.plays,
    "run_to.open": Reader.runs_to,
    "seed": Reader.takes_seed,
    "learning_rate": Reader.lowers,
    "activation.tanh": Reader.takes,
    "legend.more": Reader.presses,
    "arrow_scale.decades": Reader.takes,
    "proof.keep": Reader.drags,
    "column.biggest": Reader.takes_the_first,
    "cost.measure": Reader.presses,
    "check": Reader.presses,
}
# What is done for a condition, by its kind.
WANTED: dict[str, Callable[[Reader, Any], None]] = {
    "true": Reader.steps_on,
    "selected": Reader.chooses,
    "drawn": Reader.draws,
    "taught": Reader.teaches,
    "changed": lambda reader, what: None,  # by what the task names
}
