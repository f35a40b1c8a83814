"""Check lessons: ``python -m server.lessons FILE-or-DIR ...``; without arguments, the shipped lessons."""

import sys
from pathlib import Path

from server.lessons.proof import complaints
from server.lessons.shelf import Shelf, read_bytes


def main(names: list[str]) -> int:
    """Print what is wrong, as ``file:line: reason``. Returns the exit status: 1 where something is."""
    paths = [file for name in names for file in _files(Path(name))] if names else [*Shelf().files()]
    wrong = 0
    for path in paths:
        for line, reason in complaints(read_bytes(path.read_bytes())):
            print(f"{path}:{line}: {reason}")
            wrong += 1
    print(f"{len(paths)} lessons, {wrong} complaints" if wrong else f"{len(paths)} lessons, all well")
    return int(wrong > 0)


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.md")) if path.is_dir() else [path]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
