"""What a network has learned: its answer and its loss for each example of a split."""

from functools import lru_cache
from time import perf_counter

import numpy as np

from engine.data import Dataset
from engine.evaluate.evaluation import FOREVER, MOST, NO_ANSWER, Arrays, answers, chosen_rows, examples_at_once, predict
from engine.experiment.experiment import Experiment
from engine.methods.losses import LOSSES
from engine.run.program import prediction


def predictions(
    experiment: Experiment,
    parameters: Arrays,
    split: str,
    start: int = 0,
    count: int | None = None,
    most: int | None = None,
    seconds: float = FOREVER,
    output: int = 0,
) -> dict[str, np.ndarray]:
    """The network's answer and loss for each of n examples of a split, "training" or "held_out".

    Args:
        experiment: the structure in force.
        parameters: a state, or any mapping that holds the parameters and the running statistics.
        split: "training" or "held_out".
        start: the first example of the split, or of the sample, to predict.
        count: the most examples to predict; all that follow where it is None.
        most: the size of a sample to predict instead of the split: always the same examples, evenly spread.
        seconds: the time after which it stops early.
        output: the output to report, where targets are values.

    Returns:
        ``of``, the number of examples in the split or sample; ``row`` (n,), the place of each example in the split; and
        ``loss`` (n,).

        For classes: ``label`` (n,); ``answer`` (n,), -1 where an output is not finite; ``output`` (n,), the activation
        of the answer's neuron, or of the only one; ``confusion`` (classes, classes), the number of examples for each
        label (row) and answer (column); and ``called`` (classes, inputs), the sum of the inputs with each answer.

        For values: ``target`` and ``answer`` (n,), of the chosen output.
    """
    x, y = experiment.data.split(split)
    chosen = chosen_rows(len(x), most)
    rows = chosen[start : None if count is None else start + count]
    deadline, parts, step = perf_counter() + seconds, [], examples_at_once(experiment)
    for first in range(0, len(rows), step):
        part = rows[first : first + step]
        parts.append(_part(experiment, parameters, part, x[part], y[part], output))
        if perf_counter() > deadline:
            break
    if not parts:
        parts = [_part(experiment, parameters, rows, x[rows], y[rows], output)]
    found = {name: _joined(name, [part[name] for part in parts]) for name in parts[0]}
    return {"of": np.array(len(chosen)), **found}


@lru_cache(maxsize=8)
def averages(data: Dataset) -> dict[str, np.ndarray]:
    """The average training input of each class.

    Returns:
        ``mean`` (classes, inputs), in the scale of the network's inputs, and ``count`` (classes,), the number of
        examples of each class.
    """
    x, y = data.split("training")
    known, classes = answers(y), max(2, y.shape[1])
    sums, count = np.zeros((classes, x.shape[1])), np.bincount(known, minlength=classes)
    exact = np.float32 if x.dtype == np.uint8 else float  # sums of up to MOST bytes are exact in float32
    for first in range(0, len(known), MOST):
        part = slice(first, first + MOST)
        sums += _sums(known[part], x[part].astype(exact), classes)
    return {"mean": sums * data.scale / np.maximum(count, 1)[:, None], "count": count}


def _part(
    experiment: Experiment, parameters: Arrays, rows: np.ndarray, x: np.ndarray, y: np.ndarray, output: int
) -> dict[str, np.ndarray]:
    """The arrays of ``predictions`` for some rows."""
    computed = predict(experiment, parameters, experiment.data.seen(x, experiment.numpy_dtype))
    a, last = computed[f"a{len(experiment.layers)}"], prediction(experiment)[-1]
    with np.errstate(all="ignore"):
        targets = np.asarray(y, experiment.numpy_dtype)
        loss = last.compute(computed[last.reads[0]], targets, out=np.empty(len(y)))
    found = {"row": rows, "loss": loss}
    if experiment.data.kind != "classes":
        return {**found, "target": y[:, output], "answer": a[:, output]}
    label, answer, classes = answers(y), answers(a, LOSSES[experiment.loss].boundary), max(2, a.shape[1])
    given = answer != NO_ANSWER
    confusion = np.bincount(label[given] * classes + answer[given], minlength=classes**2).reshape(classes, classes)
    column = np.where(given & (a.shape[1] > 1), answer, 0)
    return {
        **found,
        "label": label,
        "answer": answer,
        "output": a[np.arange(len(a)), column],
        "confusion": confusion,
        "called": _sums(answer, computed["a0"], classes),
    }


def _joined(name: str, parts: list[np.ndarray]) -> np.ndarray:
    if name in ("confusion", "called"):
        total: np.ndarray = np.sum(parts, axis=0)
        return total
    return np.concatenate(parts)


def _sums(classes_of: np.ndarray, x: np.ndarray, classes: int) -> np.ndarray:
    """The sums of the rows of each class, (classes, inputs)."""
    member = (classes_of == np.arange(classes)[:, None]).astype(x.dtype)
    total: np.ndarray = member @ x
    return total
