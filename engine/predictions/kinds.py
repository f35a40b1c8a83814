"""All kinds of predictions by their names."""

from engine.predictions import arrows, examples, paths, steps
from engine.predictions.prediction import Kind

KINDS: dict[str, Kind] = {**arrows.KINDS, **paths.KINDS, **examples.KINDS, **steps.KINDS}
CONCEPTS = tuple(dict.fromkeys(kind.concept for kind in KINDS.values()))
