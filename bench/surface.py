"""The loss over a plane through weight space: seconds of one core for the whole grid, as a page asks for it."""

from collections.abc import Callable
from time import process_time

from bench.report import Row
from engine import Experiment, Timeline
from engine.evaluate.evaluation import chosen_rows
from engine.experiment.presets import PRESETS
from engine.surface.path import parameters_at, path
from engine.surface.plane import layout_of, main_directions
from engine.surface.surface import Surface, grid
from server.questions.surface import EXAMPLES

STEPS, REACH = 400, 5.0


def measure(say: Callable[[str], None]) -> list[Row]:
    """The least seconds of three surfaces over 1,000 digits for 13,002 parameters, with the plane and the products."""
    say("surface")
    experiment = Experiment.from_dict(PRESETS["digits_13002"])
    timeline = Timeline(experiment)
    t = timeline.t_of(STEPS)
    timeline.seek(t)
    moments, layout = path(timeline, t), layout_of(experiment)
    x, y = experiment.data.split("training")
    rows = chosen_rows(len(x), EXAMPLES)
    seconds = []
    for _ in range(3):
        began = process_time()
        plane = main_directions(layout, [layout.vector(parameters_at(timeline, each)) for each in moments])
        surface = Surface(experiment, plane, experiment.data.seen(x[rows], experiment.numpy_dtype), y[rows])
        surface.losses([(REACH * (i / 20 - 1), REACH * (j / 20 - 1)) for i, j in grid()])
        seconds.append(process_time() - began)
    name = f"784-16-16-10: loss surface, 41 x 41 points over {EXAMPLES:,} digits, seconds"
    return [Row(name, min(seconds), 0.5, most=True)]
