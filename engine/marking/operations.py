"""What is done to a layer's values after its affine map, in order: its activation, and what stands beside it.

Each operation is a record with its forward and its backward pass. A point (l, i) is the array of layer l after i of its
operations; layer 0 is the input's.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from engine.base.refusal import Refusal, listed, number, yes_or_no
from engine.methods import normalization as norm

if TYPE_CHECKING:
    from engine.marking.textbook import Parts, Step

Point = tuple[int, int]


class Operation(ABC):
    """One operation.

    Attributes:
        name: what it is called where it is said of a run.
    """

    name: ClassVar[str]

    def parameters(self, l: int) -> tuple[str, ...]:
        """The names of the parameters that it has in layer l."""
        return ()

    def running(self, l: int) -> tuple[str, ...]:
        """The names of the statistics that it keeps in layer l from one step to the next."""
        return ()

    def masks(self, l: int) -> tuple[str, ...]:
        """The name of the mask that it is given in layer l."""
        return ()

    @abstractmethod
    def forward(self, s: "Step", l: int, v: np.ndarray, parts: "Parts") -> np.ndarray:
        """Its output, from its input v, both (examples, units)."""

    @abstractmethod
    def back(self, s: "Step", l: int, dv: np.ndarray, parts: "Parts") -> np.ndarray:
        """The error of its input v, from the error dv of its output. The gradients of its parameters are noted in s."""


class Activation(Operation):
    """The activation of the layer, from its pre-activations."""

    name = "activation"

    def forward(self, s: "Step", l: int, v: np.ndarray, parts: "Parts") -> np.ndarray:
        s.z[l] = v
        s.f[l] = parts.activation(s, l)
        return s.f[l]

    def back(self, s: "Step", l: int, dv: np.ndarray, parts: "Parts") -> np.ndarray:
        return dv * parts.slope(s, l)


@dataclass(frozen=True)
class BatchNorm(Operation):
    """Batch normalization, with a learned scale gamma and shift beta.

    Attributes:
        epsilon: what is added to the variance.
        weight: the weight of a new mini-batch in the running statistics.
        unbiased: whether the running variance is that over m - 1 examples, as in PyTorch, not over m.
    """

    name = "batch_norm"
    epsilon: float
    weight: float
    unbiased: bool

    def parameters(self, l: int) -> tuple[str, ...]:
        return (f"gamma{l}", f"beta{l}")

    def running(self, l: int) -> tuple[str, ...]:
        return (f"running_mean{l}", f"running_var{l}")

    def forward(self, s: "Step", l: int, v: np.ndarray, parts: "Parts") -> np.ndarray:
        before = [s.beside[name] for name in self.running(l)]
        if self.name in parts.evaluating:
            mean, var = after = before
        else:
            mean = norm.batch_mean(v)
            var = norm.batch_variance(v, mean)
            share = len(v) / max(len(v) - 1, 1) if self.unbiased else 1.0
            batch = (mean, var * share)
            after = [norm.running_average(*pair, v, weight=self.weight) for pair in zip(before, batch, strict=True)]
        s.running |= dict(zip(self.running(l), after, strict=True))
        s.beside |= {f"zhat{l}": norm.normalize(v, mean, var, epsilon=self.epsilon), f"var{l}": var}
        return norm.scale_and_shift(s.beside[f"gamma{l}"], s.beside[f"zhat{l}"], s.beside[f"beta{l}"])

    def back(self, s: "Step", l: int, dv: np.ndarray, parts: "Parts") -> np.ndarray:
        zhat, gamma, var = (s.beside[f"{name}{l}"] for name in ("zhat", "gamma", "var"))
        dgamma, dbeta = norm.scale_gradient(dv, zhat), dv.mean(axis=0)
        for name, g in zip(self.parameters(l), (dgamma, dbeta), strict=True):
            s.gradients[name] = parts.norm_gradient(s, name, g)
        if self.name in parts.evaluating:
            return dv * gamma / np.sqrt(var + self.epsilon)
        return norm.normalize_back(dv, zhat, gamma, var, dgamma, dbeta, epsilon=self.epsilon)


@dataclass(frozen=True)
class Dropout(Operation):
    """Dropout by the mask that the step was given: where it is 0 a unit is left out.

    Attributes:
        share: the share of units that is left out; the others are divided by 1 - share.
    """

    name = "dropout"
    share: float

    def masks(self, l: int) -> tuple[str, ...]:
        return (f"mask{l}",)

    def forward(self, s: "Step", l: int, v: np.ndarray, parts: "Parts") -> np.ndarray:
        return self.back(s, l, v, parts)

    def back(self, s: "Step", l: int, dv: np.ndarray, parts: "Parts") -> np.ndarray:
        if self.name in parts.evaluating:
            return dv
        return dv * ((s.beside[f"mask{l}"] != 0) / (1 - self.share))


@dataclass(frozen=True)
class Residual(Operation):
    """The values of an earlier point are added.

    Attributes:
        point: the earlier point.
    """

    name = "residual"
    point: Point

    def forward(self, s: "Step", l: int, v: np.ndarray, parts: "Parts") -> np.ndarray:
        return norm.add_skip(v, s.values[self.point])

    def back(self, s: "Step", l: int, dv: np.ndarray, parts: "Parts") -> np.ndarray:
        s.arriving[self.point] = s.arriving.get(self.point, 0) + dv
        return dv


Layer = tuple[Operation, ...]
ACTIVATION = Activation()


def forward(s: "Step", l: int, v: np.ndarray, parts: "Parts") -> np.ndarray:
    """The output of layer l from its pre-activations, or from the input in layer 0."""
    for i, operation in enumerate(s.assignment.operations[l]):
        s.values[l, i] = v
        v = operation.forward(s, l, v, parts)
    s.values[l, len(s.assignment.operations[l])] = v
    return v


def back(s: "Step", l: int, dv: np.ndarray, parts: "Parts", done: int | None = None) -> np.ndarray:
    """The error of layer l's pre-activations, from that of its output, or of its operations up to ``done``."""
    operations = s.assignment.operations[l][:done]
    dv = dv + s.arriving.get((l, len(operations)), 0)
    for i, operation in reversed([*enumerate(operations)]):
        dv = operation.back(s, l, dv, parts) + s.arriving.get((l, i), 0)
    return dv


def operations_of(field: str, plain: Any, depth: int) -> tuple[Layer, ...]:
    """Read the operations of all layers, the input's first; None is the activation alone in each.

    Raises:
        Refusal: something is malformed, or is out of place.
    """
    if plain is None:
        return ((), *([(ACTIVATION,)] * depth))
    layers = listed(field, plain)
    if len(layers) != depth + 1:
        raise Refusal("invalid", field, "operations", plain, f"{depth + 1} lists, that of the input first")
    found = tuple(_layer(f"{field}[{l}]", each) for l, each in enumerate(layers))
    for l, layer in enumerate(found):
        names = [each.name for each in layer if each.name != Residual.name]
        once = len({*names}) == len(names) and (ACTIVATION.name in names) == (l > 0)
        if not once or (l == depth and layer[-1] is not ACTIVATION):
            expected = "each at most once, an activation in each layer but the input's, last in the output layer"
            raise Refusal("unfit", f"{field}[{l}]", "operations", layers[l], expected)
        for i, each in enumerate(layer):
            if isinstance(each, Residual) and not _earlier(each.point, (l, i), found):
                raise Refusal("invalid", f"{field}[{l}][{i}]", "residual", [*each.point], "an earlier point [l, i]")
    return found


def _earlier(point: Point, here: Point, layers: tuple[Layer, ...]) -> bool:
    return (0, 0) <= point <= here and 0 <= point[1] <= len(layers[point[0]])


def _layer(field: str, plain: Any) -> Layer:
    return tuple(_operation(f"{field}[{i}]", each) for i, each in enumerate(listed(field, plain)))


def _operation(field: str, plain: Any) -> Operation:
    if plain == ACTIVATION.name:
        return ACTIVATION
    if isinstance(plain, dict) and len(plain) == 1:
        [(name, value)] = plain.items()
        if name in READERS:
            return READERS[name](f"{field}.{name}", value)
    raise Refusal("invalid", field, "operation", plain, f"{ACTIVATION.name}, or one of {', '.join(READERS)}")


def _batch_norm(field: str, plain: Any) -> Operation:
    settings = plain if isinstance(plain, dict) else {}
    return BatchNorm(
        epsilon=number(f"{field}.epsilon", "epsilon", settings.get("epsilon"), 0, 1),
        weight=number(f"{field}.weight", "weight", settings.get("weight"), 0, 1),
        unbiased=yes_or_no(f"{field}.unbiased", "unbiased variance", settings.get("unbiased")),
    )


def _dropout(field: str, plain: Any) -> Operation:
    return Dropout(share=number(field, "dropout", plain, 0, 0.9999))


def _residual(field: str, plain: Any) -> Operation:
    point = tuple(listed(field, plain))
    if len(point) != 2 or any(type(each) is not int for each in point):
        raise Refusal("invalid", field, "residual", plain, "a point [l, i]")
    return Residual(point=(point[0], point[1]))


READERS: dict[str, Callable[[str, Any], Operation]] = {
    "batch_norm": _batch_norm,
    "dropout": _dropout,
    "residual": _residual,
}
