"""Whether the glossary is whole: the same entries in every language, no dangling names, formulas that can be read."""

from collections import Counter
from collections.abc import Iterator

from engine import Refusal
from engine.base.tensors import LAYERED, SINGLE
from server.glossary.facts import FOLDER, KINDS, Fact, facts
from server.glossary.reader import Glossary, read
from server.lessons.prose import formula
from server.lessons.scene import scene_of
from server.lessons.shelf import SHIPPED

FACTS = "terms.toml"
INPUTS = ("a0",)  # a tensor that is another thing than its kind


def complaints() -> Iterator[str]:
    """What is wrong with the glossary's files, each with its file and its line or its entry."""
    for path in sorted(FOLDER.glob("*.md")):
        for line, reason in of_language(read(path.read_text(encoding="utf-8"))):
            yield f"{path.name}:{line}: {reason}"
    for fact in facts().values():
        for reason in of_fact(fact):
            yield f"{FACTS}: {fact.name}: {reason}"
    kinds = Counter(kind for fact in facts().values() for kind in fact.tensors if kind not in INPUTS)
    for kind in sorted({*LAYERED, *SINGLE} - kinds.keys()):
        yield f"{FACTS}: no entry has the tensor {kind}"
    for kind in sorted(kind for kind, times in kinds.items() if times > 1):
        yield f"{FACTS}: several entries have the tensor {kind}"


def of_language(glossary: Glossary) -> Iterator[tuple[int, str]]:
    """What is wrong with the glossary of a language, each with its line."""
    for fault in glossary.faults:
        yield fault.line, str(fault.refusal)
    for line in glossary.digits:
        yield line, "a number: an entry speaks of no run, so write it as a word"
    for name, entry in glossary.entries.items():
        if name not in facts():
            yield entry.line, f"{FACTS} has no entry {name}"
        if not entry.body:
            yield entry.line, f"{name} says nothing"
    for name in facts().keys() - glossary.entries.keys():
        yield 1, f"there is no entry {name}"


def of_fact(fact: Fact) -> Iterator[str]:
    """What is wrong with the facts of an entry."""
    for kind in {*fact.tensors} - {*LAYERED, *SINGLE, *INPUTS}:
        yield f"there is no tensor {kind}"
    for name in {*fact.related} - facts().keys():
        yield f"there is no entry {name}"
    if fact.name in fact.related:
        yield "it is related to itself"
    for latex in (fact.symbol, fact.formula):
        yield from _refused(formula, latex) if latex else ()
    for kind, which in fact.see:
        if kind not in KINDS:
            yield f"nothing is seen in a {kind}"
        elif kind == "scene":
            yield from _refused(scene_of, which)
        elif kind == "lesson" and not (SHIPPED / which).is_dir():
            yield f"there is no lesson {which}"


def _refused(work: object, text: str) -> Iterator[str]:
    assert callable(work)
    try:
        work(text)
    except Refusal as refusal:
        yield str(refusal)
