"""``backscope check``: the gradient check as a table."""

from typing import Any

from engine import Timeline
from engine.explain.gradient_check import TOLERANCE, gradient_check
from terminal.experiment import experiment
from terminal.reading import count, experiment_parser

RIGHT, WRONG = 0, 1  # exit statuses
HEADINGS = ("tensor", "shape", "checked", "worst error", "kinks", "verdict")


def main(argv: list[str]) -> int:
    """Check the gradients of an experiment and print the result; returns the exit status.

    Raises:
        Unreadable: the experiment or the checkpoint cannot be read.
        Refusal: the numbers are not finite at that moment.
    """
    options = _parser().parse_args(argv)
    timeline = Timeline(experiment(options))
    found = gradient_check(timeline, options.t, options.most)
    print("\n".join(table([HEADINGS, *map(row, found["tensors"])])))
    for kink in found["kinks"]:
        print(named(kink))
    print(sentence(found, options.t))
    return WRONG if found["verdict"] == "wrong" else RIGHT


def _parser() -> Any:
    about = "Are the gradients what perturbing each parameter shows? Exit status 0 if so, 1 if not."
    found = experiment_parser("check", about)
    found.add_argument("--t", type=count(0), default=0, help="the moment, in micro-steps (default: %(default)s)")
    found.add_argument("--most", type=count(1), help="check no more than so many elements, of all tensors alike")
    return found


def row(found: dict[str, Any]) -> tuple[str, ...]:
    """The table's cells for one tensor, from its part of the gradient check."""
    worst = found["worst"]
    error = "-" if worst is None else f"{worst['error']:.1e}"
    if worst and worst["rounding"]:
        error += " (rounding)"
    shape = " x ".join(map(str, found["shape"]))
    checked = f"{found['checked']:,} of {found['of']:,}"
    return found["tensor"], shape, checked, error, str(found["kinks"]), found["verdict"] or "not checked"


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """The lines of a table with aligned columns, from the cells of each row."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, each, widths)).rstrip() for each in rows]


def named(kink: dict[str, Any]) -> str:
    """The line that names a kink."""
    element = f"{kink['tensor']}{kink['index']}"
    if kink["of"] == "penalty":
        return f"kink: {element} is at 0, where the L1 penalty has no derivative"
    if kink["of"] == "loss":
        return f"kink: {element} moves output {kink['unit']} over the kink of the loss for example {kink['example']}"
    where = f"unit {kink['unit']} of layer {kink['layer']} over {kink['place']:g}"
    return f"kink: {element} moves {where} for example {kink['example']}"


def sentence(found: dict[str, Any], t: int) -> str:
    """The sentence with the verdict on all tensors."""
    checked = f"{found['checked']:,} of {found['of']:,} elements checked at t {t}"
    if found["verdict"] is None:
        return f"nothing to say: every element that was looked at is at a kink; {checked}"
    if found["verdict"] == "right":
        return f"right: {checked}, none is off by more than {TOLERANCE:g}"
    wrong = [each for each in found["tensors"] if each["verdict"] == "wrong"]
    worst = "; ".join(
        f"{each['gradient']}{each['worst']['index']} is {each['worst']['analytic']:.6g}, "
        f"perturbing shows {each['worst']['numeric']:.6g}"
        for each in wrong
    )
    return f"wrong: {worst} ({checked})"
