"""The terminal's commands print true numbers, save checkpoints, and refuse bad input in one line."""

import json
import os
import re
import signal
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

import server.__main__
from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.methods import equations as eq
from server.checkpoints.codec import decode
from terminal import train
from terminal.__main__ import main
from terminal.commands import COMMANDS
from tests.helpers.mistakes import twisted
from tests.helpers.networks import plain, same_bits
from tests.helpers.pytorch import pytorch
from tests.helpers.serving import ROOT

XOR = PRESETS["xor"]
COMMAND = [sys.executable, "-m", "terminal"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which the command is run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(form: Any, name: str = "one.json") -> str:
    Path(name).write_text(form if isinstance(form, str) else json.dumps(form), encoding="utf-8")
    return name


def state(form: dict[str, Any], training_steps: int) -> dict[str, np.ndarray]:
    timeline = Timeline(Experiment.from_dict(form))
    return dict(timeline.seek(timeline.t_of(training_steps)))


# The commands.


@pytest.mark.parametrize(
    ("words", "options"), [([], []), (["serve"], []), (["--port", "9"], ["--port", "9"]), (["serve", "-x"], ["-x"])]
)
def test_backscope_by_itself_serves_the_page_and_takes_the_servers_options(monkeypatch, words, options):
    monkeypatch.setattr(server.__main__, "main", lambda argv: 7 if argv == options else pytest.fail(str(argv)))
    assert main(words) == 7


def test_the_help_names_every_command(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(re.search(rf"^ +{name}\s+\w", said, re.MULTILINE) for name in COMMANDS)


def test_the_commands_load_no_web_server(folder):
    code = "import sys, terminal.commands; sys.exit('fastapi' in sys.modules or 'uvicorn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


BAD: list[tuple[list[str], Any, str]] = [
    (["play"], XOR, r"backscope: unknown command: 'play' \(one of: check, rebuild, robustness, serve, train\)"),
    (["check", "none.json"], XOR, "backscope: none.json: No such file or directory"),
    (["check", "."], XOR, "backscope: .: Is a directory"),
    (["check"], XOR, "backscope check: the following arguments are required: EXPERIMENT.json"),
    (["check", "one.json"], "{'a'", "backscope: one.json: it is not JSON: .*"),
    (["check", "one.json"], "[" * 100_000, "backscope: one.json: it is not JSON: .*"),
    (["check", "one.json"], "3", "backscope: one.json: invalid experiment: 3 .*"),
    (["check", "one.json"], XOR | {"seed": -1}, "backscope: one.json: seed: invalid seed: -1 .*"),
    (["check", "one.json"], XOR | {"start": "x"}, "backscope: one.json: start: unknown checkpoint: 'x' .*"),
    (["check", "one.json", "--t", "-1"], XOR, "backscope check: argument --t: .*"),
    (["check", "one.json", "--most", "0"], XOR, "backscope check: argument --most: '0' is no whole number from 1 up"),
    (["check", "one.json", "--t", str(10**20)], XOR, r"backscope: invalid t: 1000+ \(0 to 9007199254740991\)"),
    (["train", "one.json", "--steps", "x"], XOR, "backscope train: argument --steps: .*"),
    (["train", "one.json", "--steps", "1", "--epochs", "1"], XOR, "backscope train: argument --epochs: not allowed .*"),
    (["train", "one.json", "--until", "loss <"], XOR, r"backscope: --until: until: invalid condition: 'loss <' \(.*\)"),
    (["train", "one.json", "--until", '{"name"'], XOR, "backscope: --until: it is not JSON: .*"),
    (
        ["train", "one.json", "--until", "dead(1)"],
        XOR,
        r"backscope: --until: until.name: unfit condition: 'dead' \(no layer has such a slope\)",
    ),
    (["train", "one.json", "--start", "one.json"], XOR, "backscope: one.json: invalid checkpoint: .*"),
    (["train", "one.json", "--start", "none"], XOR, "backscope: none: No such file or directory"),
    (["train", "one.json", "--output", "none/x"], XOR, "backscope: none/x: cannot be written: No such file or .*"),
    (["train", "one.json", "--output", "one.json/x"], XOR, "backscope: one.json/x: cannot be written: Not a directory"),
    (["train", "one.json", "--output", "."], XOR, "backscope: .: cannot be written: Is a directory"),
]


@pytest.mark.parametrize(("words", "form", "message"), BAD, ids=[f"{words}"[:50] for words, _, _ in BAD])
def test_bad_input_is_said_in_one_line_before_anything_is_done(folder, monkeypatch, capsys, words, form, message):
    monkeypatch.setattr(train, "run", pytest.fail)
    written(form)
    try:
        status = main(words)
    except SystemExit as end:
        status = int(end.code or 0)
    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert re.fullmatch(message + "\n", said.err), said.err
    assert os.listdir() == ["one.json"]


# Checking.


def test_check_says_of_every_tensor_how_much_was_checked_and_that_it_is_right(folder, capsys):
    assert main(["check", written(XOR), "--t", "40"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["tensor", "W1", "b1", "W2", "b2"]
    assert re.fullmatch(r"W1 +4 x 2 +8 of 8 +\d\.\de-\d\d +0 +right", lines[1])
    assert last == "right: 17 of 17 elements checked at t 40, none is off by more than 0.0001"


def test_check_says_what_is_wrong_with_its_numbers(folder, capsys, monkeypatch):
    monkeypatch.setattr(eq, "weight_gradient", twisted(eq.weight_gradient, np.negative))
    assert main(["check", written(XOR)]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["wrong", "right", "wrong", "right"]
    found = re.match(r"wrong: dW1\[\d, \d\] is (\S+), perturbing shows (\S+); dW2\[0, \d\] is ", last)
    assert found
    assert float(found[1]) == pytest.approx(-float(found[2]), rel=1e-4)


def test_check_names_kinks_and_looks_at_no_more_than_it_is_told(folder, capsys):
    assert main(["check", written(plain((3, "relu"), (1, "sigmoid"))), "--most", "5", "--seed", "4"]) == 0
    said = capsys.readouterr().out
    assert "5 of 13 elements checked" in said
    assert re.search(r"^kink: b1\[\d\] moves unit \d of layer 1 over 0 for example 0$", said, re.MULTILINE)


def test_check_refuses_a_moment_whose_numbers_are_not_finite(folder, capsys):
    wild = plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0)
    assert main(["check", written(wild), "--t", "5000"]) == 2
    assert capsys.readouterr().err == "backscope: unfit moment: 5000 (its numbers are not finite)\n"


# Training.

ADAM = plain((5, "tanh"), (2, "softmax"), dataset="moons", optimizer={"name": "adam", "learning_rate": 0.02})
ADAM["layers"][0] |= {"batch_norm": True}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_train_writes_all_that_lives_on_as_the_engine_has_it_row_by_row(folder, capsys, dtype):
    form = ADAM | {"dtype": dtype}
    assert main(["train", written(form), "--steps", "60", "--output", "two.safetensors"]) == 0
    assert sorted(os.listdir()) == ["one.json", "two.safetensors"]
    tensors, expected = load_file("two.safetensors"), state(form, 60)
    segment = Timeline(Experiment.from_dict(form)).segments[0]
    assert {"W1", "mW1", "vb2", "gamma1", "running_var1", "updates", "learning_rate"} <= tensors.keys()
    assert same_bits(tensors, {name: expected[name] for name in segment.carried})
    assert tensors["W1"].shape == (5, 2)
    with safe_open("two.safetensors", "np") as file:
        metadata = file.metadata()
    assert json.loads(metadata["experiment"]) == Experiment.from_dict(form).to_dict()
    assert metadata["t"] == str(60 * len(segment.program))


def test_train_says_how_good_the_network_is_in_the_end(folder, capsys):
    assert main(["train", written(XOR), "--epochs", "2000"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    found = re.fullmatch(r"training loss (\S+), accuracy 100\.00%, 4 examples", first)
    assert found
    assert float(found[1]) < 0.01
    assert last == "run.safetensors has what was learned in 2,000 training steps, t 36000"
    assert main(["train", written(PRESETS["sine"]), "--epochs", "2"]) == 0
    assert re.match(r"held-out loss \S+, 50 examples\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    "text",
    ["loss(training) > 9 or loss < 0.1", '{"any": [{"name": "loss_below", "value": 0.1}, {"name": "loss_rises"}]}'],
)
def test_train_stops_at_the_very_micro_step_where_a_condition_becomes_true(folder, capsys, text):
    assert main(["train", written(XOR), "--epochs", "2000", "--until", text]) == 0
    first, report, last = capsys.readouterr().out.splitlines()
    timeline = Timeline(Experiment.from_dict(XOR))
    to_loss = 1 + next(k for k, step in enumerate(timeline.program) if "loss" in step.writes)
    moments = (timeline.t_of(step) + to_loss for step in range(2000))
    t = next(t for t in moments if timeline.seek(t)["loss"] < 0.1)
    loss = float(timeline.seek(t)["loss"])
    step = t // len(timeline.program)
    assert first == f"stopped in training step {step}, t {t}, by loss_below (value 0.1, of mini_batch): {loss:.6g}"
    assert report.startswith("training loss ")
    assert last == f"run.safetensors has what was learned in {step} training steps, t {t}"
    assert np.array_equal(load_file("run.safetensors")["W1"], timeline.seek(t)["W1"])


def test_train_may_start_from_a_checkpoint_and_from_another_seed(folder):
    main(["train", written(ADAM), "--steps", "30", "--output", "a.safetensors"])
    main(["train", written(ADAM), "--steps", "0", "--output", "b.safetensors", "--start", "a.safetensors"])
    first, second = load_file("a.safetensors"), load_file("b.safetensors")
    assert same_bits(second, first)
    main(["train", written(ADAM), "--steps", "0", "--seed", "3", "--output", "c.safetensors"])
    expected = state(ADAM | {"seed": 3}, 0)
    assert same_bits(load_file("c.safetensors"), {name: expected[name] for name in first})


def test_a_checkpoint_is_replaced_by_a_whole_one_or_not_at_all(folder, monkeypatch, capsys):
    main(["train", written(XOR), "--steps", "3"])
    before = Path("run.safetensors").read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        assert main(["train", "one.json", "--steps", "5"]) == 2
    assert capsys.readouterr().err == "backscope: run.safetensors: cannot be written: No space left on device\n"
    assert Path("run.safetensors").read_bytes() == before
    assert main(["train", "one.json", "--steps", "5"]) == 0
    assert decode(Path("run.safetensors").read_bytes()).t == 90
    assert sorted(os.listdir()) == ["one.json", "run.safetensors"]


def test_a_run_that_diverges_is_not_saved_over_anything(folder, capsys):
    Path("run.safetensors").write_text("precious")
    wild = plain((2, "identity"), (1, "identity"), dataset="sine", rate=30.0)
    assert main(["train", written(wild), "--steps", "100000"]) == 1
    assert re.fullmatch(r"the loss is no finite number after training step \d+; .*\n", capsys.readouterr().err)
    assert Path("run.safetensors").read_text() == "precious"
    assert sorted(os.listdir()) == ["one.json", "run.safetensors"]


def heed() -> None:
    """Heed signals as in a terminal, though the tests may run in the background, where some are ignored."""
    for number in train.ENDS:
        signal.signal(number, signal.SIG_DFL)


def begun(*words: str, **options: Any) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "preexec_fn": heed} | options
    return subprocess.Popen([*COMMAND, *words], env=environment, text=True, **pipes)


def until(true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_training_and_keeps_the_moment_that_was_reached(folder, number):
    form = plain((3, "tanh"), (1, "sigmoid"), dataset="moons")
    process = begun("train", written(form), "--steps", str(10**9))
    until(lambda: list(folder.glob(".run*.part")))
    time.sleep(0.3)
    process.send_signal(number)
    said, wrong = process.communicate(timeout=60)
    assert (process.returncode, wrong) == (128 + number, "")
    found = re.search(r"interrupted: run.safetensors has .* up to training step (\d+), t (\d+)\n", said)
    assert found
    assert int(found[1]) > 0
    expected, tensors = state(form, int(found[1])), load_file("run.safetensors")
    assert same_bits(tensors, {name: expected[name] for name in tensors})
    assert sorted(os.listdir()) == ["one.json", "run.safetensors"]


@pytest.mark.parametrize("words", [["check", "one.json", "--t", "400000"], ["robustness"], ["train", "one.json"]])
def test_ctrl_c_is_answered_in_one_line_at_any_time(folder, words):
    written(PRESETS["digits_100"])
    process = begun(*words)
    time.sleep(0.25)  # it is being loaded, or has begun
    process.send_signal(signal.SIGINT)
    _, wrong = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT), wrong  # the latter while it is being loaded
    assert wrong.count("\n") <= 1
    assert "Traceback" not in wrong


def test_ctrl_c_that_is_ignored_from_the_beginning_stays_ignored(folder):
    def ignore() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    process = begun("check", written(XOR), preexec_fn=ignore)
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    assert (process.returncode, process.communicate()[1]) == (0, "")


def test_a_reader_that_goes_is_no_error(folder):
    reading, writing = os.pipe()
    os.close(reading)
    process = begun("check", written(XOR), stdout=writing)
    os.close(writing)
    _, wrong = process.communicate(timeout=60)
    assert (process.returncode, wrong) == (141, "")


def test_a_checkpoint_goes_through_a_link_a_device_and_a_pipe(folder, capfd):
    Path("kept").mkdir()
    Path("kept/run").write_text("old")
    Path("kept/run").chmod(0o640)
    Path("link").symlink_to("kept/run")
    assert main(["train", written(XOR), "--steps", "5", "--output", "link"]) == 0
    assert Path("link").is_symlink()
    assert decode(Path("kept/run").read_bytes()).t == 90
    assert Path("kept/run").stat().st_mode & 0o777 == 0o640
    assert main(["train", "one.json", "--steps", "5", "--output", os.devnull]) == 0
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    os.mkfifo("pipe")
    process = begun("train", "one.json", "--steps", "5", "--output", "pipe")
    until(lambda: process.poll() is not None)  # nobody reads there
    assert "pipe: cannot be written: No such device or address" in process.communicate()[1]
    read = subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE)
    until(lambda: main(["train", "one.json", "--steps", "5", "--output", "pipe"]) == 0)
    assert decode(read.communicate(timeout=60)[0]).t == 90
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


def test_a_file_that_may_not_be_written_is_left_alone(folder, capsys):
    Path("run.safetensors").write_text("precious")
    Path("run.safetensors").chmod(0o444)
    assert main(["train", written(XOR), "--steps", "5"]) == 2
    assert capsys.readouterr().err == "backscope: run.safetensors: cannot be written: Permission denied\n"
    assert Path("run.safetensors").read_text() == "precious"


def test_in_a_terminal_a_bar_shows_loss_accuracy_and_steps_a_second(folder):
    pty, fcntl, termios = (pytest.importorskip(name) for name in ("pty", "fcntl", "termios"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    words = ["train", written(plain((3, "tanh"), (1, "sigmoid"), dataset="moons")), "--steps", "3000"]
    process = subprocess.Popen(
        [*COMMAND, *words], env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            said += os.read(ours, 4096)
        except OSError:  # nobody writes there any more
            break
    os.close(ours)
    assert process.wait(60) == 0
    assert re.search(rb"100%\|.*\| 3000/3000 .* steps/s, loss [\d.e-]+, accuracy [\d.]+%\]", said)


def test_the_lines_of_the_guide_open_a_checkpoint_in_pytorch(folder):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "guide.md").read_text(encoding="utf-8"), re.DOTALL)
    (lines,) = [block for block in blocks if "load_file" in block]
    assert len(lines.strip().splitlines()) == 5
    main(["train", written(XOR, "xor.json"), "--epochs", "2000", "--output", "run.safetensors"])
    names: dict[str, Any] = {}
    with pytorch():
        exec(lines, names)
    expected = state(XOR, 2000)
    x = names["torch"].tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=names["torch"].float32)
    hidden = np.tanh(x.numpy() @ expected["W1"].T + expected["b1"])
    output = 1 / (1 + np.exp(-(hidden @ expected["W2"].T + expected["b2"])))
    assert names["network"](x).detach().numpy() == pytest.approx(output, abs=1e-6)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (plain((4, "mish"), (1, "tanh"), dataset="rings", loss="hinge", optimizer={"name": "lion"}), "accuracy"),
        (plain((4, "hardswish"), (2, "identity"), dataset="checkerboard", loss="absolute_error"), "accuracy"),
        (plain((4, "hardswish"), (1, "mish"), dataset="sine", loss="huber", optimizer={"name": "adagrad"}), "loss"),
    ],
)
def test_train_takes_methods_of_every_kind_and_its_checkpoint_goes_on(folder, capsys, form, said):
    assert main(["train", written(form), "--steps", "30"]) == 0
    assert said in capsys.readouterr().out
    assert main(["check", written(form), "--start", "run.safetensors"]) == 0
    assert "right" in capsys.readouterr().out
