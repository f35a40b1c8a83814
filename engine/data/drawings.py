"""The user's own drawings as training examples, and which of them a training step takes."""

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.base.refusal import Refusal, bytes_in, known, listed, number, whole
from engine.data.dataset import one_hot

PIXELS, CLASSES = 784, 10
MOST = 200  # the most drawings of one experiment; its plain form contains them
SMALLEST_SHARE = 0.001


@dataclass(frozen=True)
class Drawings:
    """Drawings with their digits, and the share of each mini-batch that is taken from them.

    With a share of 1 a network is trained on the drawings alone; then no mini-batch is larger than the number of
    drawings.

    Attributes:
        pictures: 784 grey values each, as bytes, row by row.
        labels: the digit of each picture.
        share: the share of a mini-batch, above 0 and up to 1.
    """

    pictures: tuple[bytes, ...]
    labels: tuple[int, ...]
    share: float

    @classmethod
    def from_dict(cls, plain: Any) -> "Drawings":
        """Read ``{"pictures": [784 bytes row by row in base64, ...], "labels": [2, ...], "share": 1}``.

        Raises:
            Refusal: a field is unknown, missing or malformed, or the numbers of labels and pictures differ.
        """
        known("drawings", plain, ("pictures", "labels", "share"), required=("pictures", "labels"))
        pictures = listed("drawings.pictures", plain["pictures"])
        labels = listed("drawings.labels", plain["labels"])
        whole("drawings.pictures", "number of drawings", len(pictures), 1, MOST)
        if len(labels) != len(pictures):
            expected = f"as many as there are drawings: {len(pictures)}"
            raise Refusal("unfit", "drawings.labels", "labels", len(labels), expected, "labels", count=len(pictures))
        return cls(
            tuple(bytes_in(f"drawings.pictures.{i}", "drawing", each, PIXELS) for i, each in enumerate(pictures)),
            tuple(whole(f"drawings.labels.{i}", "label", each, 0, CLASSES - 1) for i, each in enumerate(labels)),
            number("drawings.share", "share", plain.get("share", 1), SMALLEST_SHARE, 1),
        )

    def to_dict(self) -> dict[str, Any]:
        """The plain form; ``from_dict`` gives the same drawings back."""
        pictures = [base64.b64encode(each).decode() for each in self.pictures]
        return {"pictures": pictures, "labels": [*self.labels], "share": self.share}

    @property
    def alone(self) -> bool:
        """Whether the network is trained on the drawings alone."""
        return self.share == 1

    def among(self, examples: int) -> int:
        """The number of drawings in a mini-batch of this many examples: at least one."""
        return max(1, round(self.share * examples))

    def rows(self, training_step: int, count: int) -> np.ndarray:
        """The indices of the ``count`` drawings that a training step takes; steps take the drawings in turn."""
        return (training_step * count + np.arange(count)) % len(self.pictures)

    @cached_property
    def x(self) -> np.ndarray:
        """The pictures' bytes, (drawings, 784)."""
        return np.frombuffer(b"".join(self.pictures), np.uint8).reshape(-1, PIXELS)

    @cached_property
    def y(self) -> np.ndarray:
        """The targets, (drawings, 10)."""
        return one_hot(np.array(self.labels), CLASSES)
