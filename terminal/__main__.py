"""The command ``backscope``: it ends in one line, however it is ended."""

import os
import signal
import sys
from collections.abc import Callable

INTERRUPTED, NOBODY_READS = 130, 141  # exit statuses, as a shell gives them for SIGINT and SIGPIPE


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    run = _loaded()
    try:
        status = run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("backscope: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has gone; nothing more is to be said there, not even at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS


def _loaded() -> Callable[[list[str]], int]:
    """The commands. Loading them takes a good part of a second, in which Ctrl-C simply ends the process: in the middle
    of an import an exception could turn into any other.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from terminal.commands import run
    finally:
        signal.signal(signal.SIGINT, before)
    return run


if __name__ == "__main__":
    sys.exit(main())
