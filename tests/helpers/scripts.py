"""Scripts that are run as they are, in a folder with the files that they read."""

import io
from contextlib import chdir, redirect_stdout
from pathlib import Path

import numpy as np

from engine import Experiment, Timeline
from engine.data.digits import FILE
from engine.export.script import CARRIED, Script


def losses_of(chosen: Experiment, steps: int) -> list[float]:
    """The loss of each of the first training steps of a run."""
    timeline = Timeline(chosen, 1 << 20)
    ends = [timeline.t_of(k) + len(timeline.segment_at(timeline.t_of(k)).program) for k in range(steps)]
    return [float(timeline.seek(t)["loss"]) for t in ends]


def printed(script: Script, folder: Path, text: str | None = None) -> list[float]:
    """The losses that a script prints, each after the number of its training step."""
    if script.arrays:
        np.savez(folder / CARRIED, **script.arrays)  # type: ignore[arg-type]
    for name in script.files:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(FILE.with_name(name))
    out = io.StringIO()
    with chdir(folder), redirect_stdout(out), np.errstate(all="ignore"):
        exec(compile(script.text if text is None else text, "script", "exec"), {"__name__": "__main__"})
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert [int(step) for step, _ in lines] == [*range(len(lines))]
    return [float(loss) for _, loss in lines]


def largest_difference(found: list[float], expected: list[float]) -> float:
    """The largest difference of two lists of losses, of large ones as a share of them; NaN equals NaN."""
    assert len(found) == len(expected)
    a, b = np.array(found), np.array(expected)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(all="ignore"):
        return float(np.max(np.where(same, 0, np.abs(a - b) / np.maximum(1, np.abs(b)))))
