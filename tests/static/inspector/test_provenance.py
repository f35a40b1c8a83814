"""Provenance: of a micro-step's operands, the cells that belong to a traced one, and how that is said."""

from typing import Any

import numpy as np

from tests.helpers.equations import BINDINGS, related
from tests.helpers.node import WORDS, answers, call

SIZES = {"i": 4, "j": 3, "k": 2}
AFFINE = "a0:ik, W1:jk, b1:j -> z1:ij"
TRACE = """
import { belonging, longestText, tracedText } from "./inspector/now/provenance.js";
import { operands } from "./tensor/letters.js";
function answer([words, letters, sizes, traced, value]) {
  const sides = Object.entries(operands(letters));
  const all = sides.flatMap(([side, found]) =>
    found.map((each) => ({ ...each, side, name: each.tensor, shape: each.letters.map((letter) => sizes[letter]) })));
  if (!traced) return longestText(words, all, value);
  const trace = { operand: all.find(({ tensor }) => tensor === traced.tensor), index: traced.index };
  const found = all.map((operand) => [operand.tensor, belonging(operand, trace) ?? "none"]);
  return { found: Object.fromEntries(found), text: tracedText(words, all, trace, value) };
}
"""


def traced(tensor: str, *index: int, letters: str = AFFINE) -> dict[str, Any]:
    (found,) = answers(TRACE, [[WORDS, letters, SIZES, {"tensor": tensor, "index": index}, "0.5"]])
    assert isinstance(found, dict)
    return found


def test_letters_are_read_as_operands():
    (found,) = call("tensor/letters.js", "operands", [[AFFINE]])
    assert [(each["tensor"], "".join(each["letters"])) for each in found["reads"]] == [
        ("a0", "ik"), ("W1", "jk"), ("b1", "j"),
    ]  # fmt: skip
    assert [each["tensor"] for each in found["writes"]] == ["z1"]


def test_a_cell_comes_from_just_the_cells_whose_change_would_change_it():
    rng = np.random.default_rng(0)
    read = {"a0": rng.normal(size=(4, 2)), "W1": rng.normal(size=(3, 2)), "b1": rng.normal(size=3)}

    def z(**arrays: np.ndarray) -> np.ndarray:
        return arrays["a0"] @ arrays["W1"].T + arrays["b1"]

    before = z(**read)
    found = traced("z1", 2, 1)["found"]
    for name, array in read.items():
        for cell in np.ndindex(array.shape):
            moved = array.copy()
            moved[cell] += 1
            counts = bool(z(**read | {name: moved})[2, 1] != before[2, 1])
            pattern = found[name]
            assert counts == all(want is None or want == got for want, got in zip(pattern, cell, strict=True))


def test_operands_of_the_same_side_do_not_belong_to_each_other():
    found = traced("W1", 2, 1)["found"]
    assert found == {"a0": "none", "W1": [2, 1], "b1": "none", "z1": [None, 2]}


def test_a_cell_says_where_it_came_from_or_goes_to():
    assert traced("z1", 2, 1)["text"] == "z1[i=2, j=1] = 0.5, from a0[i=2, k=0..1], W1[j=1, k=0..1], b1[j=1]."
    assert traced("b1", 1)["text"] == "b1[j=1] = 0.5 flows into z1[i=0..3, j=1]."
    assert traced("x", 0, 1, letters="-> x:ik")["text"] == "x[i=0, k=1] = 0.5. This step reads no tensor."


def test_no_sentence_is_longer_than_the_longest():
    number = "−0.000000000"
    (longest,) = answers(TRACE, [[WORDS, AFFINE, SIZES, None, number]])
    shapes = {"a0": (4, 2), "W1": (3, 2), "b1": (3,), "z1": (4, 3)}
    cases = [
        [WORDS, AFFINE, SIZES, {"tensor": name, "index": list(index)}, number]
        for name, shape in shapes.items()
        for index in np.ndindex(shape)
    ]
    assert max(len(each["text"]) for each in answers(TRACE, cases)) == len(longest)


# What each cell of each operand belongs to, as indices with null for any.
BELONGING = """
import { agreeing } from "./inspector/now/provenance.js";
import { operands } from "./tensor/letters.js";
const answer = (letters) => {
  const { reads, writes } = operands(letters);
  const each = (indices, count) => indices.flatMap((index) => [...Array(count).keys()].map((i) => [...index, i]));
  const cells = (shape) => shape.reduce(each, [[]]);
  const all = [...reads.map((each) => [each, writes]), ...writes.map((each) => [each, reads])];
  return { reads, writes, found: all.map(([one, others]) =>
    cells(one.letters.map(() => 3)).map((index) => [index, others.map((other) => agreeing(one, index, other))])) };
};
"""


def test_the_cells_that_belong_together_agree_in_the_letters_that_they_share():
    letters = {step.letters for _, step in BINDINGS.values()}
    assert len(letters) > 60
    for text, told in zip(letters, answers(BELONGING, [*letters]), strict=True):
        sides = [[(each["tensor"], "".join(each["letters"])) for each in told[side]] for side in ("reads", "writes")]
        written = [[tuple(item.split(":")) for item in side.split(", ") if item.strip()] for side in text.split("->")]
        assert sides == [[(name.strip(), of.strip()) for name, of in side] for side in written]
        every = [(own, other) for own, other in ((0, 1), (1, 0)) for _ in sides[own]]
        for (own, other), operand_, found in zip(every, sides[0] + sides[1], told["found"], strict=True):
            assert operand_ in sides[own]
            for index, patterns in found:
                for (_, of), pattern in zip(sides[other], patterns, strict=True):
                    for cell in np.ndindex((3,) * len(of)):
                        agrees = all(p in (None, c) for p, c in zip(pattern, cell, strict=True))
                        assert agrees == related(tuple(index), operand_[1], cell, of)
