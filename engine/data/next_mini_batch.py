"""The next mini-batch, where a person chooses what it holds: examples of one class, or one example."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.base.refusal import Refusal, known, whole
from engine.data.dataset import Dataset


@dataclass(frozen=True)
class NextMiniBatch:
    """What one mini-batch holds in place of the examples whose turn it is; one of both is given.

    Attributes:
        label: the class of all its examples.
        example: the row number of its only example among the training examples.
    """

    label: int | None = None
    example: int | None = None

    @classmethod
    def from_dict(cls, plain: Any, data: Dataset) -> "NextMiniBatch":
        """Read ``{"class": 2}`` or ``{"example": 17}``.

        Raises:
            Refusal: the form is another, or the data set has no such class or example to train on.
        """
        field = "next_mini_batch"
        known(field, plain, ("class", "example"))
        if len(plain) != 1:
            raise Refusal("invalid", field, "mini-batch", plain, "a class or an example", "class_or_example")
        if "example" in plain:
            last = len(data.x_train) - 1
            return cls(example=whole(f"{field}.example", "number of an example", plain["example"], 0, last))
        if data.kind != "classes":
            raise Refusal("unfit", f"{field}.class", "class", plain["class"], "its targets are values", "no_classes")
        label = whole(f"{field}.class", "class", plain["class"], 0, max(2, data.y_train.shape[1]) - 1)
        if not (data.labels == label).any():
            raise Refusal("unfit", f"{field}.class", "class", label, "no training example is of it", "class_empty")
        return cls(label=label)

    def to_dict(self) -> dict[str, int]:
        """The plain form; ``from_dict`` gives the same back."""
        return {"class": self.label} if self.label is not None else {"example": int(self.example or 0)}

    def rows(self, data: Dataset, order: np.ndarray, first: int, size: int) -> np.ndarray:
        """The row numbers of its training examples; of a class they are those whose turn comes next.

        Args:
            data: the data set.
            order: the row numbers of all training examples, in the order of this epoch.
            first: the place in the order from which on they have not had their turn; after its end it begins anew.
            size: the number of its examples.
        """
        if self.label is None:
            return np.array([self.example])
        ahead = np.concatenate([order[first:], order[:first]])
        return ahead[data.labels[ahead] == self.label][:size]

    def examples(self, data: Dataset, size: int) -> int:
        """The number of its examples where it is the turn of ``size`` of them."""
        return 1 if self.label is None else min(size, int((data.labels == self.label).sum()))
