"""The laboratory's pure parts: moments that belong together, forks, names in a link, differences, curves."""

from itertools import pairwise

import pytest

from engine import Experiment, Timeline
from server.protocol.listing import listing
from tests.helpers.networks import plain
from tests.helpers.node import answers, call

XOR = plain((3, "tanh"), (1, "sigmoid"), mini_batch_size=4)
MOONS = plain((3, "tanh"), (1, "sigmoid"), dataset={"name": "moons", "examples": 40}, mini_batch_size=12)


def listed(form):
    """What the page has of a run's listing."""
    found = listing(Timeline(Experiment.from_dict(form)))
    segments = [
        {
            **segment,
            "program": [
                {key: step[key] for key in ("phase", "layer", "equation", "writes")} for step in segment["program"]
            ],
        }
        for segment in found["segments"]
    ]
    return {key: found[key] for key in ("experiment", "examples", "steps_per_epoch")} | {"segments": segments}


def corresponding(one, moments, other, pace="training_steps"):
    return call("lab/correspond.js", "corresponding", [[listed(one), t, listed(other), pace] for t in moments])


def test_runs_of_one_program_are_together_at_the_same_moment():
    moments = [0, 1, 7, 17, 18, 19, 400]
    assert corresponding(XOR, moments, XOR | {"seed": 3}) == moments


def test_a_longer_program_is_where_the_shorter_one_ends_and_where_it_writes_the_same():
    clipped = XOR | {"clip_norm": 1.0}
    one, other = (Timeline(Experiment.from_dict(form)) for form in (XOR, clipped))
    steps = [0, 1, 2, 9]
    ends = corresponding(XOR, [one.t_of(step) for step in steps], clipped)
    assert ends == [other.t_of(step) for step in steps]
    assert len(other.program) > len(one.program)
    for done in range(1, len(one.program)):
        (t,) = corresponding(XOR, [one.t_of(3) + done], clipped)
        writes = [{*timeline.program[i - 1].writes} for timeline, i in ((one, done), (other, t - other.t_of(3)))]
        assert writes[0] == writes[1]


def test_the_place_in_another_program_never_goes_back():
    adam = XOR | {"optimizer": {"name": "adam", "learning_rate": 0.1}, "layers": XOR["layers"][1:]}
    found = corresponding(XOR, range(60), adam)
    assert all(before <= after for before, after in pairwise(found))


def test_by_examples_a_run_has_seen_as_many_or_fewer_by_less_than_a_mini_batch():
    sizes = {size: MOONS | {"mini_batch_size": size} for size in (1, 7, 12, 30)}
    timelines = {size: Timeline(Experiment.from_dict(form)) for size, form in sizes.items()}
    seen = lambda size, steps: sum(timelines[size].experiment.examples_in(step) for step in range(steps))  # noqa: E731
    for size in (1, 7, 30):
        for steps in (1, 2, 5, 9):
            (t,) = corresponding(MOONS, [timelines[12].t_of(steps)], sizes[size], "examples")
            place = timelines[size].locate(t)
            assert place.micro_step == 0
            assert 0 <= seen(12, steps) - seen(size, place.training_step) < size
            assert call("lab/correspond.js", "examplesAfter", [[listed(MOONS), steps]]) == [seen(12, steps)]


CHANGE, OTHER, LATE = {"t": 20, "learning_rate": 0.1}, {"t": 20, "learning_rate": 0.3}, {"t": 50, "learning_rate": 1}


@pytest.mark.parametrize(
    ("base", "wanted", "t", "way"),
    [
        ([], [], 30, {"t": 30, "changes": []}),
        ([], [CHANGE], 30, {"t": 30, "changes": [CHANGE]}),
        ([CHANGE], [CHANGE], 30, {"t": 30, "changes": []}),
        ([CHANGE], [OTHER], 30, {"t": 19, "changes": [OTHER]}),
        ([CHANGE, LATE], [CHANGE], 30, {"t": 30, "changes": []}),
        ([CHANGE, LATE], [CHANGE], 60, {"t": 49, "changes": []}),
        ([{"t": 0, "learning_rate": 1}], [], 30, None),
    ],
)
def test_a_run_comes_of_another_by_a_fork_and_changes(base, wanted, t, way):
    given = [XOR | {"changes": base}, XOR | {"changes": wanted}, t]
    assert call("lab/way.js", "wayFrom", [given]) == [way]
    if way is None:
        return
    timeline = Timeline(Experiment.from_dict(XOR | {"changes": base}))
    forked = timeline.fork(way["t"])
    for change in way["changes"]:
        forked.change(**change)
    assert forked.experiment == Experiment.from_dict(XOR | {"changes": wanted})


def test_experiments_share_all_up_to_their_first_other_change_and_nothing_where_they_begin_otherwise():
    form = lambda *changes: XOR | {"changes": [*changes]}  # noqa: E731
    cases = [
        (form(), form(CHANGE), 20),
        (form(CHANGE), form(CHANGE, LATE), 50),
        (form(CHANGE), form(OTHER), 20),
        (form(), XOR, "Infinity"),
        (form(), XOR | {"seed": 4}, 0),
    ]
    assert call("lab/way.js", "sharedUpTo", [[one, other] for one, other, _ in cases]) == [at for *_, at in cases]


LANES = """
import { LANES, nextName } from "./lab/names.js";
const answer = ([lanes, experiment]) => {
  const state = { listing: { experiment } };
  const plain = JSON.parse(JSON.stringify(LANES.plain(lanes, state)));
  const value = LANES.value(plain, state);
  return [plain, value, LANES.fits(value), nextName(lanes.map(({ name }) => name))];
};
"""


def test_a_link_holds_of_a_lane_what_differs_and_gives_it_back():
    lanes = [
        {"name": "B", "title": "", "experiment": XOR | {"seed": 3}},
        {"name": "D", "title": "mine", "experiment": {**XOR, "clip_norm": None, "mini_batch_size": 1}},
    ]
    [(plain_form, back, fits, following)] = answers(LANES, [[lanes, XOR]])
    assert plain_form[0] == {"name": "B", "differs": {"seed": 3}}
    assert (back, fits, following) == (lanes, True, "C")


@pytest.mark.parametrize(
    "lanes",
    [
        "B", [3], [{"name": "A", "title": "", "experiment": {}}], [{"name": "G", "title": "", "experiment": {}}],
        [{"name": "B", "title": 4, "experiment": {}}], [{"name": "B", "title": "x" * 61, "experiment": {}}],
        [{"name": "B", "title": "", "experiment": []}], [{"name": "B", "title": "", "experiment": {}}] * 2,
    ],
)  # fmt: skip
def test_what_is_no_list_of_lanes_is_left_out_of_a_scene(lanes):
    source = 'import { LANES } from "./lab/names.js";\nconst answer = (lanes) => LANES.fits(lanes, {});\n'
    assert answers(source, [lanes]) == [False]


MINUS = """
import { Moment } from "./ask/frame.js";
import { minus } from "./lab/minus.js";
const tensor = ([name, [shape, data]]) => [name, { shape, data: Float32Array.from(data) }];
const moment = (tensors) =>
  new Moment({ t: 1, units: null, example: null, tensors: new Map(Object.entries(tensors).map(tensor)) }, {});
const answer = ([one, other]) =>
  [...minus(moment(one), moment(other)).frame.tensors].map(([name, { data }]) => [name, [...data]]);
"""


def test_a_difference_has_what_both_have_in_one_shape_element_by_element():
    one = {"W1": [[1, 2], [3, 5]], "a1": [[2, 1], [1, 1]], "y": [[1], [1]], "mW1": [[1, 2], [0, 0]]}
    other = {"W1": [[1, 2], [1, 7]], "a1": [[1, 1], [1]], "y": [[1], [0]]}
    assert answers(MINUS, [[one, other]]) == [[["W1", [2, -2]]]]


DIFFERS = """
import { differences } from "./lab/differs.js";
const words = JSON.parse(readFileSync("words/en.json"));
const answer = ([experiment, base]) => differences(words, experiment, base);
"""


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, []),
        ({"seed": 3}, ["Seed 3"]),
        ({"mini_batch_size": 1}, ["1 example a step"]),
        ({"loss": "squared_error"}, ["squared error"]),
        ({"optimizer": {"name": "gradient_descent", "learning_rate": 2.0}}, ["Learning rate 2"]),
        ({"optimizer": {"name": "adam", "learning_rate": 0.01}}, ["Adam", "Learning rate 0.01"]),
        ({"changes": [{"t": 9, "tensor": "W1", "index": [0, 1], "value": 0.5}]}, ["from t 9 on: W1[0,1] 0.5"]),
        ({"changes": [{"t": 9, "learning_rate": 0.5}]}, ["from t 9 on: Learning rate 0.5"]),
        ({"changes": [{"t": 9, "clip_norm": 1}]}, ["from t 9 on: Clip the norm at 1"]),
    ],
)
def test_a_lane_is_called_by_what_it_has_other_than_the_run(fields, said):
    base = Experiment.from_dict(XOR).to_dict()
    changed = Experiment.from_dict(XOR | fields).to_dict()
    assert answers(DIFFERS, [[changed, base]]) == [said]


def test_a_loss_that_is_off_the_chart_or_no_number_ends_its_line_and_does_not_flatten_the_others():
    calm = {"name": "A", "points": [{"x": x, "y": 1 / (1 + x)} for x in range(5)]}
    wild = {"name": "C", "points": [{"x": 0, "y": 1}, {"x": 1, "y": 500}, {"x": 2, "y": 2}, {"x": 3, "y": "NaN"}]}
    source = (
        'import { spanOf, partsOf } from "./lab/paths.js";\n'
        "const answer = ([lines, logarithmic]) => {\n"
        "  for (const { points } of lines) for (const point of points) point.y = Number(point.y);\n"
        "  const span = spanOf(lines, logarithmic);\n"
        "  const box = { left: 0, top: 0, width: 100, height: 50 };\n"
        "  return [span, lines.map((line) => partsOf(line, span, logarithmic, box))];\n"
        "};\n"
    )
    for logarithmic in (False, True):
        [(span, parts)] = answers(source, [[[calm, wild], logarithmic]])
        assert span["right"] == 4 and 1 <= span["high"] <= 2.1
        assert [len(part) for part in parts[0]] == [5]
        assert [len(part) for part in parts[1]] == [1, 1]
        assert all(
            0 <= point["x"] <= 100 and -1e-9 <= point["y"] <= 50 for line in parts for part in line for point in part
        )
