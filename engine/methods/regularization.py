"""Regularization: penalties, weight decay and dropout against overfitting, and clipping of the gradient."""

import numpy as np

from engine.methods.equation import equation, length


@equation("W:jk -> penalty:", textbook="penalty = l1 * np.sum(np.abs(W)) + l2 / 2 * np.sum(W**2)", rounds="precision")
def weight_penalty(W, *, l1, l2, out=None):
    r"""\penalty = \lambda_{1} \sum_{jk} | \W_{jk} | + \frac{\lambda_{2}}{2} \sum_{jk} \W_{jk}^{2}

    What large weights cost, beside the loss of the data. Biases cost nothing.
    """
    w = W.ravel("K").astype(float, copy=False)
    cost = l1 * np.abs(w).sum() if l1 else 0.0
    return np.add(cost, l2 / 2 * w.dot(w) if l2 else 0.0, out)


@equation("*penalties: -> total:", textbook="total = np.sum([*penalties])")
def total_penalty(*penalties, out=None):
    r"""\total = [[\penalties]]

    The penalties of all layers. What is minimized is the loss plus this.
    """
    return np.add.reduce(penalties, out=out)


@equation("dW:jk, W:jk -> g:jk", textbook="g = l2 * W + dW + l1 * np.sign(W)")
def regularized_gradient(dW, W, *, l1, l2, out=None):
    r"""\g = \dW + \lambda_{1} \operatorname{sign}(\W) + \lambda_{2} \W

    L1 pulls every weight towards 0 by the same amount, L2 by a share of itself.
    """
    g = np.multiply(W, l2, out)
    g = np.add(g, dW, g)
    if l1:
        g = np.add(g, l1 * np.sign(W), g)
    return g


@equation("*gradients:* -> norm:", textbook="norm = np.sqrt(np.sum([np.sum(g**2) for g in [*gradients]]))")
def gradient_norm(*gradients, out=None):
    r"""\norm = \sqrt{[[\lVert \gradients \rVert^{2}]]}

    The length of the whole gradient, as one long vector over all parameters.
    """
    return np.positive(length(gradients), out)


@equation("g:*, norm: -> c:*", textbook="c = g * (limit / max(limit, norm))")
def clip(g, norm, *, limit, out=None):
    r"""\c = \g \, \frac{L}{\max(L, \norm)}

    A gradient longer than the limit L is shortened to it; its direction stays (Pascanu, Mikolov, Bengio, 2013).
    """
    return np.multiply(g, float(limit / np.maximum(limit, norm)), out)


@equation("g:*, w:* -> gtilde:*", textbook="gtilde = g + coupled_weight_decay * w")
def decayed_gradient(g, w, *, coupled_weight_decay, out=None):
    r"""\gtilde = \g + \lambda\, \w

    Coupled weight decay: a share of every parameter, biases too, is added to its gradient and passes through the
    optimizer with it. AdamW's weight decay is decoupled: it goes past the optimizer (Loshchilov, Hutter, 2019).
    """
    gtilde = np.multiply(w, coupled_weight_decay, out)
    return np.add(g, gtilde, gtilde)


@equation(
    "-> mask:ij",
    draws=True,
    textbook='rng = draw.random("mask", layer)\nmask = (rng.random((m, units)) >= share) / (1 - share)',
)
def dropout_mask(draw, *, share, layer, units, out=None):
    r"""\mask_{ij} = \begin{cases} 0 & \text{with probability } p \\ \frac{1}{1 - p} & \text{else} \end{cases}

    Which neurons are left out for which example: a function of the seed, the training step and the layer alone. Those
    that stay speak up to make good for the silenced (Srivastava et al., 2014).
    """
    stays = draw.random("mask", layer).random((draw.examples, units)) >= share
    return np.multiply(stays, 1 / (1 - share), out=out, dtype=draw.dtype)


@equation(
    "-> mask:ij",
    draws=True,
    textbook="mask = KEPT[layer][ENDS[number] : ENDS[number + 1]] / (1 - share)",
)
def dropout_mask_recorded(draw, *, share, layer, units, out=None):
    r"""\mask_{ij} = \begin{cases} 0 & \text{left out} \\ \frac{1}{1 - p} & \text{else} \end{cases}

    The neurons that were left out when this training step was recorded. After the last recorded step the masks come
    again from the first.
    """
    return np.multiply(draw.kept(layer), 1 / (1 - share), out=out, dtype=draw.dtype)


@equation("f:ij, mask:ij -> a:ij", textbook="a = f * mask")
def drop_out(f, mask, out=None):
    r"""\a = \f \odot \mask

    What is left out is 0 for all that follows.
    """
    return np.multiply(f, mask, out)


@equation("da:ij, mask:ij -> df:ij", textbook="df = da * mask")
def drop_out_back(da, mask, out=None):
    r"""\df = \da \odot \mask

    The same mask on the way back: who said nothing is not to blame.
    """
    return np.multiply(da, mask, out)
