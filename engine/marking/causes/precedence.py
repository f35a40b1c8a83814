"""The causes that are tried, in their order, and the conventions that are no mistakes."""

from collections.abc import Callable, Iterator

from engine.marking.case import Case
from engine.marking.causes.activations import other_activation
from engine.marking.causes.clipping import clip_after_step, guarded_clipping
from engine.marking.causes.decay import other_decay
from engine.marking.causes.errors import missing_slope, slope_twice, softmax_twice, updated_weights
from engine.marking.causes.factors import missing_factor, missing_mean, other_factor
from engine.marking.causes.gradients import (
    bias_gradient,
    gradients_accumulate,
    transposed_gradient,
    wrong_sign,
)
from engine.marking.causes.labels import shuffled_labels
from engine.marking.causes.layers import extra_delta
from engine.marking.causes.modes import evaluation_mode
from engine.marking.causes.optimizers import epsilons, no_bias_correction, other_momentum, step_from_zero
from engine.marking.causes.rates import frozen_layer, other_rate
from engine.marking.variation import Variation

Cause = Callable[[Case], Iterator[Variation]]
# In this order: where two causes have the same numbers in every step, the one that says more is named.
CAUSES: tuple[Cause, ...] = (
    evaluation_mode,
    frozen_layer,
    wrong_sign,
    transposed_gradient,
    missing_factor,
    missing_mean,
    bias_gradient,
    softmax_twice,
    missing_slope,
    slope_twice,
    updated_weights,
    gradients_accumulate,
    no_bias_correction,
    step_from_zero,
    other_decay,
    other_momentum,
    clip_after_step,
    extra_delta,
    other_rate,
    other_factor,
    other_activation,
    shuffled_labels,
)
# Beside these a second mistake is likely.
PAIRED = (
    evaluation_mode,
    transposed_gradient,
    softmax_twice,
    missing_slope,
    slope_twice,
    updated_weights,
    gradients_accumulate,
    extra_delta,
    other_activation,
)
# What books and libraries do in several ways, all of them right.
CONVENTIONS: tuple[Cause, ...] = (epsilons, guarded_clipping)
