"""A run through one segment: its buffers."""

import numpy as np

from engine.experiment.changes import Change
from engine.run.segments import Segment
from engine.run.workspace import Workspace


class Run:
    """The buffers of one segment: those of carried tensors, and a workspace for each size of mini-batch.

    Args:
        segment: the segment.
        before: the run through the segment before, whose carried tensors continue; None at the beginning.
    """

    def __init__(self, segment: Segment, before: "Run | None" = None) -> None:
        self.segment = segment
        optimizer = before.segment.experiment.training.optimizer if before else ""
        self.carried: dict[str, np.ndarray] = segment.enter(before.carried if before else None, optimizer)
        self._workspaces: dict[int, Workspace] = {}

    def workspace(self, training_step: int) -> Workspace:
        """The workspace for the size of this training step's mini-batch; the last of an epoch may be smaller."""
        experiment = self.segment.experiment
        examples = experiment.examples_in(training_step)
        if examples not in self._workspaces:
            self._workspaces[examples] = Workspace(experiment, self.segment.program, self.carried, examples)
        workspace = self._workspaces[examples]
        workspace.draw.training_step = training_step
        return workspace

    def write(self, change: Change) -> str:
        """Write a change of numbers into its tensor and return that name; with a schedule the rate is the base rate."""
        scheduled = change.tensor == "learning_rate" and "base_rate" in self.carried
        name = "base_rate" if scheduled else change.tensor
        change.apply(self.carried[name])
        return name
