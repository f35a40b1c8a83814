"""The shipped networks agree with their recipes and with the guide, and runs start from them by name."""

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

from engine import Experiment, Refusal, Timeline
from engine.data import digits
from engine.digits.drawing import centred, shrink
from engine.evaluate.evaluation import evaluate, predict
from engine.experiment.presets import PRESETS
from server.app import choices
from server.capacity import Capacity
from server.checkpoints.codec import decode, encode
from server.checkpoints.store import Checkpoints
from server.session import Session
from server.trained.recipes import RECIPES
from server.trained.shipped import SHIPPED, described, file_of
from terminal import rebuild
from terminal.__main__ import main
from tests.helpers.handwriting import OTHERS, SEEN_NEVER, drawings, ink
from tests.helpers.networks import same_bits
from tests.helpers.serving import ROOT

GUIDE = ROOT / "docs" / "guide.md"
NAMES = [*RECIPES]
IMAGES = 10_000  # held out
ANOTHER_BLAS = 3  # images on which other kernels may decide otherwise


@cache
def accuracy(name: str) -> float:
    """How many of all held-out images it reads right, by the engine."""
    experiment = Experiment.from_dict(described(name).experiment, SHIPPED)
    return float(evaluate(experiment, SHIPPED[name].tensors, "held_out")["accuracy"])


def said_in_the_guide(name: str) -> str:
    """The row of the guide's table about this network."""
    (row,) = re.findall(rf"^\| `{name}` \|.*$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    return str(row)


def metadata(path: Path) -> dict[str, str]:
    with safe_open(path, "np") as file:
        return dict(file.metadata())


@pytest.mark.parametrize("name", NAMES)
def test_its_accuracy_on_all_held_out_images_is_what_the_guide_and_its_file_say(name):
    (said,) = re.findall(r"\*\*([\d.]+) %\*\*", said_in_the_guide(name))
    assert accuracy(name) == pytest.approx(float(said) / 100, abs=ANOTHER_BLAS / IMAGES)
    assert accuracy(name) == pytest.approx(described(name).accuracy, abs=ANOTHER_BLAS / IMAGES)


def test_they_are_as_good_as_networks_of_their_shape_can_be():
    assert {name: accuracy(name) >= least for name, least in LEAST.items()} == dict.fromkeys(NAMES, True)


LEAST = {"digits_13002": 0.95, "digits_100": 0.98, "digits_best": 0.985}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_small_holds_parameters_alone_and_is_what_its_recipe_describes(name):
    recipe, path = RECIPES[name], file_of(name)
    assert path.stat().st_size < 1.1e6
    experiment = Experiment.from_dict(recipe.experiment)
    assert load_file(path).keys() == set(experiment.parameters)
    said = metadata(path)
    assert json.loads(said["experiment"]) == experiment.to_dict()
    assert json.loads(said["trained"]) == recipe.trained
    assert experiment.training.optimizer == "gradient_descent"
    assert experiment.training.schedule is None
    widths = "-".join(map(str, experiment.sizes))
    assert f"| {widths} |" in said_in_the_guide(name)
    assert f"| {path.stat().st_size / 1000:.0f} kB |" in said_in_the_guide(name)


# Reading what people draw.


@cache
def pen_drawings() -> tuple[np.ndarray, np.ndarray]:
    """300 drawings of all digits as the network sees them, (300, 784), and their labels."""
    labels, found = zip(*((label, centred(each)) for label, each in drawings(2, 300)), strict=True)
    return np.array(found).reshape(300, 784), np.array(labels)


def outputs(name: str, x: np.ndarray) -> np.ndarray:
    experiment = Experiment.from_dict(described(name).experiment, SHIPPED)
    return predict(experiment, SHIPPED[name].tensors, x)[f"a{len(experiment.layers)}"]


@pytest.mark.parametrize(("name", "least"), [("digits_13002", 0.93), ("digits_100", 0.97), ("digits_best", 0.98)])
def test_drawings_of_any_style_place_size_slant_and_pen_are_read_right(name, least):
    x, labels = pen_drawings()
    assert (outputs(name, x).argmax(axis=1) == labels).mean() >= least


def test_the_best_reader_is_unsure_of_what_is_no_digit_and_not_of_drawings():
    x = np.array([centred(ink(strokes, 0.085)) for strokes in OTHERS.values()]).reshape(-1, 784)
    never = np.array([name in SEEN_NEVER for name in OTHERS])
    largest = outputs("digits_best", x).max(axis=1)
    assert (largest < 0.6).mean() > 0.8
    assert (largest[never] < 0.6).mean() > 0.6
    assert (outputs("digits_100", x).max(axis=1) < 0.6).mean() < 0.3
    assert (outputs("digits_best", pen_drawings()[0]).max(axis=1) < 0.6).mean() <= 0.01


def test_the_guides_table_of_distortions_is_what_the_command_prints(capsys):
    text = GUIDE.read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(held-out digits.*?)```", text, re.DOTALL | re.MULTILINE)
    assert main(["robustness", "--most", "1000"]) == 0
    said, told = (each.strip().splitlines() for each in (capsys.readouterr().out, block))
    assert said[0] == told[0]
    for line, true in zip(told[1:], said[1:], strict=True):
        assert line[:22] == true[:22]
        percents, measured = (np.array(re.findall(r"([\d.]+)%", each), float) for each in (line, true))
        assert percents == pytest.approx(measured, abs=4)  # of a sample
    assert np.array(re.findall(r"([\d.]+)%", told[1]), float)[::2] == pytest.approx(
        [100 * accuracy(name) for name in NAMES], abs=100 * ANOTHER_BLAS / IMAGES
    )


def test_robustness_reads_files_and_refuses_what_reads_no_digits(tmp_path, capsys):
    path = tmp_path / "mine.safetensors"
    path.write_bytes(file_of("digits_100").read_bytes())
    assert main(["robustness", "digits_100", str(path), "--most", "100"]) == 0
    first, *lines = (re.split(r"  +", line) for line in capsys.readouterr().out.splitlines())
    assert first == ["held-out digits", "digits_100", "centred", "mine", "centred"]
    assert len(lines) == 9
    assert all(line[1:3] == line[3:5] for line in lines)
    timeline = Timeline(Experiment.from_dict(PRESETS["xor"]))
    path.write_bytes(encode(timeline))
    assert main(["robustness", str(path)]) == 2
    assert capsys.readouterr().err == f"backscope: {path}: it has learned xor, not digits\n"
    assert main(["robustness", "digits_0"]) == 2
    assert capsys.readouterr().err == "backscope: digits_0: No such file or directory\n"


def written_digits(path: Path, side: int, count: int = 40) -> Path:
    """The first held-out digits in ``side`` x ``side`` pixels: lines of grey values, each with its label at the end."""
    data = digits()
    pictures = [shrink(each, side, side).ravel() for each in data.x_held_out[:count].reshape(-1, 28, 28)]
    np.savetxt(path, np.column_stack([pictures, data.y_held_out[:count].argmax(axis=1)]), "%g", ",")
    return path


def test_robustness_reads_digits_of_a_file_whatever_their_resolution(tmp_path, capsys):
    found = {}
    for side in (28, 8):
        path = written_digits(tmp_path / f"{side}.csv.gz", side)
        assert main(["robustness", "digits_100", "--digits", str(path)]) == 0
        heads, line = (re.split(r"  +", each) for each in capsys.readouterr().out.splitlines())
        assert (heads, line[0]) == (["digits of a file", "digits_100", "centred"], path.name)
        found[side] = float(line[1].rstrip("%"))
    x, y = digits().x_held_out[:40] / 255, digits().y_held_out[:40]
    assert found[28] == 100 * (outputs("digits_100", x).argmax(axis=1) == y.argmax(axis=1)).mean()
    assert 50 < found[8] <= 100


NO_DIGITS = [
    ("", "a line is not the grey values of a square picture and a label"),
    ("1,2,3,4,5,6\n", "a line is not the grey values of a square picture and a label"),
    ("0,1,2,3,10\n", "a label, the last number of a line, is no digit from 0 to 9"),
    ("0,1,2,3,0.5\n", "a label, the last number of a line, is no digit from 0 to 9"),
    ("0,1,-2,3,1\n", "its grey values are not from 0 for paper up"),
    ("0,0,0,0,1\n", "its grey values are not from 0 for paper up"),
    ("0,1,nan,3,1\n", "its grey values are not from 0 for paper up"),
    ("one,1,2,3,1\n", "it has other things than numbers between commas, as many in each line"),
    ("0,1,2,3,1\n0,1\n", "it has other things than numbers between commas, as many in each line"),
]


def test_a_file_of_no_text_or_broken_gzip_is_refused_too(tmp_path, capsys):
    for number, data in enumerate((b"\x1f\x8b\x00\x00", gzip.compress(b"0,1,2,3,1\n" * 99)[:-12], b"\xff\xfe")):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(data)
        assert main(["robustness", "digits_100", "--digits", str(path)]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert said.err.startswith(f"backscope: {path}: ")


@pytest.mark.parametrize(("text", "message"), NO_DIGITS)
def test_a_file_that_holds_no_digits_is_refused_in_one_line(tmp_path, capsys, text, message):
    path = tmp_path / "one.csv"
    path.write_text(text, encoding="utf-8")
    assert main(["robustness", "digits_100", "--digits", str(path)]) == 2
    assert re.fullmatch(f"backscope: {re.escape(str(path))}: {message}\n", capsys.readouterr().err)


# Starting from one by name.


def test_a_run_starts_from_it_by_name():
    form = described("digits_100").experiment
    assert form["start"] == "digits_100"
    experiment = Experiment.from_dict(form, SHIPPED)
    assert experiment.to_dict() == form
    state, tensors = Timeline(experiment).seek(0), load_file(file_of("digits_100"))
    assert same_bits({name: state[name] for name in tensors}, tensors)


def test_a_session_starts_from_it_though_nobody_has_opened_it():
    session = Session(Capacity(), Checkpoints(SHIPPED))
    form = described("digits_13002").experiment | {"seed": 5}
    answer = json.loads(session.reply(json.dumps({"id": 1, "command": "start", "experiment": form})))
    assert answer["listing"]["experiment"] == form
    wider = form | {"layers": [{"units": 17, "activation": "sigmoid"}, *form["layers"][1:]]}
    refused = json.loads(session.reply(json.dumps({"id": 1, "command": "start", "experiment": wider})))
    assert refused["field"] == "start"
    assert refused["refused"] == (
        "unfit checkpoint: 'digits_13002' (its W1 is (16, 784), this network needs (17, 784))"
    )


def test_those_that_come_along_stay_whatever_is_opened():
    kept = Checkpoints(SHIPPED, most=1)
    before = {name: kept[name] for name in NAMES}
    data = file_of("digits_100").read_bytes()
    opened = kept.open(data)["experiment"]["start"]
    assert opened not in NAMES
    kept.open(file_of("digits_13002").read_bytes())
    assert opened not in kept
    assert all(kept[name] is start for name, start in before.items())
    assert [*kept][: len(NAMES)] == NAMES
    assert len(kept) == len(NAMES) + 1


def test_a_name_that_is_none_is_refused():
    with pytest.raises(KeyError):
        SHIPPED["digits_0"]
    with pytest.raises(Refusal, match="unknown checkpoint: 'digits_0'"):
        Experiment.from_dict(described("digits_100").experiment | {"start": "digits_0"}, Checkpoints(SHIPPED))


def test_the_page_is_offered_them_with_their_accuracy():
    offered = choices()["trained"]
    assert [*offered] == NAMES
    assert offered["digits_100"] == {
        "experiment": described("digits_100").experiment, "accuracy": described("digits_100").accuracy,
    }  # fmt: skip


# In the terminal.


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(form: dict[str, Any]) -> str:
    Path("one.json").write_text(json.dumps(form), encoding="utf-8")
    return "one.json"


def test_train_and_check_start_from_one_by_its_name(folder, capsys):
    form = described("digits_13002").experiment
    del form["start"]
    tensors = load_file(file_of("digits_13002"))
    for number, words in enumerate(
        [[write(form), "--start", "digits_13002"], [write(form | {"start": "digits_13002"})]]
    ):
        output = f"{number}.safetensors"
        assert main(["train", *words, "--steps", "0", "--output", output]) == 0
        assert same_bits(tensors, {name: load_file(output)[name] for name in tensors})
        assert f"accuracy {accuracy('digits_13002'):.2%}, 10,000 examples" in capsys.readouterr().out
        assert main(["check", *words, "--most", "8"]) == 0
    assert main(["check", write(form), "--start", "digits_100"]) == 2
    assert "unfit checkpoint: 'digits_100'" in capsys.readouterr().err


def test_rebuild_trains_by_the_recipe_and_writes_a_file_of_the_same_kind(folder, capsys):
    assert main(["rebuild", "digits_100", "--output", str(folder), "--steps", "100"]) == 0
    path = folder / "digits_100.safetensors"
    assert [*folder.iterdir()] == [path]
    recipe = RECIPES["digits_100"]
    timeline = Timeline(Experiment.from_dict(recipe.trained))
    state = timeline.seek(timeline.t_of(100))
    tensors = load_file(path)
    assert same_bits(tensors, {name: state[name] for name in tensors})
    assert metadata(path).keys() == metadata(file_of("digits_100")).keys()
    found = evaluate(timeline.experiment, state, "held_out")["accuracy"]
    assert float(metadata(path)["accuracy"]) == found > 0.5
    assert f"digits_100: {found:.2%} of 10,000 held-out digits right" in capsys.readouterr().out
    assert decode(path.read_bytes()).experiment["optimizer"] == recipe.experiment["optimizer"]


def test_rebuild_without_names_does_all_and_refuses_what_is_none(folder, monkeypatch, capsys):
    done: list[str] = []

    def note(name: str, *_: Any) -> int:
        done.append(name)
        return 0

    monkeypatch.setattr(rebuild, "rebuild", note)
    assert main(["rebuild"]) == 0
    assert done == NAMES
    assert main(["rebuild", "digits_0"]) == 2
    assert capsys.readouterr().err.startswith("backscope: unknown trained network: 'digits_0' (one of: digits_100, ")


def test_a_rebuild_that_is_stopped_leaves_the_old_file(folder, monkeypatch, capsys):
    (folder / "digits_100.safetensors").write_text("precious")

    def stopped(timeline: Timeline, steps: int, interrupted: list[int], name: str) -> Any:
        interrupted.append(2)
        return timeline.seek(0)

    monkeypatch.setattr(rebuild, "run", stopped)
    assert main(["rebuild", "digits_100", "--output", str(folder)]) == 130
    assert [path.read_text() for path in folder.iterdir()] == ["precious"]
    assert "interrupted" in capsys.readouterr().out
