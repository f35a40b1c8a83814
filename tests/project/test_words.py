"""The texts of the catalogues: one name for one thing, the punctuation of each language, and room around blanks."""

import json
import re

import pytest

from server.glossary.reader import glossary
from tests.helpers.serving import ROOT
from tests.helpers.terms import rows, said

FOLDER = ROOT / "static" / "words"
CATALOGUES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
for language, texts in CATALOGUES.items():  # and what the glossary says, by its entries' names
    texts |= {f"glossary/{name}": said(entry) for name, entry in glossary(language).entries.items()}
ENGLISH, CHINESE = CATALOGUES["en"], CATALOGUES["zh"]
HAN = "[\u3400-\u9fff]"
FORMS = re.compile(r"\{\w+\|[^}]*\}")
IN_CHINESE = {
    "above",
    "cancelling",
    "keeping",
    "activation",
    "answer",
    "columns",
    "label",
    "noun",
    "rows",
}  # blanks that Chinese words fill
SYMBOLS = ("Δ{", "d{")  # in which a blank is part of a symbol
COUNTS = "|".join(
    [
        "count",
        "of",
        "done",
        "steps",
        "examples",
        "units",
        "shown",
        "checked",
        "most",
        "length",
        "high",
        "kinks",
        "right",
        "wrong",
    ]
)  # blanks that are numbers of things
PLURAL = re.compile(rf"\{{({COUNTS})\}} (?:[a-z][a-z-]* )?[a-z-]*[^s\W]s\b")
MORE_THAN_ONE = {  # texts in which the number is never 1, or the word is a verb
    "learned.values.held_out.sample", "learned.values.training.sample", "caption.says.input",
    "caption.says.mini_batch_chosen", "teach.alone.several",
    "teach.mixed.several", "teach.cost.calls", "teach.cost.progress", "expected.pairs", "expected.row_list",
    "expected.row", "expected.layers", "expected.parts", "expected.steps", "expected.elements", "expected.letters",
    "cost.batch.part", "cost.loop.part",
}  # fmt: skip


def faulty(catalogue: dict[str, str], pattern: str) -> set[str]:
    """The texts in which a fault is found, with their names."""
    return {f"{name}: {text}" for name, text in catalogue.items() if re.search(pattern, text)}


@pytest.mark.parametrize("language", CATALOGUES)
def test_one_thing_has_one_name(language):
    terms, others = list(rows()), set()
    assert len(terms) > 30
    for term in terms:
        right = re.compile("|".join(map(re.escape, sorted(term[language], key=len, reverse=True))))
        for name, text in CATALOGUES[language].items():
            rest = re.sub(r"\{\w+\}", "·", right.sub("·", text))
            others |= {f"{name}: {text} ({other})" for other in term[f"not {language}"] if other in rest}
    assert others == set()


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_term_of_the_list_is_used(language):
    said = "\n".join(CATALOGUES[language].values())
    assert {name for term in rows() for name in term[language] if name not in said} == set()


def test_chinese_punctuation_has_the_width_of_a_character():
    assert faulty(CHINESE, f"[:;!?]|{HAN} ?[,.]|,{HAN}") == set()
    assert faulty(CHINESE, rf"\([^()]*({HAN}|\{{)[^()]*\)|\([^)]*$") == set()  # brackets that are no mathematics
    assert faulty(CHINESE, " [，。：；？！、）”]|[，。：；？！、（“] ") == set()


def test_what_is_filled_in_does_not_run_into_a_word():
    chinese = {name: re.sub(rf"\{{({'|'.join(IN_CHINESE)})\}}", "", text) for name, text in CHINESE.items()}
    assert faulty(chinese, rf"{HAN}\{{|\}}{HAN}") == set()
    english = {name: FORMS.sub("", text) for name, text in ENGLISH.items()}
    for symbol in SYMBOLS:
        english = {name: text.replace(symbol, "{") for name, text in english.items()}
    assert faulty(english, r"[A-Za-z]\{|\}[A-Za-z]") == set()


def test_chinese_stands_apart_from_latin_letters_and_figures():
    assert faulty(CHINESE, f"{HAN}[A-Za-z0-9]|[A-Za-z0-9%]{HAN}") == set()


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_sign_of_per_cent_follows_its_number_and_an_ellipsis_has_one_form(language):
    assert faulty(CATALOGUES[language], r"[\d}][\s\u00a0]+%") == set()
    assert faulty(CATALOGUES[language], r"\.\.\.") == set()
    other = r"(?<!…)…(?!…)|………" if language == "zh" else r"……|(?<! )…"
    assert faulty(CATALOGUES[language], other) == set()


def test_an_english_noun_goes_with_its_number():
    found = {name for name, text in ENGLISH.items() if PLURAL.search(FORMS.sub("", text))}
    assert found == MORE_THAN_ONE


def test_no_digit_follows_an_article():
    assert faulty(ENGLISH, r"\b[Aa]n? \{(digit|label|count|value|number)\}") == set()


@pytest.mark.parametrize("language", CATALOGUES)
def test_forms_are_those_of_the_languages_numbers(language):
    for name, text in CATALOGUES[language].items():
        for forms in FORMS.findall(text):
            kinds = [each.split(":")[0] for each in re.split(r"\|", forms[1:-1])[1:]]
            assert "other" in kinds, name
            assert set(kinds) <= {"zero", "one", "two", "few", "many", "other"}, name


def test_no_script_puts_punctuation_of_one_language_beside_a_word():
    """Where words are joined, the catalogue says how: scripts write no colon, bracket, comma or per cent after them."""
    found = set()
    for path in sorted((ROOT / "static").rglob("*.js")):
        for literal in re.findall(
            r"`(?:[^`\\$]|\\.|\$(?!\{)|\$\{(?:[^`{}]|\{[^{}]*\}|`[^`]*`)*\})*`", path.read_text(encoding="utf-8")
        ):
            parts = re.split(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}", literal[1:-1])
            if any(re.search(r"\b(?:say|word)\(", code) for code in parts[1::2]):
                found |= {f"{path.name}: {literal}" for text in parts[::2] if re.search(r"[:;,()%]", text)}
    assert found == set()
