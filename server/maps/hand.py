"""A process of a crew: parts of maps come in on its standard input, and what has become of their runs goes out."""

import os
import pickle
import sys
from functools import lru_cache

import numpy as np

from engine.base.threads import one_thread
from engine.maps.map import Map, Part

POLITE = 10  # by how much it lets others go first: a page that steps and plays


def compute(task: bytes, cells: np.ndarray) -> Part:
    """Some runs, (runs, 2), of a map that has been pickled."""
    return _unpickled(task).part(cells)


@lru_cache(maxsize=2)
def _unpickled(task: bytes) -> Map:
    found: Map = pickle.loads(task)
    return found


def main() -> None:
    """Answer until there is nothing more to come, as the one that asks has ended."""
    one_thread()
    if hasattr(os, "nice"):
        os.nice(POLITE)
    answers = sys.stdout.buffer
    while True:
        try:
            task, cells = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer: Part | Exception = compute(task, cells)
        except Exception as error:  # the one that asks must hear of it
            answer = error
        try:
            pickle.dump(answer, answers)
            answers.flush()
        except BrokenPipeError:
            os._exit(0)  # nobody is there to hear of it


if __name__ == "__main__":
    main()
