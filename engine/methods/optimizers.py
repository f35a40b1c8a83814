"""Optimizers: how a gradient becomes an update of its parameter.

The optimizer's equations are computed for each parameter w with its gradient g; k is the number of the update. A state
that fades where the gradients stay 0 has an equation of its own besides, ``clear_tiny``.
"""

from dataclasses import dataclass

import numpy as np

from engine.base.settings import Setting
from engine.methods.equation import Equation, equation


@dataclass(frozen=True)
class Optimizer:
    """An optimizer.

    Attributes:
        equations: the equations of one parameter's update, in order. They compute the update u and add it to w.
        settings: the settings of these equations.
        learning_rate: the default learning rate.
        squares: the letters of those states that are sums or means of squares, never below 0. An optimizer with such a
            state divides each gradient by its usual size.
        fading: the letters of those states that fade where the gradients stay 0. Tiny numbers in them are set to 0 from
            time to time.
        pytorch: the same in PyTorch, with its settings as blanks; empty where PyTorch has none that is the same.
    """

    equations: tuple[Equation, ...]
    settings: tuple[Setting, ...] = ()
    learning_rate: float = 0.1
    squares: tuple[str, ...] = ()
    fading: tuple[str, ...] = ()
    pytorch: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """The letters of the tensors that it keeps for each parameter: read and written by one equation, w excepted."""
        kept = (name for each in self.equations for name, _ in each.writes if name in dict(each.reads))
        return tuple(name for name in kept if name != "w")

    @property
    def counts(self) -> bool:
        """Whether its equations, or those that clear its states, read the number of the update."""
        return bool(self.fading) or any("updates" in dict(each.reads) for each in self.equations)

    @property
    def adapts(self) -> bool:
        """Whether it keeps Adam's two running means, and so divides each gradient's mean by its usual size."""
        return {"m", "v"} <= {*self.states}


@equation("w:*, g:*, learning_rate: -> w:*, u:*", partly=True, scratch="g", textbook="w -= learning_rate * g")
def gradient_descent(w, g, learning_rate, out=None):
    r"""\w \leftarrow \w + \u, \quad \u = -\learning_rate\, \g

    A small step downhill: against the gradient, as long as the learning rate says.
    """
    moved, u = out or (None, None)
    u = np.multiply(learning_rate, g, u)
    moved = np.subtract(w, u, moved)
    return moved, u if u is g else np.negative(u, u)  # in the place of g nobody reads u


@equation("updates: -> updates:", textbook="updates += 1")
def count_update(updates, out=None):
    r"""\updates \leftarrow \updates + 1

    How many updates there have been: the first is number 1.
    """
    return np.add(updates, 1, out)


@equation("v:*, g:* -> v:*", textbook="v = momentum * v + g")
def velocity(v, g, *, momentum, out=None):
    r"""\v \leftarrow \beta\, \v + \g

    Classical momentum: gradients that agree add up to a velocity, and those that change their mind cancel (Polyak,
    1964).
    """
    v = np.multiply(v, momentum, out)
    return np.add(v, g, v)


@equation("v:*, g:*, updates: -> v:*", partly=True, textbook="v = momentum * v + (1 - dampening * (updates > 1)) * g")
def dampened_velocity(v, g, updates, *, momentum, dampening, out=None):
    r"""\v \leftarrow \beta\, \v + (1 - \tau\, [ \updates > 1 ])\, \g

    Momentum with dampening: of every gradient but the first a share τ is left out; the bracket is 1 where its condition
    holds, else 0. With τ = β it is a running mean that begins at the first gradient, not at 0.
    """
    v = np.multiply(v, momentum, out)
    return np.add(v, (1 - dampening * float(updates > 1)) * g, v)


@equation("v:*, learning_rate: -> u:*", textbook="u = -learning_rate * v")
def momentum_step(v, learning_rate, out=None):
    r"""\u = -\learning_rate\, \v

    The step goes along the velocity, not along the gradient of this mini-batch alone.
    """
    return np.multiply(v, -learning_rate, out)


@equation("v:*, g:*, learning_rate: -> u:*", textbook="u = -learning_rate * (g + momentum * v)")
def nesterov_step(v, g, learning_rate, *, momentum, out=None):
    r"""\u = -\learning_rate\, ( \g + \beta\, \v )

    Nesterov's momentum: look where the velocity leads, and step as the gradient there would (Sutskever et al., 2013,
    in the form that needs no second gradient).
    """
    u = np.multiply(v, momentum, out)
    u = np.add(u, g, u)
    return np.multiply(u, -learning_rate, u)


@equation("v:*, g:* -> v:*", textbook="v = momentum * v + (1 - momentum) * g")
def averaged_velocity(v, g, *, momentum, out=None):
    r"""\v \leftarrow \beta\, \v + (1 - \beta)\, \g

    The averaging form of momentum: a running mean of the gradients. Its steps are (1 - β) times those of the classical
    form, so a rate that suits the one does not suit the other.
    """
    v = np.multiply(v, momentum, out)
    return np.add(v, (1 - momentum) * g, v)


@equation("v:*, g:* -> v:*", textbook="v = decay * v + (1 - decay) * g**2")
def mean_square(v, g, *, decay, out=None):
    r"""\v \leftarrow \rho\, \v + (1 - \rho)\, \g^{2}

    A running mean of the squared gradient: how large this parameter's gradients usually are.
    """
    v = np.multiply(v, decay, out)
    square = np.square(g)
    return np.add(v, np.multiply(square, 1 - decay, square), v)


@equation("g:*, v:*, learning_rate: -> u:*", textbook="u = -learning_rate * (g / (np.sqrt(v) + epsilon))")
def rmsprop_step(g, v, learning_rate, *, epsilon, out=None):
    r"""\u = -\learning_rate\, \frac{\g}{\sqrt{\v} + \epsilon}

    Each parameter's gradient measured against its usual size, so all move at about the same pace (Tieleman, Hinton,
    2012).
    """
    u = np.sqrt(v, out)
    u = np.add(u, epsilon, u)
    u = np.divide(g, u, u)
    return np.multiply(u, -learning_rate, u)


@equation("m:*, g:* -> m:*", textbook="m = beta1 * m + (1 - beta1) * g")
def first_moment(m, g, *, beta1, out=None):
    r"""\m \leftarrow \beta_{1}\, \m + (1 - \beta_{1})\, \g

    Adam's running mean of the gradients.
    """
    m = np.multiply(m, beta1, out)
    return np.add(m, (1 - beta1) * g, m)


@equation("v:*, g:* -> v:*", textbook="v = beta2 * v + (1 - beta2) * g**2")
def second_moment(v, g, *, beta2, out=None):
    r"""\v \leftarrow \beta_{2}\, \v + (1 - \beta_{2})\, \g^{2}

    Adam's running mean of the squared gradients.
    """
    v = np.multiply(v, beta2, out)
    square = np.square(g)
    return np.add(v, np.multiply(square, 1 - beta2, square), v)


@equation("m:*, updates: -> mhat:*", textbook="mhat = m / (1 - beta1**updates)")
def corrected_mean(m, updates, *, beta1, out=None):
    r"""\mhat = \frac{\m}{1 - \beta_{1}^{\updates}}

    The bias correction: the mean begins at 0 and is too small at first; dividing by 1 - β₁^k makes up for it.
    """
    return np.divide(m, 1 - beta1 ** float(updates), out)


@equation("v:*, updates: -> vhat:*", textbook="vhat = v / (1 - beta2**updates)")
def corrected_mean_square(v, updates, *, beta2, out=None):
    r"""\vhat = \frac{\v}{1 - \beta_{2}^{\updates}}

    The same for the mean of the squares, which begins at 0 too.
    """
    return np.divide(v, 1 - beta2 ** float(updates), out)


@equation(
    "m:*, v:*, updates:, learning_rate: -> u:*",
    textbook=(
        "mhat = m / (1 - beta1**updates)\n"
        "vhat = v / (1 - beta2**updates)\n"
        "u = -learning_rate * mhat / (np.sqrt(vhat) + epsilon)"
    ),
    rounds="order",
)
def adam_step(m, v, updates, learning_rate, *, beta1, beta2, epsilon, out=None):
    r"""\u = -\learning_rate\, \frac{\m \,/\, (1 - \beta_{1}^{\updates})}
    {\sqrt{\v \,/\, (1 - \beta_{2}^{\updates})} + \epsilon}

    The corrected mean over the root of the corrected mean square: the mean gradient measured against its usual size
    (Kingma, Ba, 2015). It is computed from the two means themselves, which saves a training step two passes.
    """
    k = float(updates)
    small = (1 - beta2**k) ** 0.5  # the fraction is multiplied by it above and below
    u = np.sqrt(v, out)
    u = np.add(u, epsilon * small, u)
    u = np.divide(m, u, u)
    return np.multiply(u, -learning_rate * small / (1 - beta1**k), u)


@equation(
    "w:*, m:*, v:*, updates:, learning_rate: -> u:*",
    textbook=(
        "mhat = m / (1 - beta1**updates)\n"
        "vhat = v / (1 - beta2**updates)\n"
        "u = -learning_rate * (mhat / (np.sqrt(vhat) + epsilon) + weight_decay * w)"
    ),
    rounds="order",
)
def adamw_step(w, m, v, updates, learning_rate, *, beta1, beta2, epsilon, weight_decay, out=None):
    r"""\u = -\learning_rate \Bigl( \frac{\m \,/\, (1 - \beta_{1}^{\updates})}
    {\sqrt{\v \,/\, (1 - \beta_{2}^{\updates})} + \epsilon} + \lambda\, \w \Bigr)

    Adam, and besides every parameter shrinks by a small share of itself, which never passes through the running means
    (Loshchilov, Hutter, 2019).
    """
    k = float(updates)
    small = (1 - beta2**k) ** 0.5  # the fraction is multiplied by it above and below
    u = np.sqrt(v, out)
    u = np.add(u, epsilon * small, u)
    u = np.divide(m, u, u)
    u = np.multiply(u, small / (1 - beta1**k), u)
    u = np.add(u, weight_decay * w, u)
    return np.multiply(u, -learning_rate, u)


@equation("v:*, g:* -> v:*", textbook="v += g**2")
def square_sum(v, g, out=None):
    r"""\v \leftarrow \v + \g^{2}

    All squared gradients that there have been, added up.
    """
    return np.add(v, np.square(g), out)


@equation("g:*, v:*, learning_rate: -> u:*", textbook="u = -learning_rate * (g / (np.sqrt(v) + epsilon))")
def adagrad_step(g, v, learning_rate, *, epsilon, out=None):
    r"""\u = -\learning_rate\, \frac{\g}{\sqrt{\v} + \epsilon}

    The more a parameter's gradients have come to so far, the shorter its steps (Duchi, Hazan, Singer, 2011).
    """
    u = np.sqrt(v, out)
    u = np.add(u, epsilon, u)
    u = np.divide(g, u, u)
    return np.multiply(u, -learning_rate, u)


@equation("m:*, g:*, learning_rate: -> u:*", textbook="u = -learning_rate * np.sign(beta1 * m + (1 - beta1) * g)")
def lion_step(m, g, learning_rate, *, beta1, out=None):
    r"""\u = -\learning_rate\, \operatorname{sign} \bigl( \beta_{1}\, \m + (1 - \beta_{1})\, \g \bigr)

    Every parameter moves by the learning rate, whichever way the mean gradient says with this one's gradient mixed in;
    where that is 0 it stays (Chen et al., 2023).
    """
    u = np.multiply(m, beta1, out)
    u = np.add(u, (1 - beta1) * g, u)
    u = np.sign(u, u)
    return np.multiply(u, -learning_rate, u)


@equation("m:*, g:* -> m:*", textbook="m = beta2 * m + (1 - beta2) * g")
def lion_mean(m, g, *, beta2, out=None):
    r"""\m \leftarrow \beta_{2}\, \m + (1 - \beta_{2})\, \g

    Lion's running mean of the gradients, which forgets more slowly than its step does.
    """
    m = np.multiply(m, beta2, out)
    return np.add(m, (1 - beta2) * g, m)


@equation("w:*, u:* -> w:*", textbook="w += u")
def apply_update(w, u, out=None):
    r"""\w \leftarrow \w + \u

    The parameter moves by the update.
    """
    return np.add(w, u, out)


@equation(
    "s:*, updates: -> s:*",
    textbook="if updates % 128 == 0:\n    s[np.abs(s) < 1e-30] = 0",
)
def clear_tiny(s, updates, out=None):
    r"""\s \leftarrow \begin{cases} 0 & |\s| < 10^{-30},\ 128 \mid \updates \\ \s & \text{else} \end{cases}

    At every 128th update, numbers below 1e-30 in size are set to 0. They change nothing; left to fade further they
    would become subnormal numbers, which are slow to compute with.
    """
    s = s if s is out else np.positive(s, out)
    if updates % 128 == 0:
        s[np.abs(s) < 1e-30] = 0
    return s


MOMENTUM = Setting("momentum", r"\beta", 0.9, 0, 0.9999)
DAMPENING = Setting("dampening", r"\tau", 0.9, 0, 1)
DECAY = Setting("decay", r"\rho", 0.9, 0, 0.99999)
BETA1 = Setting("beta1", r"\beta_{1}", 0.9, 0, 0.9999)
BETA2 = Setting("beta2", r"\beta_{2}", 0.999, 0, 0.99999)
EPSILON = Setting("epsilon", r"\epsilon", 1e-8, 1e-12, 1)
WEIGHT_DECAY = Setting("weight_decay", r"\lambda", 0.01, 0, 10)

ADAM = (BETA1, BETA2, EPSILON)
ADAGRAD = (Setting("epsilon", r"\epsilon", 1e-10, 1e-12, 1),)
LION = (BETA1, Setting("beta2", r"\beta_{2}", 0.99, 0, 0.99999))
DAMPENED = (Setting("momentum", r"\beta", 0.9, 1e-4, 0.9999), DAMPENING)  # without momentum PyTorch dampens nothing
ADAM_MEANS = (first_moment, second_moment, corrected_mean, corrected_mean_square)
BETAS = "betas=({beta1}, {beta2}), eps={epsilon}"
OPTIMIZERS = {
    "adagrad": Optimizer(
        (square_sum, adagrad_step, apply_update),
        ADAGRAD,
        0.1,
        ("v",),
        pytorch="torch.optim.Adagrad(network.parameters(), lr=learning_rate, eps={epsilon})",
    ),
    "adam": Optimizer(
        (*ADAM_MEANS, adam_step, apply_update),
        ADAM,
        0.01,
        ("v",),
        ("m", "v"),
        f"torch.optim.Adam(network.parameters(), lr=learning_rate, {BETAS})",
    ),
    "adamw": Optimizer(
        (*ADAM_MEANS, adamw_step, apply_update),
        (*ADAM, WEIGHT_DECAY),
        0.01,
        ("v",),
        ("m", "v"),
        f"torch.optim.AdamW(network.parameters(), lr=learning_rate, {BETAS}, weight_decay={{weight_decay}})",
    ),
    "averaged_momentum": Optimizer((averaged_velocity, momentum_step, apply_update), (MOMENTUM,), fading=("v",)),
    "dampened_momentum": Optimizer(
        (dampened_velocity, momentum_step, apply_update),
        DAMPENED,
        fading=("v",),
        pytorch="torch.optim.SGD(network.parameters(), lr=learning_rate, momentum={momentum}, dampening={dampening})",
    ),
    "gradient_descent": Optimizer(
        (gradient_descent,), pytorch="torch.optim.SGD(network.parameters(), lr=learning_rate)"
    ),
    "lion": Optimizer((lion_step, lion_mean, apply_update), LION, 0.003, fading=("m",)),
    "momentum": Optimizer(
        (velocity, momentum_step, apply_update),
        (MOMENTUM,),
        0.05,
        fading=("v",),
        pytorch="torch.optim.SGD(network.parameters(), lr=learning_rate, momentum={momentum})",
    ),
    "nesterov": Optimizer(
        (velocity, nesterov_step, apply_update),
        (MOMENTUM,),
        0.05,
        fading=("v",),
        pytorch="torch.optim.SGD(network.parameters(), lr=learning_rate, momentum={momentum}, nesterov={momentum} > 0)",
    ),
    "rmsprop": Optimizer(
        (mean_square, rmsprop_step, apply_update),
        (DECAY, EPSILON),
        0.01,
        ("v",),
        ("v",),
        "torch.optim.RMSprop(network.parameters(), lr=learning_rate, alpha={decay}, eps={epsilon})",
    ),
}
PLAIN = "gradient_descent"  # the default
