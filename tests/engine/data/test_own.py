"""Data sets of one's own: classes and values, a split by the seed, standardization of the training examples' own."""

import pickle

import numpy as np
import pytest

from engine import Experiment, Refusal, Timeline
from engine.data.columns import likely_kind, likely_target
from engine.data.examples import made
from engine.data.table import read
from engine.evaluate.evaluation import evaluate
from tests.helpers.tables import CONTENT, FLOWERS, PRICES, TABLES, experiment, of_flowers, of_prices


def numbers(table: bytes, *names: str) -> np.ndarray:
    return np.stack([TABLES[CONTENT[table]].columns[name].numbers for name in names], axis=1)


def test_the_plain_form_has_every_field_in_use_and_gives_the_same_back():
    chosen = experiment(of_flowers())
    dataset = {"name": "own", "content": CONTENT[FLOWERS], "target": "species", "kind": "classes", "held_out": 0.25}
    assert chosen.to_dict()["dataset"] == {**dataset, "standardize": True}
    for fields in ({}, {"inputs": ["petal width"], "held_out": 0, "standardize": False, "skip_missing": True}):
        wanted = experiment(of_flowers(**fields)).to_dict()
        assert experiment(wanted).to_dict() == wanted


def test_classes_go_by_their_names_and_inputs_by_their_columns():
    dataset = experiment(of_flowers()).dataset
    assert dataset.classes == ("setosa", "versicolor", "virginica")
    assert (dataset.columns, dataset.target, dataset.looks) == (("petal length", "petal width"), "species", "plane")
    assert experiment(of_prices()).dataset.looks == "row"
    assert experiment(of_prices(inputs=["area"])).dataset.looks == "line"


def test_inputs_are_standardized_by_the_training_examples_alone():
    data, raw = experiment(of_flowers()).data, numbers(FLOWERS, "petal length", "petal width")
    found = made(experiment(of_flowers()).dataset.own, 0, 3)
    training, held_out = raw[found.order[:45]], raw[found.order[45:]]
    mean, deviation = training.mean(axis=0), training.std(axis=0)
    np.testing.assert_allclose(data.x_train, (training - mean) / deviation)
    np.testing.assert_allclose(data.x_held_out, (held_out - mean) / deviation)
    np.testing.assert_allclose((found.mean, found.deviation), (mean, deviation))
    species = np.arange(60) % 3
    assert (data.y_train.argmax(axis=1) == species[found.order[:45]]).all()
    assert sorted(found.order) == [*range(60)]


def test_targets_that_are_values_are_standardized_too_and_both_can_be_turned_off():
    found = made(experiment(of_prices()).dataset.own, 0, 1)
    price = numbers(PRICES, "price")[found.order]
    scaled = (price - price[:30].mean()) / price[:30].std()
    np.testing.assert_allclose(found.data.y_train, scaled[:30])
    np.testing.assert_allclose(found.data.y_held_out, scaled[30:])
    plain = experiment(of_prices(standardize=False))
    assert (plain.data.y_train == price[:30]).all()
    assert (plain.data.x_train == numbers(PRICES, "area", "rooms", "age")[found.order[:30]]).all()


def test_a_column_of_one_value_is_standardized_to_0():
    table = {"abc": read(b"a,b,c\n0.1,1,u\n0.1,2,v\n0.1,3,u\n0.1,4,v\n")}
    wanted = {"dataset": {"name": "own", "content": "abc"}, "layers": [{"units": 1, "activation": "sigmoid"}]}
    assert np.abs(Experiment.from_dict(wanted, tables=table).data.x_train[:, 0]).max() < 1e-9


def test_the_seed_decides_which_examples_are_held_out():
    one, same, other = (made(experiment(of_flowers()).dataset.own, seed, 3).order.tolist() for seed in (0, 0, 1))
    assert one == same != other
    assert len(experiment(of_flowers(held_out=0)).data.x_held_out) == 0
    assert len(experiment(of_flowers(held_out=0.5)).data.x_held_out) == 30


def test_two_classes_may_have_one_output_or_two():
    table = {"abc": read(b"a,b,c\n" + b"".join(b"%d,%d,%s\n" % (i, -i, b"no" if i % 2 else b"yes") for i in range(20)))}
    wanted = {"dataset": {"name": "own", "content": "abc"}, "layers": [{"units": 1, "activation": "sigmoid"}]}
    one = Experiment.from_dict(wanted, tables=table)
    two = Experiment.from_dict({**wanted, "layers": [{"units": 2, "activation": "softmax"}]}, tables=table)
    assert (one.data.y_train[:, 0] == two.data.y_train[:, 1]).all()


def test_a_run_learns_from_it_and_changes_of_structure_keep_the_data():
    timeline = Timeline(experiment(of_flowers() | {"optimizer": {"name": "adam", "learning_rate": 0.05}}))
    steps = len(timeline.program)
    before = evaluate(timeline.experiment, timeline.seek(0), "training")
    state = timeline.seek(300 * steps)
    assert evaluate(timeline.experiment, state, "training")["loss"] < 0.5 * before["loss"]
    timeline.change(300 * steps, optimizer={"name": "momentum"})
    part = timeline.segment_at(timeline.t_of(302)).experiment
    assert part.data is timeline.experiment.data
    assert np.isfinite(timeline.seek(timeline.t_of(302))["W1"]).all()


def test_an_experiment_on_it_can_be_sent_to_another_process():
    chosen = Experiment.from_dict(of_flowers(), tables=TABLES)
    assert chosen.dataset.record.kind == "classes"  # which is kept
    sent = pickle.loads(pickle.dumps(chosen))
    assert sent.to_dict() == chosen.to_dict()
    assert np.array_equal(sent.data.x_train, chosen.data.x_train)


def test_rows_with_a_missing_cell_are_refused_by_their_number_or_left_out():
    table = {"abc": read(b"a,b,c\n1,2,u\n,3,v\n4,NA,u\n5,6,v\n7,8,u\n")}
    wanted = {"dataset": {"name": "own", "content": "abc"}, "layers": [{"units": 1, "activation": "sigmoid"}]}
    with pytest.raises(Refusal) as refused:
        Experiment.from_dict(wanted, tables=table)
    assert refused.value.field == "dataset.skip_missing"
    assert str(refused.value).startswith("invalid table: row 3 (its 'a' is missing, and so it is in 2 rows in all")
    wanted["dataset"] = {"name": "own", "content": "abc", "skip_missing": True}
    data = Experiment.from_dict(wanted, tables=table).data
    assert len(data.x_train) + len(data.x_held_out) == 3


ODD = read(b"a,b,c,d\n1,2,u,0.5\n3,x,u,1.5\n5,6,u,2.5\n")
ONE = read(b"a\n1\n2\n")
MANY = read(b"a,b\n" + b"".join(b"%d,name %d\n" % (i, i) for i in range(3000)))


@pytest.mark.parametrize(
    ("table", "fields", "field", "says"),
    [
        (ODD, {"content": "other"}, "dataset.content", "unknown table: 'other' (give its file again)"),
        (ODD, {"target": "z"}, "dataset.target", "unknown column: 'z' (one of: a, b, c, d)"),
        (ODD, {"target": "c"}, "dataset.target", "unfit classes: 1 different (all are 'u'; at least two)"),
        (ODD, {"target": "c", "kind": "values"}, "dataset.kind", "row 2 (its 'c' is 'u', where a number is needed)"),
        (ODD, {"inputs": ["a", "b"]}, "dataset.inputs", "row 3 (its 'b' is 'x', where a number is needed)"),
        (ODD, {"inputs": ["a", "a"]}, "dataset.inputs", "different columns, at least one"),
        (ODD, {"inputs": []}, "dataset.inputs", "different columns, at least one"),
        (ODD, {"inputs": ["d"], "target": "d"}, "dataset.inputs", "unknown column: 'd' (one of: a, b, c)"),
        (ODD, {"held_out": 1}, "dataset.held_out", "invalid share: 1 (0 to 0.9)"),
        (ODD, {"standardize": "yes"}, "dataset.standardize", "true or false"),
        (ODD, {"rows": 3}, "dataset.rows", "unknown field: 'rows'"),
        (ODD, {"kind": "labels"}, "dataset.kind", "one of: classes, values"),
        (MANY, {}, "dataset.target", "unfit classes: 3000 different (2 to 64)"),
        (ONE, {}, "dataset.content", "unfit table: one column (a target and at least one input)"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(table, fields, field, says):
    wanted = {"dataset": {"name": "own", "content": "abc"} | fields, "layers": [{"units": 1, "activation": "identity"}]}
    with pytest.raises(Refusal) as refused:
        Experiment.from_dict(wanted, tables={"abc": table})
    assert refused.value.field == field
    assert says in str(refused.value)


def test_the_target_and_its_kind_are_guessed():
    assert likely_target(read(b"Class,a,b\nu,1,2\nv,3,4\n")) == "Class"
    assert likely_target(read(b"a,b,price\n1,2,3\n4,5,6\n")) == "price"
    kinds = read(b"a,b,c\n1,1.5,u\n2,2.5,v\n1,3.5,u\n")
    assert [likely_kind(column) for column in kinds.columns.values()] == ["classes", "values", "classes"]
