"""A file of weights as the beginning of an experiment, which says what no such file does, so that nobody is asked."""

from engine import Experiment
from engine.experiment.experiment import Start
from server.checkpoints.codec import decode
from server.weights.desk import told
from server.weights.file import is_own, stored_in
from server.weights.reading import checkpoint_of
from server.weights.refused import unreadable


def start_of(data: bytes, experiment: Experiment) -> Start:
    """What a run of the experiment starts from: a checkpoint of Backscope, or weights of another program.

    Raises:
        Refusal: the file is neither, its layers are not the experiment's, or their shapes and names leave open what
            belongs where.
    """
    tables = experiment.dataset.tables
    if is_own(data):
        return decode(data, tables).start
    held = told(data)
    if held["undecided"]:
        named = ", ".join(held["undecided"])
        raise unreadable("unfit", f"its shapes and names leave open: {named}; open it on the page, which asks", "")
    if [bool(found["batch_norm"]) for found in held["layers"]] != [layer.batch_norm for layer in experiment.layers]:
        expected = f"its {len(held['layers'])} layers, or those with batch norm, are not the experiment's"
        raise unreadable("unfit", expected, "")
    pairs = zip(held["layers"], experiment.layers, strict=True)
    layers = [found | {"activation": layer.activation} for found, layer in pairs]
    reading = {"layers": layers, "dataset": experiment.dataset.to_dict(), "loss": experiment.loss}
    return decode(checkpoint_of(stored_in(data), reading, tables), tables).start
