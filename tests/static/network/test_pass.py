"""A drawing's own pass on the stage: contributions that are products of an activation and a weight."""

from typing import Any

import numpy as np
import pytest

from tests.helpers.node import WORDS, answers

SIZES = [784, 5, 10]
COLOURS = {
    "ink": "#000000",
    "paper": "#ffffff",
    "up": "#0000ff",
    "down": "#ff0000",
    "now": "#ffaa00",
    "line": "#888888",
}
THOUGHT = """
import { layOut } from "./draw/layout.js";
import { passLook } from "./network/look.js";
import { composePass, passMarks, toldOf } from "./network/pass.js";
const tensorOf = ({ shape, data }) => ({ shape, data: Float32Array.from(data) });
const answer = ({ tensors, sizes, best, colours, words }) => {
  const reading = {
    t: 40, best, tensors: new Map(Object.entries(tensors).map(([name, tensor]) => [name, tensorOf(tensor)])),
  };
  const told = toldOf(reading, sizes);
  const layout = layOut(sizes, 900, 560, 60, told);
  const scene = composePass(reading, layout, colours);
  const layers = [{ units: 5, activation: "relu", batch_norm: true }, { units: 10, activation: "softmax" }];
  const look = passLook(words, layers, layout, scene, { colours, font: "sans" });
  return { told, scene, marks: passMarks(scene, colours), captions: look.captions };
};
"""


@pytest.fixture(scope="module")
def arrays() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    a0, w1, w2 = rng.random(784), rng.normal(size=(5, 784)), rng.normal(size=(10, 5))
    a1 = np.maximum(0, w1 @ a0)
    a1[3] = 0  # a neuron that adds nothing
    a2 = np.exp(w2 @ a1 / 10) / np.exp(w2 @ a1 / 10).sum()
    found = {"a0": a0, "a1": a1, "a2": a2, "c1": w1 * a0, "c2": w2 * a1}
    return {name: array.astype(np.float32) for name, array in found.items()}


def composed(arrays: dict[str, np.ndarray], **extra: np.ndarray) -> dict[str, Any]:
    tensors = {name: {"shape": array.shape, "data": array.ravel().tolist()} for name, array in (arrays | extra).items()}
    best = int(np.argmax(arrays["a2"]))
    (found,) = answers(
        THOUGHT, [{"tensors": tensors, "sizes": SIZES, "best": best, "colours": COLOURS, "words": WORDS}]
    )
    assert isinstance(found, dict)
    return found


def test_every_mark_is_the_element_of_the_array_that_it_names(arrays):
    marks = composed(arrays)["marks"]
    assert {mark["kind"] for mark in marks} == {"contribution", "activation", "pixel"}
    for mark in marks:
        name = mark["tensor"].removeprefix("drawing.")
        index = (mark["index"][1],) if arrays[name].ndim == 1 else tuple(mark["index"])
        assert np.float32(mark["value"]) == arrays[name][index], mark


def test_lines_lead_into_the_digit_that_is_read_and_the_strongest_is_painted_last(arrays):
    lines = composed(arrays)["scene"]["lines"]
    best = int(np.argmax(arrays["a2"]))
    assert {line["index"][0] for line in lines} == {best}
    assert {line["index"][1] for line in lines} == {0, 1, 2, 4}  # neuron 3 adds nothing
    sizes = [abs(line["value"]) for line in lines]
    assert sizes == sorted(sizes)
    assert [line["dashed"] for line in lines] == [line["value"] < 0 for line in lines]


def test_only_the_neurons_that_a_reading_tells_of_are_drawn(arrays):
    told = np.array([1, 4], np.float32)
    few = {"units1": told, "c1": arrays["c1"][[1, 4]], "c2": arrays["c2"][:, [1, 4]]}
    found = composed(arrays, **few)
    assert found["told"] == [None, [1, 4], [*range(10)]]  # all of a layer that is told whole, in any room
    assert {mark["unit"] for mark in found["scene"]["neurons"] if mark["layer"] == 1} == {1, 4}
    assert [picture["row"] for picture in found["scene"]["pictures"]] == [0, 1, 4]


def test_the_captions_are_those_of_a_drawing(arrays):
    captions = composed(arrays)["captions"]
    assert [column[0] for column in captions] == ["your drawing", "hidden 1 · ReLU", "output · softmax"]
