"""The rows of docs/curriculum.md: what is taught, where on the page it is seen, and the link that opens there."""

import re
from dataclasses import dataclass

from tests.helpers.serving import ROOT

PAGE = ROOT / "docs" / "curriculum.md"
ADDRESS = "http://127.0.0.1:8000/"  # of a server that has been started on this machine
HEAD = ("concept", "where", "actions", "link")
LINK = re.compile(r"\[open\]\((?P<address>\S+)\)")


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        subject: the heading of its table.
        concept: what is taught.
        where: where it is seen; the names in bold are those of the page, the first is that of what is in front.
        actions: how many actions it takes from the link, and which.
        link: the address that opens there.
    """

    subject: str
    concept: str
    where: str
    actions: str
    link: str

    @property
    def names(self) -> list[str]:
        """What is said to stand on the page, in bold."""
        return re.findall(r"\*\*(.+?)\*\*", f"{self.where} {self.actions}")

    @property
    def place(self) -> list[str]:
        """The panel and its part, such as ``["Loss", "Learning rate"]`` of ``**Loss** › **Learning rate**``."""
        found = re.match(r"\*\*[^*]+\*\*(?: › \*\*[^*]+\*\*)*", self.where)
        return re.findall(r"\*\*(.+?)\*\*", found[0]) if found else []


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def rows() -> list[Row]:
    """All rows, in their order. Raises ``AssertionError`` where a row has another form."""
    found, subject = [], ""
    for line in text().splitlines():
        if line.startswith("## "):
            subject = line[3:]
        if not line.startswith("| ") or line == f"| {' | '.join(HEAD)} |":
            continue
        concept, where, actions, link = (cell.strip() for cell in line.strip("|").split("|"))
        linked = LINK.fullmatch(link)
        assert linked, line
        found.append(Row(subject, concept, where, actions, linked["address"]))
    return found
