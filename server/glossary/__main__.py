"""Check the glossary: ``python -m server.glossary``."""

import sys

from server.glossary.proof import complaints


def main() -> int:
    """Print what is wrong, as ``file:line: reason``. Returns the exit status: 1 where something is."""
    found = list(complaints())
    for complaint in found:
        print(complaint)
    print(f"glossary: {len(found)} complaints" if found else "glossary: all well")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
