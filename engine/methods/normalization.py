"""Batch normalization and residual connections, which keep signals and errors alive in deep networks.

With batch normalization the examples of a mini-batch depend on each other. As in all layers, delta is m times the
derivative of the mean loss, so that dW and db are means over the mini-batch.
"""

import numpy as np

from engine.methods.equation import equation


@equation("z:ij -> mean:j", textbook="mean = 1 / m * z.sum(axis=0)")
def batch_mean(z, out=None):
    r"""\mean_{j} = \frac{1}{m} \sum_{i} \z_{ij}

    The mean of each neuron's pre-activation over the mini-batch. The last mini-batch of an epoch may be one example,
    which is its own mean: it is normalized to 0, whatever it is, and no error goes back through it.
    """
    mean = np.add.reduce(z, axis=0, out=out)
    return np.multiply(mean, 1 / len(z), mean)


@equation("z:ij, mean:j -> var:j", textbook="var = 1 / m * ((z - mean) ** 2).sum(axis=0)")
def batch_variance(z, mean, out=None):
    r"""\var_{j} = \frac{1}{m} \sum_{i} (\z_{ij} - \mean_{j})^{2}

    Their variance over the mini-batch.
    """
    var = np.add.reduce(np.square(z - mean), axis=0, out=out)
    return np.multiply(var, 1 / len(z), var)


@equation("z:ij, mean:j, var:j -> zhat:ij", textbook="zhat = (z - mean) * (1 / np.sqrt(var + epsilon))")
def normalize(z, mean, var, *, epsilon, out=None):
    r"""\zhat = \frac{\z - \mean}{\sqrt{\var + \epsilon}}

    Each neuron's pre-activations, moved and stretched to mean 0 and variance 1 (Ioffe, Szegedy, 2015).
    """
    zhat = np.subtract(z, mean, out)
    return np.multiply(zhat, 1 / np.sqrt(var + epsilon), zhat)


@equation("gamma:j, zhat:ij, beta:j -> ztilde:ij", textbook="ztilde = gamma * zhat + beta")
def scale_and_shift(gamma, zhat, beta, out=None):
    r"""\ztilde = \gamma \odot \zhat + \beta

    The network may undo the normalization as far as it likes: it learns its own scale and shift.
    """
    ztilde = np.multiply(gamma, zhat, out)
    return np.add(ztilde, beta, ztilde)


@equation(
    "running:j, batch:j, z:ij -> running:j",
    textbook="if m > 1:\n    running = batch + (1 - weight) * (running - batch)",
)
def running_average(running, batch, z, *, weight, out=None):
    r"""\running \leftarrow (1 - \kappa)\, \running + \kappa\, \batch \quad (\z \in \mathbb{R}^{m \times n},\ m > 1)

    What is remembered of many mini-batches, for predicting single examples. The mean and the variance of one example
    alone say nothing of the others, and are not remembered.
    """
    if len(z) < 2:
        return np.positive(running, out)
    running = np.subtract(running, batch, out)
    running = np.multiply(running, 1 - weight, running)
    return np.add(running, batch, running)


@equation("dztilde:ij, zhat:ij -> dgamma:j", textbook="dgamma = 1 / m * (dztilde * zhat).sum(axis=0)")
def scale_gradient(dztilde, zhat, out=None):
    r"""\dgamma_{j} = \frac{1}{m} \sum_{i} \dztilde_{ij} \zhat_{ij}

    How the mean loss changes with the learned scale.
    """
    dgamma = np.add.reduce(dztilde * zhat, axis=0, out=out)
    return np.multiply(dgamma, 1 / len(zhat), dgamma)


@equation(
    "dztilde:ij, zhat:ij, gamma:j, var:j, dgamma:j, dbeta:j -> delta:ij",
    textbook="delta = gamma / np.sqrt(var + epsilon) * (dztilde - zhat * dgamma - dbeta)",
)
def normalize_back(dztilde, zhat, gamma, var, dgamma, dbeta, *, epsilon, out=None):
    r"""\delta = \frac{\gamma}{\sqrt{\var + \epsilon}} \odot \bigl( \dztilde - \dbeta - \zhat \odot \dgamma \bigr)

    The chain rule through the mini-batch's own mean and variance: what is common to all examples cancels.
    """
    delta = np.multiply(zhat, dgamma, out)
    delta = np.subtract(dztilde, delta, delta)
    delta = np.subtract(delta, dbeta, delta)
    return np.multiply(delta, gamma / np.sqrt(var + epsilon), delta)


@equation("f:ij, below:ij -> a:ij", textbook="a = f + below")
def add_skip(f, below, out=None):
    r"""\a = \f + \below

    A residual connection: the layer adds to what it was given, instead of replacing it (He et al., 2016).
    """
    return np.add(f, below, out)


@equation("delta:ij, W:jk, da:ik -> below:ik", textbook="below = delta @ W + da")
def pass_back_with_skip(delta, W, da, out=None):
    r"""\below = \delta\, \W + \da

    The error arrives by two ways: through the weights, and unchanged along the skip.
    """
    below = np.matmul(delta, W, out)
    return np.add(below, da, below)
