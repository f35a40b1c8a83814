"""The questions behind the inspector's Why and Examples: the chain rule in the numbers of a moment."""

from typing import Annotated, Any

import numpy as np

from engine import Refusal
from engine.base.refusal import index_in, listed, one_of, whole
from engine.base.tensors import parameter_of, shape_of, split
from engine.explain import neuron as neurons
from engine.explain import per_example_gradients as gradients
from engine.explain.adaptive_step import adaptive_step
from engine.explain.chain_rule import ERRORS, chain_rule_terms
from engine.explain.error_back import error_by_loss, error_sizes
from engine.explain.passes import Passes
from engine.explain.reasons import reasons
from engine.run.source import Source
from server.protocol.kinds import EXAMPLE, INDEX, LAYER, TENSOR, UNIT, Given, Message
from server.protocol.listing import mathml
from server.questions.answer import Answer, Tensors, examples_of, passes_to

ROWS = 128  # the most terms of a sum that are sent
OPENED = 64  # the most errors that are opened at once
STRONGEST = 60  # the most examples that are sent one by one
BINS = 24


class ChainRuleAsked(Message):
    """An element, an example, and what is opened."""

    tensor: Annotated[Any, TENSOR, "a parameter"]
    index: Annotated[Any, INDEX, "an element of it"]
    example: Annotated[Any, EXAMPLE, "the last where there are fewer"] = 0
    errors: Annotated[
        Any,
        Given(f"list of at most {OPENED} pairs: an error's tensor, and [example, unit]", "[string, number[]][]"),
        "the errors that are opened",
    ] = None


def chain_rule(timeline: Source, t: int, asked: ChainRuleAsked) -> Answer:
    """The factors of a parameter's gradient for one ``example``, and of the ``errors`` in it that are to be opened,
    such as ``["delta2", [0, 3]]``. ``adaptive_step`` has the numbers of a step of Adam's kind, once it is made.
    ``error_sizes`` are the root mean squares of the example's errors from the output layer back to this one.
    ``error_by_loss`` has an output's error with the loss that cancels its slope, and with the one that keeps it.
    ``values`` are those of the parameter and of all that goes with it at this moment.
    """
    found = passes_to(timeline, t)
    experiment, m = found.experiment, examples_of(found)
    tensor = one_of("tensor", "tensor", asked.tensor, experiment.parameters)
    index = index_in("index", asked.index, shape_of(tensor, experiment.sizes, m))
    errors = listed("errors", [] if asked.errors is None else asked.errors, OPENED)
    opened = [_error(found, item, m) for item in errors]
    example, layer = _example(asked.example, m), split(tensor)[1] or 0
    terms = chain_rule_terms(found, tensor, index, example)
    by_loss = error_by_loss(found, index[0], example) if layer == len(experiment.layers) else None
    step = adaptive_step(found, tensor, index)
    told: Answer = _told(terms.to_dict())
    return {
        **told,
        "examples": m,
        "interacts": gradients.interacting(found, layer),
        "reasons": reasons(found, terms),
        "adaptive_step": step and vars(step),
        "error_sizes": error_sizes(found, layer, example),
        "error_by_loss": by_loss and vars(by_loss),
        "errors": [_told(chain_rule_terms(found, error, place, place[0]).to_dict()) for error, place in opened],
        "values": {
            name: float(array[index]) for name, array in timeline.seek(t).items() if parameter_of(name) == tensor
        },
        "used": None if (array := found.value(tensor)) is None else float(array[index]),
    }


def _error(found: Passes, plain: Any, m: int) -> tuple[str, tuple[int, ...]]:
    """An error of this program, as [tensor, [example, unit]]."""
    errors = [name for step in found.program for name in step.writes if split(name)[0] in ERRORS]
    if len(listed("errors", plain)) != 2:
        raise Refusal("invalid", "errors", "errors", plain, "a list of 2", "list_of", count=2)
    tensor = one_of("errors", "tensor", plain[0], errors)
    return tensor, index_in("errors", plain[1], shape_of(tensor, found.experiment.sizes, m))


class PerExampleGradientsAsked(Message):
    """An element."""

    tensor: Annotated[Any, TENSOR, "a parameter"]
    index: Annotated[Any, INDEX, "an element of it"]


def per_example_gradients(timeline: Source, t: int, asked: PerExampleGradientsAsked) -> Tensors:
    """The gradients of a parameter's element, each of one example's loss: ``gradient`` and ``example`` of the
    strongest, with the examples' own ``x`` and ``y``, and of the rest, if there is one, ``rest_counts`` and
    ``rest_edges`` (a histogram) and ``rest_sum``. Nothing where the errors have not been computed yet.
    """
    found = passes_to(timeline, t)
    experiment = found.experiment
    tensor = one_of("tensor", "tensor", asked.tensor, experiment.parameters)
    index = index_in("index", asked.index, shape_of(tensor, experiment.sizes, 0))
    each = gradients.per_example_gradients(found, tensor, index)
    if each is None:
        return Tensors({})
    with np.errstate(all="ignore"):
        order = np.argsort(-np.abs(each), kind="stable")
        shown, rest = np.sort(order[:STRONGEST]), each[order[STRONGEST:]]
        finite = rest[np.isfinite(rest)]
        counts, edges = np.histogram(finite, BINS) if len(finite) else (np.zeros(0), np.zeros(0))
        arrays = {"gradient": each[shown], "example": shown}
        arrays |= {"rest_counts": counts, "rest_edges": edges, "rest_sum": np.array(rest.sum(dtype=np.float64))}
    inputs = found.value("a0")
    assert inputs is not None
    return Tensors(arrays | {"x": inputs[shown], "y": timeline.seek(t)["y"][shown]})


class NeuronAsked(Message):
    """A neuron and an example."""

    layer: Annotated[Any, LAYER, "the neuron's layer"]
    unit: Annotated[Any, UNIT, "the neuron"]
    example: Annotated[Any, EXAMPLE, "the last where there are fewer"] = 0


def neuron(timeline: Source, t: int, asked: NeuronAsked) -> Answer:
    """A neuron for one ``example``: the strongest of its inputs, and its place on its activation's curve."""
    found = passes_to(timeline, t)
    sizes = found.experiment.sizes
    layer = whole("layer", "layer", asked.layer, 1, len(sizes) - 1)
    unit = whole("unit", "unit", asked.unit, 0, sizes[layer] - 1)
    example = _example(asked.example, examples_of(found))
    terms = neurons.inputs(found, layer, unit, example)
    curve = neurons.curve(found, layer, unit, example)
    lines = {name: _plain(each) for name, each in vars(curve).items()} if curve else None
    return {"inputs": _terms(terms) if terms else None, "curve": lines}


def _terms(terms: neurons.Inputs) -> Answer:
    """The terms, the strongest first, and what those that are left out come to."""
    product = terms.a * terms.w
    order = np.argsort(-np.abs(product), kind="stable")
    rows = [[int(k), float(terms.a[k]), float(terms.w[k]), float(product[k])] for k in order[:ROWS]]
    return {"b": terms.b, "rows": rows, "rest": float(product[order[ROWS:]].sum()), "of": len(product)}


def _example(plain: Any, m: int) -> int:
    return min(whole("example", "example", plain, 0, 2**31), m - 1)


def _told(plain: Any) -> Any:
    """The same with every formula as MathML."""
    if isinstance(plain, dict):
        return {name: mathml(item) if name == "formula" and item else _told(item) for name, item in plain.items()}
    if isinstance(plain, list):
        return [_told(item) for item in plain]
    return plain


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value
