"""The bounds and deadlines of the server in words: one table, for ``backscope --help`` and docs/serving.md."""

from dataclasses import dataclass

from engine.base.refusal import LISTED
from engine.data.choice import TABLE_COLUMNS, TABLE_ROWS
from engine.data.drawings import MOST as DRAWINGS
from engine.data.own import CLASSES
from engine.data.table import COLUMNS, ROWS
from engine.experiment.experiment import CHANGES, STRUCTURES
from engine.experiment.layers import LAYERS, UNITS
from engine.predictions.search import AHEAD
from engine.surface.path import MOST as PATH
from engine.surface.plane import PARAMETERS
from server.checkpoints.codec import HEADER_BYTES
from server.limits import (
    ASK_SECONDS,
    CARRIED_BYTES,
    CAUSE_SECONDS,
    CHECKPOINT_BYTES,
    CHECKPOINTS,
    CHECKPOINTS_BYTES,
    DEPTH,
    HISTORY_BYTES,
    LANDMARK_BYTES,
    LEAST_HISTORY_BYTES,
    MAP_WORK,
    MAP_WORK_OF_CLUSTER,
    MAPS,
    MESSAGE_BYTES,
    PART_SECONDS,
    PENDING,
    PREDICTION_SECONDS,
    RECORDINGS,
    RECORDINGS_BYTES,
    RUNS,
    SCRIPT_STEPS,
    SEEK_SECONDS,
    SESSIONS,
    STALL_SECONDS,
    STATE_BYTES,
    TABLE_BYTES,
    TABLES,
    TABLES_BYTES,
    UPLOAD_SECONDS,
    UPLOADS,
    WAITING_BYTES,
)
from server.protocol.messages import ID_LENGTH
from server.questions.answers import LOSSES
from server.questions.handed import PAD
from server.questions.maps import MOST_STEPS
from server.questions.proofs import ELEMENTS, POINTS
from server.questions.surface import EXAMPLES
from server.questions.why import OPENED
from server.weights.stored import MOST_ARRAYS, NAME


@dataclass(frozen=True)
class Bound:
    """What is bounded, by how much, and what happens beyond."""

    what: str
    most: str
    beyond: str


REFUSED, WAITS = "refused", "waits"
AGAIN = "the oldest goes, and the page gives it again"
ON_THE_WAY = "answers with what it has reached by then"


def _size(count: int) -> str:
    return f"{count >> 20} MB" if count >= 1 << 20 else f"{count >> 10} kB"


BOUNDS = (
    Bound("a command", _size(MESSAGE_BYTES), "the line is closed"),
    Bound("lists and mappings in each other", f"{DEPTH} deep", REFUSED),
    Bound("an id", f"{ID_LENGTH} characters", REFUSED),
    Bound("a list for which nothing else is said", f"{LISTED} items", REFUSED),
    Bound("layers, and units of a layer", f"{LAYERS}, {UNITS}", REFUSED),
    Bound("rows given in an experiment", f"{TABLE_ROWS} rows, {TABLE_COLUMNS} columns", REFUSED),
    Bound("a table of one's own, and its classes", f"{ROWS:,} rows, {COLUMNS} columns, {CLASSES}", REFUSED),
    Bound("drawings of an experiment", f"{DRAWINGS}", REFUSED),
    Bound("changes of a run, and of structure among them", f"{CHANGES}, {STRUCTURES}", REFUSED),
    Bound("losses of the past for a diagnosis", f"{LOSSES}", REFUSED),
    Bound("errors opened, elements proven, points of a curve", f"{OPENED}, {ELEMENTS}, {POINTS}", REFUSED),
    Bound("parameters of a network with a loss surface", f"{PARAMETERS}", REFUSED),
    Bound("examples of a loss surface, moments of a path on it", f"{EXAMPLES}, {PATH}", "a sample is taken"),
    Bound("training steps of a map's runs", f"{MOST_STEPS}", REFUSED),
    Bound("numbers that a map computes, and on a cluster", f"{MAP_WORK:g}, {MAP_WORK_OF_CLUSTER:g}", REFUSED),
    Bound("maps that are kept", f"{MAPS}", "the oldest goes"),
    Bound("training steps that are searched for a prediction", f"{AHEAD}", REFUSED),
    Bound("a drawing", f"{PAD} x {PAD} pixels", REFUSED),
    Bound("all tensors of one moment", _size(STATE_BYTES), REFUSED),
    Bound("runs of a page", f"{RUNS}", REFUSED),
    Bound("commands of a page under way", f"{PENDING}", WAITS),
    Bound("answers that wait to be sent to a page", _size(WAITING_BYTES), WAITS),
    Bound("history of a run", _size(HISTORY_BYTES), f"thinned, down to {_size(LEAST_HISTORY_BYTES)} at a full server"),
    Bound("pages of a server", f"{SESSIONS}", "told that there is no room; they try again"),
    Bound("what all runs hold", "8 GB, or half of the memory", "told that there is no room; they try again"),
    Bound("a checkpoint's file, and its header", f"{_size(CHECKPOINT_BYTES)}, {_size(HEADER_BYTES)}", REFUSED),
    Bound("arrays of a file of weights, and their names", f"{MOST_ARRAYS}, {NAME} characters", REFUSED),
    Bound("opened checkpoints that are kept", f"{CHECKPOINTS}, {_size(CHECKPOINTS_BYTES)}", "the oldest goes"),
    Bound("a table's file", _size(TABLE_BYTES), REFUSED),
    Bound("tables that are kept", f"{TABLES}, {_size(TABLES_BYTES)}", AGAIN),
    Bound("a recording's file", _size(CHECKPOINT_BYTES), REFUSED),
    Bound(
        "recordings that are kept",
        f"{RECORDINGS}, {_size(RECORDINGS_BYTES)}",
        AGAIN,
    ),
    Bound("a landmark that a page keeps of its run", _size(LANDMARK_BYTES), "replayed from the beginning"),
    Bound("a program to take along", f"{SCRIPT_STEPS} training steps, {_size(CARRIED_BYTES)} of arrays", REFUSED),
    Bound("uploads at the same time", f"{UPLOADS}", WAITS),
    Bound("time for an upload, and for its next part", f"{UPLOAD_SECONDS} s, {STALL_SECONDS} s", REFUSED),
    Bound("time for a seek, or for a part of a loss surface", f"{SEEK_SECONDS * 1000:.0f} ms", ON_THE_WAY),
    Bound("time for a part of an evaluation or of a search", f"{PART_SECONDS * 1000:.0f} ms", ON_THE_WAY),
    Bound("time of a core for a prediction of a seed", f"{PREDICTION_SECONDS:g} s", REFUSED),
    Bound("time for the cause of what disagrees in a recording", f"{CAUSE_SECONDS:g} s", "none is named"),
    Bound("time for a question", f"{ASK_SECONDS:g} s", ON_THE_WAY + ", or is refused"),
)


def bounds_in_words() -> str:
    """The table for a terminal."""
    widths = [max(len(getattr(bound, name)) for bound in BOUNDS) for name in ("what", "most")]
    lines = (f"  {bound.what:<{widths[0]}}  {bound.most:<{widths[1]}}  {bound.beyond}" for bound in BOUNDS)
    return "bounds and deadlines, and what happens beyond:\n" + "\n".join(lines)


def bounds_in_markdown() -> str:
    """The table for docs/serving.md."""
    rows = (f"| {bound.what} | {bound.most} | {bound.beyond} |" for bound in BOUNDS)
    return "| what | at most | beyond |\n|---|---|---|\n" + "\n".join(rows) + "\n"
