"""Augmentation: every training step changes its examples a little at random, so that none is learned by heart.

Of pictures, first what a hand does differently is changed (the pen, the place, the form of the strokes), then what a
scanner does.
"""

from dataclasses import dataclass

import numpy as np

from engine.base.settings import Setting, Settings
from engine.methods.equation import Equation, equation
from engine.methods.pictures import PLACES, affine_maps, coarsened, displaced, moved, redrawn, smooth_fields


@dataclass(frozen=True)
class Augmentation:
    """A way to change the examples of a training step.

    Attributes:
        equation: the equation that changes them.
        writes: the name of the changed examples where another augmentation follows; the last one writes a0.
        settings: the settings of the equation. Where all of them are 0 it is left out.
        pictures: whether the examples must be pictures.
    """

    equation: Equation
    writes: str
    settings: tuple[Setting, ...]
    pictures: bool = True

    def used(self, values: Settings) -> bool:
        """Whether one of its settings has another value than 0, of all settings with their values."""
        return any(value for name, value in values if name in self.equation.settings)


@equation(
    "x:il -> a:ik",
    draws=True,
    partly=True,
    textbook=(
        'rng = draw.random("distort")\n'
        "down, right = rng.uniform(-shift, shift, (2, m))\n"
        "maps = affine_maps(down, right, rng.uniform(-rotation, rotation, m), rng.uniform(1 - scale, 1 + scale, m))\n"
        "pen = rng.uniform(-stroke, stroke, m)\n"
        "a = moved(redrawn(x, pen) if any(pen) else x, maps)"
    ),
)
def distort(draw, x, *, shift, rotation, scale, stroke, out=None):
    r"""\a_{i} = T_{i}(\x_{i}), \quad T_{i} \sim \mathcal{U}(\pm d,\ \pm \varphi,\ 1 \pm q,\ \pm \omega)

    Each picture is drawn with another pen, resized, turned and moved, within these bounds; each pixel is interpolated
    between the four around the place that it comes from. By how much is a function of the seed and the training step
    alone.
    """
    rng, n = draw.random("distort"), len(x)
    down, right = rng.uniform(-shift, shift, (2, n))
    maps = affine_maps(down, right, rng.uniform(-rotation, rotation, n), rng.uniform(1 - scale, 1 + scale, n))
    pen = rng.uniform(-stroke, stroke, n)
    return moved(redrawn(x, pen) if stroke else x, maps, out=out)


@equation(
    "x:il -> a:ik",
    draws=True,
    partly=True,
    textbook=(
        'noise = draw.random("uneven").standard_normal((m, 8, 8), x.dtype)\n'
        "pen = np.clip(uneven * smooth_fields(noise), -1, 1)\n"
        "a = redrawn(x, pen)"
    ),
)
def vary_strokes(draw, x, *, uneven, out=None):
    r"""\a_{i} = P_{\omega_{i}}(\x_{i}), \quad \omega_{i} = \nu\, G_{4} * \varepsilon_{i}, \quad
    \varepsilon_{i} \sim \mathcal{N}(0, 1)

    A pen that presses now more, now less: each pixel goes towards the darkest (where the width is above 0) or the
    lightest of itself and its four neighbours, by a share that spreads from random numbers at 8 x 8 places, with a
    Gaussian of 4 pixels.
    """
    noise = draw.random("uneven").standard_normal((len(x), PLACES, PLACES), x.dtype)
    pen = np.clip(uneven * smooth_fields(noise), -1, 1)
    return redrawn(x, pen, out=out)


@equation(
    "x:il -> a:ik",
    draws=True,
    partly=True,
    textbook=(
        'noise = draw.random("elastic").standard_normal((m, 2, 8, 8), x.dtype)\n'
        "a = displaced(x, elastic * smooth_fields(noise))"
    ),
)
def bend(draw, x, *, elastic, out=None):
    r"""\a_{i}(p) = \x_{i} ( p + \alpha\, u_{i}(p) ), \quad u_{i} = G_{4} * \varepsilon_{i}, \quad
    \varepsilon_{i} \sim \mathcal{N}(0, 1)

    Elastic distortion (Simard et al. 2003): each pixel comes from a place nearby, and neighbours from nearly the same
    one, since random displacements at 8 x 8 places are spread by a Gaussian of 4 pixels.
    """
    noise = draw.random("elastic").standard_normal((len(x), 2, PLACES, PLACES), x.dtype)
    return displaced(x, elastic * smooth_fields(noise), out=out)


@equation(
    "x:il -> a:ik",
    draws=True,
    partly=True,
    textbook='pixel = 1 + coarse * draw.random("coarse").random(m)\na = coarsened(x, pixel)',
)
def coarsen(draw, x, *, coarse, out=None):
    r"""\a_{i} = R_{i}\, \x_{i}\, R_{i}^{\top}, \quad R_{i} = R ( 1 + c\, s_{i} ), \quad s_{i} \sim \mathcal{U}(0, 1)

    A coarser scanner: each picture is averaged down to a grid whose pixels are so many times as wide, and interpolated
    back. R does both to a line of pixels.
    """
    pixel = 1 + coarse * draw.random("coarse").random(len(x))
    return coarsened(x, pixel, out=out)


@equation(
    "x:ik -> a:ik",
    draws=True,
    textbook='rng = draw.random("noise")\na = x + noise * rng.standard_normal(x.shape, x.dtype)',
)
def add_noise(draw, x, *, noise, out=None):
    r"""\a_{ik} = \x_{ik} + \varepsilon_{ik}, \quad \varepsilon_{ik} \sim \mathcal{N}(0, \sigma^{2})

    Noise on every input: a function of the seed and the training step alone.
    """
    a = np.multiply(draw.random("noise").standard_normal(x.shape, x.dtype), noise, out=out)
    return np.add(a, x, out=a)


# In the order in which they are computed, with the bounds of their settings: the shift in pixels, the rotation in
# degrees, the scale as a share of the size, the stroke as a share of a pixel; the standard deviations of the width of
# the pen and of the displacement, in pixels; how many pixels wider those of a scanner are; that of the noise.
AUGMENTATIONS = (
    Augmentation(
        distort,
        "distorted",
        (
            Setting("shift", "d", 0, 0, 10),
            Setting("rotation", r"\varphi", 0, 0, 180),
            Setting("scale", "q", 0, 0, 0.9),
            Setting("stroke", r"\omega", 0, 0, 1),
        ),
    ),
    Augmentation(vary_strokes, "penned", (Setting("uneven", r"\nu", 0, 0, 1),)),
    Augmentation(bend, "bent", (Setting("elastic", r"\alpha", 0, 0, 10),)),
    Augmentation(coarsen, "coarse", (Setting("coarse", "c", 0, 0, 13),)),
    Augmentation(add_noise, "noisy", (Setting("noise", r"\sigma", 0, 0, 10),), pictures=False),
)
SETTINGS = tuple(setting for each in AUGMENTATIONS for setting in each.settings)
