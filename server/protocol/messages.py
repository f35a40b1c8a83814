"""The messages between page and server, typed once: commands, their answers, and the metadata of frames."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

from pydantic import Field

from engine import Refusal
from engine.base.refusal import known
from engine.experiment.changes import LARGEST_T
from engine.experiment.experiment import STRUCTURE
from engine.until.fields import SETS
from engine.until.kinds import CONDITIONS
from engine.until.reading import MOST
from server.limits import FIRST, SEEK_SECONDS
from server.protocol.kinds import EXAMPLE, INDEX, TENSOR, Base64, Given, Kind, Message, Number, Whole, YesOrNo, parsed

ID_LENGTH = 64
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
NAME_WORDS = "1 to 64 letters, digits, - and _"

Identity = str | int | None


class RunName(Kind):
    """The name of a run."""

    words = f"text: {NAME_WORDS}"
    script = "string"

    def check(self, field: str, value: Any) -> Any:
        if not isinstance(value, str) or not NAME.fullmatch(value):
            raise Refusal("invalid", field, "run", value, NAME_WORDS, "run_name")
        return value


class Id(Kind):
    """What tells a command's answer from those of others."""

    words = f"text of at most {ID_LENGTH} characters, or a whole number"
    script = "string | number | null"

    def check(self, field: str, value: Any) -> Any:
        fits = value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_T)
        if not fits and not (isinstance(value, str) and len(value) <= ID_LENGTH):
            raise Refusal("invalid", field, "id", value, self.words, "id", length=ID_LENGTH)
        return value


T = Annotated[int, Whole("t", 0, LARGEST_T), "a moment: how many micro-steps are done"]
RUN = RunName()


class Start(Message):
    """Begin a run of an experiment. A run of the same name is replaced; without a `run` it is the first one."""

    experiment: Annotated[Any, Given("an experiment in its plain form", "object"), "what is run"]
    t: Annotated[int, Whole("t", 0, LARGEST_T), "the moment to begin to seek"] = 0


class Seek(Message):
    """Go to the moment t and answer with its state. Where that takes longer than `seconds`, the answer is a moment on
    the way: ask again. With `until` it ends at the first moment, after the one that this run was last answered to be
    at, at which a test makes the condition true: right after the micro-step that writes what it measures, or where an
    epoch ends.
    """

    t: T
    watch: Annotated[Any, Given("a watch", "Watch"), "what of the state is sent; else all"] = None
    seconds: Annotated[float, Number("seconds", 0, SEEK_SECONDS), "about how long it may take"] = SEEK_SECONDS
    until: Annotated[
        Any,
        Given(f"a condition, or a list; at most {MOST} in all", "Until | Until[]"),
        "what ends it before t",
    ] = None


class Change(Message):
    """Change the run at t, by one of: `learning_rate`; `tensor` with `value` and, for one element, `index`; or fields
    of the experiment's structure, which take effect where the next training step begins. What lay after t is dropped.
    """

    t: T
    learning_rate: Annotated[Any, Given("number, 0 to 1e+06", "number"), "the rate from t on"] = None
    tensor: Annotated[Any, TENSOR, "a parameter that is written at t"] = None
    index: Annotated[Any, INDEX, "the element that is written; else the whole tensor"] = None
    value: Annotated[Any, Given("number, or lists of numbers", "unknown"), "what is written"] = None


class Ask(Message):
    """Ask about the moment t, which has been sought or is near one that has. The other fields are the question's."""

    t: T
    question: Annotated[Any, Given("one of the questions below", "string"), "what is asked"]


class Fork(Message):
    """Make another run that is the same as this one up to t and has none of its changes after t. Any moment will do.
    What is kept of the moments before t is shared by both, and nothing is run again.
    """

    t: T
    name: Annotated[str, RUN, "the other run's name, which must not be taken", Field(alias="as")]


class Compare(Message):
    """Find the first difference between this run and another one, `with`: they are compared training step by training
    step, and where they part, micro-step by micro-step.
    """

    other: Annotated[str, RUN, "the other run's name", Field(alias="with")]
    since: Annotated[int, Whole("training step", 0, LARGEST_T), "the training step from which on they are compared"] = 0
    upto: Annotated[int, Whole("training step", 0, LARGEST_T), "the last one"] = 0


class Resume(Message):
    """Hand back what the question `landmark` gave of this very run, to a server that does not have it: moments after
    it are then reached from there, with the same bits. A file that is too long for one command comes in parts, each of
    some groups of four letters. The checksum, the experiment up to that moment and the tensors are checked.
    """

    part: Annotated[bytes, Base64(), "the file, or the next part of it"]
    checksum: Annotated[Any, Given("text", "string"), "the file's, as it was given with it"]
    more: Annotated[bool, YesOrNo("more"), "whether further parts follow"] = False


class Stop(Message):
    """End a run, and give its name and its memory free."""


class Ping(Message):
    """Ask for a sign of life, which needs no run and is given at once, before the answers that others wait for."""


@dataclass(frozen=True)
class Command:
    """A command with what it answers, an example, and examples of what is refused, each with the words of the refusal.

    The examples are carried out one after the other, in the order of the commands, by one session.
    """

    message: type[Message]
    answer: str
    example: dict[str, Any]
    refused: tuple[tuple[dict[str, Any], str], ...]


XOR = {
    "dataset": {"name": "xor"},
    "layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "optimizer": {"learning_rate": 0.5},
}
COMMANDS: dict[str, Command] = {
    "start": Command(
        Start,
        "`listing`, a Listing.",
        {"experiment": XOR, "t": 18},
        (
            ({}, "missing field (experiment)"),
            ({"experiment": {"format": 99}}, "unsupported experiment format: 99 (this version reads up to 1)"),
            ({"experiment": {}, "run": "a b"}, f"invalid run: 'a b' ({NAME_WORDS})"),
        ),
    ),
    "seek": Command(
        Seek,
        "a frame of the moment that was reached, in whose metadata is its `t`.",
        {"t": 40, "watch": {"tensors": ["W1", "loss"]}, "until": {"name": "loss_below", "value": 0.01}},
        (
            ({"t": -1}, "invalid t: -1 (0 to 9007199254740991)"),
            ({"t": 1, "seconds": 1}, "invalid seconds: 1 (0 to 0.03)"),
            ({"t": 1, "until": {"name": "loss_below"}}, "missing field (until.value)"),
            ({"t": 1, "run": "b"}, "unknown run: 'b' (one of: first)"),
        ),
    ),
    "change": Command(
        Change,
        "`listing`, a Listing, of the run as it is now.",
        {"t": 20, "tensor": "W1", "index": [0, 1], "value": 0.3},
        (
            ({"t": 20}, "missing field (change.tensor)"),
            ({"t": 20, "learning_rate": -1}, "invalid learning rate: -1 (0 to 1e+06)"),
        ),
    ),
    "ask": Command(
        Ask,
        "`answer`, or a frame: see the question.",
        {"t": 20, "question": "evaluate", "most": 4},
        (
            ({"t": 20, "question": "evaluate", "most": 0}, "invalid number of examples: 0 (1 to 1000000)"),
            ({"t": 10**12, "question": "evaluate"}, "invalid t: 1000000000000 (a moment that has been sought)"),
        ),
    ),
    "fork": Command(
        Fork,
        "`listing`, a Listing, of the other run.",
        {"t": 20, "as": "adam"},
        (({"t": 20, "as": FIRST}, f"invalid run: '{FIRST}' (a name that is not taken)"),),
    ),
    "compare": Command(
        Compare,
        "`parting`, a Parting, or null where they are the same up to there; and `searched`: where time is over, the "
        "training step to go on with, else null.",
        {"run": "adam", "with": FIRST, "since": 0, "upto": 1},
        (({"with": "gone"}, f"unknown run: 'gone' (one of: adam, {FIRST})"),),
    ),
    "resume": Command(
        Resume,
        "`resumed`, the moment from which the run goes on; null where further parts follow.",
        {"part": "AAAA", "checksum": "", "more": True},
        (
            ({"part": "?", "checksum": ""}, "invalid part: '?' (bytes in base64)"),
            ({"part": "AAAA", "checksum": ""}, "unfit checkpoint: the file (its checksum is another)"),
        ),
    ),
    "stop": Command(
        Stop,
        "`stopped`, the name of the run that has ended.",
        {"run": "adam"},
        (({"run": "gone"}, "unknown run: 'gone' (one of: first)"),),
    ),
    "ping": Command(Ping, "`alive`, which is true.", {}, (({"run": "a b"}, f"invalid run: 'a b' ({NAME_WORDS})"),)),
}
WRITES = ("learning_rate", "tensor", "index", "value", *STRUCTURE)  # what a change may set


class Watch(Message):
    """What is wanted of a state; each field that is left out or null means everything."""

    tensors: Annotated[Any, Given("list of tensors' names", "string[] | null"), "only these"] = None
    example: Annotated[Any, EXAMPLE, "only this example, or the last where there are fewer"] = None
    units: Annotated[
        Any,
        Given("list with an entry for each layer: a list of units, or null", "(number[] | null)[] | null"),
        "only these units of each layer",
    ] = None
    updates: Annotated[Any, Given("true or false", "boolean"), "also `uW1` ...: what updates add to parameters"] = False
    gradients_of: Annotated[
        Any, EXAMPLE, "also `eW1` ...: the gradients of the loss of this example, or the last where there are fewer"
    ] = None


CONDITION_NAMES = sorted(CONDITIONS)
COMBINED = Given("a list of conditions", "Until[]")


class Until(Message):
    """A condition that ends a seek: a `name` with the settings that belong to it, or `any` or `all` of some, nested at
    most two deep. It is tested right after the micro-step that writes the last of the tensors that it measures; of all
    training or held-out examples at the end of every epoch, there as `evaluate` with `most` does, where they are more
    than 10^9 products of weight and activation allow. Of several conditions the first that is true ends the seek; of
    `all`, each is true or false since its last test. What a condition has to know of the moments before, such as
    whether a loss has risen, is run again where it is not known. [What each is](stop-when.md#conditions).
    """

    name: Annotated[
        Any,
        Given(
            "one of " + ", ".join(f"`{name}`" for name in CONDITION_NAMES),
            " | ".join(f'"{name}"' for name in CONDITION_NAMES),
        ),
        "the condition",
    ] = None
    any: Annotated[Any, COMBINED, "one of these is true"] = None
    all: Annotated[Any, COMBINED, "all of these are true"] = None
    value: Annotated[
        Any,
        Given("number, 0 to 1e+300; of an accuracy to 1", "number"),
        "what is compared with, where there is one such number",
    ] = None
    low: Annotated[Any, Given("number, 0 to 1e+300", "number"), "the beginning of a range"] = None
    high: Annotated[Any, Given("number above `low`, to 1e+300", "number"), "the end of a range"] = None
    of: Annotated[
        Any,
        Given("one of " + ", ".join(f"`{each}`" for each in SETS), " | ".join(f'"{each}"' for each in SETS)),
        "the examples of a loss or an accuracy; `mini_batch` where it is left out",
    ] = None
    layer: Annotated[Any, Given("whole number: a layer, the first hidden one is 1", "number"), "the layer"] = None
    times: Annotated[Any, Given("whole number", "number"), "losses or mini-batches one after the other"] = None
    epochs: Annotated[Any, Given("whole number", "number"), "epochs one after the other"] = None
    every: Annotated[Any, Given("whole number", "number"), "training steps between two tests"] = None
    tensor: Annotated[Any, TENSOR, "the parameter whose element changes sign"] = None
    index: Annotated[Any, INDEX, "that element"] = None
    example: Annotated[
        Any,
        Given("whole number: a training example; or 784 bytes in base64: a drawing", "number | string"),
        "what is answered",
    ] = None


class MicroStep(TypedDict):
    """One equation bound to its tensors."""

    phase: Annotated[str, "forward, loss, backward or update"]
    layer: Annotated[int, "0 where it belongs to none"]
    equation: Annotated[str, "the equation's name"]
    reads: Annotated[list[str], "tensors"]
    writes: Annotated[list[str], "tensors"]
    letters: Annotated[str, "the index letters, such as `a0:ik, W1:jk, b1:j -> z1:ij`"]
    formula: Annotated[str, "MathML; each symbol names its tensor as `data-tensor`"]
    formula_in_columns: Annotated[str, "the same for examples in columns"]
    settings: Annotated[list[Any], "pairs of a symbol in MathML and its value"]
    source: Annotated[str, "the equation's Python"]
    code: Annotated[str, "the same as HTML; a comment has its name as `data-comment`"]
    textbook: Annotated[str, "the lines that a book would print, as HTML"]
    textbook_in_columns: Annotated[str, "the same for examples in columns"]
    rounds: Annotated[str, "why their last digits may differ: kernel, order or precision; empty: the same bits"]
    explanation: Annotated[str, "what it does, in English"]


class Segment(TypedDict):
    """A stretch of the run with one program; a change of structure begins another."""

    t: Annotated[int, "where it begins"]
    training_step: Annotated[int, "which begins there"]
    experiment: Annotated[dict[str, Any], "the structure in force"]
    levels: Annotated[list[float], "what the loss makes of the targets 0 and 1: what they ask of an output"]
    program: Annotated[list[MicroStep], "the micro-steps of one training step"]
    grains: Annotated[dict[str, list[int]], "of `equation` and `layer`: after how many micro-steps each unit ends"]


class Examples(TypedDict):
    """How many examples there are."""

    training: Annotated[int, "to train on"]
    held_out: Annotated[int, "to evaluate on"]


class Listing(TypedDict):
    """All that there is to know of a run once."""

    experiment: Annotated[dict[str, Any], "with all defaults written out, and the changes"]
    sizes: Annotated[list[int], "units of each layer, the input first"]
    kind: Annotated[str, "what targets are, such as classes"]
    looks: Annotated[str, "how an example looks: a picture, a point of the plane or of a line, or a row of numbers"]
    classes: Annotated[list[str], "the names of the classes, where they have other names than their numbers"]
    columns: Annotated[list[str], "the names of the inputs, where they have names"]
    target: Annotated[str, "the name of the target; empty where it has none"]
    examples: Annotated[Examples, "of each split"]
    steps_per_epoch: Annotated[int, "training steps"]
    tensors: Annotated[dict[str, list[Any]], "of each tensor what its axes count: `example`, or the number of a layer"]
    segments: Annotated[list[Segment], "in order"]


class Parting(TypedDict):
    """The first difference between two runs; of pairs the first is of the run that was asked."""

    training_step: Annotated[int, "in which they part"]
    t: Annotated[list[int], "a pair: the moments at which they differ"]
    tensor: Annotated[str, "which differs"]
    index: Annotated[list[int] | None, "its first element that does; null where its shape does"]
    values: Annotated[list[Any] | None, "a pair: the element; null where there is none"]
    shapes: Annotated[list[Any], "a pair: the tensor's shape; null in a run that has not computed it there"]


class Metadata(TypedDict, total=False):
    """What stands in a frame's metadata; safetensors has texts only, so every value is one."""

    t: Annotated[str, "the moment that the tensors are of, which may be before the one that was sought"]
    id: Annotated[str, "the command's id as text"]
    until: Annotated[str, "the name of the condition whose test ended the seek, where one did"]
    condition: Annotated[str, "JSON: that condition with all its settings"]
    example: Annotated[str, "the example that is sent, where one is watched"]
    examples: Annotated[str, "how many the mini-batch has, where one is watched"]
    gradients_of: Annotated[str, "the example that was asked for, where the gradients of one are"]
    units: Annotated[str, "JSON: the units that are sent, where they are watched"]
    facts: Annotated[str, "JSON: what an answer in tensors says besides"]


class Refused(TypedDict):
    """The answer to a command that was not carried out, after which nothing has changed."""

    id: Annotated[Identity, "the command's; null where that cannot be read"]
    refused: Annotated[str, "what was wrong, in English"]
    field: Annotated[str, "where it stood, such as `watch.units`"]
    details: Annotated[
        dict[str, Any] | None,
        "`kind`, `noun`, `value`, `form` and `blanks`, to say the same in any language; "
        "`described`, with `form` and `blanks`, where `value` describes what cannot be shown",
    ]


def identity_of(plain: Any) -> Identity:
    """A command's id.

    Raises:
        Refusal: it is neither a short text nor a whole number.
    """
    found: Identity = Id().check("id", plain)
    return found


def run_of(plain: Any) -> str:
    """The name of the run that a command is for.

    Raises:
        Refusal: it can be no name.
    """
    return FIRST if plain == FIRST else str(RUN.check("run", plain))


def change_of(fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The moment and the plain form of a change.

    Raises:
        Refusal: its moment or one of its fields' names is wrong; their values are checked by whoever knows the run.
    """
    write = {name: value for name, value in fields.items() if name != "t"}
    t = parsed(Change, {name: fields[name] for name in ("t",) if name in fields}).t
    return t, known("change", write, WRITES)
