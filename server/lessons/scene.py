"""The scene of a lesson's step: the experiment and the moment of a link, as the page reads it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from engine import Experiment, Refusal
from engine.base.refusal import one_of, whole
from engine.experiment.changes import LARGEST_T
from engine.health.scenarios import SCENARIOS
from server.gallery import presets
from server.trained.shipped import SHIPPED

Plain = dict[str, Any]
OFFERED: dict[str, Callable[[], dict[str, Plain]]] = {
    "preset": presets,
    "scenario": lambda: {name: each["experiment"] for name, each in SCENARIOS.items()},
}
FIELDS = ("preset", "scenario", "experiment", "t", "view", "format")


@dataclass(frozen=True)
class Scene:
    """What a step shows.

    Attributes:
        link: the part of a link from # on.
        experiment: its experiment.
        t: its moment.
    """

    link: str
    experiment: Experiment
    t: int


def scene_of(text: Any, field: str = "scene") -> Scene:
    """The scene of a link, or of its part from # on.

    Raises:
        Refusal: it is no link of a scene, or its experiment is refused.
    """
    if not isinstance(text, str) or "#" not in text:
        raise Refusal("invalid", field, "scene", text, "a link that Share has copied, from # on", "scene_link")
    link = text[text.index("#") :]
    fields = {name: values[-1] for name, values in parse_qs(link[1:], keep_blank_values=True).items()}
    for name in fields:
        one_of(field, "field", name, FIELDS)
    if "view" in fields and not isinstance(_plain(fields["view"], field), dict):
        raise Refusal("invalid", field, "scene", text, "a link that Share has copied, from # on", "scene_link")
    t = whole(field, "t", _plain(fields.get("t", "0"), field), 0, LARGEST_T)
    return Scene(link, Experiment.from_dict(_experiment(fields, text, field), SHIPPED), t)


def _experiment(fields: dict[str, str], text: str, field: str) -> Plain:
    """The plain form of the experiment that is named, with what differs from it."""
    patch = _plain(fields["experiment"], field) if "experiment" in fields else {}
    for kind, offered in OFFERED.items():
        if kind in fields:
            found: Plain = patched(_whole(kind, one_of(field, kind, fields[kind], offered())), patch)
            return found
    if "experiment" not in fields:
        raise Refusal("invalid", field, "scene", text, "a link that Share has copied, from # on", "scene_link")
    return patch


@cache
def _whole(kind: str, name: str) -> Plain:
    """An experiment that the page offers, with every field in use, as the page has it."""
    return Experiment.from_dict(OFFERED[kind]()[name], SHIPPED).to_dict()


def patched(base: Any, patch: Any) -> Any:
    """What a JSON merge patch (RFC 7396) makes of a plain value."""
    if not isinstance(patch, dict):
        return patch
    made = dict(base) if isinstance(base, dict) else {}
    for name, each in patch.items():
        if each is None:
            made.pop(name, None)
        else:
            made[name] = patched(made.get(name), each)
    return made


def _plain(text: str, field: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("invalid", field, "scene", text, "JSON", "json") from None
