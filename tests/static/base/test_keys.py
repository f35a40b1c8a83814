"""The values that features declare, and which of them a link may hold."""

import pytest

from tests.helpers.node import answers

KEYS = """
import { flag, fields, listed, number, oneOf, optional, whole } from "./base/codecs.js";
import { keysOf, ofPage, ofRun, ofView, passing, personal } from "./base/keys.js";
const refusal = (work) => { try { return work(); } catch (error) { return error.message; } };
const codecs = {
  flag, number: number(0.5, 2), whole: whole(0, ({ most }) => most), name: oneOf(["a", "b"]), key: oneOf({ a: 1 }),
  chosen: oneOf(({ languages }) => languages), optional: optional(flag), list: listed(oneOf(["a", "b"])),
  fields: fields({ x: flag, y: whole(1) }),
};
const state = { most: 3, languages: ["en"] };
const answer = ([name, ...given]) => ({
  fits: (codec, values) => values.map((value) => codecs[codec].fits(value, state)),
  kinds: () => [ofPage(1), personal(2, flag), ofRun(3), ofView(4, flag, "run"), passing(5)].map(
    ({ owner, initial, forget, linked }) => [owner, initial, forget, Boolean(linked), Boolean(linked?.personal)]),
  keys: (features) => refusal(() => keysOf(features)),
})[name](...given);
"""


@pytest.mark.parametrize(
    ("codec", "good", "bad"),
    [
        ("flag", [True, False], [None, 0, "true"]),
        ("number", [0.5, 2, 1.25], [0.4, 2.5, "1"]),
        ("whole", [0, 3], [4, -1, 0.5, "0", None]),
        ("name", ["a", "b"], ["c", "", None, 0]),
        ("key", ["a"], ["toString", "b"]),
        ("chosen", ["en"], ["fr"]),
        ("optional", [None, True], [0]),
        ("list", [[], ["a"], ["b", "a"]], [["a", "a"], ["c"], "a"]),
        ("fields", [{"x": True, "y": 1}], [{"x": True}, {"x": True, "y": 1, "z": 0}, {"x": 1, "y": 1}, None]),
    ],
)
def test_a_codec_lets_in_just_what_fits(codec: str, good: list, bad: list):
    fit, unfit = answers(KEYS, [["fits", codec, good], ["fits", codec, bad]])
    assert all(fit)
    assert not any(unfit)


def test_each_kind_of_key_says_whose_it_is_and_when_it_is_forgotten():
    (kinds,) = answers(KEYS, [["kinds"]])
    assert kinds == [
        ["page", 1, "never", False, False],
        ["page", 2, "never", True, True],
        ["run", 3, "run", False, False],
        ["view", 4, "run", True, False],
        ["view", 5, "never", False, False],
    ]


def test_the_keys_are_those_of_all_features_and_no_two_declare_the_same():
    features = [{"state": {"a": 1}}, {}, {"state": {"b": 2, "c": 3}}]
    made, refused = answers(KEYS, [["keys", features], ["keys", [*features, {"state": {"c": 4}}]]])
    assert made == {"a": 1, "b": 2, "c": 3}
    assert refused == "two features declare the key 'c'"
