"""Cells that say down are hatched, so that their colour is not all that tells them from those that say up."""

import numpy as np
import pytest

from tests.helpers.node import answers

HATCH = """
import { paintHatching } from "./draw/matrix.js";
const answer = ([rows, columns, data, cell, down]) => {
  const lines = [];
  const [moveTo, lineTo] = [(x, y) => lines.push([x, y]), (x, y) => lines.at(-1).push(x, y)];
  const pen = { beginPath() {}, stroke() {}, moveTo, lineTo };
  const seen = { left: 0, right: columns, top: 0, bottom: rows };
  paintHatching(pen, { columns, data, width: cell, height: cell, x: 0, y: 0 }, seen, down, "#fff");
  return lines;
};
"""
ROWS, COLUMNS = 12, 17


@pytest.mark.parametrize("down", [1, -1])
def test_the_hatching_runs_across_the_cells_that_say_down_and_no_others(down):
    data = np.random.default_rng(3).normal(size=(ROWS, COLUMNS)).round(2)
    data[0, :3] = 0
    cases = [[ROWS, COLUMNS, data.ravel().tolist(), cell, down] for cell in (10, 2, 0.5)]
    large, small, tiny = answers(HATCH, cases)
    for cell, lines, share in ((10, large, 1), (2, small, 1 / 3)):
        hatched = {(round(min(y, to_y) / cell), round(min(x, to_x) / cell)) for x, y, to_x, to_y in lines}
        said = {(int(row), int(column)) for row, column in np.argwhere(data * down > 0)}
        assert hatched <= said
        assert len(hatched) == pytest.approx(share * len(said), rel=0.25 if share < 1 else 0)
        assert all(abs(x - to_x) == abs(y - to_y) == cell for x, y, to_x, to_y in lines)
    assert tiny == []
