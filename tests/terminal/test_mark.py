"""``backscope mark``: verdicts in words, JSON and CSV; whatever a homework does is told, and does no harm."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from engine.marking.recognition import UNKNOWN
from terminal.__main__ import main
from terminal.homework.marking import mark
from terminal.homework.outcome import Limits
from tests.helpers.homework import ADAM, BOOK, GENERAL, changed
from tests.helpers.serving import ROOT
from tests.helpers.wrong_homework import SEEDED

LIMITS = Limits(seconds=20)
WRONG = changed(GENERAL, " / m", "", "delta.mean", "delta.sum")
INSIDE = "    m, L = len(x), len(W)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which the command is run in; temporary folders lie in another one."""
    (tmp_path / "here").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def written(program: str, name: str = "one.py") -> Path:
    path = Path(name)
    path.write_text(program, encoding="utf-8")
    return path


def doing(line: str) -> str:
    """A right homework that does something besides in its step."""
    return changed(GENERAL, INSIDE, f"    {line}\n{INSIDE}")


def left(folder: Path) -> list[str]:
    """What is left in the folder of temporary folders."""
    return os.listdir(folder.parent / "temporary")


# What is printed.


def test_a_right_homework_is_said_to_be_right(folder, capsys):
    written(GENERAL)
    assert main(["mark", "one.py"]) == 0
    assert capsys.readouterr().out == "one.py: right: all 8 steps agree, every tensor to 1e-09\n"


def test_of_a_wrong_one_tensor_cause_and_what_to_look_at_are_said(folder, capsys):
    written(WRONG)
    assert main(["mark", "one.py"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"  where: in training step 0, dW2\[0, 3\] is [\d.]+, it should be [\d.]+", lines.pop(1))
    assert lines == [
        "one.py: wrong",
        "  cause: missing_mean",
        "  what:  dW1, db1, dW2 and db2 are each not divided by the number of examples m: "
        "it is a sum where a mean is due",
    ]


def test_json_of_one_homework_is_an_object_with_five_fields(folder, capsys):
    written(WRONG)
    assert main(["mark", "one.py", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [*found] == ["verdict", "step", "tensor", "cause", "says"]
    assert (found["verdict"], found["step"], found["tensor"], found["cause"]) == ("wrong", 0, "dW2", "missing_mean")
    written(GENERAL)
    assert main(["mark", "one.py", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["step"], found["tensor"], found["cause"]) == ("right", None, None, None)


def test_a_class_is_a_table_with_a_row_for_each_file_of_a_folder(folder, capsys):
    Path("class").mkdir()
    for name, program in (("ada", GENERAL), ("bob", WRONG), ("eve", "import nothing_of_that_name\n")):
        written(program, f"class/{name}.py")
    assert main(["mark", "class", "--csv"]) == 1
    rows = [*csv.DictReader(io.StringIO(capsys.readouterr().out))]
    assert [row["verdict"] for row in rows] == ["right", "wrong", "not understood"]
    assert [Path(row["file"]).name for row in rows] == ["ada.py", "bob.py", "eve.py"]
    assert rows[1]["cause"] == "missing_mean"
    assert "nothing_of_that_name" in rows[2]["says"]
    assert main(["mark", "class", "--json"]) == 1
    assert [each["verdict"] for each in json.loads(capsys.readouterr().out)] == [row["verdict"] for row in rows]


def test_the_exit_status_says_that_nothing_is_understood(folder, capsys):
    written("")
    assert main(["mark", "one.py"]) == 2
    assert "it has no function step(W, b, x, y, state)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.py"], "backscope: none.py: No such file or directory"),
        (["."], "backscope: .: no Python file is in this folder"),
        ([], "backscope mark: the following arguments are required: .*"),
        (["none.py", "--seconds", "0"], "backscope mark: argument --seconds: '0' is no whole number from 1 up"),
        (["none.py", "--csv", "--json"], "backscope mark: argument --json: not allowed with argument --csv"),
    ],
)
def test_bad_arguments_are_said_in_one_line(folder, capsys, words, message):
    try:
        status = main(["mark", *words])
    except SystemExit as end:
        status = int(end.code or 0)
    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert re.fullmatch(message + "\n", said.err), said.err


def test_the_help_says_what_a_homework_has_and_what_the_exit_status_means(capsys):
    with pytest.raises(SystemExit):
        main(["mark", "--help"])
    said = capsys.readouterr().out
    assert "def step(W, b, x, y, state)" in said
    assert "Exit status" in said


def test_the_homework_in_the_docs_is_right_and_its_causes_are_all_there(folder):
    page = (ROOT / "docs" / "your-runs.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert program
    assert mark(written(program[1]), LIMITS).verdict == "right"
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE)
    assert {*SEEDED, UNKNOWN} <= {name for row in rows for name in re.findall(r"\w+", row)}


# What a homework may do.

RETURN = "return W, b, dW, db"
TOO_FAST = ("= 0.3", "= 1e6", '["sigmoid", "sigmoid", "sigmoid"]', '["identity"] * 3')

NOT_UNDERSTOOD = {
    "raises": (doing("raise KeyError('weights')"), r"in training step 0: KeyError: 'weights' \(line \d+\)"),
    "divides by 0": (doing("1 / 0"), r"in training step 0: ZeroDivisionError: division by zero \(line \d+\)"),
    "ends the process": (doing("import os; os._exit(0)"), "it ended the process by itself, with exit status 0"),
    "ends it with a status": (doing("import os; os._exit(7)"), "it ended the process by itself, with exit status 7"),
    "exits": (doing("raise SystemExit(3)"), "SystemExit: 3"),
    "dies": (doing("import signal; signal.raise_signal(signal.SIGSEGV)"), "ended by signal SIGSEGV"),
    "recurses": (doing("step(W, b, x, y, state)"), "RecursionError"),
    "takes memory": (doing("np.ones(10**11)"), "it takes more memory than the 512 MB that it may"),
    "prints": (doing("while True: print('x' * 100_000)"), "it prints more than 1,048,576 bytes, and was stopped"),
    "starts processes": (doing("import subprocess; subprocess.run(['ls'])"), "neither start processes"),
    "forks": (doing("import os; os.fork()"), "neither start processes"),
    "opens a line": (doing("import socket; socket.socket()"), "nor use the network"),
    "asks": ("input('a name?')\n" + GENERAL, "EOFError"),
    "imports what is missing": ("import nothing_of_that_name\n" + GENERAL, "No module named 'nothing_of_that_name'"),
    "is no Python": (changed(GENERAL, "def step(", "def step(("), r"SyntaxError: .* \(line \d+\)"),
    "is no text": ("\0\1\2", "null bytes"),
    "has no step": (changed(GENERAL, "def step(", "def stride("), r"it has no function step\(W, b, x, y, state\)"),
    "returns nothing": (changed(GENERAL, "    return W, b, dW, db", ""), "step returns a NoneType; .* is due"),
    "returns one list": (changed(GENERAL, RETURN, "return W"), "a list of 2 arrays is due"),
    "returns text": (changed(GENERAL, RETURN, "return ['a', 'b'], b"), "an array of real numbers is due"),
    "returns too much": (
        changed(GENERAL, RETURN, "return [np.zeros((2000, 2000))] * 2, b"),
        r"W1 has the shape \(2000, 2000\), which is far too large",
    ),
    "has another loss": (changed(GENERAL, '"binary_cross_entropy"', '"mse"'), "LOSS: unknown loss: 'mse'"),
    "has no layers": (changed(GENERAL, "LAYERS = [2, 4, 1]", ""), "LAYERS: missing constant"),
    "has a rate beyond all numbers": (changed(BOOK, *TOO_FAST), "overflow"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_UNDERSTOOD)
def test_what_cannot_be_marked_is_said_with_the_reason(folder, name):
    program, says = NOT_UNDERSTOOD[name]
    found = mark(written(program), LIMITS)
    assert found.verdict == "not understood"
    assert found.cause is None
    assert re.search(says, found.says), found.says
    assert left(folder) == []


@pytest.mark.parametrize("program", [doing("while True: pass"), "while True: pass\n"], ids=["step", "module"])
def test_a_homework_that_never_ends_is_stopped(folder, program):
    begun = time.monotonic()
    found = mark(written(program), Limits(seconds=1))
    assert found.verdict == "not understood"
    assert "it takes more than 1 seconds, and was stopped" in found.says
    assert time.monotonic() - begun < 60


def test_numbers_that_are_none_are_wrong(folder):
    found = mark(written(changed(GENERAL, RETURN, "return [w * np.nan for w in W], b")), LIMITS)
    assert (found.verdict, found.tensor, found.cause) == ("wrong", "W2", "unknown")
    assert "is nan" in found.says


def test_a_division_by_0_in_the_bias_correction_is_named(folder):
    program = changed(
        ADAM,
        '    state["t"] += 1\n    t = state["t"]',
        '    t = state["t"]; state["t"] += 1; 1 / (1 - 0.9**t)',
    )
    found = mark(written(program), LIMITS)
    assert (found.verdict, found.step, found.cause) == ("wrong", 0, "step_from_zero")


@pytest.mark.parametrize("texts", [("delta.T @ a[l] / m", "a[l].T @ delta / m"), ("delta @ W[l]", "delta @ W[l].T")])
def test_arrays_that_do_not_fit_are_tried_in_square_layers(folder, texts):
    found = mark(written(changed(GENERAL, *texts)), LIMITS)
    assert (found.verdict, found.cause) == ("wrong", "transposed_gradient")
    assert "the shapes do not fit" in found.says


def test_a_bias_as_a_row_is_the_same_bias(folder):
    program = changed(GENERAL, "delta.mean(axis=0)", "delta.mean(axis=0, keepdims=True)")
    assert mark(written(program), LIMITS).verdict == "right"


def test_files_are_written_into_a_folder_of_its_own_that_is_removed(folder):
    outside = folder / "outside.txt"
    outside.write_text("kept")
    before = {*folder.iterdir(), folder / "one.py"}
    assert mark(written(doing("open('log.txt', 'a').write('x')")), LIMITS).verdict == "right"
    for line in (
        f"open({str(outside)!r}, 'w')",
        f"np.save({str(folder / 'more.npy')!r}, x)",
        f"import os; os.remove({str(outside)!r})",
        f"import os; os.rename({str(outside)!r}, 'mine')",
        f"import os; os.symlink({str(outside)!r}, 'mine'); open('mine', 'w')",
        f"import shutil; shutil.rmtree({str(folder)!r})",
    ):
        found = mark(written(doing(line)), LIMITS)
        assert "PermissionError: a homework may not change files" in found.says, (line, found)
    assert outside.read_text() == "kept"
    assert {*folder.iterdir()} == before


def test_a_file_that_grows_for_ever_is_told(folder):
    found = mark(written(doing("open('big', 'wb').write(bytes(64 << 20))")), LIMITS)
    assert "OSError" in found.says


def test_what_a_homework_prints_is_not_shown(folder, capfd):
    assert mark(written(doing("print('a secret')")), LIMITS).verdict == "right"
    assert capfd.readouterr() == ("", "")


def test_a_homework_sees_no_environment_and_no_engine(folder, monkeypatch):
    monkeypatch.setenv("A_TOKEN", "secret")
    line = "import os, sys; assert 'A_TOKEN' not in os.environ and 'engine' not in sys.modules and len(sys.argv) == 1"
    assert mark(written(doing(line)), LIMITS).verdict == "right"


def test_a_homework_with_modules_beside_it_finds_them(folder):
    written("HALF = 0.5\n", "numbers_of_mine.py")
    written("from numbers_of_mine import HALF\n" + changed(GENERAL, "= 0.5", "= HALF"))
    assert mark(Path("one.py"), LIMITS).verdict == "right"


def test_the_command_ends_what_it_runs_when_it_is_interrupted(folder):
    written("import os; open('process', 'w').write(str(os.getpid()))\nwhile True: pass\n")
    command = [sys.executable, "-m", "terminal", "mark", "--seconds", "60", str(Path("one.py").resolve())]
    environment = os.environ | {"TMPDIR": str(folder.parent / "temporary")}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background commands ignore it
    )  # fmt: skip
    while not (told := [*folder.parent.glob("temporary/*/own/process")]) or not told[0].read_text():
        assert process.poll() is None
        time.sleep(0.01)
    number = int(told[0].read_text())
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert left(folder) == []
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
