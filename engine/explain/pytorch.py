"""The network of an experiment in PyTorch: the forward pass alone, since its backward pass follows by itself.

PyTorch's autograd is automatic differentiation in its reverse mode. It records the operations of the forward pass, and
then applies the chain rule to each of them from the last to the first, as the program of a training step does here.
"""

from itertools import chain
from typing import Any

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.explain.passes import Passes
from engine.methods.activations import ACTIVATIONS
from engine.methods.losses import LOSSES
from engine.run.program import BACKWARD, EPSILON


def pytorch(experiment: Experiment, file: str) -> str:
    """The lines of a program in PyTorch that compares its gradients with those of a moment.

    Args:
        experiment: the structure in force.
        file: the name of a safetensors file with all tensors of a moment at which the gradients have been computed.
    """
    names = experiment.parameters
    layers, loss = experiment.layers, LOSSES[experiment.loss]
    output = "z" if "z" in dict(loss.value.reads) else "a"
    hidden = chain.from_iterable(_layer(l, layer) for l, layer in enumerate(layers[:-1], 1))
    total = loss.pytorch.format(**{output: f"{output}{len(layers)}", "y": 't["y"]'})
    return "\n".join(
        [
            "import torch",
            "from safetensors.torch import load_file",
            "from torch.nn import functional",
            "",
            f't = load_file("{file}")',
            f"names = {' '.join(names)!r}.split()".replace("'", '"'),
            f"{', '.join(names)} = parameters = [t[name].clone().requires_grad_() for name in names]",
            *hidden,
            *_output(len(layers), layers[-1], output),
            f'loss = {total} / len(t["y"])',
            "loss.backward()",
            "for name, parameter in zip(names, parameters):",
            '    print(name, (parameter.grad - t["d" + name]).abs().max().item())',
        ]
    )


def _affine(l: int) -> str:
    below = 't["a0"]' if l == 1 else f"a{l - 1}"
    return f"{below} @ W{l}.T + b{l}"


def _layer(l: int, layer: Layer) -> list[str]:
    """The lines of a hidden layer."""
    z, lines = _affine(l), list[str]()
    if layer.batch_norm:
        lines.append(f"z{l} = {z}")
        z = f"functional.batch_norm(z{l}, None, None, gamma{l}, beta{l}, training=True, eps={EPSILON})"
    a = ACTIVATIONS[layer.activation].pytorch.format(z=z)
    if layer.dropout:
        a = f'{a} * t["mask{l}"]'
    if layer.residual:
        below = 't["a0"]' if l == 1 else f"a{l - 1}"
        a = f"{a} + {below}"
    return [*lines, f"a{l} = {a}"]


def _output(l: int, layer: Layer, read: str) -> list[str]:
    """The line of the output layer, whose loss reads the pre-activation or the activation."""
    z = _affine(l)
    return [f"{read}{l} = {z if read == 'z' else ACTIVATIONS[layer.activation].pytorch.format(z=z)}"]


def compared(found: Passes, file: str) -> dict[str, Any]:
    """The program in PyTorch for the passes of a moment, and the gradients that it is to find.

    Args:
        found: the passes.
        file: the name of the file of tensors, with {t} for its moment.

    Returns:
        ``t``, the moment at which the backward pass is done and nothing updated yet; ``file``; ``code``; and
        ``gradients``, for each parameter ``tensor``, the name of its gradient, and where that has been computed its
        ``shape`` and its Euclidean ``norm``; else None.
    """
    done = max(k for k, step in enumerate(found.program, 1) if step.phase == BACKWARD)
    t = found.begin + done
    name = file.format(t=t)
    gradients = [(f"d{each}", found.value(f"d{each}")) for each in found.experiment.parameters]
    return {
        "t": t,
        "file": name,
        "code": pytorch(found.experiment, name),
        "gradients": [
            {
                "tensor": gradient,
                "shape": None if array is None else list(array.shape),
                "norm": None if array is None else float((array.astype(float) ** 2).sum() ** 0.5),
            }
            for gradient, array in gradients
        ],
    }
