"""Predictions about arrows: the sign and the length of minus the gradient of weights and biases."""

from collections.abc import Iterator

import numpy as np

from engine.predictions import experiments
from engine.predictions.prediction import Amount, Choice, Found, Kind, Line, Term, fixed, named, ratio
from engine.predictions.step import Step, some

ROWS = 10  # the most examples whose terms stand in one line
ZERO, LONG = 1e-3, 0.1  # shares of a tensor's largest gradient: below the one an arrow is about 0, above the other long
DIRECTIONS = fixed("up", "down", "zero")
FEW = 4  # arrows among which the longest is asked for
TIMES = 3.0  # how many times as long as the next the longest is
DIFFERENT = 0.5  # the least difference of two sizes that are compared, as a share of the given one


def direction(gradient: float) -> str:
    """Where the arrow points: against the gradient."""
    return "down" if gradient > 0 else "up"


def mean_line(step: Step, layer: int, j: int, k: int) -> Line:
    """The gradient of a weight as the mean over the examples of input times error."""
    rows = tuple(
        (
            Term(f"a{layer - 1}", (i, k), float(step.array(f"a{layer - 1}")[i, k])),
            Term(f"delta{layer}", (i, j), float(step.array(f"delta{layer}")[i, j])),
        )
        for i in range(step.examples)
    )
    name = f"dW{layer}"
    return Line(rows, step.examples, Term(name, (j, k), float(step.array(name)[j, k])))


def own_line(step: Step, layer: int, j: int, k: int, example: int) -> Line:
    """The gradient of a weight for one example alone: input times error."""
    a, error = (float(step.array(name)[example, unit]) for name, unit in ((f"a{layer - 1}", k), (f"delta{layer}", j)))
    factors = Term(f"a{layer - 1}", (example, k), a), Term(f"delta{layer}", (example, j), error)
    return Line((factors,), result=Term(f"{alone(step)}W{layer}", (j, k), a * error))


def alone(step: Step) -> str:
    """The letter of the gradient of one example: that of the mini-batch, where it has no other."""
    return "d" if step.examples == 1 else "e"


def arrow_sign(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Where the arrow of a weight points for one example, or that it has about no length."""
    example = int(rng.integers(step.examples))
    for layer in step.layers(rng):
        errors, inputs = step.array(f"delta{layer}")[example], step.array(f"a{layer - 1}")[example]
        largest = float(np.abs(errors).max() * np.abs(inputs).max())
        for j, k in some(rng, (len(errors), len(inputs))):
            gradient, element = float(errors[j] * inputs[k]), (f"W{layer}", (j, k))
            silent = abs(gradient) < ZERO * largest
            key = "zero" if silent else direction(gradient)
            yield Found(
                t=step.after(f"delta{layer}"),
                reveal_t=step.after(f"dW{layer}"),
                subject=(element,),
                asks={"element": named(*element), "example": example + 1},
                key=key,
                margin=ratio(ZERO * largest, abs(gradient)) if silent else ratio(abs(gradient), LONG * largest),
                why={"element": named(*element), "gradient": gradient},
                case=key,
                line=own_line(step, layer, j, k, example),
                choices=DIRECTIONS,
                example=example,
                select=element,
            )


def bias_move(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Where the update moves a bias, which is against the mean of its neuron's errors."""
    if step.examples > ROWS:
        return
    for layer in step.layers(rng):
        name, errors = f"b{layer}", step.array(f"delta{layer}")
        largest = float(np.abs(step.array(f"d{name}")).max())
        for (j,) in some(rng, errors.shape[1:]):
            gradient, update = float(step.array(f"d{name}")[j]), float(step.array(f"u{name}")[j])
            if not gradient * update < 0:
                continue
            size, element = float(np.abs(errors[:, j]).mean()), (name, (j,))
            rows = tuple((Term(f"delta{layer}", (i, j), float(errors[i, j])),) for i in range(step.examples))
            yield Found(
                t=step.after(f"delta{layer}"),
                reveal_t=step.after(name),
                subject=(element,),
                asks={"element": named(*element)},
                key="up" if update > 0 else "down",
                margin=min(ratio(abs(gradient), 2 * LONG * size), ratio(abs(gradient), LONG * largest)),
                why={"element": named(*element), "gradient": gradient, "update": update},
                line=Line(rows, step.examples, Term(f"d{name}", (j,), gradient)),
                choices=DIRECTIONS[:2],
                select=element,
            )


def longest_arrow(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Which of a few arrows of one layer is the longest."""
    for layer in step.layers(rng):
        name, gradients = f"W{layer}", step.array(f"dW{layer}")
        sizes = np.abs(gradients)
        for _ in range(FEW):
            elements = sorted(some(rng, gradients.shape, FEW))
            if len(elements) < 2:
                break
            *_, next_one, longest = sorted(elements, key=lambda element: float(sizes[element]))
            margin = min(
                ratio(float(sizes[longest]), TIMES * float(sizes[next_one])),
                ratio(float(sizes[longest]), LONG * float(sizes.max())),
            )
            yield Found(
                t=step.after("loss"),
                reveal_t=step.after(f"d{name}"),
                subject=tuple((name, element) for element in elements),
                asks={"layer": layer},
                key=named(name, longest),
                margin=margin,
                why={
                    "element": named(name, longest),
                    "gradient": float(gradients[longest]),
                    "next": float(gradients[next_one]),
                },
                line=Line(tuple((Term(f"d{name}", element, float(gradients[element])),) for element in elements)),
                choices=tuple(
                    Choice(named(name, element), "element", {"element": named(name, element)}, (name, element))
                    for element in elements
                ),
                select=(name, longest),
            )


def larger_input(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """How long the arrow of a weight is, beside that of another weight of the same neuron with a smaller input."""
    example = int(rng.integers(step.examples))
    for layer in step.layers(rng):
        a, errors = step.array(f"a{layer - 1}")[example], step.array(f"delta{layer}")[example]
        loud = np.flatnonzero(np.abs(a) > LONG * np.abs(a).max())
        if len(loud) < 2:
            continue
        for (j,) in some(rng, errors.shape):
            if abs(errors[j]) <= LONG * np.abs(errors).max():
                continue
            k, other = (int(each) for each in rng.permutation(loud)[:2])
            given, key = float(abs(errors[j] * a[k])), float(abs(errors[j] * a[other]))
            element, compared = (f"W{layer}", (j, other)), (f"W{layer}", (j, k))
            tolerance = DIFFERENT / 2 * given
            yield Found(
                t=step.after(f"delta{layer}"),
                reveal_t=step.after(f"dW{layer}"),
                subject=(element,),
                asks={
                    "element": named(*element),
                    "other": named(*compared),
                    "given": given,
                    "input": float(a[other]),
                    "other_input": float(a[k]),
                },
                key=key,
                margin=abs(key - given) / (DIFFERENT * given) if key < 5 * given else 0.0,
                why={"element": named(*element), "input": float(a[other]), "error": float(errors[j]), "size": key},
                line=own_line(step, layer, j, other, example),
                amount=Amount(0.0, 6 * given, tolerance, given, compared),
                example=example,
                select=element,
            )


KINDS = {
    "arrow_sign": Kind(
        "step_goes_against_the_gradient", arrow_sign, experiments.silent, tuple(each.name for each in DIRECTIONS)
    ),
    "bias_move": Kind("bias_sums_errors", bias_move, experiments.few_examples, ("up", "down")),
    "longest_arrow": Kind("error_times_input", longest_arrow, experiments.xor),
    "larger_input": Kind("error_times_input", larger_input, experiments.one_example),
}
