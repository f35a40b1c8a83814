"""A person's reading of a file of weights: which arrays are which layer's. It becomes a checkpoint of a run at t 0."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors.numpy import save

from engine import Experiment, Refusal
from engine.base.refusal import known, listed, one_of, whole, yes_or_no
from engine.data.choice import DatasetChoice, Tables
from engine.experiment.layers import LAYERS, UNITS
from server.weights.norms import BATCH_NORM
from server.weights.stored import FLOATS, Stored

FIELDS = ("layers", "dataset", "loss")
LAYER = ("weights", "transposed", "bias", "batch_norm", "activation")
ABSENT = {"bias": 0.0, "gamma": 1.0, "beta": 0.0}  # what an array that is not there would hold
NAMED = {"bias": "b", "gamma": "gamma", "beta": "beta", "running_mean": "running_mean", "running_var": "running_var"}


def checkpoint_of(stored: list[Stored], plain: Any, tables: Tables | None = None) -> bytes:
    """The checkpoint of a file's arrays as they have been read.

    Args:
        stored: the arrays of the file.
        plain: the reading: ``layers``, the data set, and the loss where it is not the output's own.
        tables: the known tables of one's own data, by name.

    Raises:
        Refusal: a field is malformed, or an array does not fit where it has been put; it says both shapes.
    """
    known("", plain, FIELDS, required=("layers", "dataset"))
    layers = listed("layers", plain["layers"], LAYERS)
    arrays = {each.name: each for each in stored if each.dtype in FLOATS}
    dataset = DatasetChoice.from_dict(plain["dataset"], tables)
    units, tensors, forms = dataset.inputs, dict[str, np.ndarray](), []
    for place, layer in enumerate(layers):
        reader = LayerReader(arrays, f"layers.{place}", layer)
        found = reader.tensors(units, place)
        units = len(found["W"])
        tensors |= {f"{name}{place + 1}": array for name, array in found.items()}
        forms.append(
            {"units": units, "activation": layer["activation"]} | ({"batch_norm": True} if reader.norm else {})
        )
    wide = any(array.dtype == np.float64 for array in tensors.values())
    experiment = {"dataset": plain["dataset"], "layers": forms, "dtype": "float64" if wide else "float32"}
    if plain.get("loss") is not None:
        experiment["loss"] = plain["loss"]
    run = Experiment.from_dict(experiment, tables=tables)
    same = {name: np.ascontiguousarray(array, run.numpy_dtype) for name, array in tensors.items()}
    return bytes(save(same, {"experiment": json.dumps(run.to_dict()), "t": "0"}))


class LayerReader:
    """Reads the arrays of one layer, in the field ``field``."""

    def __init__(self, arrays: Mapping[str, Stored], field: str, plain: Any) -> None:
        known(field, plain, LAYER, required=("weights", "activation"))
        self._arrays, self._field, self._plain = arrays, field, plain
        self.norm: dict[str, Any] | None = None
        if plain.get("batch_norm") is not None:
            self.norm = known(f"{field}.batch_norm", plain["batch_norm"], BATCH_NORM, required=BATCH_NORM[2:])

    def tensors(self, inputs: int, place: int) -> dict[str, np.ndarray]:
        """The layer's tensors by their names without its number, for so many inputs.

        Raises:
            Refusal: there is no such array, it has another shape, or it has a number that is not finite.
        """
        transposed = yes_or_no(f"{self._field}.transposed", "order of the axes", self._plain.get("transposed", False))
        matrix = self._array("weights", self._plain["weights"])
        shape = matrix.shape[::-1] if transposed else matrix.shape
        if len(shape) != 2 or shape[1] != inputs:
            raise self._unfit("weights", matrix, "first" if place == 0 else "before", inputs)
        whole(f"{self._field}.weights", "layer width", shape[0], 1, UNITS)
        found = {"W": self._numbers("weights", matrix)}
        if transposed:
            found["W"] = found["W"].T
        return found | self._vectors(len(found["W"]))

    def _vectors(self, units: int) -> dict[str, np.ndarray]:
        plain = {"bias": self._plain.get("bias")}
        if self.norm is not None:
            plain |= {f"batch_norm.{part}": self.norm.get(part) for part in BATCH_NORM}
        found = {}
        for field, name in plain.items():
            part = field.rpartition(".")[2]
            if name is None and part in ABSENT:
                found[NAMED[part]] = np.full(units, ABSENT[part], np.float32)
                continue
            vector = self._array(field, name)
            if vector.size != units or sum(side > 1 for side in vector.shape) > 1:
                raise self._unfit(field, vector, "neurons", units)
            found[NAMED[part]] = self._numbers(field, vector).reshape(-1)
        return found

    def _array(self, field: str, name: Any) -> Stored:
        return self._arrays[one_of(f"{self._field}.{field}", "array", name, self._arrays)]

    def _numbers(self, field: str, array: Stored) -> np.ndarray:
        found = array.read()
        if not np.isfinite(found).all():
            count = int((~np.isfinite(found)).sum())
            expected = f"{count} of {found.size} are NaN or infinite"
            blanks = {"count": count, "of": found.size}
            raise Refusal("unfit", f"{self._field}.{field}", "array", array.name, expected, "array_finite", **blanks)
        return found

    def _unfit(self, field: str, array: Stored, needs: str, count: int) -> Refusal:
        expected = {
            "first": f"its shape is {array.shape}; the data set has {count} inputs",
            "before": f"its shape is {array.shape}; the layer before has {count} neurons",
            "neurons": f"its shape is {array.shape}; the layer has {count} neurons",
        }[needs]
        blanks = {"shape": str(array.shape), "count": count}
        return Refusal("unfit", f"{self._field}.{field}", "array", array.name, expected, f"array_{needs}", **blanks)
