"""What a page keeps of its run, so that it goes on at another server."""

from base64 import b64encode

from engine.run.source import Source
from server.checkpoints import landmark as files
from server.protocol.kinds import Nothing
from server.questions.answer import Answer, moment


def landmark(timeline: Source, t: int, asked: Nothing) -> Answer:
    """A moment near t from which a run of the same experiment goes on at a server that does not have it: see `resume`.

    ``landmark`` is {``t``, ``checksum``, ``file``}, the file in base64; null at the beginning of a run, and for
    networks that are too large to be kept by a page.
    """
    moment(timeline, t)
    at, carried = timeline.resumption(t)
    data = files.encode(at, carried, timeline.experiment) if at else None
    if data is None:
        return {"landmark": None}
    return {"landmark": {"t": at, "checksum": files.checksum(data), "file": b64encode(data).decode()}}
