"""An experiment as a plain NumPy script in textbook lines, which prints the losses of the run."""

from collections.abc import Sequence

from engine.base.sources import sources
from engine.experiment.changes import Change
from engine.experiment.experiment import Experiment
from engine.export.beginning import (
    RANDOM,
    add_data,
    add_drawings,
    carried_lines,
    initial_lines,
    initializer_of,
)
from engine.export.loop import assignment, helpers, loop
from engine.export.script import CARRIED, Part, Script
from engine.run.rates import recorded_rates
from engine.run.segments import RATES, Segment, segments

Writes = dict[tuple[int, int], list[Change]]
ABOUT = """\
{network}, trained on {data}, in {language}.

It prints the number and the loss of each of {steps} training steps, which are those of Backscope. It needs Python,
NumPy{more}."""


def numpy_script(experiment: Experiment, steps: int) -> Script:
    """The first ``steps`` training steps of a run as a plain NumPy script.

    Raises:
        Refusal: a part of the experiment has no form in a script.
    """
    parts = parts_of(experiment, steps)
    script = begun(experiment, parts, steps)
    changes = changes_of(experiment, parts, steps)
    for i, part in enumerate(parts):
        script.add(*entering(script, parts, i, changes))
        following = parts[i + 1].training_step if i + 1 < len(parts) else steps
        end = "STEPS" if following == steps else following
        own = {place: made for place, made in changes.items() if part.training_step <= place[0] < following}
        title = "The training" if i == 0 else f"The training from step {part.training_step} on"
        script.add(title, loop(part, end, own))
    return finished(script, experiment, steps)


def parts_of(experiment: Experiment, steps: int) -> list[Segment]:
    """The segments that begin in the first ``steps`` training steps."""
    return [each for each in segments(experiment) if each.training_step < max(1, steps)]


def begun(experiment: Experiment, parts: Sequence[Segment], steps: int) -> Script:
    """A script with its settings, its examples and the functions that its lines call."""
    script = Script("")
    dtype = f"dtype = np.{experiment.dtype}"
    script.add("The settings", "import numpy as np", "", f"{dtype}\nSTEPS = {steps}  # training steps")
    called = [each for part in parts for step in part.program for each in helpers(step)]
    if called:
        script.add("What is done to the pictures", sources(dict.fromkeys(called)))
    if any("draw.random(" in step.equation.textbook for part in parts for step in part.program):
        script.add("The random numbers of a training step", RANDOM.format(seed=experiment.seed))
    add_data(script, parts[0])
    return script


def entering(script: Script, parts: Sequence[Segment], i: int, changes: Writes) -> tuple[str, ...]:
    """The heading and the lines that give a segment the tensors that it does not have from the one before."""
    part, lines = parts[i], list[str]()
    before = parts[i - 1] if i else None
    fresh = [name for name in part.carried if before is None or not kept(part, before, name)]
    lines += add_drawings(script, part, f"part{i}")
    if any(name[0] == "W" and name[1:].isdigit() for name in fresh):
        lines += [initializer_of(part), "", ""]
    parameters = part.experiment.parameters
    lines += initial_lines(script, part, sorted(fresh, key=lambda name: name not in parameters))
    if before:
        lines += [f"{to} = {of}" for to, of in renamed(part, before) if to not in fresh]
    lines += [assignment(each, part) for each in changes.get((part.training_step, 0), ())]
    title = "The tensors that training starts from" if i == 0 else f"The change at training step {part.training_step}"
    return title, *lines


def kept(part: Segment, before: Segment, name: str) -> bool:
    """Whether a carried tensor of a segment has its value from the segment before."""
    there = RATES & {*before.carried} if name in RATES else {name} & {*before.carried}
    return bool(there) and not part.is_reset(name, before.experiment.training.optimizer)


def renamed(part: Segment, before: Segment) -> list[tuple[str, str]]:
    """The learning rate's name in a segment and in the one before, where they differ."""
    names = [(to, of) for to in part.carried if to in RATES for of in before.carried if of in RATES]
    return [(to, of) for to, of in names if to != of]


def changes_of(experiment: Experiment, parts: Sequence[Segment], steps: int) -> Writes:
    """The changes of numbers in the first ``steps`` training steps, recorded learning rates among them, by the training
    step and by how many of its micro-steps are done.
    """
    found: Writes = {}
    for change in (*recorded_rates(experiment, parts), *experiment.changes):
        if not change.structure:
            part = next(each for each in reversed(parts) if each.t <= change.t)
            since, done = divmod(change.t - part.t, len(part.program))
            if part.training_step + since < steps:
                found.setdefault((part.training_step + since, done), []).append(change)
    return found


def finished(script: Script, experiment: Experiment, steps: int, library: str = "") -> Script:
    """A script with its first words, and with the line that reads the arrays that it carries.

    Args:
        script: the script.
        experiment: what it is made from.
        steps: the number of its training steps.
        library: the name of the library that it needs beside NumPy, if any.
    """
    if lines := carried_lines(script):
        settings = script.parts[0]
        script.parts[0] = Part(settings.title, "\n".join([settings.code, *lines]))
    files = [*script.files, *([CARRIED] if script.arrays else [])]
    script.about = ABOUT.format(
        network=network_of(experiment),
        data=experiment.dataset.name,
        steps=steps,
        language=library or "plain NumPy",
        more="".join([f", {library}" if library else "", f", and {' and '.join(files)} beside it" if files else ""]),
    )
    return script


def network_of(experiment: Experiment) -> str:
    """A network in words, such as "A network of 2, 4 and 1 units"."""
    *others, last = map(str, experiment.sizes)
    return f"A network of {', '.join(others)} and {last} units"
