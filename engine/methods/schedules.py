"""Schedules: how the learning rate changes during training, from the base rate on.

s is the number of training steps since the schedule began. The decay begins after the warm-up of w training steps.
"""

from dataclasses import dataclass

import numpy as np

from engine.base.settings import Setting
from engine.methods.equation import Equation, equation


@dataclass(frozen=True)
class Schedule:
    """A schedule: the equation of its decay, None for a constant rate, and its settings."""

    decay: Equation | None = None
    settings: tuple[Setting, ...] = ()


@equation("rate:, rate_step: -> learning_rate:", textbook="learning_rate = rate * min(1, (rate_step + 1) / warm_up)")
def warm_up(rate, rate_step, *, warm_up, out=None):
    r"""\learning_rate = \rate \cdot \min \Bigl( 1,\ \frac{\rate_step + 1}{w} \Bigr)

    The first steps go slowly, each a little further than the one before, until the gradients have settled.
    """
    return np.multiply(rate, float(np.minimum(1, (rate_step + 1) / warm_up)), out)


@equation(
    "base_rate:, rate_step: -> rate:",
    textbook="rate = base_rate * factor ** (max(0, rate_step - warm_up) // every)",
)
def step_decay(base_rate, rate_step, *, factor, every, warm_up, out=None):
    r"""\rate = \base_rate \, \gamma^{\lfloor \max(0,\, \rate_step - w) / n \rfloor}

    The rate falls by a factor at once, and then stays for n training steps.
    """
    return np.multiply(base_rate, float(factor ** (np.maximum(0, rate_step - warm_up) // every)), out)


@equation("base_rate:, rate_step: -> rate:", textbook="rate = base_rate * factor ** max(0, rate_step - warm_up)")
def exponential_decay(base_rate, rate_step, *, factor, warm_up, out=None):
    r"""\rate = \base_rate \, \gamma^{\max(0,\, \rate_step - w)}

    The rate falls by the same small share in every training step.
    """
    return np.multiply(base_rate, float(factor ** np.maximum(0, rate_step - warm_up)), out)


@equation(
    "base_rate:, rate_step: -> rate:",
    textbook=(
        "share = min(1, max(0, rate_step - warm_up) / steps)\nrate = base_rate * ((1 + np.cos(np.pi * share)) / 2)"
    ),
)
def cosine_decay(base_rate, rate_step, *, steps, warm_up, out=None):
    r"""\rate = \base_rate \cdot \frac{1}{2} \Bigl( 1 + \cos \Bigl( \pi
    \min \Bigl( 1,\ \frac{\max(0,\, \rate_step - w)}{n} \Bigr) \Bigr) \Bigr)

    Half a wave from the base rate down to 0: slow at both ends (Loshchilov, Hutter, 2017).
    """
    share = np.minimum(1, np.maximum(0, rate_step - warm_up) / steps)
    return np.multiply(base_rate, float((1 + np.cos(np.pi * share)) / 2), out)


@equation("rate_step: -> rate_step:", textbook="rate_step += 1")
def count_rate_step(rate_step, out=None):
    r"""\rate_step \leftarrow \rate_step + 1

    One more training step under this schedule.
    """
    return np.add(rate_step, 1, out)


EVERY = Setting("every", "n", 500, 1, 10**9, whole=True)
STEPS = Setting("steps", "n", 2000, 1, 10**9, whole=True)
WARM_UP = Setting("warm_up", "w", 0, 0, 10**6, whole=True)

SCHEDULES = {
    "constant": Schedule(settings=(WARM_UP,)),
    "cosine": Schedule(cosine_decay, (STEPS, WARM_UP)),
    "exponential": Schedule(exponential_decay, (Setting("factor", r"\gamma", 0.999, 1e-3, 1), WARM_UP)),
    "step": Schedule(step_decay, (Setting("factor", r"\gamma", 0.5, 1e-3, 1), EVERY, WARM_UP)),
}
STEADY = "constant"  # the default
