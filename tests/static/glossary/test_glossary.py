"""What the glossary makes of a question without drawing: the entry that is meant, found or named, and its element."""

from typing import Any

import pytest

from server.glossary.reader import told
from tests.helpers.node import answers

ENTRIES = {language: told(language) for language in ("en", "zh")}
ASKED = """
import { matching, namedIn, resolved } from "./glossary/entries.js";
const names = (entries) => entries.map(({ name }) => name);
const functions = {
  resolved(entries, asked) {
    const found = resolved(asked, entries);
    return found && [found.entry.name, found.tensor, found.index];
  },
  matching: (entries, sought) => names(matching(entries, sought)),
  namedIn: (entries, text) => names(namedIn(text, entries)),
};
const answer = ([name, entries, text]) => functions[name](entries, text);
"""


def asked(name: str, texts: list[str], language: str = "en") -> list[Any]:
    """What a function says of texts, with the entries of a language."""
    return answers(ASKED, [[name, ENTRIES[language], text] for text in texts])


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("error", ["error", None, None]),
        ("delta2", ["error", "delta2", None]),
        ("delta2[1, 0]", ["error", "delta2", [1, 0]]),
        ("W1[0,2]", ["weight", "W1", [0, 2]]),
        ("dW1", ["weight_gradient", "dW1", None]),
        ("a0[3, 1]", ["input", "a0", [3, 1]]),
        ("a1", ["activation", "a1", None]),
        ("mhatgamma2", ["bias_correction", "mhatgamma2", None]),
        ("penalty2", ["penalty", "penalty2", None]),
        ("⊙", ["elementwise", None, None]),
        ("δ", ["error", None, None]),
        ("j", ["index_j", None, None]),
        ("w", None),  # a weight, or the steps of a warm-up
        ("nothing", None),
        ("<b>", None),
        ("", None),
    ],
)
def test_what_is_asked_is_an_entry_a_tensor_an_element_or_a_sign(text, entry):
    assert asked("resolved", [text]) == [entry]


def test_every_tensor_is_resolved_to_its_entry():
    kinds = [(kind, entry["name"]) for entry in ENTRIES["en"] for kind in entry["tensors"]]
    layered = [kind if kind[-1].isdigit() else f"{kind}2" for kind, _ in kinds]
    assert [found and found[0] for found in asked("resolved", layered)] == [name for _, name in kinds]


def test_an_entry_is_found_by_its_names_in_both_languages():
    for language in ENTRIES:
        found = asked("matching", ["误差项", "error", " ERROR ", "delta", "β", "no such thing"], language)
        assert [each[:1] for each in found[:4]] == [["error"]] * 4
        assert set(found[4]) == {"momentum", "running_mean", "adam", "scale_and_shift"}
        assert found[5] == []
    assert len(asked("matching", [""])[0]) == len(ENTRIES["en"])


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "The error has come back to layer two.", ["error", "layer"]),
        ("en", "Squared errors, and a weighted sum of weights.", ["squared_error", "weighted_sum", "weight"]),
        ("en", "A terror of weightless things", []),
        ("zh", "误差传回第二层：要求神经元的加权输入增大。", ["error", "layer", "wish", "neuron", "weighted_sum"]),
        ("zh", "梯度裁剪", ["clipping"]),
    ],
)
def test_a_text_names_entries_in_its_order_the_longer_name_first(language, text, names):
    assert asked("namedIn", [text], language) == [names]


def test_the_element_of_a_tensor_follows_from_what_is_asked_or_chosen():
    tensors = {"W1": [1, 0], "b1": [1], "a1": ["example", 1], "loss": []}
    source = """
    import { elementOf } from "./glossary/entries.js";
    const moment = { examples: 4, shownExample: (example) => example };
    const answer = ([tensor, index, selected, listing]) =>
      elementOf(tensor, index, { listing, moment, selected, example: 3 });
    """
    listing = {"tensors": tensors, "sizes": [2, 3]}
    weight, neuron = {"tensor": "W1", "index": [2, 1]}, {"tensor": "a1", "index": [3, 2]}
    cases: list[tuple[list[Any], Any]] = [
        (["W1", [0, 1], neuron], [0, 1]),
        (["W1", [0, 2], weight], [2, 1]),  # there is no such element: the chosen one
        (["W1", None, weight], [2, 1]),
        (["W1", None, neuron], None),  # a whole row
        (["b1", None, neuron], [2]),
        (["a1", None, neuron], [3, 2]),
        (["a1", None, None], None),
        (["loss", None, None], []),
    ]
    assert answers(source, [[*given, listing] for given, _ in cases]) == [found for _, found in cases]
