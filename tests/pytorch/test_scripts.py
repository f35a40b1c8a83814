"""The PyTorch script of an experiment prints the losses of its run."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings

from engine import Experiment, Refusal, Timeline
from engine.experiment.experiment import Start
from engine.experiment.presets import PRESETS
from engine.export.notebook import notebook
from engine.export.pytorch_script import pytorch_script
from engine.run.segments import segments
from tests.helpers.experiments import EXPERIMENTS, MIXED
from tests.helpers.networks import experiment, table_experiments
from tests.helpers.scripts import largest_difference, losses_of, printed

torch.set_num_threads(1)  # more make such small networks slower
STEPS = 12
CLOSE = 1e-6


def off(chosen: Experiment, folder, steps: int = STEPS) -> float:
    """How far the losses of the script are off."""
    return largest_difference(printed(pytorch_script(chosen, steps), folder), losses_of(chosen, steps))


@pytest.mark.parametrize("name", [*PRESETS, "mixed"])
def test_the_script_of_a_preset_prints_the_losses_of_its_run(name, tmp_path):
    chosen = Experiment.from_dict((PRESETS | {"mixed": MIXED})[name])
    assert off(replace(chosen, dtype="float64"), tmp_path) < CLOSE
    assert off(chosen, tmp_path) < 10 * CLOSE  # PyTorch adds up the loss in single precision


@pytest.mark.parametrize("chosen", [each for each in EXPERIMENTS if not each.next_mini_batch])  # one structure
def test_the_script_of_every_method_prints_the_losses_of_its_run(chosen, tmp_path):
    assert off(replace(chosen, dtype="float64"), tmp_path) < CLOSE


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(chosen=table_experiments(dtype="float64"))
def test_the_script_of_any_experiment_prints_the_losses_of_its_run(chosen, tmp_path_factory):
    alone = any(chosen.examples_in(k) == 1 for k in range(6))
    assume(not (alone and any(layer.batch_norm for layer in chosen.layers)))
    assert off(chosen, tmp_path_factory.getbasetemp(), 6) < CLOSE


def test_a_script_writes_the_changes_of_numbers_at_training_steps(tmp_path):
    chosen = experiment((4, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=20, dtype="float64")
    steps = len(segments(chosen)[0].program)
    changes = [
        {"t": 2 * steps, "tensor": "W1", "index": [1, 0], "value": 3.5},
        {"t": 3 * steps, "tensor": "b2", "value": [0.7]},
        {"t": 5 * steps, "learning_rate": 0.01},
    ]
    assert off(chosen.with_changes(changes), tmp_path) < CLOSE


def refused(chosen: Experiment, steps: int = STEPS) -> str:
    with pytest.raises(Refusal) as refusal:
        pytorch_script(chosen, steps)
    return f"{refusal.value.field}: {refusal.value}"


def test_what_pytorch_cannot_do_is_refused_with_its_reason(tmp_path):
    chosen = experiment((4, "tanh"), (1, "sigmoid"), dataset="moons", mini_batch_size=20, dtype="float64")
    steps = len(segments(chosen)[0].program)
    inside = chosen.with_changes([{"t": 2 * steps + 3, "tensor": "b2", "value": [0.7]}])
    assert "a change within a training step" in refused(inside)
    assert off(inside, tmp_path, 2) < CLOSE
    timeline = Timeline(chosen)
    timeline.change(4 * steps, optimizer={"name": "adam"})
    assert refused(timeline.experiment).startswith("changes: unfit training step: 4 (one module")
    alone = experiment((4, "tanh", {"batch_norm": True}), (1, "sigmoid"), dataset="moons", mini_batch_size=299)
    assert refused(alone).startswith("mini_batch_size: unfit mini-batch size: 299 (PyTorch's batch norm")
    adam = replace(timeline.experiment, changes=(), training=timeline.segments[1].experiment.training)
    kept = {name: np.array(array) for name, array in Timeline(adam).seek(steps * 4).items()}
    begun = replace(adam, start=Start("mine", {n: a for n, a in kept.items() if n[0] in "Wbmvu"}, "adam"))
    assert "its optimizer's state" in refused(begun)


def test_every_cell_of_a_notebook_runs_and_both_parts_print_the_losses(capsys):
    chosen = Experiment.from_dict(PRESETS["spirals"])
    found, _ = notebook(chosen, STEPS)
    names: dict[str, object] = {}
    for cell in found["cells"]:
        if cell["cell_type"] == "code":
            exec(cell["source"], names)
    losses = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]
    assert largest_difference(losses[:STEPS], losses_of(chosen, STEPS)) < CLOSE
    assert largest_difference(losses[STEPS:], losses_of(chosen, STEPS)) < 10 * CLOSE
