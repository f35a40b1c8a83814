"""What there is to observe of sessions, and the observer that looks at nothing."""

from typing import Protocol


class Observer(Protocol):
    """Hears what sessions do, from any thread."""

    def command(self, kind: str, seconds: float, refused: str) -> None:
        """A command of this kind is done; ``refused`` is the kind of its refusal, empty where there is none."""

    def frame(self, size: int) -> None:
        """A frame of so many bytes has been made."""

    def trained(self, training_steps: int) -> None:
        """A run has gone on by so many training steps."""


class Unobserved:
    """Looks at nothing."""

    def command(self, kind: str, seconds: float, refused: str) -> None:
        """Let it pass."""

    def frame(self, size: int) -> None:
        """Let it pass."""

    def trained(self, training_steps: int) -> None:
        """Let it pass."""
