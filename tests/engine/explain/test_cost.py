"""What a training step costs: its counts are those of the textbook, and a measurement leaves the run as it is."""

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain import cost
from engine.explain.passes import passes
from engine.run.program import PHASES
from tests.helpers.networks import experiment, same_bits, table_experiments


def counted(chosen: Experiment, t: int = 0) -> dict:
    found = passes(Timeline(chosen), t)
    return cost.cost(found, chosen.examples_in(0))


def of_loops(sizes: tuple[int, ...], m: int) -> tuple[int, int]:
    """The multiply-adds of both passes, counted one by one in loops over examples, neurons and inputs."""
    forward = backward = 0
    for l in range(1, len(sizes)):
        for _, _, _ in product(range(m), range(sizes[l]), range(sizes[l - 1])):
            forward += 1  # z[i, j] += a[i, k] * W[j, k]
            backward += 1  # dW[j, k] += delta[i, j] * a[i, k]
            backward += l > 1  # da[i, k] += delta[i, j] * W[j, k]
    return forward, backward


@settings(max_examples=15, deadline=None)
@given(table_experiments())
def test_the_multiply_adds_are_those_of_three_nested_loops_whatever_the_network_has_besides(chosen):
    found = counted(chosen)
    forward, backward = of_loops(chosen.sizes, chosen.examples_in(0))
    phases = found["phases"]
    assert [phases[phase]["multiply_adds"] for phase in PHASES] == [forward, 0, backward, 0]
    for phase in PHASES:
        own = [each for each in found["layers"] if each["phase"] == phase]
        assert all(phases[phase][name] == sum(each[name] for each in own) for name in ("multiply_adds", "others"))


def test_the_backward_pass_of_equal_layers_takes_twice_the_forward_pass_less_what_the_input_does_not_need():
    n, depth = 8, 6
    chosen = experiment(*[(n, "tanh")] * (depth - 1), (n, "softmax"), dataset=tabled(n), mini_batch_size=3)
    phases = counted(chosen)["phases"]
    assert phases["forward"]["multiply_adds"] == 3 * depth * n**2
    assert phases["backward"]["multiply_adds"] == 3 * (2 * depth - 1) * n**2


def tabled(n: int) -> dict:
    rows = [[float(i == j) for j in range(n)] for i in range(n)]
    return {"name": "table", "x": rows, "y": rows}


def test_central_differences_of_the_network_of_13002_parameters_take_26004_forward_passes():
    found = counted(Experiment.from_dict(PRESETS["digits_13002"]))
    assert (found["parameters"], found["differences"]) == (13_002, 26_004)
    assert found["full_batch"] == 60_000
    assert found["phases"]["forward"]["multiply_adds"] == found["examples"] * (784 * 16 + 16 * 16 + 16 * 10)


def test_what_is_kept_for_the_backward_pass_of_xor_are_the_inputs_the_targets_and_the_activations():
    found = counted(Experiment.from_dict(PRESETS["xor"]))
    cells = 4 * 2 + 4 * 1 + 4 * 4 + 4 * 1  # a0, y, a1 and a2 of four examples
    assert found["kept"] == {"all": 4 * cells, "recomputed": 4 * cells, "apart": 0, "again": 0}


@pytest.mark.parametrize("depth", [4, 9, 12])
def test_with_recomputation_only_the_outputs_of_some_layers_and_one_stretch_between_two_are_kept(depth):
    n, m = 8, 5
    chosen = experiment(*[(n, "gelu")] * (depth - 1), (n, "softmax"), dataset=tabled(n), mini_batch_size=m)
    kept = counted(chosen)["kept"]
    row = 4 * m * n
    inputs = 2 * row  # a0 and y
    each = [2 * row] * (depth - 1) + [row]  # z and a of a hidden layer, for gelu's slope and dW above; a of the output
    assert kept["all"] == inputs + sum(each)
    found = {}
    for apart in range(1, depth):
        held = [l for l in range(1, depth) if l % apart == 0]
        stretches = [range(begin, min(begin + apart, depth)) for begin in range(0, depth, apart)]
        largest = max(sum(each[l] - row * (l + 1 in held) for l in stretch) for stretch in stretches)
        found[apart] = inputs + row * len(held) + largest
    assert kept["recomputed"] == min(found.values()) < kept["all"]
    assert found[kept["apart"]] == kept["recomputed"]
    last = max(l for l in range(1, depth) if l % kept["apart"] == 0)
    assert kept["again"] == m * n * n * last < counted(chosen)["phases"]["forward"]["multiply_adds"]


@pytest.mark.parametrize("name", ["xor", "digits_13002"])
def test_a_measurement_has_a_time_for_every_part_and_leaves_the_run_as_it_is(name):
    timeline = Timeline(Experiment.from_dict(PRESETS[name]))
    t = len(timeline.program) + 5
    before = {tensor: array.copy() for tensor, array in timeline.seek(t).items()}
    found = passes(timeline, t)
    counts, times = cost.cost(found, 4), cost.mini_batch_times(found, 0.01)
    where = [(each["phase"], each["layer"]) for each in counts["layers"]]
    assert [(each["phase"], each["layer"]) for each in times["layers"]] == where
    assert all(0 < each["seconds"] < 1 for each in times["layers"])
    assert (
        times["total"]
        == pytest.approx(sum(times["phases"].values()))
        == pytest.approx(sum(each["seconds"] for each in times["layers"]))
    )
    forward = times["phases"]["forward"] + times["phases"]["loss"]
    assert 0 < times["differences"] < counts["differences"] * forward
    loop = cost.loop_times(found, 0.01)
    assert 0 < loop["neurons"] <= loop["of"] == prod((found.experiment.examples_in(1), found.experiment.sizes[1]))
    assert loop["loop"] == pytest.approx(loop["seconds"] * loop["of"] / loop["neurons"])
    assert loop["loop"] > loop["product"] > 0
    assert same_bits(before, timeline.seek(t))


def test_a_full_batch_is_measured_in_parts_and_each_goes_on_where_the_one_before_has_ended():
    timeline = Timeline(Experiment.from_dict(PRESETS["digits_13002"]))
    timeline.seek(3)
    found, start, examples = passes(timeline, 3), 0, 0
    while True:
        part = cost.full_batch_times(found, start, 0.0)
        assert part["parts"] == start + 1
        assert 0 < part["seconds"] < 5
        examples += min(part["examples"], 60_000 - part["examples"] * start)
        start = part["parts"]
        if start == part["of"]:
            break
    assert examples == 60_000
