"""The plain form of a recorded run as an experiment. What no experiment has is refused by its name."""

from typing import Any

from engine.base.refusal import Refusal
from engine.data.recorded import RecordedData, Recording
from engine.marking.assignment import Assignment
from engine.marking.operations import ACTIVATION, BatchNorm, Dropout, Layer, Operation, Point, Residual
from engine.methods.losses import LOSSES
from engine.run.program import EPSILON, RUNNING_WEIGHT

IDENTITY = "identity"
ORDER = (BatchNorm, type(ACTIVATION), Dropout, Residual)  # the operations of a hidden layer of an experiment


def plain_of(assignment: Assignment, content: str, recording: Recording, first: int) -> dict[str, Any]:
    """The experiment that a recorded run is.

    Args:
        assignment: what the run was said to be.
        content: the name of the recording.
        recording: the recording.
        first: the number of the training step to begin with.

    Raises:
        Refusal: no experiment is trained like that.
    """
    data = {"name": "recorded", "content": content, "first": first}
    rates = RecordedData.from_dict(data, {content: recording}).rates
    training = assignment.training.to_dict()
    if rates:
        training["optimizer"]["learning_rate"] = rates[0][1]
    return {
        "dataset": data,
        "layers": _layers(assignment),
        "loss": _loss(assignment),
        **training,
        "dtype": str(recording.steps[0]["W1"].dtype),
        "start": content,
    }


def _loss(assignment: Assignment) -> str:
    """The name of the loss, which is that of one example."""
    name = assignment.loss
    if assignment.summed:
        raise Refusal("unfit", "SUMMED", "loss", name, "it is summed over the examples", "recorded_summed")
    found = LOSSES[name].averaged if assignment.averaged and assignment.sizes[-1] > 1 else name
    if not found:
        raise Refusal("unfit", "AVERAGED", "loss", name, "it is not averaged over the outputs", "recorded_averaged")
    return found


def _layers(assignment: Assignment) -> list[dict[str, Any]]:
    if assignment.operations[0]:
        raise _out_of_place(0, assignment.operations[0])
    return [_layer(assignment, l) for l in assignment.layers]


def _layer(assignment: Assignment, l: int) -> dict[str, Any]:
    """A layer, whose operations are in the one order that an experiment has."""
    activation, operations = assignment.activations[l - 1], assignment.operations[l]
    if activation == IDENTITY:  # which may stand anywhere
        operations = tuple(each for each in operations if each is not ACTIVATION)
    places = [ORDER.index(type(each)) for each in operations]
    if places != sorted({*places}):
        raise _out_of_place(l, assignment.operations[l])
    plain: dict[str, Any] = {"units": assignment.sizes[l], "activation": activation}
    for each in operations:
        if isinstance(each, BatchNorm):
            _check_norm(each, l)
            plain["batch_norm"] = True
        elif isinstance(each, Dropout):
            plain["dropout"] = each.share
        elif isinstance(each, Residual):
            if not _is_output(assignment, each.point, l - 1):
                expected = "it adds something else than what its layer is given"
                blanks = {"layer": l}
                raise Refusal(
                    "unfit", f"OPERATIONS[{l}]", "residual", [*each.point], expected, "recorded_residual", **blanks
                )
            plain["residual"] = True
    return plain


def _is_output(assignment: Assignment, point: Point, l: int) -> bool:
    """Whether the values at a point are the output of layer l: nothing but the identity comes after it."""
    operations = assignment.operations[l][point[1] :]
    unchanged = not operations or (assignment.activations[l - 1] == IDENTITY and {*operations} == {ACTIVATION})
    return point[0] == l and unchanged


def _check_norm(norm: BatchNorm, l: int) -> None:
    for name, value, due in (("epsilon", norm.epsilon, EPSILON), ("weight", norm.weight, RUNNING_WEIGHT)):
        if value != due:
            field, expected = f"OPERATIONS[{l}].batch_norm.{name}", f"here {name} is always {due:g}"
            blanks = {"setting": name, "due": due}
            raise Refusal("unfit", field, "batch norm", {name: value}, expected, "recorded_norm", **blanks)


def _out_of_place(l: int, operations: Layer) -> Refusal:
    """What is said of operations in another order than an experiment has."""
    said = " → ".join(map(_noun, operations))
    expected = (
        "a hidden layer has batch norm, activation, dropout, residual connection, in this order; others have none"
    )
    return Refusal("unfit", f"OPERATIONS[{l}]", "layer", f"{l}: {said}", expected, "recorded_order")


def _noun(operation: Operation) -> str:
    return operation.name.replace("_", " ")
