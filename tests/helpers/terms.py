"""The terms: the table of their names, and what the glossary says of them."""

import re
from collections.abc import Iterator
from typing import Any

from server.glossary.reader import Entry
from tests.helpers.serving import ROOT


def rows() -> Iterator[dict[str, list[str]]]:
    """The table of terms: of each row the names by language, and those it must not have under "not " and the code."""
    lines = re.findall(r"^\| (.*) \|$", (ROOT / "docs" / "terms.md").read_text(encoding="utf-8"), re.MULTILINE)
    heads = [head.strip() for head in lines[0].split("|")]
    heads = [f"not {heads[i - 1]}" if head == "not" else head for i, head in enumerate(heads)]
    for line in lines[1:]:
        cells = [[name.strip() for name in cell.split(",") if name.strip()] for cell in line.split("|")]
        yield dict(zip(heads, cells, strict=True))


def said(entry: Entry) -> str:
    """The title and the sentences of an entry of the glossary, without their formulas."""

    def text(parts: list[dict[str, Any]]) -> str:
        return "".join(part.get("text", "x" if "math" in part else text(part.get("words", []))) for part in parts)

    return "\n".join([entry.title, *(text(block["paragraph"]) for block in entry.body)])
