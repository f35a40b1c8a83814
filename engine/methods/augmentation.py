"""Augmentation: every training step changes its examples a little at random, so that none is learned by heart."""

import numpy as np

from engine.methods.equation import equation
from engine.methods.pictures import affine_maps, moved, redrawn


@equation("x:il -> a:ik", draws=True, partly=True)
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


@equation("x:ik -> a:ik", draws=True)
def add_noise(draw, x, *, noise, out=None):
    r"""\a_{ik} = \x_{ik} + \varepsilon_{ik}, \quad \varepsilon_{ik} \sim \mathcal{N}(0, \sigma^{2})

    Noise on every input: a function of the seed and the training step alone.
    """
    a = np.multiply(draw.random("noise").standard_normal(x.shape, x.dtype), noise, out=out)
    return np.add(a, x, out=a)
