"""Backscope beside one's own training, and in a notebook.

``record`` and ``watch`` record a run, to be proven later; neither server nor engine is loaded for them. ``show`` shows
a run in a notebook, and is loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

from backscope.recorder import record
from backscope.watching import watch

if TYPE_CHECKING:
    from server.notebook.show import show as show

__all__ = ["record", "watch"]


def __getattr__(name: str) -> Any:
    if name != "show":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from server.notebook.show import show

    return show


def __dir__() -> list[str]:
    return [*globals(), "show"]
