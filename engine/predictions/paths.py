"""Predictions about the way of the error back: factors that shrink it, paths that add up, slopes that pass it on."""

from collections.abc import Iterator

import numpy as np

from engine.base.tensors import split
from engine.explain.chain_rule import Factor, chain_rule_terms
from engine.methods import equations as eq
from engine.methods.activations import ACTIVATIONS
from engine.predictions import experiments
from engine.predictions.arrows import DIRECTIONS, alone, direction
from engine.predictions.prediction import Choice, Found, Kind, Line, Term, fixed, named, ratio
from engine.predictions.step import Step, some

TINY, TIMES = 0.3, 2.0  # the size of the smallest factor at most, and how many times as large the next is at least
CANCELLED, LEFT = (
    0.1,
    0.5,
)  # shares of the smaller and of the larger side: what may be left of a sum that cancels or not
PATHS = 8  # the most paths that stand in one line
OPEN, SHUT = 0.5, 0.04  # shares of the largest slope: at least the one passes, at most the other blocks
CLEAR = 0.05  # the least distance from a kink
FEWEST, MOST = 2, 10  # neurons to choose from
FACTORS = {
    "input": "factor_input",
    "slope": "factor_slope",
    "weight": "factor_weight",
    "collapse": "factor_loss",
    "loss": "factor_loss",
}  # the kinds of factors in a chain of single neurons, each with the name of its text
DEAD = 1e-3  # the share of the largest error below which a neuron's error may as well be 0
WRONG, FLAT = 0.9, 0.4  # how far an output is off at least, and the most of its largest slope
STRONG, FAINT = 0.5, 0.25  # the sizes of an error: at least the one, or at most the other


def _chain(step: Step, example: int) -> list[Factor]:
    """The factors of the first weight's gradient through one neuron in each layer."""
    factors = [*chain_rule_terms(step.passes, "W1", (0, 0), example).factors]
    while factors[-1].kind == "paths" and len(factors[-1].rows) == 1:
        weight, error = factors.pop().rows[0].factors
        assert error.tensor is not None and error.index is not None
        factors += [weight, *chain_rule_terms(step.passes, error.tensor, error.index, example).factors]
    return factors


def smallest_factor(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Which factor of the chain rule makes a gradient tiny, where there is one neuron in each layer."""
    if any(size > 1 for size in step.experiment.sizes[1:]):
        return
    example = int(rng.integers(step.examples))
    factors, terms, choices = _chain(step, example), [], []
    for factor in factors:
        if factor.kind not in FACTORS or factor.tensor is None or factor.index is None or factor.value is None:
            return
        element = (factor.tensor, factor.index)
        terms.append(Term(*element, factor.value))
        blanks = {"layer": split(factor.tensor)[1] or 0} if factor.kind == "slope" else {"element": named(*element)}
        choices.append(Choice(named(*element), FACTORS[factor.kind], blanks, element))
    sizes = [abs(term.value) for term in terms]
    order = np.argsort(sizes, kind="stable")
    least, following = int(order[0]), int(order[1])
    gradient = float(np.prod([term.value for term in terms]))
    yield Found(
        t=step.after("loss"),
        reveal_t=step.after("dW1"),
        subject=(("W1", (0, 0)),),
        asks={"element": named("W1", (0, 0)), "count": len(terms)},
        key=choices[least].name,
        margin=min(ratio(sizes[following], TIMES * sizes[least]), ratio(TINY, sizes[least])) if sizes[least] else 0.0,
        why={"value": terms[least].value, "next": terms[following].value, "gradient": gradient},
        line=Line((tuple(terms),), result=Term(f"{alone(step)}W1", (0, 0), gradient)),
        choices=tuple(choices),
        example=example,
        select=("W1", (0, 0)),
    )


def cancelling_paths(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Where a hidden neuron is asked to go through paths of opposite signs, which may cancel."""
    for layer in step.layers(rng):
        written = step.passes.step(f"da{layer}")
        if layer == step.depth or written is None or written.equation is not eq.pass_back:
            continue
        weights, above, passed = (
            step.array(f"{name}") for name in (f"W{layer + 1}", f"delta{layer + 1}", f"da{layer}")
        )
        if not 2 <= len(weights) <= PATHS:
            continue
        for i, j in some(rng, passed.shape):
            parts, total = weights[:, j] * above[i], float(passed[i, j])
            plus, minus = float(parts[parts > 0].sum()), -float(parts[parts < 0].sum())
            if min(plus, minus) <= CANCELLED**2 * float(np.abs(passed).max()):
                continue
            cancels = abs(total) <= CANCELLED * min(plus, minus)
            rest = LEFT * max(plus, minus)
            key = "zero" if cancels else direction(total)
            rows = tuple(
                (
                    Term(f"W{layer + 1}", (k, j), float(weights[k, j])),
                    Term(f"delta{layer + 1}", (i, k), float(above[i, k])),
                )
                for k in range(len(parts))
            )
            yield Found(
                t=step.after(f"delta{layer + 1}"),
                reveal_t=step.after(f"da{layer}"),
                subject=((f"a{layer}", (i, j)), *((f"W{layer + 1}", (k, j)) for k in range(len(parts)))),
                asks={"unit": j, "layer": layer, "count": len(parts), "example": i + 1},
                key=key,
                margin=ratio(CANCELLED * min(plus, minus), abs(total)) if cancels else ratio(abs(total), rest),
                why={"plus": plus, "minus": -minus, "sum": total},
                case=key,
                line=Line(rows, result=Term(f"da{layer}", (i, j), total)),
                choices=DIRECTIONS,
                example=i,
                select=(f"b{layer}", (j,)),
            )


def slope_gate(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Whether the slope of a hidden neuron's activation lets the error through or blocks it."""
    for layer in step.layers(rng):
        written = step.passes.step(f"delta{layer}")
        if layer == step.depth or written is None or written.equation is not eq.chain:
            continue
        arriving, slope = (step.array(name) for name in written.reads)
        largest, clear = ACTIVATIONS[step.experiment.layers[layer - 1].activation].largest_slope, step.from_kinks(layer)
        for i, j in some(rng, slope.shape):
            value, error = float(slope[i, j]), float(arriving[i, j])
            passes = value >= OPEN * largest / 2
            margin = ratio(value, OPEN * largest) if passes else ratio(SHUT * largest, abs(value))
            loud = ratio(abs(error), DEAD * float(np.abs(arriving).max()))
            key, delta = "passes" if passes else "blocks", float(step.array(f"delta{layer}")[i, j])
            yield Found(
                t=step.after("loss"),
                reveal_t=step.after(f"delta{layer}"),
                subject=((f"a{layer}", (i, j)),),
                asks={"unit": j, "layer": layer, "example": i + 1, "z": float(step.array(f"z{layer}")[i, j])},
                key=key,
                margin=min(margin, loud, float(clear[i, j]) / CLEAR),
                why={"slope": value, "error": error, "delta": delta},
                case=key,
                line=Line(
                    ((Term(written.reads[1], (i, j), value), Term(written.reads[0], (i, j), error)),),
                    result=Term(f"delta{layer}", (i, j), delta),
                ),
                choices=fixed("passes", "blocks"),
                example=i,
                select=(f"b{layer}", (j,)),
            )


def dead_neuron(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Which neuron of a layer is off for all examples, so that no error gets through it."""
    for layer in step.layers(rng):
        chosen = step.experiment.layers[layer - 1]
        if not ACTIVATIONS[chosen.activation].can_die or not FEWEST <= chosen.units <= MOST:
            continue
        slopes, clear, errors = step.array(f"slope{layer}"), step.from_kinks(layer), step.array(f"delta{layer}")
        off = np.flatnonzero((slopes == 0).all(axis=0))
        if len(off) != 1:
            continue
        dead = int(off[0])
        # How clearly the dead neuron is off for every example, and each other one on for some example.
        on = np.where(slopes > 0, clear, 0).max(axis=0)
        live = [unit for unit in range(chosen.units) if unit != dead]
        loud = np.abs(errors).max(axis=0)[live].min()
        gradient = step.array(f"db{layer}")
        neurons = [(f"b{layer}", (unit,)) for unit in range(chosen.units)]
        yield Found(
            t=step.after("loss"),
            reveal_t=step.after(f"db{layer}"),
            subject=(),
            asks={"layer": layer, "count": step.examples},
            key=named(*neurons[dead]),
            margin=min(
                float(clear[:, dead].min()) / CLEAR,
                float(on[live].min()) / CLEAR,
                ratio(float(loud), DEAD * float(np.abs(errors).max())),
            ),
            why={"unit": dead, "layer": layer, "z": float(step.array(f"z{layer}")[:, dead].max())},
            line=Line(tuple((Term(f"db{layer}", (unit,), float(gradient[unit])),) for unit in range(chosen.units))),
            choices=tuple(
                Choice(named(*neuron), "neuron", {"unit": neuron[1][0], "layer": layer}, neuron) for neuron in neurons
            ),
            select=neurons[dead],
        )


def wrong_and_flat(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Whether an output that is flat and far off still gets a strong error, which the loss decides."""
    depth = step.depth
    activation = ACTIVATIONS[step.experiment.layers[-1].activation]
    if activation.slope is None or not activation.saturates or step.experiment.layers[-1].batch_norm:
        return
    a, y, errors = (step.array(name) for name in (f"a{depth}", "y", f"delta{depth}"))
    slopes = np.asarray(activation.slope(activation.slope_source(step.array(f"z{depth}"), a)))
    written = step.passes.step(f"delta{depth}")
    assert written is not None
    kept = written.equation is eq.chain
    for i, j in some(rng, a.shape):
        off, slope, error = float(a[i, j] - y[i, j]), float(slopes[i, j]), float(errors[i, j])
        strong = abs(error) >= (STRONG + FAINT) / 2
        key = "strong" if strong else "faint"
        if strong == kept:
            continue
        factors = [Term(name, (i, j), float(step.array(name)[i, j])) for name in written.reads] if kept else []
        yield Found(
            t=step.after("loss"),
            reveal_t=step.after(f"delta{depth}"),
            subject=((f"a{depth}", (i, j)),),
            asks={"unit": j, "example": i + 1, "output": float(a[i, j]), "target": float(y[i, j])},
            key=key,
            margin=min(
                ratio(abs(off), WRONG),
                ratio(FLAT * activation.largest_slope, slope),
                ratio(abs(error), STRONG) if strong else ratio(FAINT, abs(error)),
            ),
            why={"error": error, "off": off, "slope": slope},
            case=key,
            line=Line(
                (tuple(factors),)
                if kept
                else ((Term(f"a{depth}", (i, j), float(a[i, j])),), (Term(None, None, -y[i, j]),)),
                result=Term(f"delta{depth}", (i, j), error),
            ),
            choices=fixed("strong", "faint"),
            example=i,
            select=(f"b{depth}", (j,)),
        )


KINDS = {
    "smallest_factor": Kind("product_of_factors", smallest_factor, experiments.chain),
    "cancelling_paths": Kind(
        "paths_add_up", cancelling_paths, experiments.two_paths, tuple(each.name for each in DIRECTIONS)
    ),
    "slope_gate": Kind("slope_lets_through", slope_gate, experiments.gates, ("passes", "blocks")),
    "dead_neuron": Kind("dead_neurons", dead_neuron, experiments.rectified),
    "wrong_and_flat": Kind("loss_cancels_the_slope", wrong_and_flat, experiments.saturated, ("strong", "faint")),
}
