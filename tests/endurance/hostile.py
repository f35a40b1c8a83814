"""Commands and files that mean harm: whole ones with some of their parts exchanged, left out, doubled or blown up."""

import base64
import copy
import io
import json
from random import Random
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.predictions.kinds import KINDS
from server.checkpoints.codec import encode
from server.protocol.messages import COMMANDS
from server.questions.answers import FIELDS
from tests.helpers.experiments import ADAM, DIVERGES, MIXED

JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 2, 7, 10**6, 2**31, 2**53, 2**53 + 1, 10**400, 0.5, -0.0, 1e-300, 1e308, "", "0",
    "xor", "W1", "first", "\x00", "\ud800", "x" * 10_000, "../../etc/passwd", [], {}, [[]], [0], [0, 0], [1, 2, 3],
    [[0, 0]], ["W1"], [["W1", [0, 0]]], [["delta2", [0, 0]]], {"name": "adam"}, {"name": []}, {"loss": 1},
    list(range(2000)),
]  # fmt: skip
RAW = [
    "",
    "{",
    "[]",
    "null",
    "1e999",
    '{"command": "start"',
    "[" * 5000,
    '{"id":' * 3000,
    "\x00",
    '{"command":"ping"}' * 2,
]
WORDS = [
    "```", "```step", "```lesson", "## ", "# ", "{W1[0,0]", "{" * 2000, "[a](W1[", "*" * 999, "$\\frac{",
    "$" + "\\frac{1}{" * 500 + "$",
    "{at(9007199254740991, loss)}", "until = {selected = 'W9'}", "scene = '#preset=none'", "scene = '#experiment=[[[['",
    "check = ['1/0']", "light = ['W1[:,:,:]']", "<script>alert(1)</script>", "order = 1e999", "a = " + "[" * 5000,
]  # fmt: skip
PLAUSIBLE: dict[str, list[Any]] = {
    "tensor": ["W1", "b1", "W2", "gamma1"], "index": [[0, 0], [0], [1, 1]], "layer": [1, 2, 0], "unit": [0, 1],
    "example": [0, 1, 3], "most": [1, 4, 16], "names": [["W1", "a1"], ["loss"]], "points": [2, 11, 100],
    "low": [-1, 0], "high": [1, 5.5], "split": ["training", "held_out"], "start": [0, 2], "count": [1, 4],
    "elements": [[["W1", [0, 0]]]], "errors": [[["delta1", [0, 0]]], [["delta2", [1, 0]]] * 60], "draw": [1, 9],
    "seed": [0, 1], "reach": [0.5], "losses": [[], [0.5, "NaN", 0.1]], "rows": [[0, 1]], "units": [[0], [0, 1]],
    "value": [0.1], "target": [0, 3], "side": [28, 140], "output": [0], "neuron": [[1, 0]], "centred": [True],
    "kind": [*KINDS], "here": [True, False], "since": [0, 150], "answer": ["up", "W1[0, 0]", 0.1, None],
    "expressions": [["loss", "max(a1) > norm(W2)"], ["W1[0,0] " + "* 2 " * 300], ["(" * 900], ["sum(" * 40 + "W1"]],
    "picture": [base64.b64encode(bytes(784)).decode()], "ink": [base64.b64encode(b"\x7f" * 784).decode()],
}  # fmt: skip
MORE = {"ask": 30, "seek": 10, "change": 4, "start": 2}  # commands that come more often than others
EXPERIMENTS: list[dict[str, Any]] = [*PRESETS.values(), ADAM, DIVERGES, MIXED]


def whole(draw: Random) -> dict[str, Any]:
    """A command as a page might send it."""
    (kind,) = draw.choices([*COMMANDS], [MORE.get(kind, 1) for kind in COMMANDS])
    command = {"id": draw.randrange(1000), "command": kind, **copy.deepcopy(COMMANDS[kind].example)}
    if kind == "start":
        command["experiment"] = copy.deepcopy(draw.choice(EXPERIMENTS))
    if kind == "fork":
        command["as"] = f"r{draw.randrange(9)}"
    if kind == "ask":
        question = draw.choice(sorted(FIELDS))
        fields = [name for name in FIELDS[question].model_fields if draw.random() < 0.97]
        named = {name: copy.deepcopy(draw.choice(PLAUSIBLE.get(name, JUNK))) for name in fields}
        command = {"id": 1, "command": "ask", "question": question, **named}
    if kind in ("seek", "ask", "change", "fork"):
        command["t"] = draw.choice([0, 1, 14, 20, 150, 150, 150, 3000, 10**7])
    return command


def spoilt(draw: Random, value: Any) -> Any:
    """The same with one part, somewhere in it, exchanged, left out, doubled, or put into another's place."""
    if not isinstance(value, dict | list) or not value or draw.random() < 0.2:
        return copy.deepcopy(draw.choice(JUNK))
    places = [*value] if isinstance(value, dict) else [*range(len(value))]
    place = draw.choice(places)
    way = draw.random()
    if way < 0.15:
        del value[place]
    elif way < 0.25 and isinstance(value, dict):
        value[draw.choice(["t", "x", "run", "seconds", "layers", "__proto__"])] = copy.deepcopy(draw.choice(JUNK))
    elif way < 0.3 and isinstance(value, list):
        value.extend([copy.deepcopy(value[place])] * draw.choice([1, 30, 3000]))
    else:
        value[place] = spoilt(draw, value[place])
    return value


def message(draw: Random) -> str:
    """What a hostile page sends."""
    if draw.random() < 0.03:
        return draw.choice(RAW)
    command = whole(draw)
    for _ in range(draw.choice([0, 0, 1, 1, 2])):
        command = spoilt(draw, command)
    return json.dumps(command)


def lesson(draw: Random, good: str) -> bytes:
    """A lesson's file with lines exchanged, left out, doubled, or filled with what means something in another place."""
    lines = good.splitlines()
    for _ in range(draw.choice([1, 3, 30])):
        place = draw.randrange(len(lines))
        other = draw.choice([*lines, *WORDS, str(draw.choice(JUNK)), f"predict = {draw.choice(JUNK)!r}"])
        lines[place : place + draw.choice([0, 1, 1, 2])] = [other] * draw.choice([0, 1, 1, 40])
        lines = lines or [other]
    data = bytearray("\n".join(lines).encode(errors="replace"))
    if draw.random() < 0.1:
        data[draw.randrange(len(data))] = 0xFF
    return bytes(data)


TABLE = "x,y,kind\n" + "".join(f"{k / 7:.3f},{(k * k) % 11},{'ab'[k % 2]}\n" for k in range(60))
CELLS = [
    "",
    "nan",
    "1e999",
    "1,5",
    "-",
    '"',
    '"a\nb"',
    "\x00",
    "\ufeff",
    "é" * 300,
    ";",
    "\t",
    ",",
    ",,,,",
    "1 000",
    "x" * 5000,
]


def table(draw: Random) -> bytes:
    """A table with cells and lines exchanged, left out or doubled, in one encoding or another."""
    lines = TABLE.splitlines()
    for _ in range(draw.choice([0, 1, 3, 30])):
        place = draw.randrange(len(lines))
        cells = lines[place].split(",")
        cells[draw.randrange(len(cells))] = draw.choice(CELLS)
        lines[place : place + 1] = [",".join(cells)] * draw.choice([0, 1, 1, 1, 40])
        lines = lines or [draw.choice(CELLS)]
    text = draw.choice(["\n", "\r\n", "\r"]).join(lines)
    data = bytearray(text.encode(draw.choice(["utf-8", "utf-8", "utf-16", "latin-1"]), errors="replace"))
    if data and draw.random() < 0.2:
        data[draw.randrange(len(data))] = draw.choice([0, 0xFF, 0x80])
    return bytes(data)


def dataset(draw: Random, name: str) -> bytes:
    """The description of a data set of this table, or of one that is not there, with parts of it exchanged."""
    whole = {
        "dataset": {
            "name": "own", "content": draw.choice([name, name, name, "none"]), "inputs": ["x", "y"], "target": "kind",
            "kind": "classes", "held_out": 0.2, "standardize": True,
        },
        "seed": draw.choice([0, 1, -1, 2**40]),
    }  # fmt: skip
    for _ in range(draw.choice([0, 1, 2])):
        whole = spoilt(draw, whole)
    return json.dumps(whole).encode()


def weights() -> dict[str, np.ndarray]:
    """Matrices of weights under other programs' names."""
    rng = np.random.default_rng(0)
    shapes = {"net.0.weight": (4, 2), "net.0.bias": (4,), "net.2.weight": (1, 4), "net.2.bias": (1,)}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def weights_file(draw: Random) -> bytes:
    """A file of weights with arrays exchanged, left out or of other shapes and dtypes, and perhaps broken."""
    arrays: dict[str, Any] = weights()
    for _ in range(draw.choice([0, 1, 2, 4])):
        name = draw.choice([*arrays])
        other = draw.choice([*weights().values()])
        made = [
            other.T,
            other[:0],
            other * np.nan,
            other.astype("<f2"),
            other.astype("<i8"),
            other.ravel(),
            other[None],
        ]
        arrays[draw.choice([name, "W", "", "x" * 400, "optimizer.exp_avg"])] = np.ascontiguousarray(draw.choice(made))
        if draw.random() < 0.3:
            del arrays[name]
        arrays = arrays or weights()
    if draw.random() < 0.5:
        return file(draw, save(arrays)) if draw.random() < 0.5 else save(arrays)
    packed = io.BytesIO()
    (np.savez_compressed if draw.random() < 0.5 else np.savez)(packed, **arrays)
    data = bytearray(packed.getvalue())
    for _ in range(draw.choice([0, 0, 1, 20])):
        data[draw.randrange(len(data))] = draw.randrange(256)
    return bytes(data[: draw.choice([len(data), len(data), draw.randrange(len(data))])])


def weights_read(draw: Random) -> bytes:
    """A reading of a file of weights and the file, with parts of them exchanged."""
    layers = [
        {"weights": f"net.{at}.weight", "transposed": False, "bias": f"net.{at}.bias", "activation": activation}
        for at, activation in ((0, "relu"), (2, "sigmoid"))
    ]
    reading: dict[str, Any] = {"layers": layers, "dataset": {"name": draw.choice(["gaussians", "spirals", "digits"])}}
    for _ in range(draw.choice([0, 1, 2])):
        reading = spoilt(draw, reading)
    return json.dumps(reading).encode() + b"\n" + (weights_file(draw) if draw.random() < 0.5 else save(weights()))


def checkpoint() -> bytes:
    """A checkpoint's file, with an optimizer's states."""
    timeline = Timeline(Experiment.from_dict(ADAM))
    timeline.seek(3 * len(timeline.program))
    return encode(timeline)


def file(draw: Random, good: bytes) -> bytes:
    """A file that is no checkpoint any more, or not the same."""
    way = draw.randrange(5)
    if way == 0:
        return good[: draw.randrange(len(good))]
    if way == 1:
        data = bytearray(good)
        for _ in range(draw.choice([1, 8, 200])):
            data[draw.randrange(len(data))] = draw.randrange(256)
        return bytes(data)
    length = int.from_bytes(good[:8], "little")
    if way == 2:
        header = spoilt(draw, json.loads(good[8 : 8 + length]))
        text = json.dumps(header).encode()
        return len(text).to_bytes(8, "little") + text + good[8 + length :]
    if way == 3:
        return draw.choice([0, 2**31, 2**63]).to_bytes(8, "little") + b"[" * draw.choice([0, 10, 100_000])
    described = json.loads(good[8 : 8 + length]).get("__metadata__", {"experiment": "{}"})
    described["experiment"] = json.dumps(spoilt(draw, json.loads(described["experiment"])))
    return save(load(good), described)
