"""No function of the page is longer than a reader can hold: what is longer has parts with names."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = 100  # lines
# Scripts are formatted, so a body ends at the first line that closes it with the indentation of the line that opens it.
OPENING = re.compile(r"^(?P<indent> *)(?=\S)(?:.*\bfunction\b.*\(.*|.*=> |(?:async )?[\w$]+\(.*\) |\) )\{$")


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Every function with a body of several lines, as the line that opens it and the number of its lines."""
    lines = text.splitlines()
    for start, line in enumerate(lines):
        if line.endswith("{") and (match := OPENING.match(line)):
            closing = match["indent"] + "}"
            end = next(i for i in range(start + 1, len(lines)) if lines[i].startswith(closing))
            yield line.strip(), end - start + 1


def test_a_function_of_the_page_has_at_most_a_hundred_lines():
    found = [
        (path.relative_to(ROOT).as_posix(), opening, length)
        for path in (ROOT / "static").rglob("*.js")
        for opening, length in functions(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 500
    assert [each for each in found if each[2] > LONGEST] == []


def test_functions_of_every_form_are_measured():
    text = (
        "export function one(a) {\n  return {\n    two() {\n      a();\n    },\n  };\n}\n"
        "const three = async (b) => {\n  b();\n};\nstore.on([], ({ moment }) => {\n  moment();\n});\n"
        "return async function four() {\n  five();\n};\nfunction six(\n  a,\n) {\n  a();\n}\n"
    )
    assert list(functions(text)) == [
        ("export function one(a) {", 7),
        ("two() {", 3),
        ("const three = async (b) => {", 3),
        ("store.on([], ({ moment }) => {", 3),
        ("return async function four() {", 3),
        (") {", 3),
    ]
