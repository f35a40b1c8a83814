"""How a chart is laid out: the range of its axis, the lines over it, and what stands above it."""

from tests.helpers.node import WORDS, answers, call

LAYOUT = """
import { layoutOf } from "./charts/layout.js";
const program = Array(4).fill({});
const listing = (experiment) => ({
  experiment: { changes: [], ...experiment },
  segments: [{ t: 0, training_step: 0, experiment, program, grains: { training_step: [4] } }],
});
const answer = ({ chart, t = 8, logarithmic = false, experiment = {}, y = [1, 2], words }) => {
  const drawn = [{ x: y.map((_, i) => i), y, yaxis: "y" }];
  const state = { words, chart, logarithmic, moment: { t }, listing: listing(experiment) };
  const { yaxis, shapes, xaxis } = layoutOf(state, { now: "now", muted: "muted", rule: "rule" }, "sans", drawn);
  const lines = shapes.map(({ x0, y0, line }) => [x0, y0, line.color]);
  return { type: yaxis.type, range: yaxis.range, title: xaxis.title.text, lines };
};
"""


def test_the_moment_stands_as_a_line_at_its_training_step_and_a_limit_across():
    plain, limited, histogram = answers(
        LAYOUT,
        [
            {"chart": "loss", "words": WORDS},
            {"chart": "norm", "experiment": {"clip_norm": 5}, "words": WORDS},
            {"chart": "activations", "words": WORDS},
        ],
    )
    assert plain["lines"] == [[2, 0, "now"]]
    assert limited["lines"] == [[2, 0, "now"], [0, 5, "muted"]]
    assert histogram["lines"] == []
    assert (plain["title"], histogram["title"]) == (WORDS["training_step"], WORDS["chart.value"])


def test_an_axis_is_logarithmic_where_that_is_usual_or_chosen_but_never_both():
    charts = [("loss", False), ("loss", True), ("gradient_rms", False), ("gradient_rms", True), ("dead", True)]
    found = answers(LAYOUT, [{"chart": name, "logarithmic": chosen, "words": WORDS} for name, chosen in charts])
    assert [each["type"] for each in found] == ["linear", "log", "log", "linear", "linear"]


def test_values_far_beyond_the_first_do_not_flatten_the_others():
    calm, exploding = answers(LAYOUT, [{"chart": "loss", "y": y, "words": WORDS} for y in ([2, 1, 3], [2, 1, 4, 1e9])])
    assert calm["range"] is None
    assert exploding["range"] == [0, 1.05 * 4]


def test_a_split_is_summed_up_by_its_loss_and_its_accuracy_if_it_has_one():
    cases = [
        [WORDS, "training", {"loss": 0.25, "accuracy": 0.5, "of": 10}],
        [WORDS, "held_out", {"loss": 0.25, "accuracy": None, "of": 10}],
        [WORDS, "held_out", {"loss": None, "accuracy": None, "of": 0}],
    ]
    found = call("charts/summary.js", "splitText", cases)
    assert found[0] == [
        WORDS["summary.training"].replace("{loss}", "0.250"),
        WORDS["summary.accuracy"].replace("{accuracy}", "50.0%"),
    ]
    assert found[1] == [WORDS["summary.held_out"].replace("{loss}", "0.250"), None]
    assert found[2][0] == WORDS["summary.held_out.none"]
