"""The choice of a data set in an experiment: its name and settings, or the user's own rows; and its plain form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.base.refusal import Refusal, known, number, one_of, whole
from engine.data import DATASETS, Dataset, digits, load, load_table
from engine.data.dataset import one_hot
from engine.data.own import KINDS, OwnData
from engine.data.record import LOOKS, DatasetRecord
from engine.data.recorded import RecordedData, Recording
from engine.data.table import Table

TABLE_ROWS, TABLE_COLUMNS = 1000, 1024
OWN = "own"  # the name of a data set from a file's table
RECORDED = "recorded"  # the name of one of recorded mini-batches
Tables = Mapping[str, Table | Recording]
Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class DatasetChoice:
    """A data set by name with its settings, the name "table" with its rows, the name "own" with a file's table, or the
    name "recorded" with a recording.

    Attributes:
        name: a key of ``DATASETS``, "table", "own" or "recorded".
        examples: the number of examples; None where the data set has a fixed number.
        noise: the standard deviation of the noise; None where the data set has none.
        x: the rows of inputs of a table.
        y: the rows of targets of a table.
        others: the number of training pictures that show no digit, beside the digits.
        targets: the kind of a table's targets, "classes" or "values"; None where nothing is said of it: then it is
            "values".
        own: the data set of a file's table.
        recorded: the data set of recorded mini-batches.
    """

    name: str
    examples: int | None = None
    noise: float | None = None
    x: Rows = ()
    y: Rows = ()
    others: int = 0
    targets: str | None = None
    own: OwnData | None = None
    recorded: RecordedData | None = None

    @property
    def _given(self) -> OwnData | RecordedData | None:
        """The data set of a person's own table or recording; None of another data set."""
        return self.own or self.recorded

    @property
    def record(self) -> DatasetRecord:
        """The facts of the data set, where it is not one of given rows."""
        return self._given.record if self._given else DATASETS[self.name]

    @property
    def inputs(self) -> int:
        return len(self.x[0]) if self.x else self.record.inputs

    @property
    def outputs(self) -> tuple[int, ...]:
        """The numbers of outputs that a network for this data set may have, the usual one first."""
        return (len(self.y[0]),) if self.y else self.record.outputs

    @property
    def kind(self) -> str:
        return self.targets or "values" if self.x else self.record.kind

    @property
    def looks(self) -> str:
        """How an example looks: a "picture", a point of the "plane" or of a "line", or a "row" of numbers."""
        return LOOKS.get(self.inputs, "row") if self.x else self.record.looks

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; empty where classes go by their numbers."""
        return () if self.x else self.record.classes

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the inputs; empty where inputs go by their numbers."""
        return () if self.x else self.record.columns

    @property
    def target(self) -> str:
        """The name of the target; empty where it has none."""
        return "" if self.x else self.record.target

    @property
    def size(self) -> int:
        """The bytes that the examples take, where they are not shared by all runs."""
        return self._given.size if self._given else 0

    @property
    def tables(self) -> Tables:
        """The table or the recording that the plain form names, by its name."""
        return self._given.tables if self._given else {}

    def recognized(self) -> "DatasetChoice":
        """The same with "classes" for the targets of a table that name classes, where nothing is said of their kind.

        They do if each is 0 or 1, with one 1 an example where there are several columns, and not all are alike.
        """
        classes = self.x and self.targets is None and _name_classes(self.y) and len(set(self.y)) > 1
        return replace(self, targets="classes") if classes else self

    def typical_targets(self, outputs: int) -> np.ndarray:
        """Sample targets, (examples, outputs), which decide the losses that fit this data set."""
        if self.y:
            return np.array(self.y)
        if self.recorded:
            return self.recorded.data.y_train
        if self.kind == "values":
            return np.array([[-1.5], [1.5]])
        none = np.full((1 if self.others else 0, outputs), 1 / outputs)
        return np.concatenate([one_hot(np.arange(max(2, outputs)), outputs), none])

    @classmethod
    def from_dict(cls, plain: Any, tables: Tables | None = None) -> "DatasetChoice":
        """Read a choice from its plain form; ``examples`` and ``noise`` have defaults.

        Args:
            plain: the fields; ``content`` names one of the tables.
            tables: the known tables and recordings, by name.

        Raises:
            Refusal: there is no such data set, or a setting does not fit it.
        """
        name = one_of("dataset.name", "dataset", _name(plain), [*DATASETS, "table", OWN, RECORDED])
        if name == OWN:
            return cls(name, own=OwnData.from_dict(plain, tables or {}))
        if name == RECORDED:
            return cls(name, recorded=RecordedData.from_dict(plain, tables or {}))
        if name == "table":
            known("dataset", plain, ("name", "x", "y", "kind"), required=("x", "y"))
            x, y = _rows("dataset.x", plain["x"]), _rows("dataset.y", plain["y"])
            if len(x) != len(y):
                raise Refusal("unfit", "dataset.y", "rows", len(y), f"as many as x has: {len(x)}", "rows", count=len(x))
            return cls(name, x=x, y=y, targets=_kind(plain.get("kind"), y))
        source = DATASETS[name]
        known("dataset", plain, ("name", "others") if source.others else ("name", "examples", "noise"))
        if source.examples is None or source.noise is None:
            return cls(
                name, others=whole("dataset.others", "number of examples", plain.get("others", 0), 0, source.others)
            )
        noise = number("dataset.noise", "noise", plain.get("noise", source.noise), 0, 10)
        exact = source.exact if noise == 0 else None
        low, high, default = (8, 10_000, source.examples) if exact is None else (exact, exact, exact)
        examples = whole("dataset.examples", "number of examples", plain.get("examples", default), low, high)
        return cls(name, examples, noise)

    def to_dict(self) -> dict[str, Any]:
        """The plain form; ``from_dict`` gives the same choice back."""
        if self._given:
            return self._given.to_dict()
        if self.x:
            kind = {} if self.targets is None else {"kind": self.targets}
            return {"name": self.name, "x": [*map(list, self.x)], "y": [*map(list, self.y)], **kind}
        settings = {} if self.examples is None else {"examples": self.examples, "noise": self.noise}
        return {"name": self.name, **settings, **({"others": self.others} if self.others else {})}

    def load(self, seed: int, outputs: int) -> Dataset:
        """The data set itself, with targets for this number of outputs."""
        if self.others:
            return digits(self.others)
        if self.x:
            return load_table(self.kind, self.x, self.y)
        if self._given:
            return self._given.record.make(seed, 0, 0.0, outputs)
        return load(self.name, seed, self.examples, self.noise, outputs)


def _name(plain: Any) -> Any:
    if not isinstance(plain, dict):
        raise Refusal("invalid", "dataset", "dataset", plain, "a mapping of: name", "mapping", choices=["name"])
    if "name" not in plain:
        raise Refusal("missing", "dataset.name", "field", expected="dataset.name", form="field", name="dataset.name")
    return plain["name"]


def _name_classes(y: Rows) -> bool:
    """Whether targets are 0 or 1, with one 1 a row where there are several columns."""
    return all({*row} <= {0, 1} and (len(row) == 1 or sum(row) == 1) for row in y)


def _kind(plain: Any, y: Rows) -> str | None:
    if plain is None:
        return None
    kind = one_of("dataset.kind", "kind of targets", plain, KINDS)
    if kind == "classes" and not _name_classes(y):
        expected = "each is 0 or 1, with one 1 in a row of several"
        raise Refusal("unfit", "dataset.kind", "kind of targets", kind, expected, "targets_one_hot")
    return kind


def _rows(field: str, plain: Any) -> Rows:
    if not isinstance(plain, list) or not 1 <= len(plain) <= TABLE_ROWS:
        raise Refusal("invalid", field, "rows", plain, f"a list of 1 to {TABLE_ROWS} rows", "row_list", high=TABLE_ROWS)
    for i, row in enumerate(plain):
        if not isinstance(row, list) or not 1 <= len(row) <= TABLE_COLUMNS or len(row) != len(plain[0]):
            expected = f"a list of 1 to {TABLE_COLUMNS} numbers, as long as the first"
            raise Refusal("invalid", f"{field}.{i}", "row", row, expected, "row", high=TABLE_COLUMNS)
    return tuple(
        tuple(number(f"{field}.{i}.{j}", "number", value, -1e6, 1e6) for j, value in enumerate(row))
        for i, row in enumerate(plain)
    )
