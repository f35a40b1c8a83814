"""Equations with deliberate mistakes."""

from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np

from engine.methods.equation import Equation


def twisted(found: Equation, twist: Any) -> Equation:
    """The equation with its result changed by ``twist``."""

    @wraps(found.function)
    def function(*arrays: Any, out: Any = None, **settings: Any) -> Any:
        return np.positive(twist(found.function(*arrays, **settings)), out=out)

    return replace(found, function=function)
