"""What each scenario is named for."""

from engine.health.troubles import TROUBLES

NAMES = {name: name for name in TROUBLES} | {"dead_relus": "dying"}  # the trouble that each scenario is named for
