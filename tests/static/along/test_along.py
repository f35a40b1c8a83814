"""Lines of a caption, moments of a GIF, tables, and paths as SVG has them."""

import pytest

from tests.helpers.node import answers, call

BROKEN = """
import { brokenInto } from "./along/caption.js";
const answer = ([text, wide, most]) => brokenInto(text, wide, most, (part) => part.length);
"""


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (["one two three", 20, 2], ["one two three"]),
        (["one two three", 8, 2], ["one two", "three"]),
        (["one two three", 8, 1], ["one tw…"]),
        (["http://127.0.0.1:8000/#preset", 10, 4], ["http://127", ".0.0.1:800", "0/#preset"]),
        (["", 10, 2], []),
    ],
)
def test_a_caption_is_broken_at_spaces_and_an_address_anywhere(given, lines):
    assert answers(BROKEN, [given]) == [lines]


def test_a_table_has_quotation_marks_where_a_cell_needs_them():
    rows = [["a,b", 'say "x"', 0.1], [None, "two\nlines", 3]]
    assert call("base/csv.js", "csvOf", [[rows]]) == ['"a,b","say ""x""",0.1\n,"two\nlines",3\n']


MOMENTS = """
import { momentsOf } from "./along/movie.js";
const grains = { equation: [1, 2, 3, 4, 5, 6, 7, 8, 9], layer: [2, 5, 9] };
const part = { t: 0, training_step: 0, program: Array(9), grains };
const listing = { segments: [part], steps_per_epoch: 10 };
const answer = ([grain, from, to]) => momentsOf(listing, grain, from, to);
"""


def test_the_moments_of_a_gif_go_by_the_grain_and_never_beyond_the_last():
    given = [["layer", 0, 12], ["equation", 7, 10], ["training_step", 3, 27], ["epoch", 0, 200], ["layer", 4, 4]]
    assert answers(MOMENTS, given) == [[0, 2, 5, 9, 11], [7, 8, 9, 10], [3, 9, 18, 27], [0, 90, 180], [4]]
    (many,) = answers(MOMENTS, [["equation", 0, 10**6]])
    assert len(many) == 301  # one more than there may be


PATHS = """
import { createPath } from "./along/path.js";
const answer = (steps) => {
  const path = createPath();
  for (const [name, ...given] of steps) path[name](...given);
  return path.data();
};
"""


def test_a_path_of_svg_is_that_of_a_canvas():
    given = [
        [["lineTo", 1, 2], ["lineTo", 3, 4.567], ["close"]],
        [["moveTo", 0, 0], ["bezier", 1, 1, 2, 2, 3, 0]],
        [["arc", 10, 10, 5, 0, 6.283185307179586]],
        [["rect", 1, 2, 3, 4]],
        [["moveTo", 0, 0], ["begin"], ["moveTo", 5, 5]],
    ]
    assert answers(PATHS, given) == [
        "M1 2L3 4.57Z",
        "M0 0C1 1 2 2 3 0",
        "M15 10A5 5 0 0 1 5 10A5 5 0 0 1 15 10",
        "M1 2h3v4h-3Z",
        "M5 5",
    ]
