"""The moments at which the engine is compared with PyTorch."""

from typing import Any

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.explain.passes import passes
from engine.explain.pytorch import compared
from tests.helpers.experiments import EXPERIMENTS

COMPARED = [*EXPERIMENTS, Experiment.from_dict(PRESETS["xor"]), Experiment.from_dict(PRESETS["digits_13002"])]


def to_compare(chosen: Experiment) -> tuple[Timeline, dict[str, Any]]:
    """A run at the end of its first backward pass, and what the page shows beside PyTorch there."""
    timeline = Timeline(chosen)
    t = compared(passes(timeline, 1), "{t}")["t"]
    timeline.seek(t)
    return timeline, compared(passes(timeline, t), "moment-{t}.safetensors")
