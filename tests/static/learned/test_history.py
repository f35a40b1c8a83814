"""The pictures of a history: how finely answers are asked for, pages of neurons, and pictures cut out of an answer."""

from itertools import pairwise

import numpy as np

from tests.helpers.node import answers, call


def test_a_history_is_of_the_weights_of_pictures_or_of_answers_to_one_or_two_inputs():
    sizes = [[784, 10], [2, 3, 1], [1, 3, 1], [3, 3, 1]]
    found = call("learned/history_pictures.js", "historyOf", [[{"sizes": each}] for each in sizes])
    assert found == ["weights", "answers", "answers", None]


def test_a_large_network_is_asked_for_fewer_points_of_the_same_amount_of_work():
    sizes = [[2, 8, 1], [2, 700, 700, 1], [1, 8, 1], [1, 5000, 5000, 1]]
    found = call("learned/history_pictures.js", "pointsOf", [[{"sizes": each}] for each in sizes])
    assert found[0] == 32
    assert found[2] == 60
    for each, points in zip(sizes, found, strict=True):
        products = sum(below * above for below, above in pairwise(each))
        assert points == 8 or points ** each[0] * products <= 2e8
        assert points >= 8


def test_pages_of_neurons_cover_every_neuron_once_and_end():
    for count in (1, 6, 7, 20):
        found = call("learned/history_pictures.js", "neuronsOn", [[page, count] for page in range(-1, 6)])
        first, *pages = found
        assert first == pages[0]
        shown = [unit for page, each in enumerate(pages) if each["page"] == page for unit in each["units"]]
        assert shown == list(range(count))
        assert [each["page"] for each in pages] == [min(page, (count - 1) // 6) for page in range(6)]
        for each in pages:
            assert each["before"] == (each["units"][0] > 0)
            assert each["after"] == (each["units"][-1] < count - 1)
            assert each["several"] == (count > 6)


HISTORY = """
import { answerPictures, weightPictures } from "./learned/history_pictures.js";
const answer = ({ name, shape, data, units, moments, kind }) => {
  const history = { units, moments, tensors: new Map([[name, { shape, data: Float32Array.from(data) }]]) };
  const listing = { kind, sizes: [2, 1], segments: [{ t: 0, levels: [0, 1] }] };
  return name === "W1" ? weightPictures(history) : answerPictures(history, listing);
};
"""


def history(name: str, array: np.ndarray, **fields: object) -> dict[str, object]:
    return {"name": name, "shape": array.shape, "data": array.ravel().tolist(), **fields}


def test_every_picture_is_the_part_of_the_answer_that_is_of_its_moment_and_neuron():
    weights = np.random.default_rng(0).normal(size=(2, 3, 784)).astype(np.float32)
    (found,) = answers(HISTORY, [history("W1", weights, units=[6, 7, 8], moments=[0, 40])])
    assert np.array_equal(np.array(found["pictures"], np.float32), weights)
    assert found["scale"] >= np.abs(weights).max() > found["scale"] / 2


def test_answers_keep_their_shape_and_are_coloured_by_their_kind():
    response = np.random.default_rng(1).normal(size=(2, 4, 4)).astype(np.float32)
    classes, values = answers(
        HISTORY, [history("response", response, units=[], moments=[0, 9], kind=kind) for kind in ("classes", "values")]
    )
    for pictures in (classes, values):
        assert [picture["shape"] for picture in pictures] == [[4, 4], [4, 4]]
        assert np.array_equal(
            np.array([picture["values"] for picture in pictures], np.float32), response.reshape(2, 16)
        )
    assert {(picture["tone"]["centre"], picture["tone"]["reach"]) for picture in classes} == {(0.5, 0.5)}
    assert {picture["tone"]["centre"] for picture in values} == {0}
    assert values[0]["tone"]["reach"] >= np.abs(response).max()
