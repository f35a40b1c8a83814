"""Predictions about examples: whose gradients are averaged, which of them counts most, and which class pays."""

from collections.abc import Iterator

import numpy as np

from engine.evaluate.predictions import predictions
from engine.predictions import experiments
from engine.predictions.arrows import ROWS, direction, mean_line
from engine.predictions.prediction import Choice, Found, Kind, Line, Term, fixed, named, ratio
from engine.predictions.step import Step, some

AGAINST = 0.2  # the share of the largest example's gradient that one of the other sign has at least
LEFT = 0.25  # the share of the mean size that is left of the mean at least
TIMES = 2.0  # how many times as large as the next one's the largest example's gradient is
RISE, MORE = 0.005, 1.3  # the least rise of a class's loss, and how many times as much as the next it is
SAMPLE = 200  # examples by which the losses of classes are judged


def _weights(step: Step, rng: np.random.Generator) -> Iterator[tuple[int, int, int, np.ndarray]]:
    """Weights by layer, neuron and input, each with the gradients of the examples, (m,)."""
    if not 2 <= step.examples <= ROWS:
        return
    for layer in step.layers(rng):
        errors, inputs = step.array(f"delta{layer}"), step.array(f"a{layer - 1}")
        for j, k in some(rng, (errors.shape[1], inputs.shape[1])):
            yield layer, j, k, errors[:, j] * inputs[:, k]


def mean_sign(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Where the arrow of a weight points about which the examples disagree."""
    for layer, j, k, own in _weights(step, rng):
        largest, mean = float(np.abs(own).max()), float(own.mean())
        against = float(np.max(-own * np.sign(mean)))
        element = (f"W{layer}", (j, k))
        yield Found(
            t=step.after(f"delta{layer}"),
            reveal_t=step.after(f"dW{layer}"),
            subject=(element,),
            asks={"element": named(*element), "up": int((own < 0).sum()), "down": int((own > 0).sum())},
            key=direction(mean),
            margin=min(ratio(max(against, 0.0), AGAINST * largest), ratio(abs(mean), LEFT * float(np.abs(own).mean()))),
            why={
                "element": named(*element),
                "plus": float(own[own > 0].sum()),
                "minus": float(own[own < 0].sum()),
                "count": len(own),
                "gradient": mean,
            },
            line=mean_line(step, layer, j, k),
            choices=fixed("up", "down"),
            select=element,
        )


def heaviest_example(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Which example counts most in the mean that is the gradient of a weight."""
    for layer, j, k, own in _weights(step, rng):
        *_, following, heaviest = (int(place) for place in np.argsort(np.abs(own), kind="stable"))
        element, largest = (f"W{layer}", (j, k)), float(np.abs(step.array(f"dW{layer}")).max())
        yield Found(
            t=step.after("loss"),
            reveal_t=step.after(f"dW{layer}"),
            subject=(element,),
            asks={"element": named(*element)},
            key=f"{heaviest}",
            margin=min(
                ratio(abs(float(own[heaviest])), TIMES * abs(float(own[following]))),
                ratio(abs(float(own[heaviest])), AGAINST * largest),
            ),
            why={
                "example": heaviest + 1,
                "gradient": float(own[heaviest]),
                "other": following + 1,
                "next": float(own[following]),
            },
            line=Line(mean_line(step, layer, j, k).rows),
            choices=tuple(Choice(f"{i}", "example", {"example": i + 1}) for i in range(len(own))),
            select=element,
        )


def digit_that_pays(step: Step, rng: np.random.Generator) -> Iterator[Found]:
    """Which other class's loss rises most where a mini-batch teaches one class only."""
    y, data = step.array("y"), step.experiment.data
    classes = y.shape[1]
    if data.kind != "classes" or not 3 <= classes <= ROWS or not (y == y[0]).all() or y[0].max() != 1:
        return
    taught = int(y[0].argmax())
    before, after = (
        predictions(step.experiment, step.source.seek(t), "training", most=SAMPLE) for t in (step.begin, step.end)
    )
    rises = after["loss"] - before["loss"]
    counts = np.bincount(before["label"], minlength=classes)
    if not counts.all():
        return
    rise = np.bincount(before["label"], rises, classes) / counts
    others = [each for each in range(classes) if each != taught]
    *_, following, pays = sorted(others, key=lambda each: float(rise[each]))
    names = step.experiment.dataset.classes or tuple(map(str, range(classes)))
    yield Found(
        t=step.after("loss"),
        reveal_t=step.end,
        subject=tuple((f"a{step.depth}", (0, each)) for each in others),
        asks={"class": names[taught], "count": len(y)},
        key=f"{pays}",
        margin=min(ratio(float(rise[pays]), MORE * max(float(rise[following]), 0.0)), float(rise[pays]) / RISE),
        why={
            "class": names[pays],
            "rise": float(rise[pays]),
            "taught": names[taught],
            "fall": float(rise[taught]),
            "next": float(rise[following]),
        },
        line=Line(tuple((Term(None, None, float(rise[each])),) for each in others)),
        choices=tuple(
            Choice(f"{each}", "class", {"class": names[each]}, (f"b{step.depth}", (each,))) for each in others
        ),
        select=(f"b{step.depth}", (pays,)),
    )


KINDS = {
    "mean_sign": Kind("examples_are_averaged", mean_sign, experiments.few_examples, ("up", "down")),
    "heaviest_example": Kind("examples_are_averaged", heaviest_example, experiments.few_examples),
    "digit_that_pays": Kind("one_class_against_others", digit_that_pays, experiments.taught),
}
