"""The command ``backscope``. However it ends, it prints at most one line and no traceback."""

import os
import signal
import sys
from collections.abc import Callable

INTERRUPTED, NOBODY_READS = 130, 141  # exit statuses, as a shell gives them for SIGINT and SIGPIPE


def main(argv: list[str] | None = None) -> int:
    """Run a command with its arguments, by default those of the process; returns the exit status."""
    run = _loaded()
    try:
        status = run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("backscope: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the output's reader has gone, so that nothing may be written there, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS


def _loaded() -> Callable[[list[str]], int]:
    """Load the commands; returns the function that runs one.

    Loading takes a good part of a second. Meanwhile Ctrl-C ends the process at once, since an exception inside an
    import could turn into another one. A process that ignores it from its beginning, as in the background, goes on so.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from terminal.commands import run
    finally:
        signal.signal(signal.SIGINT, before)
    return run


if __name__ == "__main__":
    sys.exit(main())
