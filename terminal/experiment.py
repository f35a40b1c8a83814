"""The experiment that a command is given: of a file, on a table of one's own, from a checkpoint."""

from argparse import Namespace
from typing import Any

from engine import Experiment, Refusal
from engine.data.table import Table
from server.trained.shipped import SHIPPED
from terminal.data import on_table, table_of
from terminal.reading import Unreadable, read_json, start_of


def experiment(options: Namespace) -> Experiment:
    """The experiment of a command's arguments, which ``experiment_parser`` has read.

    Raises:
        Unreadable: no file is given, or one cannot be read, or is no experiment, no table or no checkpoint that fits.
    """
    if options.experiment is None and options.data is None:
        raise Unreadable("give an experiment's file, or a table by --data")
    if options.target is not None and options.data is None:
        raise Unreadable("--target is a column of a table: give that by --data")
    plain: Any = None if options.experiment is None else read_json(options.experiment)
    tables = dict[str, Table]()
    try:
        if options.data is not None and (plain is None or isinstance(plain, dict)):
            content, tables[content] = table_of(options.data)
            plain = on_table(plain, content, tables[content], options.target)
        if isinstance(plain, dict):
            plain |= {} if options.seed is None else {"seed": options.seed}
            plain |= {"start": None} if options.start else {}
        found = Experiment.from_dict(plain, SHIPPED, tables)
        if not options.start:
            return found
        start = start_of(options.start, found)
        return Experiment.from_dict(plain | {"start": start.name}, {start.name: start}, tables)
    except Refusal as refusal:
        about = options.data if refusal.field.startswith("dataset.") and options.data else options.experiment
        field = f"{refusal.field}: " if refusal.field else ""
        raise Unreadable(f"{about or options.data}: {field}{refusal}") from None
