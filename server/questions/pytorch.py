"""The question of the same network in PyTorch."""

from engine.explain import pytorch as programs
from engine.run.source import Source
from server.protocol.kinds import Nothing
from server.questions.answer import Answer, passes_to

FILE = "backscope-t{t}.safetensors"


def pytorch(timeline: Source, t: int, asked: Nothing) -> Answer:
    """The same network as a program in PyTorch, whose autograd takes the place of the backward pass; the moment ``t``
    whose tensors it reads from a ``file``; and the ``gradients`` that it is to find. The server does not run it.
    """
    return programs.compared(passes_to(timeline, t), FILE)
