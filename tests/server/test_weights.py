"""A file of weights of another program is understood whatever its names, opens as a run that computes what NumPy does,
and is refused where it is a pickle, damaged or hostile.
"""

import json
import pickle
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save
from websockets.sync.client import connect

from engine import Experiment, Refusal, Timeline
from server.checkpoints.codec import Checkpoint, decode
from server.limits import CHECKPOINT_BYTES
from server.weights import desk
from tests.helpers.serving import Running, serving
from tests.helpers.weights import NAMINGS, Network, network, npz, rounded, safetensors, with_header

DTYPES = ("F16", "BF16", "F32", "F64")
EXTRA = {  # what lies beside the weights, and why it is in no layer
    "optimizer.state.0.exp_avg": (np.zeros((4, 2)), "optimizer"),
    "1.num_batches_tracked": (np.array(7), "number"),
    "conv.weight": (np.zeros((3, 3, 2, 2)), "axes"),
    "labels": (np.arange(5), "dtype"),
}


def table(inputs: int, outputs: int) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return {"name": "table", "x": rng.normal(size=(9, inputs)).tolist(), "y": rng.normal(size=(9, outputs)).tolist()}


def opened(data: bytes, reading: Any) -> Checkpoint:
    return decode(desk.read(json.dumps(reading).encode() + b"\n" + data))


def forward(opened: Checkpoint, layers: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """The first mini-batch of the run, and the activations of all layers."""
    timeline = Timeline(Experiment.from_dict(opened.experiment, {opened.start.name: opened.start}))
    state = timeline.seek(next(t for t, step in enumerate(timeline.program) if step.phase == "loss"))
    return np.array(state["a0"]), [np.array(state[f"a{layer}"]) for layer in range(1, layers + 1)]


def found_in(data: bytes) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = desk.told(data)["layers"]
    return layers


@st.composite
def saved(draw: st.DrawFn) -> tuple[Network, bytes, list[str], list[int]]:
    """A network of another program, its file, its activations and its widths."""
    naming = NAMINGS[draw(st.sampled_from(sorted(NAMINGS)))]
    widths = draw(st.lists(st.integers(1, 9), min_size=2, max_size=6))
    normed = draw(st.lists(st.integers(0, max(0, len(widths) - 3)), max_size=2)) if len(widths) > 2 else []
    made = network(widths, naming, normed, draw(st.booleans()) or not naming.order, draw(st.integers(0, 99)))
    dtype = draw(st.sampled_from(DTYPES))
    made.arrays = {name: rounded(array, dtype) for name, array in made.arrays.items()}
    extra = {name: EXTRA[name][0] for name in draw(st.lists(st.sampled_from(sorted(EXTRA)), unique=True))}
    named = {**made.arrays, **(extra if naming.order else {})}
    order = draw(st.permutations(list(named))) if naming.order else list(named)
    in_npz = draw(st.booleans()) or not naming.order
    arrays = {name: named[name] for name in order}
    data = npz(arrays, draw(st.booleans())) if in_npz else safetensors(arrays, dtype)
    hidden = draw(st.sampled_from(["relu", "tanh"]))
    return made, data, [hidden] * (len(widths) - 2) + ["identity"], widths


@settings(max_examples=150)
@given(saved())
def test_a_network_with_plausible_names_is_found_again_and_computes_what_numpy_does(given):
    made, data, activations, widths = given
    told = desk.told(data)
    if told["layers"] != made.layers:  # nothing but the matrices' axes may be open, and that is said
        assert "transposed" in told["undecided"], (told, made.layers)
        return
    start = opened(data, made.reading(activations, table(widths[0], widths[-1])))
    x, found = forward(start, len(activations))
    narrow = start.experiment["dtype"] == "float32"
    for layer, true in zip(found, made.forward(x, activations), strict=True):
        np.testing.assert_allclose(layer, true, rtol=2e-4 if narrow else 1e-9, atol=2e-4 if narrow else 1e-9)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_number_of_every_dtype_arrives_exactly(dtype):
    made = network((2, 5, 1), NAMINGS["sequential"])
    made.arrays = {name: rounded(array, dtype) for name, array in made.arrays.items()}
    start = opened(safetensors(made.arrays, dtype), made.reading(["tanh", "sigmoid"], {"name": "moons"}))
    assert start.experiment["dtype"] == ("float64" if dtype == "F64" else "float32")
    assert np.array_equal(start.start.tensors["W1"], made.arrays["0.weight"])
    assert np.array_equal(start.start.tensors["b2"], made.arrays["3.bias"])


@pytest.mark.parametrize("naming", [name for name, each in NAMINGS.items() if each.norm])
def test_batch_norm_is_found_with_the_layer_that_it_follows(naming):
    made = network((2, 6, 6, 4, 1), NAMINGS[naming], normed=(1, 2))
    assert found_in(safetensors(made.arrays, "F64")) == made.layers
    start = opened(safetensors(made.arrays, "F64"), made.reading(["relu"] * 3 + ["sigmoid"], {"name": "moons"}))
    for part, name in made.layers[1]["batch_norm"].items():
        assert np.array_equal(start.start.tensors[f"{part}2"], made.arrays[name])
    x, found = forward(start, 4)
    for layer, true in zip(found, made.forward(x, ["relu"] * 3 + ["sigmoid"]), strict=True):
        np.testing.assert_allclose(layer, true, atol=1e-9)


def test_rows_and_columns_of_hand_written_networks_are_their_biases():
    columns = {"W1": (4, 2), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
    rows = {"arr_0": (2, 4), "arr_1": (1, 4), "arr_2": (4, 1), "arr_3": (1, 1)}
    for shapes, transposed in ((columns, False), (rows, True)):
        first, second, third, fourth = shapes
        layers = found_in(npz({name: np.ones(shape) for name, shape in shapes.items()}))
        assert [(each["weights"], each["transposed"], each["bias"]) for each in layers] == [
            (first, transposed, second), (third, transposed, fourth),
        ]  # fmt: skip


def test_names_without_numbers_are_ordered_by_their_shapes():
    shapes = {"w_ho": (1, 8), "w_hh": (8, 8), "w_ih": (8, 2), "out_bias": (1,)}
    layers = found_in(bytes(save({name: np.ones(shape) for name, shape in shapes.items()})))
    assert [each["weights"] for each in layers] == ["w_ih", "w_hh", "w_ho"]
    assert layers[2]["bias"] == "out_bias"


def test_what_the_shapes_leave_open_is_said():
    square = {"W1": np.ones((2, 2)), "b1": np.ones(2)}
    assert desk.told(npz(square))["undecided"] == ("transposed",)
    assert desk.told(npz({"0.weight": np.ones((2, 2)), "0.bias": np.ones(2)}))["undecided"] == ()
    alike = {"left.weight": np.ones((3, 3)), "right.weight": np.ones((3, 3))}
    assert desk.told(bytes(save(alike)))["undecided"] == ("order",)


def test_what_is_in_no_layer_is_named_with_the_reason():
    made = network((2, 4, 1), NAMINGS["sequential"])
    beside = {"ln.weight": np.ones(7), "ln.bias": np.ones(7), "x": np.ones((50, 3))}
    arrays = made.arrays | {name: array for name, (array, _) in EXTRA.items()} | beside | {"m0.weight": np.ones((4, 2))}
    reasons = {name: why for name, (_, why) in EXTRA.items()}
    expected = reasons | {"ln.weight": "norm", "ln.bias": "norm", "x": "unplaced", "m0.weight": "optimizer"}
    told = desk.told(npz(arrays))
    assert told["left_out"] == expected
    assert told["layers"] == made.layers


def test_an_array_of_python_objects_is_named_and_never_unpickled():
    made = network((2, 4, 1), NAMINGS["own"])
    file = BytesIO()
    np.savez(file, **made.arrays, note=np.array([Bomb()], object))  # type: ignore[arg-type]
    assert desk.told(file.getvalue())["left_out"] == {"note": "dtype"}


class Bomb:
    def __reduce__(self) -> Any:
        return (pytest.fail, ("a pickle was opened",))


# What is refused.

MADE = network((2, 4, 1), NAMINGS["own"])
GOOD, GOOD_NPZ = safetensors(MADE.arrays, "F64"), npz(MADE.arrays)
READING: dict[str, Any] = MADE.reading(["tanh", "sigmoid"], {"name": "moons"}) | {"loss": None}
PICKLE = "it is a pickle, which could run any program as it opens; these two lines save it safely: "
NOT_WHOLE = "it is no whole .npz archive of NumPy"


def archive(**members: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file.getvalue()


def entry(**fields: Any) -> bytes:
    return with_header({"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]} | fields}, bytes(16))


def npy(shape: str, dtype: str = "<f8", data: bytes = b"") -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


TWO: dict[str, Any] = {
    name: {"dtype": "F32", "shape": [2, 2], "data_offsets": [first, first + 16]} for name, first in (("a", 0), ("b", 8))
}
FILES: dict[str, tuple[bytes, str]] = {
    "pickle": (pickle.dumps(Bomb()), PICKLE),
    "old pickle": (pickle.dumps(Bomb(), 2), PICKLE),
    "pytorch": (archive(**{"model/data.pkl": b"", "model/version": b"3"}), PICKLE),
    "no file": (b"hello", "its 5 bytes are no safetensors file"),
    "cut off": (GOOD[:-1], "is cut off or damaged"),
    "cut in the header": (GOOD[:40], "its 40 bytes are no safetensors file"),
    "header of 2 ** 60": (struct.pack("<Q", 1 << 60) + GOOD[8:], "bytes are no safetensors file"),
    "too much for its shape": (entry(shape=[2, 3]), "its w is cut off or damaged"),
    "10 ** 9 by 10 ** 9": (entry(shape=[10**9, 10**9]), "its w is cut off or damaged"),
    "10 ** 400": (entry(shape=[10**400, 0]), "its w is cut off or damaged"),
    "sides below 0": (entry(shape=[-2, -2]), "its w is cut off or damaged"),
    "a shape of text": (entry(shape="2"), "its w is cut off or damaged"),
    "places beyond the end": (entry(data_offsets=[0, 1 << 40]), "its w is cut off or damaged"),
    "places in reverse": (entry(data_offsets=[16, 0]), "its w is cut off or damaged"),
    "no dtype": (entry(dtype=None), "its w is cut off or damaged"),
    "overlapping": (with_header(TWO, bytes(24)), "its b is cut off or damaged"),
    "a long name": (bytes(save({"w" * 300: np.ones((2, 2))})), "at most 512 arrays, with names of at most 200 char"),
    "too many": (bytes(save({f"{i}": np.ones((1, 1)) for i in range(600)})), "at most 512 arrays"),
    "vectors alone": (bytes(save({"w": np.ones(3)})), "it has no array of two axes"),
    "biases alone": (bytes(save({"bias": np.ones((3, 4))})), "none of its arrays is named as the weights"),
    "an archive that is cut off": (GOOD_NPZ[:-30], NOT_WHOLE),
    "an archive's beginning": (GOOD_NPZ[:60], NOT_WHOLE),
    "an empty archive": (archive(), "it has no array of two axes"),
    "another archive": (archive(**{"a.txt": b"hello"}), NOT_WHOLE),
    "a bomb": (archive(**{"w.npy": bytes(CHECKPOINT_BYTES + 1)}), "at most 128 MB"),
    "a shape in a bomb": (archive(**{"w.npy": npy("(1000000000, 1000000000)")}), "its w is cut off or damaged"),
    "negative sides": (archive(**{"w.npy": npy("(-1, -1)", data=bytes(8))}), "its w is cut off or damaged"),
    "a header that is code": (archive(**{"w.npy": npy("__import__('os').abort()")}), "its w is cut off or damaged"),
    "a list of 70,000 files": (archive(**{f"{i}.npy": b"" for i in range(30000)}), NOT_WHOLE),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_whole_file_of_weights_is_refused_by_its_cause(name):
    data, message = FILES[name]
    with pytest.raises(Refusal) as refused:
        desk.told(data)
    assert message in str(refused.value)


def test_a_pickle_is_refused_with_the_two_lines_that_save_it_safely():
    with pytest.raises(Refusal) as refused:
        desk.told(FILES["pytorch"][0])
    details: dict[str, Any] = refused.value.details
    lines = details["blanks"]["lines"].split("\n")
    assert lines == ["from safetensors.torch import save_file", 'save_file(model.state_dict(), "model.safetensors")']


def test_a_member_that_unpacks_to_more_than_it_says_is_refused():
    honest = archive(**{"W1.npy": npy("(1000, 1000)", data=bytes(8_000_000))})
    size = struct.pack("<I", len(npy("(1000, 1000)")) + 8_000_000)
    lying = honest.replace(size, struct.pack("<I", len(npy("(1000, 1000)")) + 16))
    assert lying != honest
    with pytest.raises(Refusal, match="its W1 is cut off or damaged"):
        desk.told(lying)


def changed(place: int, **fields: Any) -> dict[str, Any]:
    return READING | {"layers": [each | (fields if i == place else {}) for i, each in enumerate(READING["layers"])]}


READINGS: dict[str, tuple[Any, str, str]] = {
    "no line": (None, "weights", "one line of JSON before the file"),
    "another array": (changed(0, weights="W3"), "layers.0.weights", "unknown array: 'W3'"),
    "not the data's inputs": (READING | {"dataset": {"name": "digits"}}, "layers.0.weights",
                              "its shape is (4, 2); the data set has 784 inputs"),
    "not the layer before": (changed(1, weights="W1"), "layers.1.weights",
                             "its shape is (4, 2); the layer before has 4 neurons"),
    "the other axis": (changed(1, transposed=True), "layers.1.weights",
                       "its shape is (1, 4); the layer before has 4 neurons"),
    "another bias": (changed(0, bias="b2"), "layers.0.bias", "its shape is (1,); the layer has 4 neurons"),
    "no activation": (changed(0, activation="relo"), "layers.0.activation", "unknown activation: 'relo'"),
    "a loss that does not fit": (READING | {"loss": "cross_entropy"}, "loss", "this loss needs softmax"),
    "batch norm without averages": (changed(0, batch_norm={"gamma": "b1"}), "layers.0.batch_norm.running_mean",
                                    "missing field"),
    "batch norm of another length": (
        changed(0, batch_norm={"running_mean": "b2", "running_var": "b1"}), "layers.0.batch_norm.running_mean",
        "its shape is (1,); the layer has 4 neurons"),
    "no layers": (READING | {"layers": []}, "layers", "1 to 12 layers"),
    "no data": (READING | {"dataset": {"name": "mine"}}, "dataset.name", "unknown dataset: 'mine'"),
}  # fmt: skip


@pytest.mark.parametrize("name", READINGS)
def test_a_reading_that_does_not_fit_is_refused_beside_its_field_with_the_shapes(name):
    reading, field, message = READINGS[name]
    with pytest.raises(Refusal) as refused:
        opened(GOOD, reading)
    assert refused.value.field == field
    assert message in str(refused.value)


def test_numbers_that_are_not_finite_are_refused_by_their_array():
    arrays = MADE.arrays | {"W2": np.array([[1, np.nan, np.inf, 2]])}
    with pytest.raises(Refusal, match="'W2' \\(2 of 4 are NaN or infinite\\)") as refused:
        opened(npz(arrays), READING)
    assert refused.value.field == "layers.1.weights"


def test_a_layer_without_biases_has_biases_of_0():
    start = opened(GOOD, changed(1, bias=None))
    assert not start.start.tensors["b2"].any()


@settings(max_examples=300)
@given(st.sampled_from([GOOD, GOOD_NPZ]), st.floats(0, 1), st.binary(max_size=8), st.integers(0, 8))
def test_a_file_with_any_damage_is_understood_or_refused(data, place, instead, taken):
    at = int(place * (len(data) - 1))
    damaged = data[:at] + instead + data[at + taken :]
    with suppress(Refusal):
        desk.told(damaged)
    with suppress(Refusal):
        opened(damaged, READING)


# Over the wire.


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serving() as running:
        yield running
        assert running.words.count("\n") == 1, running.words


def post(running: Running, where: str, content: bytes) -> httpx.Response:
    return httpx.post(running.address + where, content=content, timeout=60)


def test_a_file_of_weights_opens_as_a_run_that_computes_what_numpy_does(running):
    told = post(running, "checkpoints", GOOD_NPZ).json()["weights"]
    assert told["layers"] == MADE.layers
    made = post(running, "weights", json.dumps(READING).encode() + b"\n" + GOOD_NPZ)
    assert made.status_code == 200
    answer = post(running, "checkpoints", made.content).json()
    assert answer["t"] == 0
    with connect(running.websocket) as websocket:
        websocket.send(json.dumps({"id": 1, "command": "start", "experiment": answer["experiment"]}))
        program = json.loads(websocket.recv(timeout=60))["listing"]["segments"][0]["program"]
        t = next(i for i, step in enumerate(program) if step["phase"] == "loss")
        websocket.send(json.dumps({"id": 2, "command": "seek", "t": t}))
        frame = websocket.recv(timeout=60)
    assert isinstance(frame, bytes)
    state = load(frame)
    for layer, true in enumerate(MADE.forward(state["a0"], ["tanh", "sigmoid"]), 1):
        np.testing.assert_allclose(state[f"a{layer}"], true, atol=1e-6)


def test_what_is_refused_comes_in_the_form_of_all_refusals(running):
    answer = post(running, "checkpoints", FILES["pickle"][0])
    assert answer.status_code == 400
    assert answer.json()["details"]["form"] == "pickle"
    answer = post(running, "weights", json.dumps(changed(1, weights="W1")).encode() + b"\n" + GOOD)
    assert answer.status_code == 400
    assert answer.json()["field"] == "layers.1.weights"


def test_names_that_no_utf_8_has_are_answered_as_they_are(running):
    name = "\ud800"
    good = with_header({name: {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}, bytes(16))
    assert post(running, "checkpoints", good).json()["weights"]["arrays"][0]["name"] == name
    cut = post(running, "checkpoints", good[:-1])
    assert (cut.status_code, cut.json()["details"]["form"]) == (400, "array_damaged")
    unknown = post(running, "weights", json.dumps({name: 1}).encode() + b"\n" + good)
    assert (unknown.status_code, unknown.json()["field"]) == (400, name)
