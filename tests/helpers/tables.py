"""Tables of one's own data for tests, and experiments on them."""

from typing import Any

from engine import Experiment
from engine.data.table import read
from server.tables.codec import content_of
from tests.helpers.networks import plain

FLOWERS = b"petal length;petal width;species\n" + b"".join(
    b"%d,%d;%d,25;%s\n" % (i % 7 + 1, i % 10, i % 3, (b"setosa", b"versicolor", b"virginica")[i % 3]) for i in range(60)
)
PRICES = b"area,rooms,age,price\n" + b"".join(b"%d,%d,%d,%d\n" % (i, i % 4, i * i % 9, 3000 * i) for i in range(1, 41))
CONTENT = {each: content_of(each) for each in (FLOWERS, PRICES)}
TABLES = {CONTENT[each]: read(each) for each in (FLOWERS, PRICES)}


def form(table: bytes, *layers: tuple[int, str], **dataset: Any) -> dict[str, Any]:
    """An experiment in plain form on one of these tables."""
    return plain(*layers, dataset={"name": "own", "content": CONTENT[table], **dataset})


def of_flowers(**dataset: Any) -> dict[str, Any]:
    return form(FLOWERS, (4, "tanh"), (3, "softmax"), **dataset)


def of_prices(**dataset: Any) -> dict[str, Any]:
    return form(PRICES, (4, "tanh"), (1, "identity"), **dataset)


def experiment(wanted: dict[str, Any]) -> Experiment:
    return Experiment.from_dict(wanted, tables=TABLES)
