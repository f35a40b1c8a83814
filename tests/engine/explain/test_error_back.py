"""An output's error by two losses, and the sizes of an example's errors in each layer, against plain NumPy."""

import numpy as np
import pytest

from engine import Experiment, Timeline
from engine.explain.error_back import error_by_loss, error_sizes
from engine.explain.passes import Passes, passes
from tests.helpers.networks import plain, table

LOSSES = {"sigmoid": "binary_cross_entropy", "softmax": "cross_entropy"}


def at_end(form: dict[str, object], training_steps: int = 3) -> Passes:
    """The passes of a training step, once the update is made."""
    timeline = Timeline(Experiment.from_dict(form))
    return passes(timeline, timeline.t_of(training_steps))


def by(output: str, loss: str) -> dict[str, object]:
    return plain((4, "tanh"), (2, output), dataset="moons", loss=loss, mini_batch_size=5, dtype="float64")


@pytest.mark.parametrize("output", LOSSES)
@pytest.mark.parametrize("trained_on", ["own", "squared_error"])
def test_the_error_of_an_output_is_told_by_the_loss_that_cancels_the_slope_and_by_the_one_that_keeps_it(
    output, trained_on
):
    found = at_end(by(output, LOSSES[output] if trained_on == "own" else trained_on))
    a, y, delta = (found.value(name) for name in ("a2", "y", "delta2"))
    assert a is not None
    assert y is not None
    assert delta is not None
    for example in range(5):
        off = 2 * (a[example] - y[example])
        for unit in range(2):
            told = error_by_loss(found, unit, example)
            assert told is not None
            own = a[example, unit]
            jacobian = own * ((np.arange(2) == unit) - a[example])
            kept = off[unit] * own * (1 - own) if output == "sigmoid" else off @ jacobian
            assert (told.cancelling, told.keeping) == (LOSSES[output], "squared_error")
            assert told.cancelled == pytest.approx(own - y[example, unit], rel=1e-12)
            assert told.kept == pytest.approx(kept, rel=1e-9, abs=1e-15)
            assert told.slope == (pytest.approx(own * (1 - own)) if output == "sigmoid" else None)
            assert delta[example, unit] == (told.cancelled if trained_on == "own" else told.kept)


def test_there_is_nothing_to_compare_without_such_a_loss_and_before_the_outputs_are_there():
    linear = plain((4, "tanh"), (1, "identity"), dataset="sine", loss="squared_error")
    third = by("sigmoid", "huber")
    unfit = plain((1, "sigmoid"), dataset=table([[1.0]], [[3.0]]), loss="squared_error")
    for form in (linear, third, unfit):
        assert error_by_loss(at_end(form), 0, 0) is None
    timeline = Timeline(Experiment.from_dict(by("sigmoid", "squared_error")))
    assert error_by_loss(passes(timeline, 1), 0, 0) is None


def test_the_sizes_of_an_examples_errors_go_from_the_output_back_to_the_layer():
    form = plain((3, "tanh"), (4, "sigmoid"), (2, "sigmoid"), dataset="moons", mini_batch_size=5)
    found = at_end(form)
    for example in range(5):
        deltas = [found.value(f"delta{layer}") for layer in (3, 2, 1)]
        sizes = [np.linalg.norm(delta[example]) / len(delta[example]) ** 0.5 for delta in deltas if delta is not None]
        for layer, count in ((1, 3), (2, 2), (3, 1)):
            assert error_sizes(found, layer, example) == pytest.approx(sizes[:count], rel=1e-6)
    timeline = Timeline(Experiment.from_dict(form))
    third = next(t for t in range(100) if "delta3" in timeline.seek(t))
    assert error_sizes(passes(timeline, third), 3, 0) is not None
    assert error_sizes(passes(timeline, third), 2, 0) is None
