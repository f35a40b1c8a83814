"""Data sets have the shapes and splits of their records, and mini-batches are a function of seed and training step."""

import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Refusal, Timeline
from engine.data import DATASETS, Dataset, Draw, load, load_table
from engine.data.batches import Shuffled, rows_of
from engine.data.digits import FILE
from engine.data.others import figures, others, signs
from engine.data.plane import SHAPES, Shape
from engine.evaluate.evaluation import evaluate
from engine.methods.equations import mini_batch
from tests.helpers.networks import experiment

ONE_HOT = [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
SOFTMAX, SIGMOID, LINEAR = ((units, name) for units, name in ((3, "softmax"), (1, "sigmoid"), (1, "identity")))


@pytest.mark.parametrize(
    ("output", "y", "fields", "kind"),
    [
        (SOFTMAX, ONE_HOT, {}, "classes"),
        ((3, "sigmoid"), ONE_HOT, {}, "classes"),
        (SIGMOID, [[0], [1], [1]], {}, "classes"),
        (LINEAR, [[0], [1], [1]], {"loss": "hinge"}, "classes"),
        (LINEAR, [[0], [1], [1]], {}, "values"),
        (SIGMOID, [[0], [1], [0.5]], {}, "values"),
        (SIGMOID, [[1], [1], [1]], {}, "values"),
        ((3, "sigmoid"), [[0, 1, 1], [0, 1, 0], [1, 0, 0]], {}, "values"),
    ],
)
def test_a_table_is_of_classes_where_its_targets_name_them_and_the_loss_classifies(output, y, fields, kind):
    rows = {"name": "table", "x": [[0], [1], [2]], "y": y}
    chosen = experiment((2, "tanh"), output, dataset=rows, **fields)
    assert chosen.data.kind == kind
    assert (evaluate(chosen, Timeline(chosen).seek(0), "training")["accuracy"] is None) == (kind == "values")
    assert Experiment.from_dict(chosen.to_dict()).to_dict() == chosen.to_dict()


def test_a_table_says_itself_what_its_targets_are():
    rows = {"name": "table", "x": [[0], [1]], "y": [[0], [1]]}
    assert experiment((1, "sigmoid"), dataset=rows | {"kind": "values"}).data.kind == "values"
    assert experiment((1, "identity"), dataset=rows | {"kind": "classes"}).data.kind == "classes"
    for wrong in ({"kind": "labels"}, {"kind": "classes", "y": [[0], [0.5]]}, {"kind": 1}):
        with pytest.raises(Refusal) as refused:
            experiment((1, "sigmoid"), dataset=rows | wrong)
        assert refused.value.field == "dataset.kind"


PLANE = ["checkerboard", "circles", "gaussians", "moons", "rings", "spirals", "xor"]
IDX_FILES = {  # the SHA-256 of the four files, unpacked, that MNIST was first published as
    "x_train": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "y_train": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "x_test": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "y_test": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def everything(data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets of both splits."""
    return np.concatenate([data.x_train, data.x_held_out]), np.concatenate([data.y_train, data.y_held_out])


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("name", PLANE)
def test_points_on_the_plane_come_in_two_classes_of_nearly_the_same_size(name, outputs):
    data = load(name, 3, 200, 0.1, outputs)
    assert (data.x_train.shape, data.y_train.shape) == ((150, 2), (150, outputs))
    assert (data.x_held_out.shape, data.y_held_out.shape) == ((50, 2), (50, outputs))
    _, y = everything(data)
    assert set(np.unique(y)) == {0, 1}
    assert abs(y[:, -1].mean() - 0.5) < (0.1 if name == "xor" else 1e-9)
    if outputs == 2:
        assert np.array_equal(y.sum(axis=1), np.ones(200))


@pytest.mark.parametrize("name", PLANE)
def test_one_and_two_outputs_tell_the_same_points_apart(name):
    (x, y), (x_two, y_two) = (everything(load(name, 3, 200, 0.1, outputs)) for outputs in (1, 2))
    assert np.array_equal(x, x_two)
    assert np.array_equal(y[:, 0], y_two[:, 1])


def test_xor_without_noise_is_its_four_exact_points_and_nothing_is_held_out():
    data = load("xor", 0, 4, 0.0, 1)
    assert data.x_train.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.y_train.tolist() == [[0], [1], [1], [0]]
    assert data.x_held_out.shape == (0, 2)
    assert data.y_held_out.shape == (0, 1)


def test_noisy_xor_lies_around_its_four_corners():
    x, y = everything(load("xor", 1, 4000, 0.05, 1))
    corner = x.round()
    assert {tuple(point) for point in corner} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert np.array_equal(y[:, 0], corner[:, 0] != corner[:, 1])
    assert (x - corner).std() == pytest.approx(0.05, rel=0.05)


def test_without_noise_points_lie_on_the_shapes_that_the_names_say():
    x, y = everything(load("circles", 0, 100, 0.0, 1))
    assert np.hypot(*x.T) == pytest.approx(np.where(y[:, 0] == 1, 0.4, 0.9))
    x, y = everything(load("gaussians", 0, 100, 0.0, 1))
    assert x == pytest.approx(np.where(y == 1, 0.45, -0.45).repeat(2, axis=1))
    x, y = everything(load("moons", 0, 100, 0.0, 1))
    upper = np.where(y == 1, -x, x) / 0.7 + [0.5, 0.25]
    assert np.hypot(*upper.T) == pytest.approx(np.ones(100))
    assert (upper[:, 1] >= 0).all()
    x, y = everything(load("spirals", 0, 100, 0.0, 1))
    along = np.hypot(*x.T)
    angle = np.arctan2(*x.T) - y[:, 0] * np.pi
    assert np.cos(angle - along * 3.5 * np.pi / 1.2) == pytest.approx(np.ones(100))


@pytest.mark.parametrize("name", [*PLANE, "sine"])
def test_noise_is_normal_and_of_the_size_asked_for(name):
    if name == "xor":
        return_to = lambda noise: load(name, 2, 8000, noise, 1).x_train  # noqa: E731
        difference = return_to(0.3) - return_to(1e-9)
    else:
        clean, noisy = (load(name, 2, 8000, noise, 1) for noise in (0.0, 0.3))
        difference = noisy.y_train - clean.y_train if name == "sine" else noisy.x_train - clean.x_train
    assert difference.std() == pytest.approx(0.3, rel=0.05)
    assert np.mean(np.abs(difference) < 0.3) == pytest.approx(0.683, abs=0.02)


def test_a_checkerboard_without_noise_has_two_classes_on_squares_that_take_turns():
    x, y = everything(load("checkerboard", 0, 4000, 0.0, 1))
    across, up = np.floor(2 * (x + 1)).astype(int).T
    assert {*across} == {*up} == {0, 1, 2, 3}
    assert np.array_equal((across + up) % 2, y[:, 0])
    counts = np.bincount(4 * across + up, minlength=16)
    assert counts.min() > 200


def test_rings_without_noise_are_three_circles_around_one_point_the_middle_one_of_class_1():
    x, y = everything(load("rings", 0, 4000, 0.0, 1))
    radius = np.hypot(*x.T)
    assert {*np.unique(radius.round(12))} == {0.3, 0.6, 0.9}
    assert np.array_equal(radius.round(12) == 0.6, y[:, 0] == 1)
    assert 2.5 < (radius > 0.8).sum() / (radius < 0.4).sum() < 3.5  # as dense on both


def test_sine_without_noise_lies_on_its_curve_over_the_whole_line():
    x, y = everything(load("sine", 0, 400, 0.0, 1))
    assert y == pytest.approx(np.sin(np.pi * x))
    assert -1 <= x.min() < -0.95
    assert 0.95 < x.max() <= 1


@pytest.mark.parametrize("name", [*PLANE, "sine"])
def test_the_same_seed_makes_the_same_data_and_another_seed_does_not(name):
    load.cache_clear()
    one = load(name, 5, 50, 0.1, 1)
    load.cache_clear()
    same, other = load(name, 5, 50, 0.1, 1), load(name, 6, 50, 0.1, 1)
    assert same is not one
    assert np.array_equal(one.x_train, same.x_train)
    assert not np.array_equal(one.x_train, other.x_train)


def test_another_shape_leaves_the_points_of_every_other_as_they_were(monkeypatch):
    before = {name: everything(SHAPES[name].dataset(5, 50, 0.1, 1)) for name in PLANE}
    square = Shape(len(SHAPES), lambda labels, rng: (rng.uniform(-1, 1, (len(labels), 2)), labels))
    monkeypatch.setitem(SHAPES, "a square", square)
    assert len(everything(SHAPES["a square"].dataset(5, 50, 0.1, 1))[0]) == 50
    for name, arrays in before.items():
        assert all(map(np.array_equal, arrays, everything(SHAPES[name].dataset(5, 50, 0.1, 1)))), name


def test_no_two_shapes_have_the_same_number():
    assert len({shape.number for shape in SHAPES.values()}) == len(SHAPES)


@pytest.mark.parametrize("name", DATASETS)
def test_data_is_shared_and_cannot_be_written(name):
    source = DATASETS[name]
    data = load(name, 0, source.examples, source.noise, source.outputs[0])
    for array in (*data.split("training"), *data.split("held_out")):
        assert not array.flags.writeable
    assert data.kind == source.kind
    assert data.x_train.shape[1] == source.inputs


def test_a_table_is_its_rows_in_order_and_nothing_is_held_out():
    data = load_table("values", ((1.0, 2.0), (3.0, 4.0)), ((5.0,), (6.0,)))
    assert data.x_train.tolist() == [[1, 2], [3, 4]]
    assert data.y_train.tolist() == [[5], [6]]
    assert data.x_held_out.shape == (0, 2)
    assert data.y_held_out.shape == (0, 1)


def test_mnist_is_byte_for_byte_the_four_files_it_was_published_as():
    with np.load(FILE) as file:
        for name, expected in IDX_FILES.items():
            array = file[name]
            header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
            assert hashlib.sha256(header + array.tobytes()).hexdigest() == expected


def test_digits_are_all_of_mnist_with_one_hot_targets():
    data = load("digits", 0, None, None, 10)
    with np.load(FILE) as file:
        assert np.array_equal(data.x_train, file["x_train"].reshape(60_000, 784))
        assert np.array_equal(data.x_held_out, file["x_test"].reshape(10_000, 784))
        assert np.array_equal(data.y_train.argmax(axis=1), file["y_train"])
        assert np.array_equal(data.y_held_out.argmax(axis=1), file["y_test"])
    for y in (data.y_train, data.y_held_out):
        assert np.array_equal(np.sort(y, axis=1), np.repeat([[0.0] * 9 + [1.0]], len(y), axis=0))


def test_pictures_of_no_class_are_trained_on_but_never_evaluated():
    plain = {"dataset": {"name": "digits", "others": 130}, "layers": [{"units": 10, "activation": "softmax"}]}
    chosen = Experiment.from_dict(plain)
    assert chosen.to_dict()["dataset"] == plain["dataset"]
    data, digits = chosen.data, load("digits", 0, None, None, 10)
    assert np.array_equal(data.x_train[:60_000], digits.x_train)
    assert np.array_equal(data.y_train[:60_000], digits.y_train)
    assert len(data.x_train) == len(data.y_train) == 60_130
    assert data.x_train.dtype == np.uint8
    assert (data.y_train[60_000:] == 0.1).all()
    for x, y in (data.split("training"), data.split("held_out")):
        assert len(x) == len(y) in (60_000, 10_000)
        assert np.array_equal(np.sort(y, axis=1), np.repeat([[0.0] * 9 + [1.0]], len(y), axis=0))


def test_pictures_of_no_class_have_mnists_form_and_are_always_the_same():
    digits = load("digits", 0, None, None, 10).x_train
    pictures = others(520, digits)
    assert np.array_equal(pictures[:65], others(65, digits))
    assert len(np.unique(pictures, axis=0)) > 400  # a single dot is always the same
    ink = pictures.reshape(-1, 28, 28) / 255
    assert (ink.max(axis=(1, 2)) > 0.5).all()
    in_strokes = ink.reshape(-1, 13, 28, 28)[:, :9].reshape(-1, 28, 28)
    for picture in in_strokes:
        rows, columns = (np.nonzero(picture.max(axis=axis) > 0.3)[0] for axis in (1, 0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 in range(18, 22)
    centres = (in_strokes.sum(axis=2) @ (np.arange(28) + 0.5)) / in_strokes.sum(axis=(1, 2))
    assert np.median(np.abs(centres - 14.5)) < 0.5


def test_after_all_other_pictures_of_no_class_come_letters_faces_and_houses(monkeypatch):
    digits = load("digits", 0, None, None, 10).x_train
    first = others(26, digits)
    monkeypatch.setattr("engine.data.others.FIGURES_FROM", 26)
    assert np.array_equal(others(20, digits), first[:20])
    assert np.array_equal(others(56, digits), np.concatenate([first, figures(30)]))
    drawn = figures(300)
    assert np.array_equal(drawn[:30], figures(30))
    assert len(np.unique(drawn, axis=0)) == 300
    ink = drawn.reshape(100, 3, 28, 28) / 255
    assert (ink.max(axis=(2, 3)) > 0.5).all()
    sides = ink[:, 1, 12:16, :9], ink[:, 1, 12:16, 19:]  # of a face: its circle goes down both of them
    assert all((side.max(axis=(1, 2)) > 0.3).all() for side in sides)
    monkeypatch.setattr("engine.data.others.SIGNS_FROM", 40)
    assert np.array_equal(others(60, digits), np.concatenate([first, figures(14), signs(20)]))
    assert np.array_equal(others(40, digits), np.concatenate([first, figures(14)]))
    assert len(np.unique(signs(300), axis=0)) == 300


def test_the_network_sees_grey_values_from_0_to_1():
    timeline = Timeline(experiment((10, "softmax"), dataset="digits", mini_batch_size=200))
    a0 = timeline.seek(1)["a0"]
    data = timeline.experiment.data
    assert a0.min() == 0
    assert a0.max() == 1
    assert a0 == pytest.approx(data.x_train[rows_of(Shuffled(0, 200, 60_000), 0)] / 255)


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 70), st.integers(0, 5))
def test_every_example_is_seen_once_an_epoch(seed, examples, size, epoch):
    batches = Shuffled(seed, size, examples)
    per_epoch = batches.per_epoch
    taken = [np.arange(examples)[rows_of(batches, epoch * per_epoch + number)] for number in range(per_epoch)]
    assert sorted(np.concatenate(taken)) == list(range(examples))
    assert [len(batch) for batch in taken[:-1]] == [size] * (per_epoch - 1)
    assert 1 <= len(taken[-1]) <= size


def test_the_order_is_shuffled_anew_each_epoch_and_differs_from_seed_to_seed():
    orders = {tuple(np.arange(100)[rows_of(Shuffled(seed, 50, 100), step)]) for seed in (0, 1) for step in (0, 2, 4)}
    assert len(orders) == 6


def test_a_full_batch_keeps_the_examples_in_their_order():
    data = load("moons", 0, 40, 0.1, 1)
    x, y = mini_batch(Draw(data, 0, 30, np.dtype("float64"), 17))
    assert np.array_equal(x, data.x_train)
    assert np.array_equal(y, data.y_train)


def test_a_mini_batch_depends_on_seed_and_training_step_and_not_on_earlier_draws():
    data, double = load("moons", 0, 40, 0.1, 1), np.dtype("float64")
    in_order = [mini_batch(Draw(data, 7, 8, double, step)) for step in range(20)]
    for step in (13, 2, 19, 2, 0):
        for drawn, expected in zip(mini_batch(Draw(data, 7, 8, double, step)), in_order[step], strict=True):
            assert np.array_equal(drawn, expected)


def test_inputs_and_targets_of_a_mini_batch_belong_together():
    data = load("gaussians", 0, 40, 0.0, 1)
    for step in range(6):
        x, y = mini_batch(Draw(data, 1, 8, np.dtype("float32"), step))
        assert len(x) == len(y) == (6 if step % 4 == 3 else 8)
        assert np.array_equal(x[:, :1] > 0, y == 1)
