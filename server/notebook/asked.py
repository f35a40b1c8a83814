"""What a notebook asks to be shown: an experiment, a run or a scene, in each of the forms in which people have them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from backscope.recording import is_recording
from engine import Experiment, Refusal, Timeline
from engine.base.refusal import base64_bytes, one_of, whole
from engine.experiment.changes import LARGEST_T
from server.lessons.scene import OFFERED, scene_of
from server.stream import House
from server.tables.upload import HEADERS, SEPARATED

SCENE_FORMAT = 1  # the latest format of scenes that is read
FORMS = (
    "a preset's name, an experiment, a timeline, a scene or its link, or the path of a scene's or a recording's file"
)
Plain = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is to be shown.

    Attributes:
        experiment: the experiment.
        t: the moment.
        view: what of the page's view differs from the usual, in the form of a scene.
        timeline: the run, where there is one already.
    """

    experiment: Experiment
    t: int = 0
    view: Plain = field(default_factory=dict)
    timeline: Timeline | None = None


def asked_of(asked: Any, house: House) -> Asked:
    """What is asked for. Checkpoints, tables and recordings that it brings along are kept in the house.

    Raises:
        Refusal: it is none of the forms, or something in it is refused.
        OSError: a file cannot be read.
    """
    if isinstance(asked, Timeline):
        return Asked(asked.experiment, asked.t, timeline=asked)
    if isinstance(asked, Experiment):
        return Asked(asked)
    if isinstance(asked, Mapping):
        return _of_plain(dict(asked), house)
    if isinstance(asked, str) and "#" in asked:
        return _of_link(asked)
    if isinstance(asked, Path) or (isinstance(asked, str) and (Path(asked).suffix or Path(asked).is_file())):
        return _of_file(Path(asked), house)
    if isinstance(asked, str):
        offered = {name: plain for found in OFFERED.values() for name, plain in found().items()}
        return Asked(_experiment(offered[one_of("experiment", "preset", asked, offered)], house))
    raise Refusal("invalid", "experiment", "experiment", asked, FORMS)


def _of_link(link: str) -> Asked:
    scene = scene_of(link, "experiment")
    view = parse_qs(scene.link[1:]).get("view", ["{}"])[-1]
    return Asked(scene.experiment, scene.t, json.loads(view))


def _of_file(path: Path, house: House) -> Asked:
    data = path.read_bytes()
    if is_recording(data):
        told = house.recordings.open(data)
        if "unfit" in told:
            raise Refusal.from_dict(told["unfit"])
        return Asked(_experiment(told["experiment"], house), told["t"], told["view"])
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise Refusal("invalid", "experiment", "scene", str(path), "JSON", "json")
    return _of_plain(plain, house)


def _of_plain(plain: Plain, house: House) -> Asked:
    """The scene or the experiment of a plain form, which are told apart as the page does it."""
    if "dataset" in plain or "experiment" not in plain:
        return Asked(_experiment(plain, house))
    whole("format", "scene format", plain.get("format", 1), 1, SCENE_FORMAT)
    t = whole("t", "t", plain.get("t", 0), 0, LARGEST_T)
    view = plain.get("view", {})
    if not isinstance(view, Mapping):
        raise Refusal("invalid", "view", "scene", view, "a mapping", "mapping")
    if isinstance(data := plain.get("data"), Mapping) and isinstance(data.get("text"), str):
        separator, header = SEPARATED.get(data.get("separator", "")), HEADERS.get(data.get("header", ""))
        house.tables.open(data["text"].encode(), separator, header)
    if plain.get("checkpoint") is not None:
        house.checkpoints.open(base64_bytes("checkpoint", "checkpoint", plain["checkpoint"]))
    return Asked(_experiment(plain["experiment"], house), t, dict(view))


def _experiment(plain: Any, house: House) -> Experiment:
    return Experiment.from_dict(plain, house.checkpoints, house.given)
