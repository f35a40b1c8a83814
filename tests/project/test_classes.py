"""A class that the style sheet of one room lays out wherever it stands is no other room's name for something else."""

import re
from pathlib import Path

from tests.helpers.serving import ROOT

STATIC = ROOT / "static"
RULE = re.compile(r"([^{}]+)\{")
BARE = re.compile(r"\s*\.([\w-]+)(?:\.[\w-]+)*\s*")
GIVEN = re.compile(r'(?:className: |class: |class=|classList\.(?:add|toggle)\()"([^"]+)"')
SHARED = {  # what one room lays out and others build, on purpose
    "cell-box", "cells", "drawing-pass", "ends", "field", "heads", "line", "lit", "pass-legend", "ramp", "virtual-list",
    "waiting-note", "caption-equation", "phase", "lesson-asks", "lesson-buttons", "lesson-head", "lesson-leave",
    "lesson-score",
}  # fmt: skip


def laid_out(sheet: Path) -> set[str]:
    """The classes that a sheet lays out by their names alone."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    parts = (part for selector in RULE.findall(text) for part in re.split(r",(?![^(]*\))", selector))
    return {match[1] for part in parts if (match := BARE.fullmatch(part))}


def given(room: Path) -> set[str]:
    """The classes that the scripts of a room give to what they build."""
    texts = (path.read_text(encoding="utf-8") for path in room.rglob("*.js"))
    return {name for text in texts for names in GIVEN.findall(text) for name in names.split()}


def test_no_room_lays_out_by_its_name_alone_what_another_room_builds():
    rooms = {sheet.parent: laid_out(sheet) for sheet in STATIC.glob("*/style.css")}
    builds = {room: given(room) for room in STATIC.iterdir() if room.is_dir()}
    assert sum(map(len, rooms.values())) > 100
    clashes = {
        f"{room.name} and {other.name}: .{name}"
        for room, names in rooms.items()
        for other, built in builds.items()
        if other != room
        for name in (names & built) - SHARED
    }
    assert clashes == set()
