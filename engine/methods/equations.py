"""The equations of the mini-batch, the forward pass and the backward pass, without those of activations and losses.

Examples are rows. Each ``delta`` belongs to its own example; only ``dW`` and ``db`` are means over the mini-batch.
"""

import numpy as np

from engine.methods.equation import equation, share, shares

FEW, MANY = 3_000, 10_000  # numbers of cells in a product at which another NumPy call is the quickest


@equation("-> a:ik, y:ij", draws=True, textbook="a = X[B]\ny = Y[B]")
def mini_batch(draw, out=None):
    r"""\a = X_{B}, \quad \y = Y_{B}

    The rows B of the data set: the next ones of this epoch's shuffle. Which they are is a function of the seed and
    the training step alone.
    """
    rows = draw.rows()
    a, y = out or (None, None)
    return draw.inputs(rows, a), draw.y.take(rows, 0, y, "clip")


@equation(
    "-> a:ik, y:ij",
    draws=True,
    textbook="a = np.concatenate([D[K], X[B]])\ny = np.concatenate([E[K], Y[B]])",
)
def mini_batch_with_drawings(draw, out=None):
    r"""\a = \begin{pmatrix} D_{K} \\ X_{B} \end{pmatrix}, \quad \y = \begin{pmatrix} D'_{K} \\ Y_{B} \end{pmatrix}

    First the drawings K of one's own, in turn, and then rows B of the data set as usual. Which they are is a function
    of the seed and the training step alone.
    """
    drawn, rows = draw.drawn_rows(), draw.rows()
    rows = rows[len(drawn) : draw.examples]
    a, y = out or (None, None)
    x = np.concatenate([draw.drawings.x[drawn], draw.x.take(rows, axis=0)])
    a = draw.dataset.seen(x, draw.dtype, a)
    y = np.concatenate([draw.drawings.y[drawn].astype(draw.dtype), draw.y.take(rows, axis=0)], out=y)
    return a, y


@equation("-> a:ik, y:ij", draws=True, textbook="a = X[B]\ny = Y[B]")
def mini_batch_chosen(draw, out=None):
    r"""\a = X_{B}, \quad \y = Y_{B}

    The rows B of the data set that a person has chosen, for this training step alone: the ones of a class whose turn
    comes next, or one example. The mini-batches after it are the same as without it.
    """
    rows = draw.chosen_rows()
    a, y = out or (None, None)
    return draw.inputs(rows, a), draw.y.take(rows, 0, y, "clip")


@equation("-> a:ik, y:ij", draws=True, textbook="a = X[B]\ny = Y[B]")
def mini_batch_recorded(draw, out=None):
    r"""\a = X_{B}, \quad \y = Y_{B}

    The rows B of the data set that were recorded for this training step. After the last recorded step they come again
    from the first.
    """
    rows = draw.rows()
    a, y = out or (None, None)
    return draw.inputs(rows, a), draw.y.take(rows, 0, y, "clip")


@equation("a:ik, W:jk, b:j -> z:ij", textbook="z = a @ W.T + b")
def affine(a, W, b, out=None):
    r"""\z = \a \W^\top + \b

    Each neuron adds up the activations below it, each times its weight, and then its bias.
    """
    if out is None or out.size > FEW:
        z = a.dot(W.T, out)
        return np.add(z, b, z)
    z = out
    z[:] = b  # b first: quicker where there are few cells
    return np.add(a.dot(W.T), z, z)


@equation("a:ij, y:ij -> delta:ij", textbook="delta = a - y")
def output_error(a, y, out=None):
    r"""\delta = \a - \y

    Sigmoid with binary cross-entropy, and softmax with cross-entropy: the activation's slope and the loss's
    derivative cancel, and what is left is how far off the output is.
    """
    return np.subtract(a, y, out)


@equation("delta:ij, W:jk -> da:ik", textbook="da = delta @ W")
def pass_back(delta, W, out=None):
    r"""\da = \delta\, \W

    The chain rule through the weights: how the loss changes with each activation, summed over all the paths that
    leave it. The weights are the ones the forward pass used.
    """
    return delta.dot(W, out)


@equation("da:ij, slope:ij -> delta:ij", textbook="delta = da * slope")
def chain(da, slope, out=None):
    r"""\delta = \da \odot \slope

    The chain rule through the activation: where the curve is flat, little gets through.
    """
    return np.multiply(da, slope, out)


@equation("delta:ij, a:ik -> dW:jk", textbook="dW = (1 / m * delta).T @ a", rounds="kernel")
def weight_gradient(delta, a, out=None):
    r"""\dW = \frac{1}{m}\, \delta^\top \a

    How the mean loss changes with each weight: the error above it times the activation below it, averaged over the
    m examples of the mini-batch.
    """
    delta = delta * share(len(delta), delta.dtype)  # share is 1/m
    if out is None:
        return a.T.dot(delta).T
    if out.size > MANY:
        return np.matmul(delta.T, a, out)
    a.T.dot(delta, out.T)  # weights are stored by columns
    return out


@equation("delta:ij -> db:j", textbook="db = delta.mean(axis=0)", rounds="order")
def bias_gradient(delta, out=None):
    r"""\db = \frac{1}{m} \sum_{i} \delta_{i}

    A bias feeds its neuron as a weight would whose activation is always 1.
    """
    return shares(len(delta), delta.dtype).dot(delta, out)  # shares are m times 1/m
