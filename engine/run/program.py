"""The program of an experiment: the micro-steps of one training step."""

from itertools import groupby, pairwise
from typing import Any

from engine.base.tensors import COMPANIONS, split
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.methods import equations as eq
from engine.methods import normalization as norm
from engine.methods import regularization as reg
from engine.methods import schedules
from engine.methods.activations import ACTIVATIONS
from engine.methods.equation import Equation
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS, clear_tiny, count_update
from engine.run.micro_step import MicroStep

__all__ = ["PHASES", "MicroStep", "carried", "grains", "prediction", "program"]

PHASES = FORWARD, LOSS, BACKWARD, UPDATE = ("forward", "loss", "backward", "update")
EPSILON, RUNNING_WEIGHT = 1e-5, 0.1  # batch norm: added to variances; the weight of a new batch in running averages
Steps = list[MicroStep]


def program(experiment: Experiment) -> tuple[MicroStep, ...]:
    """The micro-steps of one training step, in order: forward, loss, backward, update.

    No tensor is written twice but for an optimizer's state, in which tiny numbers are cleared at the end. The backward
    pass uses the weights that the forward pass used.
    """
    steps = _mini_batch(experiment)
    for l, layer in enumerate(experiment.layers, 1):
        steps += _forward(l, layer, training=True, mask=_mask(experiment, l))
    return (*steps, *_loss(experiment), *_backward(experiment), *_update(experiment))


def prediction(experiment: Experiment, of_examples: bool = False) -> tuple[MicroStep, ...]:
    """The micro-steps of a prediction and of its loss.

    A prediction has no dropout and no noise, and its batch normalization uses the running statistics, or with
    ``of_examples`` the mean and the variance of the examples themselves, as in training.
    """
    steps: Steps = []
    for l, layer in enumerate(experiment.layers, 1):
        steps += _forward(l, layer, training=False, of_examples=of_examples)
    return (*steps, _data_loss(experiment))


def _step(phase: str, l: int, equation: Equation, reads: str, writes: str, **settings: Any) -> MicroStep:
    """A micro-step from the names of its tensors, with those of the settings that its equation has."""
    taken = tuple((name, settings[name]) for name in equation.settings)
    return MicroStep(phase, l, equation, tuple(reads.split()), tuple(writes.split()), taken)


def _mini_batch(experiment: Experiment) -> Steps:
    """The mini-batch, and its augmentation; the network's input is always a0."""
    augmentations = experiment.training.augmentations
    draw = eq.mini_batch_recorded if experiment.recorded else eq.mini_batch
    if experiment.drawings:
        draw = eq.mini_batch_with_drawings
    if experiment.next_mini_batch:
        draw = eq.mini_batch_chosen
    names = ["x", *(each.writes for each in augmentations)]
    names[-1] = "a0"
    steps, settings = [_step("forward", 0, draw, "", f"{names[0]} y")], dict(experiment.training.augment)
    for each, (before, after) in zip(augmentations, pairwise(names), strict=True):
        steps.append(_step("forward", 0, each.equation, before, after, **settings))
    return steps


def _mask(experiment: Experiment, l: int) -> Equation:
    """The equation of a layer's dropout mask: the recorded mask, where the recording has one of the same share."""
    recorded = experiment.recorded
    is_recorded = recorded and recorded.dropout.get(l) == experiment.layers[l - 1].dropout
    return reg.dropout_mask_recorded if is_recorded else reg.dropout_mask


# The forward pass of a layer: affine, batch normalization, activation, dropout, residual connection. The activation's
# input is z, or ztilde after batch normalization. The layer's output is always a; the activation writes f where dropout
# or a residual connection follows.


def _activation_input(l: int, layer: Layer) -> str:
    return f"ztilde{l}" if layer.batch_norm else f"z{l}"


def _activation_output(l: int, layer: Layer, training: bool = True) -> str:
    return f"f{l}" if layer.residual or (layer.dropout and training) else f"a{l}"


def _forward(
    l: int, layer: Layer, training: bool, of_examples: bool = True, mask: Equation = reg.dropout_mask
) -> Steps:
    steps = [_step("forward", l, eq.affine, f"a{l - 1} W{l} b{l}", f"z{l}")]
    if layer.batch_norm:
        steps += _normalize(l, training, of_examples)
    out = _activation_output(l, layer, training)
    activation = ACTIVATIONS[layer.activation].value
    steps.append(_step("forward", l, activation, _activation_input(l, layer), out))
    if layer.dropout and training:
        before, out = out, f"kept{l}" if layer.residual else f"a{l}"
        settings = {"share": layer.dropout, "layer": l, "units": layer.units}
        steps.append(_step("forward", l, mask, "", f"mask{l}", **settings))
        steps.append(_step("forward", l, reg.drop_out, f"{before} mask{l}", out))
    if layer.residual:
        steps.append(_step("forward", l, norm.add_skip, f"{out} a{l - 1}", f"a{l}"))
    return steps


def _normalize(l: int, training: bool, of_examples: bool) -> Steps:
    mean, var = (f"mean{l}", f"var{l}") if of_examples else (f"running_mean{l}", f"running_var{l}")
    return [
        *(_statistics(l) if of_examples else ()),
        *(_running(l) if training else ()),
        _step("forward", l, norm.normalize, f"z{l} {mean} {var}", f"zhat{l}", epsilon=EPSILON),
        _step("forward", l, norm.scale_and_shift, f"gamma{l} zhat{l} beta{l}", f"ztilde{l}"),
    ]


def _statistics(l: int) -> Steps:
    """The mean and variance of the mini-batch."""
    return [
        _step("forward", l, norm.batch_mean, f"z{l}", f"mean{l}"),
        _step("forward", l, norm.batch_variance, f"z{l} mean{l}", f"var{l}"),
    ]


def _running(l: int) -> Steps:
    """Their running averages for predictions."""
    return [
        _step(
            "forward", l, norm.running_average, f"running_{name} {name} z{l}", f"running_{name}", weight=RUNNING_WEIGHT
        )
        for name in (f"mean{l}", f"var{l}")
    ]


def _output(equation: Equation, depth: int) -> str:
    """The names of the tensors that an equation of the output layer and the targets reads."""
    return " ".join(name if name == "y" else f"{name}{depth}" for name, _ in equation.reads)


def _data_loss(experiment: Experiment) -> MicroStep:
    value, depth = LOSSES[experiment.loss].value, len(experiment.layers)
    return _step("loss", depth, value, _output(value, depth), "loss")


def _loss(experiment: Experiment) -> Steps:
    steps, training, depth = [_data_loss(experiment)], experiment.training, len(experiment.layers)
    if not training.penalized:
        return steps
    strengths = {"l1": training.l1, "l2": training.l2}
    for l in range(1, depth + 1):
        steps.append(_step("loss", l, reg.weight_penalty, f"W{l}", f"penalty{l}", **strengths))
    penalties = " ".join(f"penalty{l}" for l in range(1, depth + 1))
    return [*steps, _step("loss", 0, reg.total_penalty, penalties, "penalty")]


def _backward(experiment: Experiment) -> Steps:
    """The backward pass, layer by layer: the error of a, then that of z, then the gradients of W and b."""
    loss, training, layers, steps = LOSSES[experiment.loss], experiment.training, experiment.layers, Steps()
    depth = len(layers)
    for l in range(depth, 0, -1):
        layer = layers[l - 1]
        if l == depth and loss.delta:
            steps.append(_step("backward", l, loss.delta, _output(loss.delta, l), f"delta{l}"))
        elif l == depth:
            assert loss.gradient
            steps.append(_step("backward", l, loss.gradient, _output(loss.gradient, l), f"da{l}"))
            steps += _through_activation(l, layer)
        else:
            steps += [_arrive(l, layers[l]), *_through_activation(l, layer)]
        steps.append(_step("backward", l, eq.weight_gradient, f"delta{l} a{l - 1}", f"dW{l}"))
        steps.append(_step("backward", l, eq.bias_gradient, f"delta{l}", f"db{l}"))
        if training.penalized:
            strengths = {"l1": training.l1, "l2": training.l2}
            steps.append(_step("backward", l, reg.regularized_gradient, f"dW{l} W{l}", f"gW{l}", **strengths))
    return steps


def _arrive(l: int, above: Layer) -> MicroStep:
    """The error of layer l's activations, from the layer above: through its weights and its residual connection."""
    if above.residual:
        return _step("backward", l, norm.pass_back_with_skip, f"delta{l + 1} W{l + 1} da{l + 1}", f"da{l}")
    return _step("backward", l, eq.pass_back, f"delta{l + 1} W{l + 1}", f"da{l}")


def _through_activation(l: int, layer: Layer) -> Steps:
    activation, steps, arriving = ACTIVATIONS[layer.activation], Steps(), f"da{l}"
    if activation.slope is None:
        assert activation.backward
        return [_step("backward", l, activation.backward, f"a{l} da{l}", f"delta{l}")]
    if layer.dropout:
        steps.append(_step("backward", l, reg.drop_out_back, f"da{l} mask{l}", f"df{l}"))
        arriving = f"df{l}"
    source = activation.slope_source(_activation_input(l, layer), _activation_output(l, layer))
    steps.append(_step("backward", l, activation.slope, source, f"slope{l}"))
    if not layer.batch_norm:
        return [*steps, _step("backward", l, eq.chain, f"{arriving} slope{l}", f"delta{l}")]
    return [
        *steps,
        _step("backward", l, eq.chain, f"{arriving} slope{l}", f"dztilde{l}"),
        _step("backward", l, norm.scale_gradient, f"dztilde{l} zhat{l}", f"dgamma{l}"),
        _step("backward", l, eq.bias_gradient, f"dztilde{l}", f"dbeta{l}"),
        _step(
            "backward", l, norm.normalize_back,
            f"dztilde{l} zhat{l} gamma{l} var{l} dgamma{l} dbeta{l}", f"delta{l}", epsilon=EPSILON,
        ),
    ]  # fmt: skip


def _update(experiment: Experiment) -> Steps:
    training, gradients = experiment.training, experiment.gradients
    optimizer, settings = OPTIMIZERS[training.optimizer], dict(training.optimizer_settings)
    steps = _learning_rate(experiment)
    if training.clip_norm is not None:
        steps.append(_step("update", 0, reg.gradient_norm, " ".join(gradients.values()), "norm"))
    if optimizer.counts:
        steps.append(_step("update", 0, count_update, "updates", "updates"))
    for name, gradient in gradients.items():
        l, bound = split(name)[1] or 0, {letter: letter + name for letter in COMPANIONS} | {"w": name, "g": gradient}
        if training.clip_norm is not None:
            bound["g"] = f"c{name}"
            steps.append(_step("update", l, reg.clip, f"{gradient} norm", f"c{name}", limit=training.clip_norm))
        if decay := training.coupled_weight_decay:
            reads, bound["g"] = f"{bound['g']} {name}", f"gtilde{name}"
            steps.append(_step("update", l, reg.decayed_gradient, reads, bound["g"], coupled_weight_decay=decay))
        for equation in optimizer.equations:
            reads, writes = (
                " ".join(bound.get(argument, argument) for argument, _ in side)
                for side in (equation.reads, equation.writes)
            )
            steps.append(_step("update", l, equation, reads, writes, **settings))
        for letter in optimizer.fading:
            steps.append(_step("update", l, clear_tiny, f"{letter}{name} updates", f"{letter}{name}"))
    return steps


def _learning_rate(experiment: Experiment) -> Steps:
    """The micro-steps that compute the learning rate, where there is a schedule."""
    name, settings = experiment.training.schedule, dict(experiment.training.schedule_settings)
    if name is None:
        return []
    steps, decay, warm = Steps(), schedules.SCHEDULES[name].decay, settings["warm_up"]
    if decay:
        writes = "decayed_rate" if warm else "learning_rate"
        steps.append(_step("update", 0, decay, "base_rate rate_step", writes, **settings))
    if warm:
        rate = "decayed_rate" if decay else "base_rate"
        steps.append(_step("update", 0, schedules.warm_up, f"{rate} rate_step", "learning_rate", **settings))
    return [*steps, _step("update", 0, schedules.count_rate_step, "rate_step", "rate_step")]


def carried(steps: tuple[MicroStep, ...]) -> tuple[str, ...]:
    """The tensors that pass from one training step to the next: those that are read before they are written."""
    found: list[str] = []
    written: set[str] = set()
    for step in steps:
        found += [name for name in step.reads if name not in written and name not in found]
        written.update(step.writes)
    return tuple(found)


def grains(steps: tuple[MicroStep, ...]) -> dict[str, list[int]]:
    """For the grains "equation" and "layer", the numbers of micro-steps after which their units end, ascending."""
    ends = []
    for _, group in groupby(enumerate(steps, 1), key=lambda item: (item[1].phase, item[1].layer)):
        ends.append(max(k for k, _ in group))
    return {"equation": list(range(1, len(steps) + 1)), "layer": ends}
