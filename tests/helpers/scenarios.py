"""The trouble of each scenario."""

from engine.health.troubles import TROUBLES

NAMES = {name: name for name in TROUBLES} | {"dead_relus": "dying"}
