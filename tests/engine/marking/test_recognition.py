"""Right programs of any style are called right; of wrong ones the mistake is named, and none is called right."""

import pytest

from engine.marking.recognition import CAUSES
from tests.helpers.homework import (
    ADAM,
    ADAMW,
    BOOK,
    CLIPPING,
    COLUMNS,
    DECAYING,
    DEEP,
    GENERAL,
    LOOPS,
    changed,
    verdict,
)

HEAVY_BALL = (
    "v = state.get(k, 0) * 0.9 + g[k]\n        state[k] = v\n        p[k] = p[k] - LEARNING_RATE * v",
    "q = p[k]; p[k] = p[k] - LEARNING_RATE * g[k] + 0.9 * (q - state.get(k, q)); state[k] = q",
)
RIGHT = {
    "a loop over the layers": (GENERAL,),
    "softmax": (DEEP,),
    "number by number": (LOOPS,),
    "as in a book": (BOOK,),
    "with a penalty": (DECAYING,),
    "in columns, by einsum": (COLUMNS,),
    "with clipping": (CLIPPING,),
    "clipping as PyTorch has it": (CLIPPING, "CLIP_NORM / norm", "CLIP_NORM / (norm + 1e-6)"),
    "Adam": (ADAM,),
    "AdamW": (ADAMW,),
    "rows that are not copied": (GENERAL, "W[l] = W[l] -", "W[l] -="),
    "without gradients": (GENERAL, "return W, b, dW, db", "return W, b"),
    "divided at the output": (GENERAL, "a[-1] - y", "(a[-1] - y) / m", "@ a[l] / m", "@ a[l]", "mean", "sum"),
    "the chain rule in full": (
        GENERAL,
        "delta = a[-1] - y",
        "delta = (-y / a[-1] + (1 - y) / (1 - a[-1])) * a[-1] * (1 - a[-1])",
    ),
    "epsilon under the root": (ADAM, "np.sqrt(vh) + 1e-8", "np.sqrt(vh + 1e-8)"),
    "Adam's rate with the correction in it": (
        ADAM,
        "LEARNING_RATE * mh / (np.sqrt(vh) + 1e-8)",
        "LEARNING_RATE * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * state['m'][i] / (np.sqrt(state['v'][i]) + 1e-8)",
    ),
    "a velocity with the rate in it": (
        COLUMNS,
        "* 0.9 + g[k]",
        "* 0.9 - LEARNING_RATE * g[k]",
        "- LEARNING_RATE * v",
        "+ v",
    ),
    "the step before, not a velocity": (COLUMNS, *HEAVY_BALL),
    "examples in another order": (GENERAL, "    m, L", "    x, y = x[::-1], y[::-1]\n    m, L"),
}
# A mistake of each kind, which the recognition was written for.
SEEDED = {
    "wrong_sign": (GENERAL, "W[l] - LEARNING", "W[l] + LEARNING", "b[l] - LEARNING", "b[l] + LEARNING"),
    "transposed_gradient": (GENERAL, "delta.T @ a[l] / m", "(a[l].T @ delta / m).reshape(W[l].shape)"),
    "missing_mean": (GENERAL, " / m", "", "delta.mean", "delta.sum"),
    "missing_slope": (GENERAL, "            delta = delta * F[", "            F["),
    "slope_twice": (DEEP, "delta = delta * F", "delta = delta * F[ACTIVATIONS[l - 1]][1](z[l - 1], a[l]) * F"),
    "softmax_twice": (COLUMNS, "    D2 = A2 - Y", "    E = np.exp(A2); A2 = E / E.sum(0); D2 = A2 - Y"),
    "updated_weights": (
        DEEP,
        "        if l > 0:",
        "        W[l] = W[l] - LEARNING_RATE * dW[l]\n        if l > 0:",
        "    for l in range(L):\n        W[l] = W[l] - LEARNING_RATE * dW[l]\n",
        "    for l in range(L):\n",
    ),
    "bias_gradient": (GENERAL, "delta.mean", "delta.sum"),
    "gradients_accumulate": (
        COLUMNS,
        "    for k in g:",
        "    for k in g:\n        g[k] = state['s' + k] = state.get('s' + k, 0) + g[k]",
    ),
    "missing_factor": (BOOK, "2*(act", "(act"),
    "other_activation": (GENERAL, '"tanh": (np.tanh, lambda z, a: 1 - a * a)', '"tanh": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0) * 1.0)'),
    "other_momentum": (COLUMNS, "* 0.9 + g[k]", "* 0.9 + 0.1 * g[k]"),
    "no_bias_correction": (ADAM, "mh / (np.sqrt(vh)", "state['m'][i] / (np.sqrt(state['v'][i])"),
    "step_from_zero": (ADAM, '    state["t"] += 1\n    t = state["t"]', '    t = state["t"]; state["t"] += 1'),
    "other_decay": (ADAMW, " - LEARNING_RATE * 0.1 * p", "", "    new = []", "    dW = [g + 0.1 * w for g, w in zip(dW, W)]; db = [g + 0.1 * c for g, c in zip(db, b)]\n    new = []"),
    "clip_after_step": (CLIPPING, "if norm > CLIP_NORM: g", "if norm > CLIP_NORM: h"),
    "other_rate": (GENERAL, "LEARNING_RATE * ", "0.4 * "),
    "frozen_layer": (GENERAL, "for l in range(L):\n        W[l]", "for l in range(1, L):\n        W[l]"),
    "shuffled_labels": (COLUMNS, "Y = y.T", "Y = np.random.permutation(y).T"),
    "extra_delta": (BOOK, "delta = (delta @ W[-l+1])", "delta = (delta @ W[-l+1]) * (1 + (l == 2))"),
}  # fmt: skip
ADAM_EARLY = (
    "    d1 = d2.dot(W[1])",
    """    key = "early"
    state[key] = state.get(key, 0) + 1
    g = d2.T.dot(h1)
    state["em"] = 0.9 * state.get("em", 0) + 0.1 * g
    state["ev"] = 0.999 * state.get("ev", 0) + 0.001 * g * g
    k = state[key]
    early = LEARNING_RATE * (state["em"] / (1 - 0.9**k)) / (np.sqrt(state["ev"] / (1 - 0.999**k)) + 1e-8)
    d1 = d2.dot(W[1] - early)""",
)
# Other ways to the same mistakes, and mistakes that were not thought of when the recognition was written.
HELD_OUT = [
    ("no_bias_correction", ADAM, "mh / (np.sqrt(vh)", "state['m'][i] / (np.sqrt(state['v'][i])"),
    ("no_bias_correction", ADAM, "mh / (np", "state['m'][i] / (np"),
    ("no_bias_correction", ADAM, "np.sqrt(vh)", "np.sqrt(state['v'][i])"),
    ("step_from_zero", ADAM, '    state["t"] += 1\n    t = state["t"]', '    t = state["t"]\n    state["t"] += 1'),
    ("step_from_zero", ADAM, '    state["t"] += 1\n    t = state["t"]', '    t = state["t"]'),
    ("step_from_zero", ADAM, "        mh =", '        t = state["t"]; state["t"] += 1\n        mh =', '    state["t"] += 1\n    t =', "    t ="),
    ("step_from_zero", ADAM, 'state["t"] = 0', 'state["t"] = -1'),
    ("missing_mean", ADAM, " / n\n", "\n"),
    ("missing_factor", ADAM, "2.0 * (out", "(out"),
    ("wrong_sign", ADAM, "p - LEARNING", "p + LEARNING"),
    ("missing_slope", ADAM, " * (h1 > 0)", ""),
    ("slope_twice", ADAM, "(1 - h2 ** 2)", "(1 - h2 ** 2)**2"),
    ("other_activation", ADAM, "(1 - h2 ** 2)", "(1 - np.tanh(h2) ** 2)"),
    ("other_activation", ADAM, "np.maximum(0, x.dot(W[0].T) + b[0])", "np.maximum(0.01*(x.dot(W[0].T)+b[0]), x.dot(W[0].T) + b[0])"),
    ("extra_delta", ADAM, "d1 = d2.dot(W[1])", "d1 = 2*d2.dot(W[1])"),
    ("bias_gradient", ADAM, "d3.sum(0)]", "d3.mean(0)]"),
    ("frozen_layer", ADAM, "return new[:3]", "return [W[0]]+new[1:3]"),
    ("other_rate", ADAM, "LEARNING_RATE * mh", "0.001 * mh"),
    ("other_momentum", ADAM, '0.9 * state["m"][i] + 0.1 * g', '0.9 * state["m"][i] + g'),
    ("other_momentum", ADAM, '0.999 * state["v"][i] + 0.001 * g * g', '0.99 * state["v"][i] + 0.01 * g * g'),
    ("shuffled_labels", ADAM, "    n = x", "    y = y[::-1]\n    n = x"),
    ("updated_weights", BOOK, "        delta = (delta @ W[-l+1])", "        W[-l+1] -= LEARNING_RATE/len(x)*nW[-l+1]; nW[-l+1] = 0*nW[-l+1]\n        delta = (delta @ W[-l+1])"),
    ("other_decay", ADAMW, " - LEARNING_RATE * 0.1 * p", " "),
    ("other_decay", ADAMW, " - LEARNING_RATE * 0.1 * p", " - 0.1 * p"),
    ("other_decay", ADAMW, " - LEARNING_RATE * 0.1 * p", " ", "(W + b, dW + db)):", "(W + b, dW + db)):\n        g = g + 0.1*p"),
    ("other_decay", ADAMW, " - LEARNING_RATE * 0.1 * p", " - LEARNING_RATE * 0.1 * p * (p.ndim > 1)"),
    ("other_decay", ADAMW, "new.append(p - LEARNING_RATE * mh / (np.sqrt(vh) + 1e-8) - LEARNING_RATE * 0.1 * p)", "q = p - LEARNING_RATE * mh / (np.sqrt(vh) + 1e-8); new.append(q - LEARNING_RATE * 0.1 * q)"),
    ("other_decay", DECAYING, "+ 0.1 * w)", "+ 0.2 * w)"),
    ("other_decay", DECAYING, "+ 0.1 * w)", "+ 0.1 * w / len(x))"),
    ("other_decay", DECAYING, " + 0.1 * w)", ")"),
    ("other_decay", DECAYING, "w - LEARNING_RATE * (n / len(x) + 0.1 * w)", "w*(1-0.1) - LEARNING_RATE * (n / len(x))"),
    ("other_decay", BOOK, "W = [w - LEARNING_RATE / len(x) * n for", "W = [w - LEARNING_RATE * (n / len(x) + 0.03 * w) for"),
    ("other_momentum", COLUMNS, "state.get(k, 0) * 0.9 + g[k]", "state.get(k, 0) * 0.9 + 0.1 * g[k]"),
    ("other_momentum", COLUMNS, "state.get(k, 0) * 0.9 + g[k]", "state.get(k, 0) * 0.5 + g[k]"),
    ("other_momentum", COLUMNS, "state.get(k, 0) * 0.9 + g[k]", "state.get(k, 0) * 0.87 + g[k]"),
    ("other_momentum", COLUMNS, "state.get(k, 0) * 0.9 + g[k]", "g[k]"),
    ("other_momentum", COLUMNS, "LEARNING_RATE * v", "LEARNING_RATE * (g[k] + 0.9*v)"),
    ("other_momentum", COLUMNS, "state.get(k, 0) * 0.9 + g[k]", "state.get(k, 0) * 0.1 + 0.9 * g[k]"),
    ("other_momentum", COLUMNS, "state.get(k, 0) * 0.9 + g[k]", "state.get(k, 0) + g[k]"),
    ("gradients_accumulate", COLUMNS, "    for k in g:", "    for k in g:\n        g[k] = state['s'+k] = state.get('s'+k, 0) + g[k]"),
    ("softmax_twice", COLUMNS, "    D2 = A2 - Y", "    E = np.exp(A2); A2 = E/E.sum(0); D2 = A2 - Y"),
    ("softmax_twice", COLUMNS, "    D2 = A2 - Y", "    D2 = A2 - Y; D2 = A2 * (D2 - (A2*D2).sum(0))"),
    ("softmax_twice", COLUMNS, "    D2 = A2 - Y", "    D2 = (A2 - Y) * A2 * (1 - A2)"),
    ("softmax_twice", COLUMNS, "    D2 = A2 - Y", "    E = np.exp(A2); Q = E/E.sum(0); D2 = Q - Y; D2 = A2 * (D2 - (A2*D2).sum(0))"),
    ("missing_mean", COLUMNS, "/ m", ""),
    ("missing_mean", COLUMNS, "/ m", "/ 32"),
    ("bias_gradient", COLUMNS, "D1.mean(axis=1)", "D1.sum(axis=1)"),
    ("bias_gradient", COLUMNS, "D1.mean(axis=1)", "D1.mean()*np.ones(6)"),
    ("bias_gradient", COLUMNS, "D1.mean(axis=1)", "(A1*D1).mean(axis=1)"),
    ("wrong_sign", COLUMNS, "D2 = A2 - Y", "D2 = Y - A2"),
    ("wrong_sign", COLUMNS, "state.get(k, 0) * 0.9 + g[k]", "state.get(k, 0) * 0.9 - g[k]"),
    ("slope_twice", COLUMNS, "* A1 * (1 - A1)", "* (A1 * (1 - A1))**2"),
    ("missing_slope", COLUMNS, "* A1 * (1 - A1)", ""),
    ("other_activation", COLUMNS, "* A1 * (1 - A1)", "* (1 - A1**2)"),
    ("other_activation", COLUMNS, "* A1 * (1 - A1)", "* sig(A1) * (1 - sig(A1))"),
    ("shuffled_labels", COLUMNS, "Y = y.T", "Y = np.random.permutation(y).T"),
    ("shuffled_labels", COLUMNS, "Y = y.T", "Y = np.roll(y,1,axis=0).T"),
    ("clip_after_step", CLIPPING, "    if norm > CLIP_NORM: g", "    if norm > 100: g"),
    ("clip_after_step", CLIPPING, "    if norm > CLIP_NORM: g", "    if norm > 100: g", "p[k] = p[k] - LEARNING_RATE * v", "u = LEARNING_RATE * v; n = np.sqrt((u**2).sum()); p[k] = p[k] - u*min(1, CLIP_NORM/n)"),
    ("clip_after_step", CLIPPING, "    if norm > CLIP_NORM: g = {k: q * CLIP_NORM / norm for k, q in g.items()}", "    g = {k: np.clip(q,-CLIP_NORM,CLIP_NORM) for k, q in g.items()}"),
    ("clip_after_step", CLIPPING, "    if norm > CLIP_NORM: g = {k: q * CLIP_NORM / norm for k, q in g.items()}", "    g = {k: q * min(1, CLIP_NORM / np.linalg.norm(q)) for k, q in g.items()}"),
    ("missing_factor", BOOK, "2*(act", "(act"),
    ("missing_slope", BOOK, "2*(act[-1]-y)*ds(zs[-1])", "2*(act[-1]-y)"),
    ("missing_slope", BOOK, " * ds(zs[-l])", ""),
    ("other_activation", BOOK, "* ds(zs[-l])", "* ds(act[-l])"),
    ("missing_mean", BOOK, " / len(x)", ""),
    ("other_rate", BOOK, "LEARNING_RATE / len(x) * n", "0.1 / len(x) * n"),
    ("wrong_sign", BOOK, "act[-1]-y", "y-act[-1]"),
    ("transposed_gradient", BOOK, "nW[-l] = delta.T @ act[-l-1]", "nW[-l] = (act[-l-1].T @ delta).reshape(W[-l].shape)"),
    ("gradients_accumulate", BOOK, "    nW, nb = backprop(W, b, x, y)", "    nW, nb = backprop(W, b, x, y)\n    nW = [n + s for n, s in zip(nW, state.get('W', [0]*3))]; state['W']=nW"),
    ("other_momentum", BOOK, "    nW, nb = backprop(W, b, x, y)", "    nW, nb = backprop(W, b, x, y)\n    nW = [n/len(x) + .9*s for n, s in zip(nW, state.get('W', [0]*3))]; state['W']=nW; nW=[n*len(x) for n in nW]"),
    ("frozen_layer", BOOK, "for l in range(2, len(LAYERS))", "nW[0]=0*W[0]; nb[0]=0*b[0]\n    for l in range(2, len(LAYERS)-1)"),
    ("missing_mean", LOOPS, "dW[l] /= m; db[l] /= m", "pass"),
    ("missing_mean", LOOPS, "dW[l] /= m; db[l] /= m", "dW[l] /= 2; db[l] /= 2"),
    ("missing_slope", LOOPS, " * (1 - a1[j] ** 2)", ""),
    ("slope_twice", LOOPS, "d2 = out - y[i][0]", "d2 = (out - y[i][0]) * out * (1 - out)"),
    ("other_activation", LOOPS, "(1 - a1[j] ** 2)", "a1[j]*(1 - a1[j])"),
    ("extra_delta", LOOPS, "d2 * W[1][0][j] *", "d2 *"),
    ("bias_gradient", LOOPS, "db[l] /= m", ""),
    ("bias_gradient", LOOPS, "db[0][j] += d1", "db[0][j] = d1"),
    ("wrong_sign", LOOPS, "-= LEARNING", "+= LEARNING"),
    ("shuffled_labels", LOOPS, "y[i][0]", "y[(i+1)%m][0]"),
    ("frozen_layer", LOOPS, "for l in range(2):", "for l in [1]:"),
    ("frozen_layer", LOOPS, "W[l] -=", "dW[l] ="),
    ("extra_delta", BOOK, "delta @ W[-l+1]", "delta @ W[-l+1] + (delta if l > 2 else 0)"),
    ("missing_slope", ADAM, "d1 = d2.dot(W[1])", "d1 = d3.dot(W[2]).dot(W[1])"),
    ("other_rate", COLUMNS, "LEARNING_RATE * v", "0.03 * v"),
    ("other_rate", GENERAL, "LEARNING_RATE * ", "LEARNING_RATE / 2 * "),
    ("clip_after_step", GENERAL, "    return W", "    W = [np.clip(w, -0.4, 0.4) for w in W]\n    return W"),
    ("bias_gradient", GENERAL, "db[l] = delta.mean(axis=0)", "db[l] = delta.mean()"),
    ("bias_gradient", GENERAL, "b[l] - LEARNING_RATE * db[l]", "b[l]"),
    ("transposed_gradient", GENERAL, "[2, 4, 1]", "[3, 3, 3]", "delta.T @ a[l] / m", "a[l].T @ delta / m"),
    ("transposed_gradient", GENERAL, "[2, 4, 1]", "[3, 3, 3]", "delta @ W[l]", "delta @ W[l].T"),
    ("slope_twice", GENERAL, "delta = a[-1] - y", "delta = (a[-1] - y) * a[-1] * (1 - a[-1])"),
    ("missing_slope", GENERAL, "delta = a[-1] - y", "delta = (a[-1] - y) / (a[-1] * (1 - a[-1]))"),
    ("softmax_twice", DEEP, '"softmax"] = (softmax', '"softmax"] = (lambda z: softmax(softmax(z))'),
    ("frozen_layer", DEEP, "    for l in range(L):\n        W", "    for l in [0, 2]:\n        W"),
    ("wrong_sign", DEEP, "a[-1] - y", "y - a[-1]"),
    ("wrong_sign", GENERAL, "            delta = delta @", "            delta = -delta @"),
    ("updated_weights", ADAM, *ADAM_EARLY),
    ("gradients_accumulate", GENERAL, "    for l in range(L):\n        W", "    for l in range(L):\n        dW[l] = state[l] = state.get(l, 0) + dW[l]\n        W"),
    ("other_activation", DEEP, "np.maximum(z, 0)", "np.maximum(z, 0.1 * z)", "(z > 0).astype(float)", "np.where(z > 0, 1, 0.1)"),
    ("shuffled_labels", GENERAL, "    m, L", "    x = np.random.permutation(x)\n    m, L"),
    ("extra_delta", GENERAL, "delta = delta @ W[l]", "delta = delta * 1"),
    ("missing_mean", DEEP, " / m", " / 32", "delta.mean(axis=0)", "delta.sum(axis=0) / 32"),
    ("missing_mean", GENERAL, "/ m", "/ len(W[l])"),
]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_of_any_style_are_called_right(name):
    found = verdict(changed(*RIGHT[name]))
    assert (found.verdict, found.step, found.tensor, found.cause) == ("right", None, None, None), found


@pytest.mark.parametrize("cause", SEEDED)
def test_the_mistake_of_a_wrong_program_is_named(cause):
    found = verdict(changed(*SEEDED[cause]))
    assert (found.verdict, found.cause) == ("wrong", cause), found
    assert found.step is not None
    assert found.tensor


def test_there_is_a_wrong_program_for_every_cause():
    assert {each.__name__ for each in CAUSES} == {*SEEDED}


@pytest.mark.parametrize(("cause", "case"), [(case[0], case[1:]) for case in HELD_OUT])
def test_another_way_to_a_mistake_is_named_alike(cause, case):
    found = verdict(changed(*case))
    assert (found.verdict, found.cause) == ("wrong", cause), found
