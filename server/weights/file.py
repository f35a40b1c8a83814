"""A file of weights of another program: safetensors or NumPy's ``.npz``. A pickle is never opened."""

from engine import Refusal
from server.checkpoints.codec import header_of
from server.weights import npz, tensors
from server.weights.refused import unreadable
from server.weights.stored import FLOATS, MOST_ARRAYS, NAME, Stored

PICKLED = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))
INSIDE = b"data.pkl"  # the pickle in PyTorch's archives
SAFELY = 'from safetensors.torch import save_file\nsave_file(model.state_dict(), "model.safetensors")'
TAIL = 1 << 20  # bytes at the end of an archive that have its list of files


def is_own(data: bytes) -> bool:
    """Whether the file says that it is a checkpoint of Backscope."""
    try:
        metadata = header_of(data).get("__metadata__")
    except Refusal:
        return False
    return isinstance(metadata, dict) and "experiment" in metadata


def is_archive(data: bytes) -> bool:
    """Whether the file is a zip archive, whose files have an order of their own."""
    return data.startswith(npz.BEGINS)


def stored_in(data: bytes) -> list[Stored]:
    """The arrays of a file, none of which has been read yet.

    Raises:
        Refusal: it is a pickle, or no file of weights, or it is damaged, or has too many arrays or too long a name.
    """
    if is_archive(data):
        if INSIDE in data[:TAIL] or INSIDE in data[-TAIL:]:
            raise _pickle()
        found = npz.stored_in(data)
    elif data.startswith(PICKLED) and data[8:9] != b"{":
        raise _pickle()
    else:
        found = tensors.stored_in(data)
    if len(found) > MOST_ARRAYS or any(len(each.name) > NAME for each in found):
        expected = f"at most {MOST_ARRAYS} arrays, with names of at most {NAME} characters"
        raise unreadable("invalid", expected, "arrays_most", most=MOST_ARRAYS, length=NAME)
    if not any(each.dtype in FLOATS and len(each.shape) == 2 and each.size for each in found):
        expected = "it has no array of two axes with floating-point numbers, which the weights of a layer are"
        raise unreadable("unfit", expected, "no_weights")
    return found


def _pickle() -> Refusal:
    expected = f"it is a pickle, which could run any program as it opens; these two lines save it safely: {SAFELY}"
    return unreadable("unsupported", expected, "pickle", lines=SAFELY)
