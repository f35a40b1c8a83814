"""The scene of a moment: its marks are elements of the engine's arrays, and a point of the stage finds them again."""

from typing import Any

import numpy as np
import pytest

from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from tests.helpers.moments import READ, Sent, sent
from tests.helpers.networks import plain
from tests.helpers.node import WORDS, answers

RICH = plain(
    (4, "tanh", {"batch_norm": True}), (4, "relu", {"residual": True, "dropout": 0.5}), (1, "sigmoid"),
    dataset="spirals",
)  # fmt: skip
DIGITS = PRESETS["digits_13002"]
COLOURS = dict.fromkeys(
    ("paper", "surface", "rule", "text", "muted", "line", "ink", "up", "down", "now", "first", "second"), "#808080"
) | {"up": "#0000ff", "down": "#ff0000"}
SCENE = (
    READ
    + """
import { arrowPlaces, layOut } from "./draw/layout.js";
import { compose, marksOf, scalesOf } from "./network/scene.js";
import { ARROWS } from "./network/arrows.js";
import { segmentAt } from "./base/time.js";
function sceneOf({ sent, arrows, colours, lengths, example = 0 }) {
  const moment = momentOf(sent);
  const { sizes } = sent.listing;
  const layout = layOut(sizes, 900, 560, 40);
  const places = sizes.map((_, layer) => (layer ? arrowPlaces(layout, layer) : null));
  const { layers } = segmentAt(sent.listing, moment.t).experiment;
  const shown = ARROWS[arrows];
  const scales = scalesOf([{ moment, layout }], shown, lengths);
  return { moment, layout, scene: compose(moment, layout, places, layers, example, colours, shown, scales) };
}
"""
)


def given(moment: Sent, arrows: str = "nudge", lengths: str = "decades", **fields: Any) -> dict[str, Any]:
    return {"sent": moment.given, "arrows": arrows, "lengths": lengths, "colours": COLOURS, **fields}


@pytest.fixture(scope="module")
def rich() -> list[Sent]:
    """Every micro-step of a training step, and the first of the next."""
    length = len(sent(RICH, [0])[0].given["listing"]["segments"][0]["program"])
    return sent(RICH, range(length + 2))


@pytest.mark.parametrize("arrows", ["nudge", "gradient", "update"])
def test_every_mark_is_the_element_of_the_array_that_it_names(rich, arrows):
    marks = answers(
        SCENE + "const answer = (given) => marksOf(sceneOf(given).scene, given.colours);",
        [given(moment, arrows, example=3) for moment in rich],
    )
    kinds = set()
    for moment, drawn in zip(rich, marks, strict=True):
        for mark in drawn:
            value = moment.tensors[mark["tensor"]][tuple(mark["index"])]
            assert np.float32(mark["value"]) == value, (mark, value)
            kinds.add(mark["kind"])
    of_neurons = {"activation", "pre-activation", "delta", "target", "mask"}
    assert kinds == {"weight", "bias", "nudge", "skip", "scale", *of_neurons}


def test_every_pixel_of_a_picture_is_the_element_of_the_array_that_it_names():
    (moment,) = sent(DIGITS, [30])
    (marks,) = answers(
        SCENE + "const answer = (given) => marksOf(sceneOf(given).scene, given.colours);",
        [given(moment)],
    )
    pixels = [mark for mark in marks if mark["kind"] == "pixel"]
    assert {"a0", "W1"} <= {mark["tensor"] for mark in pixels}
    for mark in pixels:
        assert np.float32(mark["value"]) == moment.tensors[mark["tensor"]][tuple(mark["index"])]


LENGTHS = (
    SCENE
    + """const answer = (given) => {
  const { scene, layout } = sceneOf(given);
  return { nudges: scene.nudges, ruler: scene.ruler, ...scene.scales.arrow, arrow: layout.arrow };
};"""
)


def test_an_arrow_points_against_the_gradient_and_on_the_linear_scale_grows_in_proportion_to_it(rich):
    found = answers(LENGTHS, [given(moment, lengths="linear") for moment in rich])
    assert any(each["nudges"] for each in found)
    for each in found:
        assert each["ruler"] == []
        for mark in each["nudges"]:
            assert mark["colour"] == COLOURS["up" if mark["value"] < 0 else "down" if mark["value"] > 0 else "muted"]
            share = (mark["size"] - each["arrow"]["least"]) / each["arrow"]["span"]
            assert share == pytest.approx(min(1, abs(mark["value"]) / each["full"]))
            assert abs(mark["value"]) <= each["full"] * (1 + 1e-9)
            assert not mark["hollow"]


def vanishing() -> Sent:
    """The end of the backward pass in the scenario of vanishing gradients."""
    return sent(SCENARIOS["vanishing"]["experiment"], [72])[0]


@pytest.mark.parametrize("arrows", ["nudge", "update"])
def test_by_decades_an_arrow_is_a_fixed_step_shorter_for_each_decade_as_the_ruler_shows(rich, arrows):
    found = answers(LENGTHS, [given(moment, arrows) for moment in [*rich, vanishing()]])
    assert any(mark["hollow"] for each in found for mark in each["nudges"])
    for each in found:
        values = np.array([bar["value"] for bar in each["ruler"]])
        lengths = np.array([bar["length"] for bar in each["ruler"]])
        assert bool(each["nudges"]) == (len(values) > 0)
        if not each["nudges"]:
            continue
        least, full = each["arrow"]["least"], each["arrow"]["least"] + each["arrow"]["span"]
        assert values[0] == pytest.approx(max(abs(mark["value"]) for mark in each["nudges"]))
        assert lengths[0] == pytest.approx(full)
        assert np.all(np.diff(np.log10(values[1:])) == pytest.approx(-1))
        step = (full - least) / each["decades"]
        assert np.all(np.diff(lengths[1:]) == pytest.approx(-step))
        for mark in each["nudges"]:
            size = abs(mark["value"])
            assert mark["hollow"] == (0 < size < values[0] * 10 ** -each["decades"])
            if size == 0:
                assert mark["size"] == 0
            elif mark["hollow"]:
                assert mark["size"] == pytest.approx(least)
            else:
                nearest = int(np.argmin(np.abs(np.log10(values / size))))
                expected = lengths[nearest] + step * np.log10(size / values[nearest])
                assert mark["size"] == pytest.approx(expected)


def test_by_decades_vanishing_gradients_are_seen():
    ((found),) = answers(LENGTHS, [given(vanishing())])
    first, last = (
        np.median([mark["size"] for mark in found["nudges"] if mark["tensor"] == f"dW{layer}"]) for layer in (1, 7)
    )
    assert first < last / 2


def test_the_arrows_of_the_worked_network_differ_at_a_glance():
    (found,) = answers(LENGTHS, [given(sent(PRESETS["xor"], [18])[0])])
    lengths = [mark["size"] for mark in found["nudges"]]
    assert max(lengths) > 2 * min(lengths)


def test_every_arrow_of_a_weight_stands_on_the_line_of_its_weight():
    (moment,) = sent(PRESETS["spirals"], [40])
    ((lines, nudges),) = answers(
        SCENE
        + "const answer = (given) => { const { lines, nudges } = sceneOf(given).scene; return [lines, nudges]; };",
        [given(moment)],
    )
    drawn = {(mark["tensor"], *mark["index"]) for mark in lines}
    standing = [(mark["tensor"][1:], *mark["index"]) for mark in nudges if len(mark["index"]) == 2]
    assert standing
    assert drawn.issuperset(standing)


def test_the_middle_of_a_neuron_and_of_an_arrow_finds_it(rich):
    (found,) = answers(
        SCENE
        + """import { hit } from "./network/hit.js";
        const answer = (given) => {
          const { scene } = sceneOf(given);
          const at = (marks) => marks.map((mark) => [mark, hit(scene, mark.x, mark.y)]);
          return [...at(scene.neurons), ...at(scene.nudges.filter(({ tensor }) => tensor.startsWith("dW")))];
        };""",
        [given(rich[-2])],
    )
    assert len(found) > 20
    for mark, under in found:
        same = (under["tensor"], under["index"]) == (mark["tensor"], mark["index"])
        near = abs(under["x"] - mark["x"]) < 8 and abs(under["y"] - mark["y"]) < 30  # another arrow covers it
        assert same or (under["kind"] == mark["kind"] == "nudge" and near)


def test_nothing_is_found_beside_the_network(rich):
    (found,) = answers(
        SCENE
        + """import { hit } from "./network/hit.js";
        const answer = (given) => [[1, 1], [899, 559], [450, 2]].map(([x, y]) => hit(sceneOf(given).scene, x, y));""",
        [given(rich[-2])],
    )
    assert found == [None, None, None]


LEGEND = SCENE + 'import { legendOf, sayingOf } from "./network/legend.js";\n'


def test_the_legend_states_the_scales_that_the_scene_is_drawn_to(rich):
    decades, linear = answers(
        LEGEND
        + """const answer = (given) => {
          const { scene } = sceneOf(given);
          return { legend: legendOf(given.words, scene, false), scales: scene.scales };
        };""",
        [given(rich[-2], lengths=lengths, words=WORDS) for lengths in ("decades", "linear")],
    )
    legend, scales = linear["legend"], linear["scales"]
    assert legend["up"] == "↑ raise it"
    assert legend["gradient"] == f"longest arrow: |dC/dw| ≥ {scales['arrow']['full']:g}"
    assert legend["hollow"] == ""
    assert decades["legend"]["gradient"].startswith(f"longest: |dC/dw| = {decades['scales']['arrow']['full']:.2g}")
    assert "smaller" in decades["legend"]["hollow"]
    assert "batch norm" in legend["bar"]
    assert legend["weight"].startswith(f"thickest line: |w| ≥ {scales['weight']:g}")
    assert legend["picture"] == ""
    assert "dropout" in legend["dropout"]
    assert "residual" in legend["skip"]


def test_the_legend_leaves_out_what_the_scene_has_not():
    (moment,) = sent(PRESETS["xor"], [20])
    legends = answers(
        LEGEND + "const answer = (given) => legendOf(given.words, sceneOf(given).scene, given.pictured);",
        [given(moment, arrows, words=WORDS, pictured=arrows == "update") for arrows in ("nudge", "gradient", "update")],
    )
    assert [(each["dropout"], each["skip"], each["bar"]) for each in legends] == [("", "", "")] * 3
    assert [each["up"] for each in legends] == ["↑ raise it", "↑ raising it raises the loss", "↑ raise it"]
    assert [bool(each["picture"]) for each in legends] == [False, False, True]
    assert "|Δw|" in legends[2]["picture"]


def test_a_weight_that_is_meant_is_said_with_its_own_gradient_and_where_it_goes(rich):
    moment = rich[-2]
    gradient = moment.tensors["dW2"]
    cells = [(int(j), int(k)) for j, k in np.argwhere(gradient != 0)]
    said = answers(
        LEGEND
        + """const answer = (given) => {
          const { scene, moment } = sceneOf(given);
          return sayingOf(given.words, scene, moment, given.parameter);
        };""",
        [given(moment, words=WORDS, parameter={"name": "W2", "index": cell}) for cell in cells],
    )
    assert said
    for cell, text in zip(cells, said, strict=True):
        assert text.endswith("so w goes ↓" if gradient[cell] > 0 else "so w goes ↑"), (gradient[cell], text)


def test_what_is_said_without_a_parameter_depends_on_whether_there_are_arrows(rich):
    before, after = answers(
        LEGEND
        + """const answer = (given) => {
          const { scene, moment } = sceneOf(given);
          return sayingOf(given.words, scene, moment, undefined);
        };""",
        [given(rich[1], words=WORDS), given(rich[-2], words=WORDS)],
    )
    assert before == "dC/dw = —: the backward pass computes it"
    assert after == "Against the gradient: where each parameter should go."


def is_right(name: str, kind: str, tensor: str, value: float | None) -> bool:
    """Whether a mark is drawn as the sign says."""
    number = np.nan if value is None else float(value)
    return {
        "up": kind == "nudge" and number < 0,
        "down": kind == "nudge" and number > 0,
        "gradient": kind == "nudge",
        "hollow": kind == "nudge" and abs(number) < 0.01,
        "weight": kind in ("weight", "bias"),
        "dashed": kind in ("weight", "bias") and number < 0,
        "unknown": kind == "activation" and value is None,
        "negative": kind == "activation" and number < 0,
        "delta": kind == "delta",
        "now": tensor == "a2",
        "dropout": kind == "mask" and number == 0,
        "skip": kind == "skip",
        "bar": kind == "scale",
    }[name]


def test_each_sign_of_the_legend_is_of_the_marks_that_are_drawn_so(rich):
    found = answers(
        LEGEND.replace("legendOf, sayingOf", "SIGNS")
        + """const answer = (given) => {
          const { scene } = sceneOf(given);
          const plain = ({ kind, tensor, index }) => [kind, tensor, index];
          return Object.entries(SIGNS).map(([name, of]) => [name, of(scene, new Set(["a2"]), []).map(plain)]);
        };""",
        [given(moment, example=3) for moment in rich],
    )
    seen = set()
    for moment, signs in zip(rich, found, strict=True):
        for name, marks in signs:
            seen |= {name} if marks else set()
            for kind, tensor, index in marks:
                value = moment.tensors[tensor][tuple(index)] if tensor in moment.tensors else None
                assert is_right(name, kind, tensor, value), (name, kind, tensor, index, value)
    assert seen >= {"up", "down", "gradient", "weight", "dashed", "unknown", "negative"}
    assert seen >= {"delta", "now", "dropout", "skip", "bar"}


def test_networks_that_are_drawn_to_the_same_have_the_largest_scale_of_each(rich):
    source = (
        SCENE
        + """const answer = (pair) => {
  const [one, other] = pair.map(sceneOf);
  const together = scalesOf([one, other].map(({ moment, layout }) => ({ moment, layout })), ARROWS.nudge, "linear");
  return [one.scene.scales, other.scene.scales, together];
};"""
    )
    pair = [given(moment, lengths="linear") for moment in (rich[-2], rich[-5])]
    [(one, other, together)] = answers(source, [pair])
    for name in ("weight", "delta", "pictureWeight", "pictureGradient"):
        assert together[name] == max(one[name], other[name])
    assert together["activation"] == [max(pair) for pair in zip(one["activation"], other["activation"], strict=True)]
    assert together["arrow"]["full"] == max(one["arrow"]["full"], other["arrow"]["full"])
