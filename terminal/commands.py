"""The commands by name: the page's server, and those that need no page."""

import argparse
import sys

from engine import Refusal
from engine.base.refusal import one_of
from engine.base.threads import one_thread
from terminal import check, export, mark, prove, rebuild, robustness, train
from terminal.reading import BAD_INPUT, Parser, Unreadable


def serve(argv: list[str]) -> int:
    """Serve the page; returns the exit status."""
    from server.__main__ import main  # here, so that the other commands start without loading a web server

    return main(argv)


COMMANDS = {
    "check": check.main,
    "export": export.main,
    "mark": mark.main,
    "prove": prove.main,
    "rebuild": rebuild.main,
    "robustness": robustness.main,
    "serve": serve,
    "train": train.main,
}


def run(argv: list[str]) -> int:
    """Run a command with its arguments; returns the exit status. Without a name the command is ``serve``."""
    one_thread()
    if argv[:1] in (["-h"], ["--help"]):
        parser().print_help()
        return 0
    name, rest = ("serve", argv) if not argv or argv[0].startswith("-") else (argv[0], argv[1:])
    try:
        return COMMANDS[one_of("command", "command", name, COMMANDS)](rest)
    except (Refusal, Unreadable) as error:
        print(f"backscope: {error}", file=sys.stderr)
        return BAD_INPUT


def parser() -> argparse.ArgumentParser:
    """The parser that prints the help."""
    found = Parser(prog="backscope", description="See backpropagation. Each command tells more with --help.")
    commands = found.add_subparsers(title="commands", metavar="command")
    commands.add_parser("serve", help="serve the page and open the browser; so does backscope alone")
    commands.add_parser("check", help="check the gradients of an experiment by finite differences")
    commands.add_parser("train", help="train an experiment and save what it has learned")
    commands.add_parser("mark", help="say whether the training step of a homework is right, and which mistake is in it")
    commands.add_parser("export", help="write an experiment as a NumPy script, in PyTorch or as a notebook")
    commands.add_parser("prove", help="run a recorded run again, and say which tensor disagrees first, and why")
    commands.add_parser("rebuild", help="train the networks that come along anew")
    commands.add_parser(
        "robustness", help="how well networks read digits that are distorted, or digits of other people"
    )
    return found
