"""A NumPy script that is run alone prints the losses of the run that it was made from."""

import ast
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Refusal, Timeline
from engine.experiment.experiment import Start
from engine.experiment.presets import PRESETS
from engine.export.numpy_script import numpy_script
from engine.health.scenarios import SCENARIOS
from engine.run.segments import segments
from tests.helpers.experiments import DIVERGES, EXPERIMENTS, MIXED
from tests.helpers.networks import experiment, table_experiments
from tests.helpers.scripts import largest_difference, losses_of, printed

STEPS = 12
PLAIN = PRESETS | {name: each["experiment"] for name, each in SCENARIOS.items()} | {"mixed": MIXED}
CLOSE = 1e-6
DEEP = {"batch_norm": True, "dropout": 0.2}


def off(chosen: Experiment, folder, steps: int = STEPS) -> float:
    """How far the losses of the script are off."""
    return largest_difference(printed(numpy_script(chosen, steps), folder), losses_of(chosen, steps))


@pytest.mark.parametrize("name", PLAIN)
def test_the_script_of_a_preset_prints_the_losses_of_its_run(name, tmp_path):
    chosen = Experiment.from_dict(PLAIN[name])
    if name in SCENARIOS:  # numbers that explode make rounding errors large too
        chosen = replace(chosen, dtype="float64")
    assert off(chosen, tmp_path) < CLOSE


@pytest.mark.parametrize("chosen", EXPERIMENTS)
def test_the_script_of_every_method_prints_the_losses_of_its_run(chosen, tmp_path):
    assert off(replace(chosen, dtype="float64"), tmp_path) < CLOSE


@settings(max_examples=25, deadline=None)
@given(chosen=table_experiments(dtype="float64"))
def test_the_script_of_any_experiment_prints_the_losses_of_its_run(chosen, tmp_path_factory):
    assert off(chosen, tmp_path_factory.getbasetemp(), 6) < CLOSE


@pytest.mark.parametrize("name", ["moons", "rings", "checkerboard", "gaussians", "sine", "xor"])
@pytest.mark.parametrize("outputs", [1, 2])
def test_a_script_makes_the_very_examples_of_the_data_set(name, outputs, tmp_path):
    ending = "identity" if name == "sine" else "sigmoid"
    if name == "sine" and outputs == 2:
        return
    dataset = {"name": name, "noise": 0.3, "examples": 101}
    chosen = experiment((outputs, ending), dataset=dataset, seed=4, dtype="float64", loss="squared_error")
    parts = [
        part for part in numpy_script(chosen, 1).parts if part.title.startswith(("The settings", "The training ex"))
    ]
    names: dict[str, np.ndarray] = {}
    exec("\n".join(part.code for part in parts), names)
    assert names["X"].tobytes() == chosen.data.x_train.tobytes()
    assert names["Y"].tobytes() == chosen.data.y_train.tobytes()


def test_a_script_writes_the_changes_of_numbers_where_they_were_made(tmp_path):
    chosen = experiment((4, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=20, dtype="float64")
    steps = len(segments(chosen)[0].program)
    changes = [
        {"t": 2 * steps, "tensor": "W1", "index": [1, 0], "value": 3.5},
        {"t": 3 * steps + 4, "tensor": "b2", "value": [0.7]},
        {"t": 5 * steps + 1, "learning_rate": 0.01},
    ]
    changed = chosen.with_changes(changes)
    assert off(changed, tmp_path) < CLOSE
    assert largest_difference(losses_of(changed, STEPS), losses_of(chosen, STEPS)) > 1e-3


def test_a_script_goes_on_after_changes_of_structure_as_the_run_does(tmp_path):
    chosen = experiment(
        (4, "tanh"), (4, "relu"), (1, "sigmoid"), dataset="moons", mini_batch_size=20, dtype="float64", seed=3
    )
    timeline, steps = Timeline(chosen), len(segments(chosen)[0].program)
    timeline.change(2 * steps, optimizer={"name": "adam", "learning_rate": 0.02})
    for training_step, change in (
        (4, {"schedule": {"name": "exponential", "factor": 0.5}}),
        (6, {"layers": [{"units": 4, "activation": "gelu", **DEEP}, {"units": 4, "activation": "elu", "residual": True},
                        {"units": 1, "activation": "sigmoid"}]}),
        (7, {"next_mini_batch": {"class": 1}}),
        (9, {"initializer": "he"}),
        (10, {"schedule": None, "optimizer": {"name": "momentum"}}),
    ):  # fmt: skip
        timeline.change(timeline.t_of(training_step), **change)
    script = numpy_script(timeline.experiment, STEPS)
    assert (
        sum(part.title.startswith("The change") for part in script.parts) == 5
    )  # a chosen mini-batch changes no tensor
    assert off(timeline.experiment, tmp_path) < CLOSE


def test_a_script_carries_the_weights_of_a_checkpoint(tmp_path):
    network = experiment((30, "tanh"), (1, "sigmoid"), dataset="moons", dtype="float64", mini_batch_size=20)
    state = Timeline(network).seek(500)
    start = Start("mine", {name: np.array(state[name]) for name in network.parameters})
    for units, dtype in ((network, "float64"), (network, "float32")):
        begun = replace(units, dtype=dtype, start=start)
        assert off(begun, tmp_path) < CLOSE
        assert numpy_script(begun, 1).arrays == {}


def test_larger_arrays_are_carried_in_a_file(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(200, 3)), rng.normal(size=(200, 1))
    chosen = experiment((1, "identity"), dataset={"name": "table", "x": x.tolist(), "y": y.tolist()}, dtype="float64")
    script = numpy_script(chosen, 2)
    assert {*script.arrays} == {"X"} and "backscope.npz" in script.about
    assert off(chosen, tmp_path) < CLOSE


def test_a_script_whose_numbers_overflow_says_so_as_the_run_does(tmp_path):
    chosen = Experiment.from_dict(DIVERGES)
    assert not np.isfinite(losses_of(chosen, 60)[-1])
    assert not np.isfinite(printed(numpy_script(chosen, 60), tmp_path)[-1])


def test_pictures_that_show_no_digit_are_refused():
    chosen = experiment((10, "softmax"), dataset={"name": "digits", "others": 100})
    with pytest.raises(Refusal, match="leave the other pictures out") as refusal:
        numpy_script(chosen, 3)
    assert refusal.value.field == "dataset.others"


@given(st.sampled_from([*PLAIN]))
@settings(max_examples=10, deadline=None)
def test_a_script_imports_numpy_and_nothing_else(name):
    tree = ast.parse(numpy_script(Experiment.from_dict(PLAIN[name]), 2).text)
    imports = [each for each in ast.walk(tree) if isinstance(each, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(each) for each in imports] == ["import numpy as np"]


def test_a_script_runs_in_a_process_of_its_own(tmp_path):
    chosen = Experiment.from_dict(PRESETS["xor"])
    (tmp_path / "xor.py").write_text(numpy_script(chosen, 3).text)
    ran = subprocess.run([sys.executable, "-I", "xor.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    found = [float(line.split()[1]) for line in ran.stdout.splitlines()]
    assert largest_difference(found, losses_of(chosen, 3)) < CLOSE
