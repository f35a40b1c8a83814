"""Troubles of training, found by the numbers of a moment, with the remedies that suit the experiment.

A trouble is judged by the diagnosis and the evaluation of one moment, and by earlier losses where they are given.
Losses are compared with chance: the loss of the best answer that is the same for all inputs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import isfinite
from typing import Any

import numpy as np

from engine.data import Dataset
from engine.experiment.experiment import Experiment
from engine.health.diagnosis import LayerDiagnosis
from engine.health.remedies import fitting, remedy
from engine.methods.losses import LOSSES

Arrays = Mapping[str, np.ndarray]
Numbers = dict[str, float]

# Below this share of chance the loss shows that the network learns, whatever else looks odd.
LOW = 0.5
# Backpropagation through a healthy layer changes the size of gradients by a small factor. A first layer whose gradients
# are hundreds of times smaller than the last layer's learns hundreds of times slower, and so hardly at all.
VANISHING, VANISHING_LAYERS = 3e-3, 3
# An untrained network may be a few times worse than chance. With a loss of ten times chance and updates of a tenth of
# the weights, training diverges. A healthy update is about a thousandth of the weights.
EXPLODING_LOSS, EXPLODING_UPDATE = 10.0, 0.1
# A loss that is this many times the lowest one, and above chance, shows that what was learned is lost again.
EXPLODING_GROWTH = 10.0
# Few random units are silent for all examples around the origin; healthy deep layers have up to a third of them.
DYING = 0.4
# Overfitting: nearly all training examples are right; the held-out loss is twice theirs, and larger by half of chance.
OVERFITTING_ACCURACY, OVERFITTING_GAP, OVERFITTING_RATIO = 0.9, 0.5, 2.0
OVERFITTING_EXAMPLES = 8  # the fewest held-out examples for a judgement
# Stuck: activations are a small share of the size that initializers aim for (about 1), gradients are small too, and
# the loss is within a hundredth of chance. All inputs get the same answer, and no gradient leads away from it.
STUCK_ACTIVATION, STUCK_GRADIENT, STUCK_LOSS = 0.1, 0.02, 0.01
# Plateau: at the moment's pace, a thousand training steps would lower the loss by less than a twentieth.
PACE_STEPS, PACE_FALL = 1000, 0.05
# The fewest losses for a judgement of how they move.
FEWEST_LOSSES = 10


@dataclass(frozen=True, eq=False)
class Moment:
    """The numbers of a moment that troubles are judged by.

    Attributes:
        experiment: the structure in force.
        state: the tensors of the moment.
        layers: the diagnosis of each layer.
        training: the training split's evaluation, as ``evaluate`` returns it.
        held_out: the held-out split's evaluation.
        losses: the mini-batch losses of earlier training steps, the oldest first.
    """

    experiment: Experiment
    state: Arrays
    layers: Sequence[LayerDiagnosis]
    training: Mapping[str, Any]
    held_out: Mapping[str, Any]
    losses: Sequence[float] = ()

    @property
    def hidden(self) -> Sequence[LayerDiagnosis]:
        return self.layers[:-1]

    @property
    def loss(self) -> float:
        return float(self.training["loss"])

    @property
    def mini_batch_loss(self) -> float:
        """The latest mini-batch's training loss: with the mini-batch's mean and variance, with dropout and noise.

        Before the first one, it is the loss of predictions on the training split.
        """
        latest = self.losses[-1] if self.losses else self.loss
        return float(self.state.get("loss", latest))

    @cached_property
    def chance(self) -> float:
        return chance(self.experiment)

    @property
    def learns(self) -> bool:
        """Whether the loss is low, or cannot be judged because chance is 0: all targets are the same."""
        return not self.chance > 0 or self.loss < LOW * self.chance


@dataclass(frozen=True)
class Finding:
    """The result of a judgement: the layer with the trouble (None for the whole network), and the numbers behind it."""

    layer: int | None
    numbers: Numbers


def chance(experiment: Experiment) -> float:
    """The training loss of the best answer that is the same for all examples.

    For a cross-entropy it is the entropy of the targets, and for the squared error their variance.
    """
    return _chance(experiment.loss, experiment.data)


@lru_cache(maxsize=16)
def _chance(loss: str, data: Dataset) -> float:
    return LOSSES[loss].chance(data.y_train)


def pace(state: Arrays, parameters: Sequence[str]) -> float | None:
    r"""The fall of the loss in this training step, to first order: -\sum dC/dw \Delta w over these parameters.

    It is None where a gradient or an update has not been computed yet.
    """
    if any(f"{kind}{name}" not in state for name in parameters for kind in "du"):
        return None
    return -sum(float(np.vdot(state[f"d{name}"].astype(float), state[f"u{name}"])) for name in parameters)


def exploding(moment: Moment) -> Finding | None:
    """The loss or a gradient is not finite, or the loss is far above chance and updates are large.

    Losses of predictions and of training are never compared, since batch normalization can set them far apart.
    """
    gradients = [(each.gradient_rms, each.layer) for each in moment.layers if each.gradient_rms is not None]
    broken = next((layer for gradient, layer in gradients if not isfinite(gradient)), None)
    update = max((each.update_ratio or 0.0 for each in moment.layers), default=0.0)
    numbers = {"loss": moment.loss, "chance": moment.chance, "update_ratio": update}
    if broken is not None or not isfinite(moment.loss):
        return Finding(broken, numbers)
    if moment.learns:
        return None
    training = moment.mini_batch_loss
    if min(moment.loss, training) > EXPLODING_LOSS * moment.chance and update > EXPLODING_UPDATE:
        return Finding(max(moment.layers, key=lambda each: each.update_ratio or 0.0).layer, numbers)
    lowest = min(moment.losses, default=training)
    lost = training > EXPLODING_GROWTH * lowest and min(moment.loss, training) > moment.chance
    if len(moment.losses) >= FEWEST_LOSSES and lost:
        return Finding(None, {**numbers, "loss": training, "lowest_loss": lowest})
    return None


def dying(moment: Moment) -> Finding | None:
    """Many units of a hidden layer have slope 0 for all examples, and the loss is high."""
    dead = [each for each in moment.hidden if each.dead is not None]
    worst = max(dead, key=lambda each: each.dead or 0.0, default=None)
    if worst is None or moment.learns or not (worst.dead or 0.0) > DYING:
        return None
    return Finding(worst.layer, {"dead": float(worst.dead or 0.0), "loss": moment.loss, "chance": moment.chance})


def vanishing(moment: Moment) -> Finding | None:
    """The first layer's gradients are a tiny share of the last layers' gradients, and the loss is high."""
    gradients = [each.gradient_rms for each in moment.layers]
    if len(gradients) < VANISHING_LAYERS or gradients[0] is None or moment.learns or dying(moment):
        return None
    largest = max(each or 0.0 for each in gradients[-2:])
    if not 0 <= gradients[0] < VANISHING * largest:
        return None
    numbers = {"first": gradients[0], "last": largest, "share": gradients[0] / largest}
    return Finding(1, {**numbers, "loss": moment.loss, "chance": moment.chance})


def stuck(moment: Moment) -> Finding | None:
    """All hidden activations and gradients are near 0, and the loss stays at chance."""
    gradients = [each.gradient_rms for each in moment.layers if each.gradient_rms is not None]
    activation = max((each.activation_rms for each in moment.hidden), default=1.0)
    if not gradients or moment.learns or dying(moment):
        return None
    if not activation < STUCK_ACTIVATION or not max(gradients) < STUCK_GRADIENT:
        return None
    if abs(moment.loss - moment.chance) > STUCK_LOSS * moment.chance:
        return None
    weights = [name for name in moment.experiment.parameters if name.startswith("W")]  # biases adapt to each mini-batch
    step = pace(moment.state, weights)
    if step is None or step * PACE_STEPS > PACE_FALL * moment.loss:
        return None
    numbers = {"activation_rms": activation, "gradient_rms": max(gradients)}
    return Finding(None, {**numbers, "loss": moment.loss, "chance": moment.chance})


def plateau(moment: Moment) -> Finding | None:
    """The loss hardly falls, and none of the other troubles is the reason."""
    step = pace(moment.state, moment.experiment.parameters)
    if step is None or moment.learns or any(trouble(moment) for trouble in (exploding, dying, vanishing, stuck)):
        return None
    fall = step * PACE_STEPS / moment.loss
    if not 0 <= fall < PACE_FALL or _fallen(moment.losses) > PACE_FALL:
        return None
    return Finding(None, {"fall": fall, "loss": moment.loss, "chance": moment.chance})


def _fallen(losses: Sequence[float]) -> float:
    """The share by which the median loss has fallen from the older half to the newer; 0 for too few losses."""
    if len(losses) < FEWEST_LOSSES:
        return 0.0
    older, newer = np.median(losses[: len(losses) // 2]), np.median(losses[len(losses) // 2 :])
    return float((older - newer) / older) if older > 0 else 0.0


def overfitting(moment: Moment) -> Finding | None:
    """Training examples are known by heart, and held-out examples are much worse."""
    loss, accuracy = moment.held_out["loss"], moment.training["accuracy"]
    if loss is None or moment.held_out["of"] < OVERFITTING_EXAMPLES or not moment.chance > 0:
        return None
    if not (moment.learns if accuracy is None else accuracy >= OVERFITTING_ACCURACY):
        return None
    gap = loss - moment.loss
    if not (gap > OVERFITTING_GAP * moment.chance and loss > OVERFITTING_RATIO * moment.loss):
        return None
    known = {} if accuracy is None else {"accuracy": accuracy, "held_out_accuracy": moment.held_out["accuracy"]}
    return Finding(None, {"loss": moment.loss, "held_out_loss": loss, "gap": gap, "chance": moment.chance, **known})


TROUBLES: dict[str, tuple[Callable[[Moment], Finding | None], tuple[str, ...]]] = {
    "exploding": (exploding, ("clip_norm", "he", "xavier", "smaller_rate")),
    "dying": (dying, ("leaky_relu",)),
    "vanishing": (vanishing, ("relu", "batch_norm", "residual")),
    "stuck": (stuck, ("he", "xavier")),
    "plateau": (plateau, ("momentum", "adam")),
    "overfitting": (overfitting, ("l2", "l1", "dropout", "noise")),
}


def troubles(moment: Moment) -> list[dict[str, Any]]:
    """The troubles of a moment: each with its ``name``, ``layer``, ``numbers`` and ``remedies``, those that fit.

    There are none while the network is trained on drawings alone, since the losses are not those of the drawings.
    """
    if moment.experiment.drawings and moment.experiment.drawings.alone:
        return []
    plain = in_force(moment.experiment, moment.state)
    found = []
    for name, (find, remedies) in TROUBLES.items():
        with np.errstate(all="ignore"):
            finding = find(moment)
        if finding:
            fit = [remedy(each, plain) for each in remedies if fitting(each, plain)]
            found.append({"name": name, "layer": finding.layer, "numbers": finding.numbers, "remedies": fit})
            if name == "exploding":
                break  # it distorts all other numbers
    return found


def in_force(experiment: Experiment, state: Arrays) -> dict[str, Any]:
    """The plain form of the experiment, with the learning rate of the state, which a person may have changed."""
    plain = experiment.to_dict()
    rate = float(str(state["base_rate" if "base_rate" in state else "learning_rate"][()]))  # 0.1, not 0.10000000149
    return {**plain, "optimizer": {**plain["optimizer"], "learning_rate": rate}}
