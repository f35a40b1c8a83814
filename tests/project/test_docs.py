"""The documentation is true: its Python prints what it says, its links lead somewhere, and the README stays short."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from tests.helpers.serving import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("C[OH]*.md"))]


def blocks(path: Path) -> list[str]:
    """The Python of a page that begins with an import of the engine."""
    found = re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [block for block in found if block.startswith("from engine")]


@pytest.mark.parametrize("path", [path for path in PAGES if blocks(path)], ids=lambda path: path.name)
def test_the_python_of_the_documentation_prints_what_it_says(path):
    for block in blocks(path):
        said = [line[2:] for line in block.splitlines() if line.startswith("# ")]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(block, {})
        assert printed.getvalue().splitlines() == said


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_links_of_the_documentation_lead_to_files_and_headings(path):
    text = re.sub(r"^(`{3,}).*?^\1$|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        name, _, heading = link.partition("#")
        target = (path.parent / name) if name else path
        assert target.exists(), f"{path.name} links to {link}"
        if heading:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_the_readme_can_be_read_in_a_few_minutes():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150
