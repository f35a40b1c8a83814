"""Neurons that are named are drawn before others where the stage has not room for all."""

from tests.helpers.node import answers, call

SIZES = [784, 16, 16, 10]
LAID = """
import { layOut } from "./draw/layout.js";
const answer = ([sizes, height, named]) =>
  layOut(sizes, 390, height, 60, [], 11, named).columns.map((column) => column && [column.shown, column.hidden]);
"""


def test_the_units_that_cells_name_are_those_at_both_ends_of_a_weight():
    cells = [
        {"tensor": "W3", "index": [2, 12]},
        {"tensor": "dW3", "index": [2, None]},
        {"tensor": "b2", "index": [5]},
        {"tensor": "a3", "index": [0, 2]},
        {"tensor": "a3", "index": [0, 1]},
        {"tensor": "W1"},
    ]
    assert call("network/named.js", "namedUnits", [[cells, SIZES]]) == [[[], [], [12, 5], [2, 1]]]


def test_what_is_named_is_drawn_and_where_there_is_room_so_is_all_else():
    named = [[], [15, 0], [12], [2]]
    low, high = answers(LAID, [[SIZES, 260, named], [SIZES, 900, named]])
    assert low[0] is None
    for (shown, hidden), units, size in zip(low[1:], named[1:], SIZES[1:], strict=True):
        assert {*units} <= {*shown} and shown == sorted({*shown}) and hidden == size - len(shown) > 0
    assert [column[1] for column in high[1:]] == [0, 0, 0]
    (plain,) = answers(LAID, [[SIZES, 260, []]])
    assert all(shown[0] == 0 and shown[-1] == size - 1 for (shown, _), size in zip(plain[1:], SIZES[1:], strict=True))
