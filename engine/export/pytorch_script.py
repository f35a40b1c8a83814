"""An experiment as a PyTorch module and its training loop, which print the losses of the run.

Examples, starting weights and dropout masks come from the same NumPy lines as in the NumPy script, since PyTorch's own
random numbers are others.
"""

from collections.abc import Iterable
from textwrap import indent

import numpy as np

from engine.base.refusal import Refusal
from engine.base.tensors import split
from engine.experiment.changes import Change
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.export.beginning import add_drawings, initial_lines, initializer_of
from engine.export.loop import TAB, TARGETS, Lines, assignment, rows, step_lines
from engine.export.numpy_script import Writes, begun, changes_of, finished, parts_of
from engine.export.script import Script
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES
from engine.methods.optimizers import OPTIMIZERS, Optimizer
from engine.run.program import EPSILON, FORWARD, RUNNING_WEIGHT
from engine.run.segments import RATES, Segment

PLACES = {
    "W": "layer{l}.weight", "b": "layer{l}.bias", "gamma": "norm{l}.weight", "beta": "norm{l}.bias",
    "running_mean": "norm{l}.running_mean", "running_var": "norm{l}.running_var",
}  # fmt: skip
RATE_STEPS = RATES | {"decayed_rate", "rate_step"}
DROPOUT = '''\
class {name}(nn.Module):
    """Dropout with the masks of this run, in place of PyTorch's own random numbers."""

    def __init__(self, share, layer):
        super().__init__()
        self.share, self.layer = share, layer

    def forward(self, f):
        if not self.training:
            return f
        mask = ({kept}) / (1 - self.share)
        return f * torch.from_numpy(mask.astype(dtype))


'''
# The module of each equation that gives masks, and the expression of the units that it keeps.
MASKS = {
    "dropout_mask": ("Dropout", 'random("mask", self.layer).random(tuple(f.shape)) >= self.share'),
    "dropout_mask_recorded": ("RecordedDropout", "KEPT[self.layer][ENDS[number] : ENDS[number + 1]]"),
}
RULE = '''\
class Rule(torch.optim.Optimizer):
    """An optimizer that PyTorch does not have, by its own equations."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, {{"lr": lr}})

    @torch.no_grad()
    def step(self):
        {settings}
        for w in self.param_groups[0]["params"]:
            learning_rate, g, state = self.param_groups[0]["lr"], w.grad, self.state[w]
            {kept}
{lines}
            {keep}


optimizer = Rule(network.parameters(), learning_rate)'''


def pytorch_script(experiment: Experiment, steps: int) -> Script:
    """The first ``steps`` training steps of a run as a PyTorch module and a training loop.

    Raises:
        Refusal: a part of the experiment has no form in PyTorch or in a script.
    """
    part, *later = parts_of(experiment, steps)
    changes = changes_of(experiment, [part], steps)
    _check(experiment, part, later, changes, steps)
    script = begun(experiment, [part], steps)
    script.add("PyTorch", "import torch\nfrom torch import nn\nfrom torch.nn import functional")
    names = [name for name in part.carried if split(name)[0] in PLACES or name in RATE_STEPS]
    script.add(
        "The tensors that training starts from",
        *add_drawings(script, part, "part0"),
        f"{initializer_of(part)}\n\n",
        *initial_lines(script, part, names),
        *(assignment(each, part) for each in changes.get((0, 0), ())),
    )
    script.add("The network", _network(part))
    script.add("Its parameters", *_filled(part, (name for name in names if split(name)[0] in PLACES)))
    script.add("The optimizer", *_optimizer(part.experiment))
    script.add("The training", _loop(part, changes))
    return finished(script, experiment, steps, "PyTorch")


def _check(experiment: Experiment, part: Segment, later: list[Segment], changes: Writes, steps: int) -> None:
    """Refuse what the same module cannot do in PyTorch."""
    if later:
        expected = "one module does not change its structure; export fewer training steps, or NumPy"
        raise Refusal("unfit", "changes", "training step", later[0].training_step, expected, "pytorch_structure")
    if inside := next((step for step, done in changes if done), None):
        expected = "a change within a training step; export fewer training steps, or NumPy"
        raise Refusal("unfit", "changes", "training step", inside, expected, "pytorch_inside")
    start, optimizer = experiment.start, OPTIMIZERS[experiment.training.optimizer]
    if start and any(name[0] in optimizer.states for name in start.tensors_for(experiment.training.optimizer)):
        expected = "its optimizer's state goes into no PyTorch optimizer; export NumPy"
        raise Refusal("unfit", "start", "checkpoint", start.name, expected, "pytorch_state")
    looked_at = range(min(steps, experiment.steps_per_epoch))
    alone = next((k for k in looked_at if part.experiment.examples_in(k) == 1), None)
    if alone is not None and any(layer.batch_norm for layer in part.experiment.layers):
        expected = "PyTorch's batch norm takes no mini-batch of one example"
        raise Refusal(
            "unfit", "mini_batch_size", "mini-batch size", experiment.mini_batch_size, expected, "pytorch_alone"
        )


def _network(part: Segment) -> str:
    """The module, and that of dropout where there is any."""
    experiment = part.experiment
    layers, sizes = experiment.layers, experiment.sizes
    dropouts = {step.layer: MASKS[step.equation.name] for step in part.program if step.equation.name in MASKS}
    made, passed = Lines(), Lines()
    for l, layer in enumerate(layers, 1):
        made.append(f"self.layer{l} = nn.Linear({sizes[l - 1]}, {layer.units})")
        if layer.batch_norm:
            made.append(f"self.norm{l} = nn.BatchNorm1d({layer.units}, eps={EPSILON}, momentum={RUNNING_WEIGHT})")
        if layer.dropout:
            made.append(f"self.dropout{l} = {dropouts[l][0]}({layer.dropout}, {l})")
        passed += _passed(l, layer, experiment.loss if l == len(layers) else None)
    body = ["def __init__(self):", *_in(["super().__init__()", *made]), "", "def forward(self, a0):", *_in(passed)]
    dropout = "".join(DROPOUT.format(name=name, kept=kept) for name, kept in dict.fromkeys(dropouts.values()))
    module = "\n".join(["class Network(nn.Module):", *_in(body)])
    return f"{dropout}{module}\n\n\nnetwork = Network().to(torch.{experiment.dtype})"


def _in(lines: Iterable[str]) -> Lines:
    return [line and TAB + line for line in lines]


def _passed(l: int, layer: Layer, loss: str | None) -> Lines:
    """The forward pass of a layer; that of the output layer ends with what its loss reads."""
    z, lines = f"self.layer{l}(a{l - 1})", Lines()
    if loss and "z" in dict(LOSSES[loss].value.reads):
        return [f"return {z}  # the loss has the {layer.activation}"]
    if layer.batch_norm:
        z = f"self.norm{l}({z})"
    lines.append(f"z{l} = {z}")
    a = ACTIVATIONS[layer.activation].pytorch.format(z=f"z{l}")
    if layer.dropout:
        a = f"self.dropout{l}({a})"
    if layer.residual:
        a = f"{a} + a{l - 1}"
    return [*lines, f"return {a}" if loss else f"a{l} = {a}"]


def _place(name: str) -> str:
    """Where the module has a tensor, such as ``network.layer1.weight``."""
    kind, l = split(name)
    return f"network.{PLACES[kind].format(l=l)}"


def _filled(part: Segment, names: Iterable[str]) -> Lines:
    return ["with torch.no_grad():", *_in(f"{_place(name)}.copy_(torch.from_numpy({name}))" for name in names)]


def _optimizer(experiment: Experiment) -> Lines:
    training = experiment.training
    optimizer, settings = OPTIMIZERS[training.optimizer], dict(training.optimizer_settings)
    first = [] if training.schedule is None else ["learning_rate = base_rate"]
    if not optimizer.pytorch:
        return [*first, _rule(optimizer, settings)]
    made = optimizer.pytorch.format(**settings)
    if training.coupled_weight_decay and _has_coupled_decay(training.optimizer):
        made = f"{made.removesuffix(')')}, weight_decay={training.coupled_weight_decay})"
    return [*first, f"optimizer = {made}"]


def _has_coupled_decay(name: str) -> bool:
    """Whether the optimizer in PyTorch couples its ``weight_decay``; that of AdamW is decoupled."""
    optimizer = OPTIMIZERS[name]
    return bool(optimizer.pytorch) and "weight_decay" not in (each.name for each in optimizer.settings)


def _rule(optimizer: Optimizer, settings: dict[str, float]) -> str:
    """An optimizer as a class, whose step has the textbook lines of its equations."""
    lines = "\n".join(each.textbook.replace("np.", "torch.") for each in optimizer.equations)
    states = optimizer.states
    return RULE.format(
        settings="; ".join(f"{name} = {value}" for name, value in settings.items()),
        kept="; ".join(f'{name} = state.get("{name}", torch.zeros_like(w))' for name in states),
        lines=indent(lines, 3 * TAB),
        keep="; ".join(f'state["{name}"] = {name}' for name in states),
    )


def _loop(part: Segment, changes: Writes) -> str:
    experiment = part.experiment
    drawn = [step for step in part.program if step.phase == FORWARD and step.layer == 0]
    rate = [step for step in part.program if {*step.reads, *step.writes} <= RATE_STEPS]
    lines = [*_written(changes, part), *rows(part), ""]
    lines += [line for step in drawn for line in step_lines(step, experiment)]
    lines += [f"a0, {TARGETS} = torch.from_numpy(a0), torch.from_numpy({TARGETS})", ""]
    total = LOSSES[experiment.loss].pytorch.format(a="output", z="output", y=TARGETS)
    lines += ["output = network(a0)", f"loss = {total} / m", *_backward(experiment), ""]
    if rate or any(each.tensor == "learning_rate" for made in changes.values() for each in made):
        lines += [line for step in rate for line in step_lines(step, experiment)]
        lines.append('optimizer.param_groups[0]["lr"] = learning_rate')
    lines += ["optimizer.step()", "print(step, loss.item())"]
    return "for step in range(STEPS):\n" + indent("\n".join(lines), TAB)


def _backward(experiment: Experiment) -> Lines:
    """The lines of the backward pass, of loss and penalty, of clipping, and of coupled weight decay."""
    training, lines, cost = experiment.training, Lines(), "loss"
    if training.penalized:
        weights = ", ".join(f"network.layer{l}.weight" for l in range(1, len(experiment.layers) + 1))
        each = f"{training.l1} * W.abs().sum() + {training.l2 / 2} * (W**2).sum()"
        lines.append(f"penalty = sum({each} for W in [{weights}])")
        cost = "(loss + penalty)"
    lines += ["optimizer.zero_grad()", f"{cost}.backward()"]
    if training.clip_norm is not None:
        limit = training.clip_norm
        lines += [
            "gradients = [each.grad for each in network.parameters()]",
            "norm = torch.sqrt(sum((g**2).sum() for g in gradients)).item()",
            "for g in gradients:",
            f"{TAB}g *= {limit} / max({limit}, norm)",
        ]
    if (decay := training.coupled_weight_decay) and not _has_coupled_decay(training.optimizer):
        lines += ["for each in network.parameters():", f"{TAB}each.grad += {decay} * each.detach()"]
    return lines


def _written(changes: Writes, part: Segment) -> Lines:
    """The lines that write a person's changes of numbers, all at beginnings of training steps."""
    lines = Lines()
    for (step, done), made in changes.items():
        if step and not done:
            lines += [f"if step == {step}:", *_in(_assignment(each, part) for each in made)]
    return lines


def _assignment(change: Change, part: Segment) -> str:
    if change.tensor == "learning_rate":
        return assignment(change, part)
    where = "..." if change.index is None else ", ".join(map(str, change.index))
    values = np.array(change.value).tolist()
    value = f"torch.tensor({values})" if isinstance(values, list) else repr(values)
    return f"{_place(change.tensor)}.data[{where}] = {value}"
