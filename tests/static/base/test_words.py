"""Sentences of a catalogue, filled in: the forms of nouns, lists, shares, and refusals in the page's language."""

import pytest

from tests.helpers.browsing import words
from tests.helpers.node import answers, call

RUSSIAN = {"language.code": "ru", "files": "{count} {count|one:файл|few:файла|many:файлов|other:файла}"}
ENGLISH = {"language.code": "en", "files": "{count} {count|one:file|other:files}", "there": "{count|one:is|other:are}"}


def test_a_noun_has_the_form_that_goes_with_its_number_in_its_language():
    cases = [[ENGLISH, "files", {"count": count}] for count in (0, 1, 2, "1", "1,001", 1.5)]
    assert call("base/words.js", "say", cases) == ["0 files", "1 file", "2 files", "1 file", "1,001 files", "1.5 files"]
    cases = [[RUSSIAN, "files", {"count": count}] for count in (1, 3, 5, 21, "1,001")]
    assert call("base/words.js", "say", cases) == ["1 файл", "3 файла", "5 файлов", "21 файл", "1,001 файл"]


def test_the_forms_need_not_stand_beside_the_number_and_other_is_for_all_that_have_none():
    only = {"language.code": "fr", "files": "{count|other:fichiers}"}
    cases = [[ENGLISH, "there", {"count": 1}], [only, "files", {"count": 0}], [ENGLISH, "none.such", {}]]
    assert call("base/words.js", "say", cases) == ["is", "fichiers", "none.such"]


@pytest.mark.parametrize(("language", "listed", "share"), [("en", "W1, b1", "98.8%"), ("zh", "W1、b1", "98.8%")])
def test_names_are_listed_and_shares_told_as_the_language_does(language, listed, share):
    says = [[words(language), "column.none", {"sought": "x", "names": ["W1", "b1"]}]]
    assert listed in call("base/words.js", "say", says)[0]
    assert call("base/words.js", "percent", [[words(language), 0.98765]]) == [share]
    assert answers(
        'import { percent } from "./base/words.js";\nconst answer = (words) => percent(words, NaN);\n',
        [words(language)],
    ) == ["—"]


def refused(details: dict[str, object]) -> list[str]:
    """What is said of a refusal in English and in Chinese."""
    error = {"message": "as the server says it", "details": {"form": "", "blanks": {}, **details}}
    return call("base/words.js", "refusal", [[words(language), error] for language in ("en", "zh")])


def test_a_refusal_has_the_numbers_the_quotes_and_the_punctuation_of_the_language():
    limits = {"form": "range", "blanks": {"low": 0, "high": 1e6}}
    assert refused({"kind": "invalid", "noun": "learning rate", "value": "-1", **limits}) == [
        "invalid learning rate: -1 (0 to 1,000,000)",
        "学习率无效：-1（应为 0 到 1,000,000）",
    ]
    choices = {"form": "one_of", "blanks": {"choices": ["circles", "digits"]}}
    assert refused({"kind": "unknown", "noun": "dataset", "value": "'foo'", **choices}) == [
        "unknown dataset: “foo” (one of: circles, digits)",
        "数据集未知：“foo”（可选：circles、digits）",
    ]


def test_a_refusal_describes_what_cannot_be_shown_and_calls_methods_by_their_names():
    described = {"value": "1 bytes", "described": {"form": "bytes", "blanks": {"count": 1}}}
    size = {"form": "bytes", "blanks": {"count": 784}}
    assert refused({"kind": "invalid", "noun": "drawing", **described, **size}) == [
        "invalid drawing: 1 byte (784 bytes)",
        "手写数字无效：1 字节（应为 784 字节）",
    ]
    pair = {"form": "pair", "blanks": {"output": "identity", "activations": ["sigmoid", "identity"]}}
    assert refused({"kind": "unfit", "noun": "loss", "value": "'hinge'", **pair}) == [
        "unfit loss: “hinge” (the output is identity; this loss goes with sigmoid, identity)",
        "损失函数不合适：“合页损失”（输出层的激活函数：恒等；这个损失函数适用于：sigmoid、恒等）",
    ]
    assert refused({"kind": "missing", "noun": "seed", "value": "None"}) == ["missing seed", "缺少：随机种子"]
