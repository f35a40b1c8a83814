"""Right programs of any style are called right; of wrong ones the mistake is named, and none is called right."""

import pytest

from engine.marking.causes.factors import other_factor
from engine.marking.causes.modes import evaluation_mode
from engine.marking.causes.precedence import CAUSES
from tests.helpers.homework import (
    ADAM,
    ADAMW,
    BOOK,
    CLIPPED_THEN_DECAYED,
    CLIPPING,
    COLUMNS,
    COUPLED,
    DAMPENED,
    DECAYING,
    DEEP,
    GENERAL,
    LOOPS,
    changed,
    verdict,
)
from tests.helpers.wrong_homework import HELD_OUT, MISCOUNTED, NAMELESS, SEEDED

HEAVY_BALL = (
    "v = state.get(k, 0) * 0.9 + g[k]\n        state[k] = v\n        p[k] = p[k] - LEARNING_RATE * v",
    "q = p[k]; p[k] = p[k] - LEARNING_RATE * g[k] + 0.9 * (q - state.get(k, q)); state[k] = q",
)
RIGHT = {
    "a loop over the layers": (GENERAL,),
    "softmax": (DEEP,),
    "number by number": (LOOPS,),
    "as in a book": (BOOK,),
    "with a penalty": (DECAYING,),
    "with coupled weight decay": (COUPLED,),
    "with coupled weight decay after clipping": (CLIPPED_THEN_DECAYED,),
    "with dampening": (DAMPENED,),
    "in columns, by einsum": (COLUMNS,),
    "with clipping": (CLIPPING,),
    "clipping as PyTorch has it": (CLIPPING, "CLIP_NORM / norm", "CLIP_NORM / (norm + 1e-6)"),
    "Adam": (ADAM,),
    "AdamW": (ADAMW,),
    "rows that are not copied": (GENERAL, "W[l] = W[l] -", "W[l] -="),
    "without gradients": (GENERAL, "return W, b, dW, db", "return W, b"),
    "divided at the output": (GENERAL, "a[-1] - y", "(a[-1] - y) / m", "@ a[l] / m", "@ a[l]", "mean", "sum"),
    "the chain rule in full": (
        GENERAL,
        "delta = a[-1] - y",
        "delta = (-y / a[-1] + (1 - y) / (1 - a[-1])) * a[-1] * (1 - a[-1])",
    ),
    "epsilon under the root": (ADAM, "np.sqrt(vh) + 1e-8", "np.sqrt(vh + 1e-8)"),
    "Adam's rate with the correction in it": (
        ADAM,
        "LEARNING_RATE * mh / (np.sqrt(vh) + 1e-8)",
        "LEARNING_RATE * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * state['m'][i] / (np.sqrt(state['v'][i]) + 1e-8)",
    ),
    "a velocity with the rate in it": (
        COLUMNS,
        "* 0.9 + g[k]",
        "* 0.9 - LEARNING_RATE * g[k]",
        "- LEARNING_RATE * v",
        "+ v",
    ),
    "the step before, not a velocity": (COLUMNS, *HEAVY_BALL),
    "examples in another order": (GENERAL, "    m, L", "    x, y = x[::-1], y[::-1]\n    m, L"),
}


FORWARD_ONLY = """
    def loss(V):
        h = x
        for w, c, name in zip(V, b, ACTIVATIONS):
            h = F[name][0](h @ w.T + c)
        return -np.sum(y * np.log(h) + (1 - y) * np.log(1 - h)) / m
    def near(l):
        slopes = np.zeros_like(W[l])
        for place in np.ndindex(slopes.shape):
            up, down = ([w.copy() for w in W] for _ in range(2))
            up[l][place] += 1e-4
            down[l][place] -= 1e-4
            slopes[place] = (loss(up) - loss(down)) / 2e-4
        return slopes
"""


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_of_any_style_are_called_right(name):
    found = verdict(changed(*RIGHT[name]))
    assert (found.verdict, found.step, found.tensor, found.cause) == ("right", None, None, None), found


@pytest.mark.parametrize("cause", SEEDED)
def test_the_mistake_of_a_wrong_program_is_named(cause):
    found = verdict(changed(*SEEDED[cause]))
    assert (found.verdict, found.cause) == ("wrong", cause), found
    assert found.step is not None
    assert found.tensor


def test_there_is_a_wrong_program_for_every_cause():
    others = {other_factor.__name__, evaluation_mode.__name__}  # of homework there is no other mode
    assert {each.__name__ for each in CAUSES} - others == {*SEEDED}


SAMPLE = {case[0]: i for i, case in enumerate(HELD_OUT)}  # one of each kind


@pytest.mark.parametrize("i", SAMPLE.values())
def test_another_way_to_a_mistake_is_named_alike(i):
    cause, *case = HELD_OUT[i]
    found = verdict(changed(*case))
    assert (found.verdict, found.cause) == ("wrong", cause), found


@pytest.mark.long
@pytest.mark.parametrize("i", range(len(HELD_OUT)))
def test_every_way_to_a_mistake_is_named_alike(i):
    test_another_way_to_a_mistake_is_named_alike(i)


@pytest.mark.parametrize("i", range(0, len(MISCOUNTED), 5))
def test_updates_counted_otherwise_and_errors_of_other_layers_are_named(i):
    cause, *case = MISCOUNTED[i]
    found = verdict(changed(*case))
    assert (found.verdict, found.cause) == ("wrong", cause), found


@pytest.mark.long
@pytest.mark.parametrize("i", range(len(MISCOUNTED)))
def test_every_other_count_and_every_error_of_another_layer_is_named(i):
    test_updates_counted_otherwise_and_errors_of_other_layers_are_named(i)


@pytest.mark.parametrize("case", NAMELESS, ids=range(len(NAMELESS)))
def test_what_no_cause_is_is_wrong_but_unknown(case):
    found = verdict(changed(*case))
    assert (found.verdict, found.cause) == ("wrong", "unknown"), found


def test_a_mistake_of_another_kind_is_wrong_but_unknown():
    found = verdict(changed(GENERAL, "delta = a[-1] - y", "delta = np.sin(3 * a[-1]) - y"))
    assert (found.verdict, found.step, found.tensor, found.cause) == ("wrong", 0, "dW2", "unknown")
    assert "it should be" in found.says


def test_a_mistake_in_some_way_of_the_biases_is_one_of_the_biases():
    found = verdict(changed(LOOPS, "db[0][j] += d1", "db[0][j] += d1 ** 3"))
    assert (found.verdict, found.tensor, found.cause) == ("wrong", "b1", "bias_gradient")


def test_a_mistake_that_shows_later_is_said_of_its_step():
    found = verdict(changed(*SEEDED["gradients_accumulate"]))
    assert (found.step, found.tensor) == (1, "W2")


def test_gradients_by_differences_are_right_to_their_precision():
    program = changed(
        GENERAL,
        "    dW, db = [None]",
        FORWARD_ONLY + "    dW, db = [None]",
        "dW[l] = delta.T @ a[l] / m",
        "dW[l] = near(l)",
    )
    found = verdict(program)
    assert found.verdict == "right"
    assert "1e-06" in found.says


def test_what_is_seen_is_the_same_with_other_weights():
    for seed in (1, 2, 3):
        assert verdict(changed(*SEEDED["missing_slope"]), seed).cause == "missing_slope"
        assert verdict(DEEP, seed).verdict == "right"
