"""``backscope train``: train without a page, and save a checkpoint."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

from tqdm import tqdm

from engine import Timeline
from engine.evaluate.evaluation import evaluate
from engine.run.history import State
from engine.run.until import Until
from server.checkpoints.codec import encode
from terminal.conditions import conditions_of, told
from terminal.experiment import experiment
from terminal.output import output
from terminal.reading import count, experiment_parser

DONE, FAILED, ENDED = 0, 1, 128  # exit statuses; to the last, the number of the signal is added
ENDS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
EPOCHS = 10
HISTORY_BYTES = 1 << 20  # little, since nobody steps back
LOOK_SECONDS, EVALUATE_SECONDS = 0.1, 2.0  # between two updates of the bar, and of its accuracy
SAMPLE = 1000  # the most examples for the accuracy in the bar


def main(argv: list[str]) -> int:
    """Train an experiment with a progress bar, and write its checkpoint; returns the exit status.

    Raises:
        Unreadable: the experiment or the checkpoint cannot be read, or the output cannot be written.
    """
    options = _parser().parse_args(argv)
    timeline = Timeline(experiment(options), HISTORY_BYTES)
    epochs = EPOCHS if options.epochs is None else options.epochs
    steps = epochs * timeline.experiment.steps_per_epoch if options.steps is None else options.steps
    until = conditions_of(options.until, timeline.experiment) if options.until else None
    with output(options.output) as file, interruptions() as interrupted:
        state = run(timeline, steps, interrupted, until=until)
        done = timeline.locate(timeline.t).training_step
        if not isfinite(state.get("loss", 0)):
            print(f"the loss is no finite number after training step {done}; nothing is saved", file=sys.stderr)
            return FAILED
        stopped = told(timeline) if timeline.ended_by else ""
        file.save(encode(timeline))
    if stopped:
        print(stopped)
    print(report(timeline, state))
    if interrupted:
        print(f"interrupted: {options.output} has what was learned up to training step {done}, t {timeline.t}")
        return ENDED + interrupted[0]
    print(f"{options.output} has what was learned in {done:,} training steps, t {timeline.t}")
    return DONE


def _parser() -> Any:
    about = "Train an experiment and save what it has learned. Ctrl-C stops, and keeps what is there."
    found = experiment_parser("train", about)
    length = found.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=count(0), help=f"how often all examples are seen (default: {EPOCHS})")
    length.add_argument("--steps", type=count(0), help="how many training steps, instead")
    found.add_argument(
        "--output", type=Path, default=Path("run.safetensors"), help="the checkpoint (default: %(default)s)"
    )
    found.add_argument(
        "--until",
        metavar="CONDITIONS",
        help="stop where a condition becomes true, such as 'loss < 0.1 or dead(2)', or in JSON (docs/stop-when.md)",
    )
    return found


def run(
    timeline: Timeline, steps: int, interrupted: list[int], name: str | None = None, until: Until | None = None
) -> State:
    """Train for ``steps`` training steps, or until a signal arrives, the loss is not finite or a condition is true.

    Args:
        timeline: the run, at its beginning.
        steps: the number of training steps.
        interrupted: the numbers of the signals that have arrived.
        name: the name that the progress bar shows.
        until: the condition, if there is one.

    Returns:
        The state at the end.
    """
    target, due, accuracy = timeline.t_of(steps), perf_counter(), ""
    state = timeline.seek(timeline.t)
    with tqdm(total=steps, desc=name, unit=" steps", disable=None, dynamic_ncols=True) as bar:
        while timeline.t < target and not interrupted and isfinite(state.get("loss", 0)) and not timeline.ended_by:
            state = timeline.seek(target, LOOK_SECONDS, until)
            if perf_counter() > due:
                accuracy, due = _accuracy(timeline, state), perf_counter() + EVALUATE_SECONDS
            bar.set_postfix_str(f"loss {float(state.get('loss', 0)):.4g}{accuracy}", refresh=False)
            bar.update(timeline.locate(timeline.t).training_step - bar.n)
    return state


def _split(timeline: Timeline) -> str:
    """The split to evaluate: the held-out examples, or the training examples where none are held out."""
    return "held_out" if len(timeline.experiment.data.x_held_out) else "training"


def _measured(timeline: Timeline, state: State, most: int | None = None) -> dict[str, Any]:
    """Loss and accuracy of the network at the timeline's moment."""
    return evaluate(timeline.segment_at(timeline.t).experiment, state, _split(timeline), most)


def _accuracy(timeline: Timeline, state: State) -> str:
    accuracy = _measured(timeline, state, SAMPLE)["accuracy"]
    return "" if accuracy is None else f", accuracy {accuracy:.1%}"


def report(timeline: Timeline, state: State) -> str:
    """The sentence with the final loss and accuracy."""
    split, found = _split(timeline), _measured(timeline, state)
    accuracy = "" if found["accuracy"] is None else f", accuracy {found['accuracy']:.2%}"
    return f"{split.replace('_', '-')} loss {found['loss']:.6g}{accuracy}, {found['examples']:,} examples"


@contextmanager
def interruptions() -> Iterator[list[int]]:
    """Collect the numbers of signals that ask the process to end, so that no training step is broken off.

    A signal that the process ignores from its beginning, as under ``nohup``, stays ignored.
    """
    arrived: list[int] = []
    before = {number: signal.getsignal(number) for number in ENDS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: arrived.append(number))
    try:
        yield arrived
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
