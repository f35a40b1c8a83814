"""The layers of a PyTorch model, from a trace of its forward: what is done to the inputs, one thing after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

from backscope.known import NotUnderstood, known, settled

# Activations by their classes, each with the settings that it must have; of several values any one.
ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "ELU": ("elu", {"alpha": 1.0}),
    "GELU": ("gelu", {"approximate": "tanh"}),
    "Hardswish": ("hardswish", {}),
    "Identity": ("identity", {}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}),
    "LogSoftmax": ("log_softmax", {"dim": (1, -1)}),
    "Mish": ("mish", {}),
    "ReLU": ("relu", {}),
    "SiLU": ("silu", {}),
    "Sigmoid": ("sigmoid", {}),
    "Softmax": ("softmax", {"dim": (1, -1)}),
    "Softplus": ("softplus", {"beta": 1.0}),
    "Tanh": ("tanh", {}),
}
NORM = {"affine": True, "track_running_stats": True}
MODULES = {**ACTIVATIONS, "BatchNorm1d": ("", {}), "Dropout": ("", {}), "Flatten": ("", {}), "Linear": ("", {})}
# Functions and methods by their names: the class of module that each is the same as.
FUNCTIONS = {
    **{
        name: kind
        for kind in ACTIVATIONS
        for name in (kind.lower(), f"{kind.lower()}_")
    },
    "leaky_relu": "LeakyReLU",
    "log_softmax": "LogSoftmax",
    "add": "add", "add_": "add", "iadd": "add",
    "flatten": "Flatten", "reshape": "Flatten", "view": "Flatten",
    "squeeze": "squeeze",
}  # fmt: skip
DEFAULTS = {"alpha": 1.0, "approximate": "none", "beta": 1.0, "negative_slope": 0.01}
ASKED = {"size", "getattr", "getitem"}  # what asks for the shape of an array
Point = tuple[int, int]


@dataclass
class Network:
    """What a trace shows.

    Attributes:
        linears: the linear modules, from the inputs to the outputs.
        activations: the name of the activation of each.
        operations: what follows each linear module, in order, that of the inputs first.
        norms: the batch norm modules by their layers.
        dropouts: the dropout modules by their layers.
    """

    linears: list[Any] = field(default_factory=list)
    activations: list[str] = field(default_factory=list)
    operations: list[list[Any]] = field(default_factory=lambda: [[]])
    norms: dict[int, Any] = field(default_factory=dict)
    dropouts: dict[int, Any] = field(default_factory=dict)

    @property
    def end(self) -> Point:
        """The point that has been reached: a layer, and the number of operations in it."""
        return len(self.linears), len(self.operations[-1])

    @property
    def plain(self) -> bool:
        """Whether nothing but activations stands between the linear modules."""
        return self.operations == [[], *([["activation"]] * len(self.linears))]


def traced(model: Any) -> Network:
    """The layers of a model.

    Raises:
        NotUnderstood: its forward cannot be traced, or something in it is not understood.
    """
    fx = import_module("torch.fx")
    whole = import_module("torch.nn").Sequential(model)  # so that the model itself may be a single module
    tracer = fx.Tracer()
    try:
        graph = tracer.trace(whole)
    except Exception as error:
        raise NotUnderstood(f"the forward of {type(model).__name__} cannot be traced: {error}") from error
    reader = Reader(dict(whole.named_modules()))
    for node in graph.nodes:
        reader.read(node)
    return reader.network


class Reader:
    """Reads the nodes of a trace in their order."""

    def __init__(self, modules: dict[str, Any]) -> None:
        self.network, self._modules = Network(), modules
        self._points: dict[Any, Point] = {}
        self._shapes: set[Any] = set()
        self._used: set[int] = set()

    def read(self, node: Any) -> None:
        """Read one node: note what it is the same as, or add what it does to the network."""
        if node.op == "placeholder":
            self._points[node] = (0, 0)
        elif node.op == "output":
            self._ends(node)
        elif node.op == "call_module":
            self._does(node, self._module(node))
        elif node.op == "get_attr":
            raise NotUnderstood(f"the parameter {_inner(node.target)} is not part of a module that is understood")
        else:
            self._calls(node)

    def _module(self, node: Any) -> Any:
        found = self._modules[node.target]
        if id(found) in self._used:
            raise NotUnderstood(f"the module {type(found).__name__} {_inner(node.target)} is used more than once")
        self._used.add(id(found))
        return found

    def _name(self, node: Any) -> str:
        return str(node.target if isinstance(node.target, str) else node.target.__name__)

    def _calls(self, node: Any) -> None:
        """Read the call of a function or a method."""
        name = self._name(node)
        if name in ASKED and (name != "getitem" or node.args[0] in self._shapes):
            self._shapes.add(node)
        elif FUNCTIONS.get(name) == "add":
            self._adds(node)
        elif name in FUNCTIONS:
            self._does(node, Call(node, name))
        else:
            can = ", ".join(sorted(each for each in FUNCTIONS if not each.endswith("_")))
            raise NotUnderstood(f"the function {name} is not understood (a module may be, or one of: {can})")

    def _does(self, node: Any, thing: Any) -> None:
        """Add what a module, or a function like it, does to the values that have been reached."""
        kind = thing.kind if isinstance(thing, Call) else type(thing).__name__
        known(kind, "module", MODULES | {"squeeze": ("", {})})
        given = node.args[0] if node.args else node.kwargs.get("input")
        if self._points.get(given) != self.network.end:
            raise NotUnderstood(f"{kind} {_inner(str(node.target))} is not given what comes right before it")
        setting = thing.setting if isinstance(thing, Call) else partial(getattr, thing)
        if getattr(thing, "inplace", False) and len(given.users) > 1:
            raise NotUnderstood(f"{kind} writes in place what is used elsewhere too")
        adds: Callable[[str, Any, Callable[[str], Any]], None] = getattr(self, f"_{kind.lower()}", self._activation)
        adds(kind, thing, setting)
        self._points[node] = self.network.end

    def _linear(self, kind: str, module: Any, setting: Callable[[str], Any]) -> None:
        if module.bias is None:
            raise NotUnderstood("a Linear without biases is not understood")
        self._close()
        self.network.linears.append(module)
        self.network.activations.append("identity")
        self.network.operations.append([])

    def _batchnorm1d(self, kind: str, module: Any, setting: Callable[[str], Any]) -> None:
        settled(kind, NORM, setting)
        if module.momentum is None:
            raise NotUnderstood(f"{kind} with momentum None is not understood (a number is)")
        self._once(kind, self.network.norms, module)
        self._append({"batch_norm": {"epsilon": module.eps, "weight": float(module.momentum), "unbiased": True}})

    def _dropout(self, kind: str, module: Any, setting: Callable[[str], Any]) -> None:
        self._once(kind, self.network.dropouts, module)
        self._append({"dropout": float(module.p)})

    def _flatten(self, kind: str, thing: Any, setting: Callable[[str], Any]) -> None:
        """Examples stay rows, which is what a layer is given."""
        if isinstance(thing, Call):
            shape = thing.given[1:]
            fits = len(shape) == 2 if thing.name != "flatten" else shape in ((1,), (1, -1))
        else:
            fits = (thing.start_dim, thing.end_dim) == (1, -1)
        if not fits:
            raise NotUnderstood(f"{kind.lower()} into another form than (examples, units) is not understood")

    def _squeeze(self, kind: str, thing: Any, setting: Callable[[str], Any]) -> None:
        """Outputs of one unit as a row of numbers."""
        if not self.network.linears or self.network.linears[-1].out_features != 1:
            raise NotUnderstood("squeeze is understood of a single output alone")

    def _identity(self, kind: str, module: Any, setting: Callable[[str], Any]) -> None:
        """Nothing is done."""

    def _activation(self, kind: str, thing: Any, setting: Callable[[str], Any]) -> None:
        name, needed = ACTIVATIONS[kind]
        if not self.network.linears or "activation" in self.network.operations[-1]:
            raise NotUnderstood(f"{kind} does not follow a Linear")
        settled(kind, needed, setting)
        self.network.activations[-1] = name
        self._append("activation")

    def _adds(self, node: Any) -> None:
        """Add the values of an earlier point."""
        points = [self._points.get(each) for each in node.args[:2]]
        if self.network.end not in points or None in points or len(points) != 2 or node.kwargs:
            raise NotUnderstood("an addition of anything but an earlier activation is not understood")
        if self._name(node) in ("add_", "iadd") and len(node.args[0].users) > 1:
            raise NotUnderstood("an addition in place to what is used elsewhere too is not understood")
        points.remove(self.network.end)
        self._append({"residual": [*(points[0] or ())]})
        self._points[node] = self.network.end

    def _once(self, kind: str, layers: dict[int, Any], module: Any) -> None:
        l = len(self.network.linears)
        if l in layers:
            raise NotUnderstood(f"a second {kind} after {f'Linear {l}' if l else 'the inputs'} is not understood")
        layers[l] = module

    def _append(self, operation: Any) -> None:
        self.network.operations[-1].append(operation)

    def _close(self) -> None:
        """End a layer: where it has no activation, its activation is the identity."""
        if self.network.linears and "activation" not in self.network.operations[-1]:
            self._append("activation")

    def _ends(self, node: Any) -> None:
        if not self.network.linears:
            raise NotUnderstood("the model has no Linear that is understood")
        if self._points.get(node.args[0]) != self.network.end:
            raise NotUnderstood("the model does not return the values that it computes last")
        self._close()
        if self.network.operations[-1][-1] != "activation":
            raise NotUnderstood("the output's activation has to be the last that is done to it")


class Call:
    """A call of a function or a method, as if it were a module."""

    def __init__(self, node: Any, name: str) -> None:
        self.name, self.kind, self.given, self._node = name, FUNCTIONS[name], node.args, node
        self.inplace = name.endswith("_") or node.kwargs.get("inplace", False)

    def setting(self, name: str) -> Any:
        """The value of a setting: as it is given, or the default."""
        if name in self._node.kwargs:
            return self._node.kwargs[name]
        return self.given[1] if len(self.given) > 1 else DEFAULTS.get(name)


def _inner(target: str) -> str:
    """The name of a module in the model."""
    return target.removeprefix("0.")
