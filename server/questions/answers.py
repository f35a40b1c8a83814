"""The questions that a page may ask: each a function of the session's timeline, the moment and its own fields."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, get_type_hints

from engine import Refusal
from engine.base.refusal import index_in, one_of, whole
from engine.base.tensors import shape_of
from engine.data.dataset import SPLITS
from engine.evaluate import evaluation as questions
from engine.explain import gradient_check as checked
from engine.health import diagnosis, troubles
from engine.run.source import Source
from server.limits import ASK_SECONDS, PART_SECONDS
from server.maps.desk import Desk
from server.protocol.kinds import INDEX, LAYER, TENSOR, UNIT, Given, Message, Nothing, Number, OneOf, Whole, parsed
from server.questions import (
    activations,
    conditions,
    cost,
    expressions,
    insight,
    lanes,
    learned,
    maps,
    predictions,
    proofs,
    pytorch,
    reading,
    recorded,
    resumption,
    script,
    surface,
    why,
)
from server.questions.answer import Answer, Tensors, moment
from server.questions.wishes import wishes

DIAGNOSED = 500  # examples of each split that a diagnosis evaluates
LOSSES = 1000  # the most losses of the past that it takes


class Evaluate(Message):
    """How much of the data is evaluated."""

    most: Annotated[
        Annotated[int, Whole("number of examples", 1, 10**6)] | None, "at most so many examples of each split"
    ] = None
    split: Annotated[Annotated[str, OneOf("split", SPLITS)] | None, "this split alone, from `start` on"] = None
    start: Annotated[int, Whole("row", 0, 10**6), "the first example"] = 0


def evaluate(timeline: Source, t: int, asked: Evaluate) -> Answer:
    """Loss and accuracy of both splits, on at most ``most`` examples of each where it is given; or of one ``split`` the
    part from ``start`` on: of as many examples as there is time for, so that a seek can be answered after it.
    """
    splits, seconds = (SPLITS, ASK_SECONDS) if asked.split is None else ((asked.split,), PART_SECONDS)
    state, experiment = moment(timeline, t), timeline.segment_at(t).experiment
    return {split: questions.evaluate(experiment, state, split, asked.most, seconds, asked.start) for split in splits}


class Response(Message):
    """A neuron and a grid."""

    layer: Annotated[Any, LAYER, "the neuron's layer"]
    unit: Annotated[Any, UNIT, "the neuron"]
    low: Annotated[float, Number("low", -1e6, 1e6), "where the grid begins"]
    high: Annotated[float, Number("high", -1e6, 1e6), "where it ends"]
    points: Annotated[Any, Given("whole number, 2 to 100; to 400 where there is one input", "number"), "on a side"]


def response(timeline: Source, t: int, asked: Response) -> Tensors:
    """What one neuron answers over a grid of inputs, for data of one or two inputs."""
    _at_most_two_inputs(timeline, "response")
    sizes = timeline.experiment.sizes
    layer = whole("layer", "layer", asked.layer, 0, len(sizes) - 1)
    unit = whole("unit", "unit", asked.unit, 0, sizes[layer] - 1)
    points = whole("points", "number of points", asked.points, 2, 400 if sizes[0] == 1 else 100)
    grid = questions.grid_over(asked.low, asked.high, sizes[0], points)
    state = moment(timeline, t)
    values = questions.response(timeline.segment_at(t).experiment, state, layer, unit, grid)
    return Tensors({"response": values.reshape((points,) * sizes[0])})


def examples(timeline: Source, t: int, asked: Nothing) -> Tensors:
    """The data set itself, for data of one or two inputs."""
    _at_most_two_inputs(timeline, "examples")
    data = timeline.experiment.data
    x, y = data.split("training")
    x_held_out, y_held_out = data.split("held_out")
    return Tensors({"x_training": x, "y_training": y, "x_held_out": x_held_out, "y_held_out": y_held_out})


def first_not_finite(timeline: Source, t: int, asked: Nothing) -> Answer:
    """When and where NaN or infinity first appeared."""
    moment(timeline, t)
    try:
        return {"first": questions.first_not_finite(timeline, t, ASK_SECONDS)}
    except TimeoutError:
        return {"first": None}


class GradientCheck(Message):
    """What is checked."""

    most: Annotated[Annotated[int, Whole("number of elements", 1, 10**8)] | None, "at most so many elements"] = None
    tensor: Annotated[Any, TENSOR, "this parameter alone"] = None
    index: Annotated[Any, INDEX, "this element of it alone"] = None


def gradient_check(timeline: Source, t: int, asked: GradientCheck) -> Answer:
    """Whether the gradients are what perturbing the parameters shows: of all, of one ``tensor``, or of its element at
    ``index``; of at most ``most`` elements where it is given.
    """
    experiment = timeline.segment_at(t).experiment
    tensor, index = asked.tensor, asked.index
    if tensor is not None or index is not None:
        tensor = one_of("tensor", "tensor", tensor, experiment.parameters)
    if index is not None:
        index = index_in("index", index, shape_of(str(tensor), experiment.sizes, 0))
    moment(timeline, t)
    return checked.gradient_check(timeline, t, asked.most, tensor, index, ASK_SECONDS)


class Diagnose(Message):
    """What is known of the past."""

    losses: Annotated[
        Any,
        Given(f"list of at most {LOSSES} numbers", "(number | string)[]"),
        "losses before t, oldest first",
    ] = None


def diagnose(timeline: Source, t: int, asked: Diagnose) -> Answer:
    """Every layer in numbers, and the troubles that they tell of; the training ``loss`` that these are judged by, and
    ``chance``, that of the best answer that is the same for all examples.

    ``losses`` may hold those of training steps before this moment, the oldest first: they show a run that has lost what
    it had, or one that is slow but still on its way.
    """
    losses = _losses([] if asked.losses is None else asked.losses)
    moment(timeline, t)
    experiment, state = diagnosis.at(timeline, t)
    layers = diagnosis.diagnose(experiment, state)
    training, held_out = (questions.evaluate(experiment, state, split, DIAGNOSED, ASK_SECONDS / 4) for split in SPLITS)
    measured = troubles.Moment(experiment, state, layers, training, held_out, losses)
    return {
        "layers": [layer.to_dict() for layer in layers],
        "troubles": troubles.troubles(measured),
        "loss": measured.loss,
        "chance": measured.chance,
    }


OF_ONE: dict[str, Callable[[Source, int, Any], Answer | Tensors]] = {
    function.__name__: function
    for function in (
        activations.activations,
        conditions.conditions,
        conditions.stopped,
        cost.cost,
        cost.times,
        diagnose,
        evaluate,
        examples,
        expressions.expressions,
        first_not_finite,
        gradient_check,
        insight.column,
        insight.tensors,
        lanes.ground,
        lanes.races,
        lanes.standing,
        maps.map_settings,
        learned.averages,
        learned.evaluation_history,
        learned.inputs,
        learned.predictions,
        learned.response_history,
        learned.weights_history,
        predictions.kinds,
        predictions.predict,
        predictions.reveal,
        predictions.suiting_kinds,
        proofs.curve,
        proofs.objective,
        proofs.proof,
        pytorch.pytorch,
        recorded.recorded,
        why.chain_rule,
        why.neuron,
        why.per_example_gradients,
        reading.read,
        response,
        resumption.landmark,
        script.script,
        wishes,
    )
}
OF_SEVERAL: dict[str, Callable[[surface.Runs, int, Any], Answer | Tensors]] = {
    function.__name__: function for function in (surface.surface_losses, surface.surface_paths, surface.surface_points)
}
OF_THE_DESK: dict[str, Callable[[Source, Desk, int, Any], Answer | Tensors]] = {"map": maps.map}
QUESTIONS: dict[str, Callable[..., Answer | Tensors]] = {**OF_ONE, **OF_SEVERAL, **OF_THE_DESK}
FIELDS: dict[str, type[Message]] = {name: get_type_hints(each)["asked"] for name, each in QUESTIONS.items()}


def answer(
    timeline: Source,
    question: Any,
    t: int,
    fields: dict[str, Any],
    runs: Mapping[str, Source] | None = None,
    desk: Desk | None = None,
) -> Answer | Tensors:
    """The answer to a question about the moment t.

    Args:
        timeline: the run that is asked about.
        question: the name of the question.
        t: the moment.
        fields: the question's own fields.
        runs: all runs on the line by their names, for questions about several.
        desk: where maps are computed.

    Raises:
        Refusal: there is no such question, or its fields are wrong.
    """
    name = one_of("question", "question", question, QUESTIONS)
    asked = parsed(FIELDS[name], fields)
    if name in OF_SEVERAL:
        return OF_SEVERAL[name](surface.Runs(timeline, runs or {}), t, asked)
    if name in OF_THE_DESK:
        return OF_THE_DESK[name](timeline, desk or Desk(), t, asked)
    return OF_ONE[name](timeline, t, asked)


def _losses(plain: Any) -> list[float]:
    """Losses as numbers, or as the text that stands for those that JSON has not."""
    if not isinstance(plain, list) or len(plain) > LOSSES:
        raise Refusal("invalid", "losses", "losses", plain, f"a list of at most {LOSSES}", "list")
    try:
        return [float(loss) for loss in plain]
    except (TypeError, ValueError, OverflowError):
        raise Refusal("invalid", "losses", "losses", plain, "a list of numbers", "list") from None


def _at_most_two_inputs(timeline: Source, question: str) -> None:
    count = timeline.experiment.sizes[0]
    if count > 2:
        expected = f"this network has {count} inputs"
        raise Refusal("unfit", "question", "question", question, expected, "inputs", count=count)
