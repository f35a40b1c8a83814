"""The glossary is whole: every tensor, every sign of a formula and every term has an entry, in every language."""

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import httpx
import pytest

from engine import Timeline
from engine.base.tensors import split
from engine.run.program import program
from server.glossary.facts import Fact, facts
from server.glossary.proof import complaints, of_fact, of_language
from server.glossary.reader import glossary, read, told
from server.lessons.prose import formula
from server.lessons.scene import scene_of
from server.lessons.shelf import SHIPPED
from server.protocol.listing import SYMBOLS, mathml
from server.words import languages
from tests.helpers.experiments import EXPERIMENTS
from tests.helpers.terms import rows

STEPS = [step for chosen in EXPERIMENTS for step in program(chosen)]  # of every method
NO_SIGN = re.compile(r"[-\s()\[\]{}+−,.|/=<>≤≥≠∣·×∈\d]+")
ENTRY = "## Error {#error}\n= delta\n\nWhat a [weighted sum](?weighted_sum) does: $x^2$.\n"


def signs(tree: Any) -> set[str]:
    """The signs of a formula that stand for no tensor."""
    if "data-tensor" in tree.attrib:
        return set()
    own = {tree.text} if tree.tag.rpartition("}")[2] in ("mi", "mo") and tree.text else set()
    return own.union(*map(signs, tree))


def test_the_glossary_is_whole():
    assert list(complaints()) == []
    assert len(facts()) > 90


def test_every_tensor_of_every_experiment_has_an_entry():
    known = {kind for fact in facts().values() for kind in fact.tensors}
    names = {name for step in STEPS for name in (*step.reads, *step.writes)}
    assert len(names) > 60
    assert {name for name in names if split(name)[0] not in known} == set()


def test_every_sign_of_every_formula_has_an_entry():
    known = {sign for fact in facts().values() for sign in fact.signs}
    formulas = {
        latex
        for step in STEPS
        for latex in (
            step.formula,
            step.formula_in_columns,
            *(SYMBOLS[name] for name, _ in step.settings if name in SYMBOLS),
        )
    }
    found = set().union(*(signs(ElementTree.fromstring(mathml(latex))) for latex in formulas))
    assert {"⊙", "⊤", "η", "i"} - found == {"η"}  # the learning rate is a tensor
    assert {sign for sign in found if not NO_SIGN.fullmatch(sign)} - known == set()


def test_every_index_letter_has_an_entry():
    known = {sign for fact in facts().values() for sign in fact.signs}
    letters = {letter for step in STEPS for side in step.operands for _, own in side for letter in own}
    assert {letter for letter in letters if letter.isalpha()} - known == set()
    assert {"i", "j", "k", "l", "m"} <= known


def test_every_letter_of_a_lessons_mathematics_has_an_entry():
    def letters(tree: list[Any]) -> set[str]:
        tag, *children = tree
        inner = set().union(*(letters(child) for child in children if isinstance(child, list)))
        return inner | ({child for child in children if isinstance(child, str)} if tag == "mi" else set())

    known = {sign for fact in facts().values() for sign in fact.signs}
    found = set()
    for path in SHIPPED.glob("*/*.md"):
        for latex in re.findall(r"\$([^$]+)\$", path.read_text(encoding="utf-8")):
            found |= letters(formula(latex))
    assert len(found) > 10
    assert {letter for letter in found if letter.isalpha()} - known == set()


@pytest.mark.parametrize("language", languages())
def test_every_term_of_the_table_is_found(language):
    names = {name.lower() for entry in glossary(language).entries.values() for name in (entry.title, *entry.names)}
    assert [term[language] for term in rows() if not names & {name.lower() for name in term[language]}] == []


def test_a_term_is_found_by_its_names_in_every_language():
    (error,) = (entry for entry in told("en") if entry["name"] == "error")
    assert {"误差项", "error", "delta", "Error δ"} <= set(error["found"])
    assert error["title"] == "Error δ"
    assert error["tensors"] == ("delta",)
    (chinese,) = (entry for entry in told("zh") if entry["name"] == "error")
    assert (chinese["title"], chinese["formula"]) == ("误差项 δ", error["formula"])


def test_what_a_language_lacks_is_said_in_the_fallback():
    assert {entry["language"] for entry in told("fr")} == {"en"}


def test_a_scene_of_an_entry_has_its_tensors():
    """What leads to a scene shows at least one tensor of the entry there, where it has any, with its numbers."""
    seen = [(fact, which) for fact in facts().values() if fact.tensors for kind, which in fact.see if kind == "scene"]
    assert len(seen) > 15
    for fact, which in seen:
        scene = scene_of(which)
        state = Timeline(scene.experiment).seek(scene.t)
        kinds = {split(name)[0] for name in state} | {"a0"}
        if fact.name != "momentum" or "plateau" not in which:  # which shows what it is good for
            assert kinds & set(fact.tensors), (fact.name, which)


@pytest.mark.parametrize(
    ("old", "new", "line", "told_of"),
    [
        ("## Error {#error}", "## Error", 1, "term_heading"),
        ("?weighted_sum", "?weighted", 4, "glossary_entry"),
        ("$x^2$", "$x^$", 4, "latex"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(old, new, line, told_of):
    assert [fault.refusal.details["form"] for fault in read(ENTRY).faults] == []
    (fault,) = read(ENTRY.replace(old, new)).faults
    assert (fault.line, fault.refusal.details["form"]) == (line, told_of)


def test_numbers_and_references_are_told_for_an_entry_is_of_no_run():
    for text in ("two 2", "{loss}"):
        found = [line for line, reason in of_language(read(ENTRY.replace("does", text))) if "a number" in reason]
        assert found == [4], text


def test_what_is_missing_is_told():
    found = [reason for _, reason in of_language(read(ENTRY + "\n## More {#more}\n= much\n"))]
    assert "terms.toml has no entry more" in found
    assert "more says nothing" in found
    assert "there is no entry weight" in found


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"tensors": ("q",)}, "there is no tensor q"),
        ({"related": ("nothing",)}, "there is no entry nothing"),
        ({"related": ("mine",)}, "it is related to itself"),
        ({"see": (("shop", "a"),)}, "nothing is seen in a shop"),
        ({"see": (("lesson", "a"),)}, "there is no lesson a"),
        ({"see": (("scene", "#preset=nothing"),)}, "unknown preset"),
        ({"formula": "x^"}, "invalid formula"),
    ],
)
def test_wrong_facts_are_told(fields, reason):
    assert any(reason in found for found in of_fact(Fact("mine", "page", **fields)))


def test_the_server_gives_the_entries_in_a_language(server):
    for language, title in (("en", "Weight"), ("zh", "权重"), ("xx", "Weight")):
        answer = httpx.get(f"{server}glossary.json", params={"lang": language})
        found = {entry["name"]: entry for entry in answer.json()["entries"]}
        assert found["weight"]["title"] == title
        assert found.keys() == facts().keys()
        assert {"kind": "view", "which": "why"} in found["weight"]["see"]
