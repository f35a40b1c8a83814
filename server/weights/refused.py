"""What is refused of a file of weights as a whole."""

from engine import Refusal
from server.checkpoints.soundness import THE_FILE


def unreadable(kind: str, expected: str, form: str, **blanks: str | int) -> Refusal:
    """What is wrong with a file."""
    return Refusal(kind, "checkpoint", "checkpoint", THE_FILE, expected, form, **blanks)


def damaged(name: str) -> Refusal:
    """What is said of an array whose place or shape in the file cannot be."""
    shown = name if len(name) <= 60 else f"{name[:57]}..."
    return unreadable("invalid", f"its {shown} is cut off or damaged", "array_damaged", array=shown)
