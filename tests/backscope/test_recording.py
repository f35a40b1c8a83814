"""A recording gives back what was written, opens to what is whole, and `backscope prove` runs it again."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backscope
from backscope.recording import FORM, Unreadable, read
from terminal.__main__ import main
from tests.helpers.homework import ADAM, COLUMNS, DEEP, GENERAL, LOOPS, changed
from tests.helpers.recorded import record
from tests.helpers.serving import ROOT
from tests.helpers.wrong_homework import SEEDED


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which the command is run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


RUN = Path("run.backscope")


def test_what_was_recorded_is_read_again_bit_by_bit(folder):
    rng = np.random.default_rng(0)
    W, b, x, y = [rng.normal(size=(3, 2))], [rng.normal(size=3)], rng.normal(size=(4, 2)), rng.normal(size=(4, 3))
    single = [each.astype(np.float32) for each in W]
    with backscope.record(RUN, activations=["tanh"], loss="squared_error", learning_rate=0.1) as scope:
        scope.step(W, b, x, y, dW=single)
        scope.step([[[1, 2], [3, 4], [5, 6]]], b)
    found = read(RUN)
    assert found.said == {"ACTIVATIONS": ["tanh"], "LOSS": "squared_error", "LEARNING_RATE": 0.1}
    assert not found.cut
    assert [[*step] for step in found.steps] == [["W1", "b1", "dW1", "x", "y"], ["W1", "b1"]]
    written: dict[str, np.ndarray] = {"W1": W[0], "b1": b[0], "dW1": single[0], "x": x, "y": y}
    for name, array in written.items():
        assert found.steps[0][name].dtype == array.dtype
        assert np.array_equal(found.steps[0][name], array)
    assert found.steps[1]["W1"].tolist() == [[1, 2], [3, 4], [5, 6]]


def test_a_recording_that_is_cut_off_anywhere_opens_to_what_is_whole(folder):
    record(RUN, LOOPS, steps=1)
    data = RUN.read_bytes()
    whole = list[int]()
    for length in range(len(data) + 1):
        RUN.write_bytes(data[:length])
        try:
            found = read(RUN)
        except Unreadable:
            assert not whole
            continue
        whole += [] if found.cut else [length]
        assert len(found.steps) == len(whole) - 1
    assert len(whole) == 3  # the run itself, a step, the end


def test_steps_are_in_the_file_before_the_recording_ends(folder):
    scope = backscope.record(RUN, activations=["tanh"], loss="squared_error", learning_rate=0.1)
    scope.step([np.ones((1, 1))], [np.ones(1)])
    assert len(read(RUN).steps) == 1
    scope.close()


def test_a_loop_that_fails_leaves_what_it_has_recorded(folder):
    def fail() -> None:
        with backscope.record(RUN, activations=["tanh"], loss="squared_error", learning_rate=0.1) as scope:
            scope.step([np.ones((1, 1))], [np.ones(1)])
            raise RuntimeError("of its own")

    with pytest.raises(RuntimeError, match="of its own"):
        fail()
    assert len(read(RUN).steps) == 1


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"backscope recording 1\n", b"backscope recording 1\n" + bytes(16)])
def test_what_is_no_recording_is_refused(folder, capsys, data):
    RUN.write_bytes(data)
    assert main(["prove", str(RUN)]) == 2
    assert re.fullmatch(r"backscope: run\.backscope: .*\n", capsys.readouterr().err)


def test_neither_engine_nor_server_is_loaded_beside_ones_own_training():
    heavy = "{'engine', 'server', 'torch', 'fastapi'}"
    code = f"import sys, backscope; sys.exit(bool({heavy} & {{*sys.modules}}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


RIGHT = {"cross-entropy": (DEEP, np.float32), "Adam": (ADAM, np.float32), "momentum": (COLUMNS, np.float64)}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("gradients", [True, False], ids=["gradients", "weights"])
def test_a_right_run_is_proven_to_the_precision_of_its_numbers(folder, capsys, name, gradients):
    program, dtype = RIGHT[name]
    record(RUN, program, dtype=dtype, gradients=gradients)
    assert main(["prove", str(RUN)]) == 0
    said = capsys.readouterr().out
    assert re.fullmatch(r"run\.backscope: every tensor agrees: \d+ tensors of 20 training steps, to 1e-0[59]\n", said)


WRONG = {cause: SEEDED[cause] for cause in ("missing_mean", "other_momentum", "gradients_accumulate", "wrong_sign")}
WRONG["shuffled_labels"] = (COLUMNS, "Y = y.T", "Y = np.roll(y, 3, axis=0).T")


@pytest.mark.parametrize("cause", WRONG)
def test_of_a_wrong_run_the_first_tensor_both_numbers_and_the_cause_are_said(folder, capsys, cause):
    record(RUN, changed(*WRONG[cause]))
    assert main(["prove", str(RUN)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"run\.backscope: d?[Wb]\d disagrees, in training step \d: .* is .*, it should be .*", lines[0])
    assert lines[1] == f"  cause: {cause}"


def test_a_run_that_goes_wrong_later_is_told_from_there_on(folder, capsys):
    late = "        state[l] = state.get(l, 0) + 1\n        W[l] -= (1 + (state[l] > 7)) * LEARNING"
    record(RUN, changed(LOOPS, "        W[l] -= LEARNING", late))
    assert main(["prove", str(RUN)]) == 1
    assert "W2 disagrees, in training step 7" in capsys.readouterr().out


def test_a_run_that_was_cut_off_is_proven_as_far_as_it_goes(folder, capsys):
    record(RUN, GENERAL)
    RUN.write_bytes(RUN.read_bytes()[:-100])
    assert main(["prove", str(RUN)]) == 0
    said = capsys.readouterr().out
    assert "it was cut off; 20 steps are whole" in said
    assert "of 19 training steps" in said


REFUSED: dict[str, tuple[list[dict[str, Any]], str]] = {
    "no steps": ([], "steps: invalid number of training steps: 0"),
    "no mini-batch": ([{"W": [[[1.0, 2.0]]], "b": [[1.0]]}] * 2, "step 0: missing x"),
    "no matrix": ([{"W": [[1.0]], "b": [[1.0]]}] * 2, "W: invalid weights"),
    "another shape": (
        [{"W": [[[1.0, 2.0]]], "b": [[1.0]], "x": [[1.0, 2.0]], "y": [[1.0, 2.0]]}] * 2,
        r"step 0: invalid y: \(1, 2\) \(the shape \(1, 1\)\)",
    ),
    "another width later": (
        [
            {"W": [[[1.0, 2.0]]], "b": [[1.0]], "x": [[1.0, 2.0]], "y": [[1.0]]},
            {"W": [[[1.0]]], "b": [[1.0]]},
        ],
        r"step 1: invalid W1: \(1, 1\)",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_recording_that_lacks_something_is_refused_by_its_name(folder, capsys, name):
    steps, says = REFUSED[name]
    with backscope.record(RUN, activations=["tanh"], loss="squared_error", learning_rate=0.1) as scope:
        for step in steps:
            scope.step(**step)
    assert main(["prove", str(RUN)]) == 2
    assert re.search(says, capsys.readouterr().err)


def test_what_is_said_of_a_run_is_refused_by_its_name(folder, capsys):
    record(RUN, changed(GENERAL, '"binary_cross_entropy"', '"mse"'))
    assert main(["prove", str(RUN)]) == 2
    assert "run.backscope: LOSS: unknown loss: 'mse'" in capsys.readouterr().err


def every(steps: int, every: int, optimizer: dict[str, Any] | None = None, states: bool = True) -> None:
    """A right run of gradient descent or momentum of which every n-th step is recorded."""
    rng, v = np.random.default_rng(0), [np.zeros((2, 3)), np.zeros(2)]
    W, b = rng.normal(size=(2, 3)), rng.normal(size=2)
    share = (optimizer or {}).get("momentum", 0.0)
    said: dict[str, Any] = {"activations": ["identity"], "loss": "squared_error", "learning_rate": 0.1}
    with backscope.record(RUN, **said, optimizer=optimizer, every=every) as scope:
        for _ in range(steps):
            x, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
            delta = 2 * (x @ W.T + b - y)
            found = [delta.T @ x / 4, delta.mean(axis=0)]
            state = {"vW1": v[0], "vb1": v[1]} if optimizer and states else None
            scope.step([W], [b], x, y, [found[0]], [found[1]], state=state)
            v = [share * old + g for old, g in zip(v, found, strict=True)]
            W, b = W - 0.1 * v[0], b - 0.1 * v[1]
        scope.step([W], [b])


MOMENTUM = {"name": "momentum", "momentum": 0.9}


@pytest.mark.parametrize("optimizer", [None, MOMENTUM], ids=["descent", "momentum"])
@pytest.mark.parametrize("n", [2, 3, 10])
def test_every_nth_step_is_recorded_with_the_state_before_it_and_proven_by_itself(folder, capsys, n, optimizer):
    every(31, n, optimizer)
    numbers = [int(step["number"]) for step in read(RUN).steps if "x" in step]
    assert numbers == [*range(0, 31, n)]
    assert main(["prove", str(RUN)]) == 0
    assert f"tensors of {len(numbers)} training steps" in capsys.readouterr().out


def test_of_every_nth_step_the_state_of_an_optimizer_is_asked_for(folder):
    with pytest.raises(ValueError, match="missing state: with every 3 a step needs"):
        every(31, 3, MOMENTUM, states=False)
    with pytest.raises(ValueError, match="invalid every: 0"):
        every(31, 0)


def test_a_recording_of_a_later_form_is_refused_by_it(folder, capsys):
    RUN.write_bytes(FORM.replace(b"2", b"3") + bytes(16))
    assert main(["prove", str(RUN)]) == 2
    assert "another form than this version reads: 'backscope recording 3'" in capsys.readouterr().err
