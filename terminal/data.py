"""A table of one's own data on the command line, and the network that is trained on it where none is given."""

from pathlib import Path
from typing import Any

from engine import Refusal
from engine.data.choice import OWN
from engine.data.own import OwnData
from engine.data.table import Table, read
from server.tables.codec import content_of
from terminal.reading import Unreadable, read_bytes

HIDDEN = {"units": 8, "activation": "tanh"}
OPTIMIZER = {"name": "adam", "learning_rate": 0.01}


def table_of(path: Path) -> tuple[str, Table]:
    """The table of a file, with its name.

    Raises:
        Unreadable: the file cannot be read, or is no table.
    """
    data = read_bytes(path)
    try:
        return content_of(data), read(data)
    except Refusal as refusal:
        raise Unreadable(f"{path}: {refusal}") from None


def on_table(plain: dict[str, Any] | None, content: str, table: Table, target: str | None) -> dict[str, Any]:
    """An experiment in plain form on a table instead of its data, or a small network where there is none.

    Raises:
        Refusal: the table does not fit.
    """
    given = (plain or {}).get("dataset")
    kept = given if isinstance(given, dict) and given.get("name") == OWN else {}
    dataset = {**kept, "name": OWN, "content": content, **({} if target is None else {"target": target})}
    if plain is not None:
        return {**plain, "dataset": dataset}
    record = OwnData.from_dict(dataset, {content: table}).record
    output = {"units": record.outputs[0], "activation": record.output_activation}
    return {"dataset": dataset, "layers": [HIDDEN, output], "optimizer": OPTIMIZER}
