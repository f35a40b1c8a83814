"""Backscope beside one's own training: a run is recorded, to be proven later. Neither server nor engine is loaded."""

from backscope.recorder import record
from backscope.watching import watch

__all__ = ["record", "watch"]
