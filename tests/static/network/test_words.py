"""What the stage says in words, and which mark it means."""

from typing import Any

from tests.helpers.node import WORDS, answers, call


def mark(kind: str, tensor: str, *index: int | None) -> dict[str, Any]:
    return {"kind": kind, "tensor": tensor, "index": list(index)}


def meant(**state: Any) -> dict[str, Any]:
    return {"hovered": None, "selected": None, "lit": []} | state


def test_captions_name_the_layers_and_grow_shorter():
    layers = [
        {"units": 8, "activation": "tanh", "batch_norm": True},
        {"units": 5, "activation": "relu", "batch_norm": False},
        {"units": 3, "activation": "softmax", "batch_norm": False},
    ]
    (found,) = call("network/captions.js", "captionsOf", [[WORDS, layers]])
    assert [column[0] for column in found] == [
        "input", "hidden 1 · BN · tanh", "hidden 2 · ReLU", "output · softmax",
    ]  # fmt: skip
    assert [column[-1] for column in found] == ["a⁰", "1", "2", "3"]
    assert found[2] == ["hidden 2 · ReLU", "5 · ReLU", "ReLU", "2"]


def test_captions_of_a_drawing_leave_batch_norm_unsaid():
    layers = [{"units": 8, "activation": "tanh", "batch_norm": True}]
    choice = {"input": "thought.input", "normalized": False}
    (found,) = call("network/captions.js", "captionsOf", [[WORDS, layers, choice]])
    assert [column[0] for column in found] == ["your drawing", "output · tanh"]


def test_a_mark_goes_by_the_gradient_of_its_parameter():
    tensors = ["uW1", "ugamma2", "W1", "dW1", "a1"]
    found = call("network/meant.js", "asGradient", [[mark("nudge", name, 0)] for name in tensors])
    assert [each["tensor"] for each in found] == ["dW1", "dgamma2", "W1", "dW1", "a1"]


def test_what_is_pointed_at_is_meant_before_what_is_lit_and_what_is_chosen():
    hovered, lit, selected = (mark("weight", name, 1, 0) for name in ("dW1", "W2", "W3"))
    neuron = mark("activation", "a1", 0, 1)
    states = [
        meant(hovered=hovered, lit=[lit], selected=selected),
        meant(lit=[lit], selected=selected),
        meant(selected=selected),
        meant(hovered=neuron, selected=selected),
        meant(lit=[lit, lit], selected=selected),
        meant(lit=[mark("weight", "W2", None, 0)]),
        meant(hovered=neuron),
        meant(),
    ]
    found = call("network/meant.js", "parameterMeant", [[state] for state in states])
    assert [each and each["name"] for each in found] == ["W1", "W2", "W3", "W3", "W3", None, None, None]
    assert found[0]["index"] == [1, 0]


THOUGHT = """
import { labelOf, scalesOf, sentenceOf, summaryOf } from "./network/pass_words.js";
const scene = {
  depth: 2,
  scales: { contribution: 3, picture: 0.5 },
  lines: [-0.5, 1, -1.5, 2, -2.5, 3].map((value, k) => ({
    kind: "contribution", tensor: "drawing.c2", index: [7, k], layer: 2, value,
  })),
  pictures: [
    { kind: "ink", tensor: "drawing.a0", row: 0, data: new Float32Array(784).fill(0.25) },
    { kind: "grey", tensor: "drawing.c1", row: 4, data: new Float32Array(784).fill(-0.75) },
  ],
};
const output = [0, 0, 0, 0, 0, 0, 0, 0.9, 0, 0];
const answer = ([words, f, mark]) => ({
  sentence: () => sentenceOf(words, scene, mark),
  summary: () => summaryOf(words, mark ?? scene, { best: 7 }),
  scales: () => scalesOf(words, scene),
  label: () => labelOf(words, scene, { best: 7, output }),
})[f]();
"""


def test_a_drawing_says_each_kind_of_mark_by_its_number():
    marks = [
        {"kind": "contribution", "tensor": "drawing.c2", "index": [7, 3], "value": 2},
        {"kind": "activation", "tensor": "drawing.a1", "index": [0, 4], "value": 0.5, "unit": 4, "layer": 1},
        {"kind": "pixel", "tensor": "drawing.a0", "index": [0, 28 * 2 + 5]},
        {"kind": "pixel", "tensor": "drawing.c1", "index": [4, 28 * 2 + 5]},
    ]
    assert answers(THOUGHT, [[WORDS, "sentence", each] for each in marks]) == [
        "a·w = +2.00: what neuron 3 of layer 1 adds to the z of neuron 7 of layer 2",
        "Neuron 4 of layer 1: a = 0.500 for your drawing",
        "Your drawing, row 2, column 5: a⁰ = 0.250",
        "Row 2, column 5: a⁰·w¹ = −0.750, what this pixel adds to the z of neuron 4",
    ]


def test_a_drawing_tells_its_five_strongest_contributions_the_strongest_first():
    summary, scales, label = answers(THOUGHT, [[WORDS, name] for name in ("summary", "scales", "label")])
    assert "“7”" in summary
    assert "|a·w| ≥ 3 " in scales
    first, *others = label.split(". ")
    assert first.endswith("7, 0.90")
    assert [each.split(":")[0] for each in others] == [
        "a·w = +3.00", "a·w = −2.50", "a·w = +2.00", "a·w = −1.50", "a·w = +1.00",
    ]  # fmt: skip
