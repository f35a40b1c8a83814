"""Backscope in Jupyter: what jupyter-server-proxy needs to begin a server and to show its tile in the launcher."""

import sys
from pathlib import Path
from typing import Any

ICON = Path(__file__).resolve().parent.parent / "static" / "favicon.svg"


def setup() -> dict[str, Any]:
    """The command, with the port to be filled in, and the tile.

    Jupyter has asked who its users are, and hands on the name that it is reached by itself; so any name will do.
    """
    return {
        "command": [sys.executable, "-m", "terminal", "--port", "{port}", "--no-browser", "--allow-host", "*"],
        "timeout": 30,
        "launcher_entry": {"title": "Backscope", "icon_path": str(ICON)},
    }
