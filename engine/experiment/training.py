"""How a network is trained: optimizer, schedule of the learning rate, penalties, clipping, augmentation."""

from dataclasses import dataclass
from typing import Any

from engine.base.refusal import known, number, one_of
from engine.base.settings import Settings, read
from engine.methods.augmentation import AUGMENTATIONS, SETTINGS, Augmentation
from engine.methods.optimizers import OPTIMIZERS, PLAIN
from engine.methods.schedules import SCHEDULES, STEADY, WARM_UP

LEARNING_RATE, PENALTY, CLIP_NORM = 1e6, 1e3, 1e6
FIELDS = ("optimizer", "schedule", "regularization", "clip_norm", "coupled_weight_decay", "augment")


@dataclass(frozen=True)
class Training:
    """How a network is trained.

    Attributes:
        optimizer: the name of the optimizer.
        learning_rate: the learning rate, or the base rate of a schedule.
        optimizer_settings: the optimizer's settings.
        schedule: the name of the schedule; None for a constant rate.
        schedule_settings: the schedule's settings.
        l1: the strength of the L1 penalty.
        l2: the strength of the L2 penalty.
        clip_norm: the limit of the gradient's norm; None for no limit.
        coupled_weight_decay: the share of every parameter that is added to its gradient, after clipping.
        augment: the settings of all augmentations, 0 where one is not in use.
    """

    optimizer: str
    learning_rate: float
    optimizer_settings: Settings
    schedule: str | None
    schedule_settings: Settings
    l1: float
    l2: float
    clip_norm: float | None
    coupled_weight_decay: float
    augment: Settings

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> "Training":
        """Read the training's fields of an experiment's plain form; a field that is missing or null has its default.

        Raises:
            Refusal: a field is unknown or malformed.
        """
        optimizer, learning_rate, optimizer_settings = _optimizer(_given(plain, "optimizer"))
        schedule, schedule_settings = _schedule(_given(plain, "schedule"))
        regularization = known("regularization", _given(plain, "regularization"), ("l1", "l2"))
        augment = known("augment", _given(plain, "augment"), [each.name for each in SETTINGS])
        limit, decay = plain.get("clip_norm"), plain.get("coupled_weight_decay")
        decay = 0 if decay is None else decay
        return cls(
            optimizer=optimizer,
            learning_rate=learning_rate,
            optimizer_settings=optimizer_settings,
            schedule=schedule,
            schedule_settings=schedule_settings,
            l1=number("regularization.l1", "L1 penalty", regularization.get("l1", 0), 0, PENALTY),
            l2=number("regularization.l2", "L2 penalty", regularization.get("l2", 0), 0, PENALTY),
            clip_norm=None if limit is None else number("clip_norm", "limit of the norm", limit, 1e-6, CLIP_NORM),
            coupled_weight_decay=number("coupled_weight_decay", "coupled weight decay", decay, 0, PENALTY),
            augment=read(augment, SETTINGS, "augment"),
        )

    def to_dict(self) -> dict[str, Any]:
        """The plain form, without the parts that are not in use; ``from_dict`` gives the same training back."""
        plain: dict[str, Any] = {
            "optimizer": {"name": self.optimizer, "learning_rate": self.learning_rate, **dict(self.optimizer_settings)}
        }
        if self.schedule:
            plain["schedule"] = {"name": self.schedule, **dict(self.schedule_settings)}
        if self.penalized:
            plain["regularization"] = {"l1": self.l1, "l2": self.l2}
        if self.clip_norm is not None:
            plain["clip_norm"] = self.clip_norm
        if self.coupled_weight_decay:
            plain["coupled_weight_decay"] = self.coupled_weight_decay
        augment = {name: value for name, value in self.augment if value}
        if augment:
            plain["augment"] = augment
        return plain

    @property
    def augmentations(self) -> list[Augmentation]:
        """The augmentations in use, in the order in which they are computed."""
        return [each for each in AUGMENTATIONS if each.used(self.augment)]

    @property
    def penalized(self) -> bool:
        return bool(self.l1 or self.l2)


def _given(plain: dict[str, Any], field: str) -> Any:
    return {} if plain.get(field) is None else plain[field]


def _optimizer(plain: Any) -> tuple[str, float, Settings]:
    name = plain.get("name", PLAIN) if isinstance(plain, dict) else PLAIN
    optimizer = OPTIMIZERS[one_of("optimizer.name", "optimizer", name, OPTIMIZERS)]
    known("optimizer", plain, ("name", "learning_rate", *(each.name for each in optimizer.settings)))
    rate = plain.get("learning_rate", optimizer.learning_rate)
    rate = number("optimizer.learning_rate", "learning rate", rate, 0, LEARNING_RATE)
    return name, rate, read(plain, optimizer.settings, "optimizer")


def _schedule(plain: Any) -> tuple[str | None, Settings]:
    """The schedule's name and settings; None and no settings where the rate is constant."""
    name = plain.get("name", STEADY) if isinstance(plain, dict) else STEADY
    schedule = SCHEDULES[one_of("schedule.name", "schedule", name, SCHEDULES)]
    known("schedule", plain, ("name", *(each.name for each in schedule.settings)))
    values = read(plain, schedule.settings, "schedule")
    return (name, values) if schedule.decay or dict(values)[WARM_UP.name] else (None, ())
