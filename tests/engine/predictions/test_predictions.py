"""Predictions: their keys are what an independent computation finds, clear of ties, and the same each time."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from math import isfinite, prod
from time import thread_time

import numpy as np
import pytest

from engine import Experiment, Refusal, Timeline
from engine.experiment.presets import PRESETS
from engine.predictions.kinds import CONCEPTS, KINDS
from engine.predictions.prediction import Prediction
from engine.predictions.search import AHEAD, LARGEST_SEED, at, generate, in_run, suiting
from engine.run.source import Source
from tests.helpers.networks import experiment, plain
from tests.helpers.predicted import ORACLES, Case

NOISE = 1e-3  # as a share of each gradient: far above the rounding of any machine, and still no key is another
SEEDS = [30, pytest.param(1000, marks=(pytest.mark.long, pytest.mark.timeout(3600)))]
FEW = {("digit_that_pays", 30): 5}  # that kind trains on digits


def hold(prediction: Prediction, source: Source) -> None:
    """The key of a prediction is true, and all that is told of it are numbers of the run."""
    found, kind = prediction.found, prediction.kind
    for noise in (0.0, NOISE):
        true = ORACLES[kind](Case(found, source, noise))
        if found.amount:
            assert found.key == pytest.approx(true, rel=2 * noise or 1e-4)
            assert prediction.right(float(true))
            assert not prediction.right(found.amount.given)
            assert found.amount.low <= float(true) <= found.amount.high
        else:
            assert found.key == true
            assert [choice.name for choice in found.choices if prediction.right(choice.name)] == [true]
    assert found.margin >= 1
    assert found.t <= found.reveal_t
    if found.choices:
        assert 2 <= len({choice.name for choice in found.choices}) == len(found.choices) <= 10
    asked, shown = source.seek(found.t), source.seek(found.reveal_t)
    line, result = found.line, found.line.result
    for tensor, index in [*found.subject, *(choice.element for choice in found.choices if choice.element)]:
        if tensor in shown:
            assert shown[tensor][index].shape == ()
    for term in [*(term for row in line.rows for term in row), *([result] if result else [])]:
        assert isfinite(term.value)
        if term.tensor and term.tensor in shown and term.tensor[0] != "W" and term.tensor != "loss":
            array = shown[term.tensor].astype(float)
            value = np.sqrt(np.mean(array**2)) if term.index is None else array[term.index]
            assert term.value == pytest.approx(float(value), rel=1e-6, abs=1e-12)
    if result:
        total = sum(prod(term.value for term in row) for row in line.rows) / line.over
        assert total == pytest.approx(result.value, rel=1e-4, abs=1e-9)
        assert result.tensor not in asked


@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_key_of_a_generated_prediction_is_true_and_no_key_is_rare(kind, seeds):
    keys: Counter[str] = Counter()
    count = FEW.get((kind, seeds), seeds)
    for seed in range(count):
        prediction = generate(kind, seed)
        assert prediction == generate.__wrapped__(kind, seed)  # which is not the one that has been kept
        assert prediction.experiment is not None
        hold(prediction, Timeline(Experiment.from_dict(prediction.experiment)))
        keys[str(prediction.found.key)] += 1
    for key in KINDS[kind].keys:
        assert keys[key] >= count / len(KINDS[kind].keys) / 3
    assert max(keys.values()) <= 0.9 * count


def test_the_same_kind_and_seed_give_the_same_prediction_and_another_seed_another():
    first = {(kind, seed): generate(kind, seed) for kind in KINDS for seed in (0, LARGEST_SEED)}
    generate.cache_clear()
    for (kind, seed), prediction in first.items():
        assert generate(kind, seed) == prediction
    assert all(first[kind, 0].found != first[kind, LARGEST_SEED].found for kind in KINDS)


def test_there_are_many_kinds_of_many_concepts_and_each_has_an_independent_key():
    assert KINDS.keys() == ORACLES.keys()
    assert len(KINDS) >= 12
    assert len(CONCEPTS) >= 10


RELU = plain((6, "relu"), (1, "sigmoid"), dataset="moons", mini_batch_size=6, initializer="he")
MOMENTUM = plain((3, "tanh"), (3, "tanh"), (1, "sigmoid"), optimizer={"name": "momentum"})
FULL = plain(
    (5, "tanh", {"batch_norm": True, "dropout": 0.3}),
    (5, "gelu", {"residual": True}),
    (2, "softmax"),
    dataset="moons",
    mini_batch_size=8,
)
RUNS = {"xor": PRESETS["xor"], "digits": PRESETS["digits_13002"], "relu": RELU, "momentum": MOMENTUM, "full": FULL}


@pytest.mark.parametrize("name", RUNS)
def test_the_predictions_of_any_run_are_true_and_the_first_from_a_moment_on(name, monkeypatch):
    monkeypatch.setattr("engine.predictions.search.AHEAD", 10)
    timeline, held = Timeline(Experiment.from_dict(RUNS[name])), set()
    for t, kind in enumerate(KINDS):
        with suppress(Refusal):
            prediction = in_run(kind, timeline, t, t)
            assert isinstance(prediction, Prediction)
            assert prediction.found.t >= t
            assert prediction.experiment is None
            assert at(kind, timeline, prediction.found.t, t) == prediction
            if not any(layer.batch_norm for layer in timeline.experiment.layers):
                hold(prediction, timeline)
            held.add(kind)
    assert len(held) >= 5


def test_a_search_in_slices_finds_what_one_search_finds():
    slow = Timeline(Experiment.from_dict(RELU))
    found, since = in_run("dead_neuron", slow, 0, 0, None, 0.0), 0
    while isinstance(found, int):
        assert found >= since
        since = found
        found = in_run("dead_neuron", slow, 0, 0, since, 0.001)
    assert since > 0
    assert found == in_run("dead_neuron", Timeline(Experiment.from_dict(RELU)), 0, 0)


@pytest.mark.parametrize("name", RUNS)
def test_the_kinds_that_suit_a_run_are_those_that_it_has_and_each_is_there_at_once(name, monkeypatch):
    monkeypatch.setattr("engine.predictions.search.AHEAD", 6)
    experiment = Experiment.from_dict(RUNS[name])
    kinds, t = list(KINDS), 3
    found, searched = suiting(Timeline(experiment), t, 1, kinds)
    assert searched is None
    timeline = Timeline(experiment)
    for kind in kinds:
        try:
            first = in_run(kind, timeline, t, 1)
        except Refusal:
            assert kind not in found
        else:
            assert isinstance(first, Prediction)
            assert found[kind] == first.found.t >= t
            assert in_run(kind, timeline, found[kind], 1) == first
    sliced: dict[str, int] = {}
    since: int | None = None
    slow = Timeline(experiment)
    while True:
        part, since = suiting(slow, t, 1, [kind for kind in kinds if kind not in sliced], since, 0.001)
        sliced |= part
        if since is None:
            break
    assert sliced == found


def test_a_search_that_finds_nothing_ends_in_time_and_is_refused(monkeypatch):
    monkeypatch.setitem(KINDS, "dead_neuron", replace(KINDS["dead_neuron"], find=lambda step, rng: iter(())))
    began = thread_time()
    with pytest.raises(Refusal, match=r"^unfit seed: 7 \(none was found in 0.2 s of computing, take another seed\)"):
        generate("dead_neuron", 7, 0.2)
    assert 0.2 <= thread_time() - began < 2


def test_what_a_run_does_not_have_is_refused_with_how_far_was_searched():
    timeline = Timeline(experiment((4, "tanh"), (1, "sigmoid")))
    last = timeline.t_of(AHEAD + 2)
    with pytest.raises(Refusal, match=rf"^unfit prediction: 'dead_neuron' \(no moment .* from 40 up to {last} "):
        in_run("dead_neuron", timeline, 40, 0)
    found = in_run("arrow_sign", timeline, 0, 0)
    assert isinstance(found, Prediction)
    with pytest.raises(Refusal, match="no moment"):
        at("arrow_sign", timeline, found.found.t + 1, 0)


def test_a_training_step_in_which_a_number_was_written_or_is_not_finite_is_passed_over():
    timeline = Timeline(experiment((4, "tanh"), (1, "sigmoid")))
    timeline.change(5, tensor="W2", index=[0, 1], value=0.7)
    found = in_run("longest_arrow", timeline, 0, 0)
    assert isinstance(found, Prediction)
    assert found.found.t > len(timeline.program)
    broken = Timeline(experiment((2, "identity"), (1, "identity"), dataset="sine", rate=1e6, loss="squared_error"))
    with pytest.raises(Refusal, match="no moment"):
        in_run("longest_arrow", broken, 400 * len(broken.program), 0)


@pytest.mark.parametrize(
    ("kind", "seed", "refused"),
    [
        ("nothing", 0, r"^unknown prediction: 'nothing' \(one of: arrow_sign, "),
        (3, 0, "^unknown prediction: 3 "),
        ("arrow_sign", -1, r"^invalid seed: -1 \(0 to 4294967295\)"),
        ("arrow_sign", LARGEST_SEED + 1, "^invalid seed: 4294967296 "),
        ("arrow_sign", 1.5, "^invalid seed: 1.5 "),
    ],
)
def test_an_unknown_kind_and_a_seed_out_of_range_are_refused(kind, seed, refused):
    for asked in (lambda: generate(kind, seed), lambda: in_run(kind, Timeline(experiment((1, "sigmoid"))), 0, seed)):
        with pytest.raises(Refusal, match=refused):
            asked()
