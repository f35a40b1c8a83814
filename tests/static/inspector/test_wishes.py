"""The wishes: where the view is, and what a small picture says of itself and lights."""

import numpy as np
import pytest

from tests.helpers.node import WORDS, answers, call

LISTING = {"sizes": [784, 4, 3, 2], "experiment": {"dataset": {"name": "digits"}}}
PLACE = "inspector/wishes/place.js"


def state(**wishes: object) -> dict[str, object]:
    return {"listing": LISTING, "wishes": {"run": "", "back": 0, "neurons": {}} | wishes}


def test_another_network_begins_at_its_outputs():
    (fresh,) = call(PLACE, "placeOf", [[state(run="another", back=2, neurons={"1": 3})]])
    assert (fresh["back"], fresh["neurons"]) == (0, {})
    (kept,) = call(PLACE, "placeOf", [[state(run=fresh["run"], back=2, neurons={"1": 3})]])
    assert (kept["back"], kept["neurons"]) == (2, {"1": 3})
    assert call(PLACE, "layerOf", [[state(run=fresh["run"], back=back)] for back in range(4)]) == [3, 2, 1, 0]


def test_the_question_is_about_the_stop_and_the_neuron_that_is_followed_there():
    ask = """
    import { placeOf, questionOf } from "./inspector/wishes/place.js";
    const answer = ([state, wishes]) => {
      const { run } = placeOf(state);
      const moment = { shownExample: (example) => Math.min(example, 2) };
      return questionOf({ ...state, moment, example: 9, wishes: { run, ...wishes } });
    };
    """
    followed, free = answers(
        ask, [[state(), {"back": 2, "neurons": {"1": 3}}], [state(), {"back": 1, "neurons": {"1": 3}}]]
    )
    assert followed == {"question": "wishes", "layer": 1, "example": 2, "neuron": 3}
    assert free == {"question": "wishes", "layer": 2, "example": 2}


def test_every_stop_has_a_name_and_says_who_asks():
    layers = [3, 2, 1, 0]
    names = call(PLACE, "stopName", [[WORDS, LISTING, layer] for layer in layers])
    assert names == ["outputs", "layer 2", "layer 1", "input"]
    says = call(PLACE, "stopSays", [[WORDS, LISTING, layer] for layer in layers])
    assert says[0] == WORDS["wishes.outputs.says"]
    assert says[1].startswith("The output layer can only ask: each of its neurons asks each neuron of layer 2 ")
    assert says[2].startswith("Layer 2 can only ask: each of its neurons asks each neuron of layer 1 ")
    assert says[3].startswith("Layer 1 asks the inputs ")


TILES = """
import { aboutPixel, aboutTile, largeCell, neuronAt } from "./inspector/wishes/tiles.js";
const cells = 784;
const asked = Float32Array.from({ length: 2 * cells }, (_, i) => i / 1000);
const W = Float32Array.from({ length: 2 * cells }, (_, i) => -i / 1000);
const tensor = (data) => ({ data });
const found = new Map([
  ["columns", tensor([1, 3])], ["above", tensor([0, 0.5, 0, -2])], ["asked", tensor(asked)], ["W", tensor(W)],
  ["a", tensor(asked)], ["total", tensor(asked)],
]);
const answer = ([name, words, listing, ...given]) => {
  const look = { words, listing, found, example: 6 };
  return ({ aboutPixel, aboutTile, largeCell: (_, width) => largeCell(width), neuronAt })[name](look, ...given);
};
"""


def about(name: str, *given: object) -> object:
    (found,) = answers(TILES, [[name, WORDS, LISTING, *given]])
    return found


def test_a_picture_is_of_the_neuron_that_its_column_is_of():
    assert about("neuronAt", 1) == 3
    assert about("aboutTile", {"place": 1}) == {
        "text": "neuron 3 of layer 1 wishes for −2.00.",
        "lit": [{"tensor": "a1", "index": [6, 3]}],
    }
    assert about("aboutTile", None) == {"text": None, "lit": []}


def test_a_pixel_of_a_picture_says_its_own_wish_and_weight_and_lights_both_ends():
    cell = 2 * 28 + 5
    assert about("aboutTile", {"place": 1, "cell": cell}) == {
        "text": "neuron 3 of layer 1 asks pixel (row 2, column 5) for +0.845: its own wish −2.00 × the weight −0.845.",
        "lit": [{"tensor": "a1", "index": [6, 3]}, {"tensor": "W1", "index": [3, cell]}],
    }


def test_a_pixel_of_the_sum_has_a_sign_and_one_of_the_input_has_none():
    lit = [{"tensor": "a0", "index": [6, 61]}]
    assert about("aboutPixel", "a", [2, 5]) == {"text": "pixel (row 2, column 5) is 0.0610.", "lit": lit}
    assert about("aboutPixel", "total", [2, 5]) == {
        "text": "All that is asked of pixel (row 2, column 5) adds up to +0.0610.",
        "lit": lit,
    }
    assert about("aboutPixel", "a", None) == {"text": None, "lit": []}


@pytest.mark.parametrize("width", [60, 240, 300, 400, 2000])
def test_two_large_pictures_fit_side_by_side_where_they_can(width):
    pixel = about("largeCell", width)
    assert isinstance(pixel, int)
    assert 4 <= pixel <= 8
    assert pixel == 4 or 2 * (28 * pixel + 4) + 14 <= width
    assert pixel == 8 or 2 * (28 * (pixel + 1) + 4) + 14 > width


def test_rows_of_a_table_that_is_too_wide_are_those_of_the_strongest_wishes():
    rng = np.random.default_rng(3)
    above = rng.normal(size=20)
    asked = rng.normal(size=(20, 2)).astype(np.float32)
    script = """
    import { tableOf } from "./inspector/wishes/table.js";
    const answer = ({ above, asked }) => {
      const found = new Map([["above", { data: above }], ["asked", { data: asked.flat() }]]);
      return tableOf({ found, listing: { sizes: [2, 20] }, layer: 0 }, 15);
    };
    """
    (table,) = answers(script, [{"above": above.tolist(), "asked": asked.tolist()}])
    strongest = sorted(np.argsort(-np.abs(above))[:5].tolist())
    assert table["units"] == strongest
    assert np.array_equal(np.array(table["asked"], np.float32).reshape(2, 5), asked[strongest].T)
    assert table["strip"] == pytest.approx(above[strongest], rel=1e-6)


@pytest.mark.parametrize("skips", [False, True])
def test_what_stands_beside_the_table_leaves_it_the_more_room_the_wider_it_is(skips):
    widths = [200, 269, 270, 400, 900]
    found = call("inspector/wishes/table.js", "shareWidth", [[width, skips] for width in widths])
    for width, share in zip(widths, found, strict=True):
        sums = (2 if skips else 1) * (share["beside"]["sum"] + 16 + 4)
        assert 24 + share["room"] + 4 + sums + share["beside"]["bars"] <= width
        assert share["columns"].count("auto") == (5 if skips else 3)
    assert found[2]["beside"]["sum"] > found[1]["beside"]["sum"]
    assert found[4]["room"] - found[3]["room"] == 500


def test_sums_and_what_comes_along_a_skip_have_one_scale():
    script = """
    import { scalesOf } from "./inspector/wishes/table.js";
    const answer = (found) => scalesOf(new Map(Object.entries(found).map(([name, data]) => [name, { data }])));
    """
    without, with_skip = answers(
        script,
        [
            {"asked": [0.4, -0.9], "total": [1.2], "above": [-6]},
            {"asked": [0.4, -0.9], "total": [1.2], "above": [-6], "skip": [-4.5]},
        ],
    )
    assert without == {"asked": 1, "total": 1.5, "strip": 7}
    assert with_skip == without | {"total": 5}
