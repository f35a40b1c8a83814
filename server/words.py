"""The catalogues: every word of the page, one file a language; a language is added by adding a file."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "words"
FALLBACK = "en"
# How the names of words begin that a page needs for one panel alone.
LATER = (
    "along.", "class.", "concept.", "glossary.", "lane.", "lesson.", "map.", "notebook.", "own.", "practice.",
    "prediction.", "race.", "recorded.", "surface.", "until.", "weights.", "writing.",
)  # fmt: skip


@cache
def languages() -> dict[str, str]:
    """Each language's code and its own name for itself."""
    return {path.stem: catalogue(path.stem)["language"] for path in sorted(FOLDER.glob("*.json"))}


@cache
def catalogue(language: str) -> dict[str, str]:
    """The words of a language, and those of the fallback under the names that it has not."""
    words: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return words if language == FALLBACK else catalogue(FALLBACK) | words


@cache
def at_start(language: str) -> dict[str, str]:
    """The words that a page has at its start: all but those that it fetches with the panel that needs them."""
    return {name: text for name, text in catalogue(language).items() if not name.startswith(LATER)}


def preferred(accept_language: str) -> str:
    """The language that a browser's Accept-Language header asks for, among those there are.

    A code matches one of ours if their first parts agree: zh-CN, zh-Hans and zh all mean zh.
    """
    wanted = []
    for place, item in enumerate(accept_language.split(",")):
        code, _, quality = item.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), place, code.split("-")[0].lower()))
        except ValueError:
            continue
    return next((code for _, _, code in sorted(wanted) if code in languages()), FALLBACK)
