"""Ask the server on this machine whether it lives, at the port that PORT names; for a container's health check."""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen


def main() -> int:
    """The exit status: 0 where it answers."""
    try:
        with urlopen(f"http://127.0.0.1:{os.environ.get('PORT', 8000)}/healthz", timeout=2) as answer:
            return int(answer.status != 200)
    except URLError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
