"""Homework as students write it: right programs in several styles, and the marking of a text without a process."""

from typing import Any

import numpy as np

from engine.marking.assignment import CONSTANTS, Assignment
from engine.marking.case import Case
from engine.marking.given import copied, mini_batches, parameters
from engine.marking.learner import following
from engine.marking.recognition import Verdict, recognise
from engine.marking.textbook import Result

# A loop over the layers.
GENERAL = """
import numpy as np

LAYERS = [2, 4, 1]
ACTIVATIONS = ["tanh", "sigmoid"]
LOSS = "binary_cross_entropy"
LEARNING_RATE = 0.5

F = {
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
}

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

F["softmax"] = (softmax, None)

def step(W, b, x, y, state):
    m, L = len(x), len(W)
    a, z = [x], []
    for l in range(L):
        z.append(a[l] @ W[l].T + b[l])
        a.append(F[ACTIVATIONS[l]][0](z[l]))
    delta = a[-1] - y
    dW, db = [None] * L, [None] * L
    for l in reversed(range(L)):
        dW[l] = delta.T @ a[l] / m
        db[l] = delta.mean(axis=0)
        if l > 0:
            delta = delta @ W[l]
            delta = delta * F[ACTIVATIONS[l - 1]][1](z[l - 1], a[l])
    for l in range(L):
        W[l] = W[l] - LEARNING_RATE * dW[l]
        b[l] = b[l] - LEARNING_RATE * db[l]
    return W, b, dW, db
"""
DEEP = GENERAL.replace("[2, 4, 1]", "[4, 6, 5, 3]").replace('["tanh", "sigmoid"]', '["relu", "tanh", "softmax"]')
DEEP = DEEP.replace('"binary_cross_entropy"', '"cross_entropy"')

# Number by number, example by example.
LOOPS = """
import math, numpy as np
LAYERS = [2, 3, 1]
ACTIVATIONS = ["tanh", "sigmoid"]
LOSS = "binary_cross_entropy"
LEARNING_RATE = 0.5
def step(W, b, x, y, state):
    dW = [np.zeros(w.shape) for w in W]; db = [np.zeros(c.shape) for c in b]
    m = len(x)
    for i in range(m):
        a1 = [0.0] * 3
        for j in range(3):
            s = b[0][j]
            for k in range(2): s += W[0][j][k] * x[i][k]
            a1[j] = math.tanh(s)
        s = b[1][0]
        for j in range(3): s += W[1][0][j] * a1[j]
        out = 1 / (1 + math.exp(-s))
        d2 = out - y[i][0]
        for j in range(3):
            dW[1][0][j] += d2 * a1[j]
            d1 = d2 * W[1][0][j] * (1 - a1[j] ** 2)
            for k in range(2): dW[0][j][k] += d1 * x[i][k]
            db[0][j] += d1
        db[1][0] += d2
    for l in range(2):
        dW[l] /= m; db[l] /= m
        W[l] -= LEARNING_RATE * dW[l]
        b[l] -= LEARNING_RATE * db[l]
    return W, b
"""

# As a well-known book on networks and deep learning has it, with the squared error in full.
BOOK = """
import numpy as np
LAYERS = [3, 4, 4, 2]
ACTIVATIONS = ["sigmoid", "sigmoid", "sigmoid"]
LOSS = "squared_error"
LEARNING_RATE = 0.3
def s(z): return 1/(1+np.exp(-z))
def ds(z): return s(z)*(1-s(z))
def backprop(W, b, x, y):
    act=[x]; zs=[]
    for w, c in zip(W, b):
        z = act[-1] @ w.T + c; zs.append(z); act.append(s(z))
    nW=[None]*len(W); nb=[None]*len(b)
    delta = 2*(act[-1]-y)*ds(zs[-1])
    nb[-1] = delta.sum(0); nW[-1] = delta.T @ act[-2]
    for l in range(2, len(LAYERS)):
        delta = (delta @ W[-l+1]) * ds(zs[-l])
        nb[-l] = delta.sum(0); nW[-l] = delta.T @ act[-l-1]
    return nW, nb
def step(W, b, x, y, state):
    nW, nb = backprop(W, b, x, y)
    W = [w - LEARNING_RATE / len(x) * n for w, n in zip(W, nW)]
    b = [w - LEARNING_RATE / len(x) * n for w, n in zip(b, nb)]
    return W, b
"""
DECAYING = BOOK.replace("LEARNING_RATE = 0.3", 'LEARNING_RATE = 0.3\nREGULARIZATION = {"l2": 0.1}').replace(
    "W = [w - LEARNING_RATE / len(x) * n for", "W = [w - LEARNING_RATE * (n / len(x) + 0.1 * w) for"
)
COUPLED = BOOK.replace("LEARNING_RATE = 0.3", "LEARNING_RATE = 0.3\nCOUPLED_WEIGHT_DECAY = 0.1").replace(
    "LEARNING_RATE / len(x) * n for", "LEARNING_RATE * (n / len(x) + 0.1 * w) for"
)

# Examples in columns and einsum, with momentum.
COLUMNS = """
import numpy as np
LAYERS = [4, 6, 3]
ACTIVATIONS = ["sigmoid", "softmax"]
LOSS = "cross_entropy"
LEARNING_RATE = 0.1
OPTIMIZER = {"name": "momentum", "momentum": 0.9}
def sig(z): return 1/(1+np.exp(-z))
def step(W, b, x, y, state):
    W1, W2 = W; b1, b2 = b
    m = len(x)
    A0 = x.T; Y = y.T
    A1 = sig(W1 @ A0 + b1[:, None])
    Z2 = W2 @ A1 + b2.reshape(-1, 1)
    E = np.exp(Z2 - Z2.max(0)); A2 = E / E.sum(0)
    D2 = A2 - Y
    D1 = (W2.T @ D2) * A1 * (1 - A1)
    gW2 = np.einsum("im,jm->ij", D2, A1) / m
    gW1 = np.einsum("im,jm->ij", D1, A0) / m
    gb2 = D2.mean(axis=1); gb1 = D1.mean(axis=1)
    g = {"W1": gW1, "W2": gW2, "b1": gb1, "b2": gb2}
    p = {"W1": W1, "W2": W2, "b1": b1, "b2": b2}
    for k in g:
        v = state.get(k, 0) * 0.9 + g[k]
        state[k] = v
        p[k] = p[k] - LEARNING_RATE * v
    return [p["W1"], p["W2"]], [p["b1"], p["b2"]], [gW1, gW2], [gb1, gb2]
"""
CLIPPING = COLUMNS.replace("OPTIMIZER", "CLIP_NORM = 0.2\nOPTIMIZER").replace(
    "    for k in g:",
    "    norm = np.sqrt(sum((q**2).sum() for q in g.values()))\n"
    "    if norm > CLIP_NORM: g = {k: q * CLIP_NORM / norm for k, q in g.items()}\n"
    "    for k in g:",
)

CLIPPED_THEN_DECAYED = CLIPPING.replace("OPTIMIZER", "COUPLED_WEIGHT_DECAY = 0.1\nOPTIMIZER").replace(
    "+ g[k]", "+ g[k] + 0.1 * p[k]"
)
DAMPENED = COLUMNS.replace('{"name": "momentum", ', '{"name": "dampened_momentum", "dampening": 0.3, ').replace(
    "+ g[k]", "+ (0.7 if k in state else 1) * g[k]"
)

# Layer by layer, with Adam.
ADAM = """
import numpy as np
LAYERS = [3, 5, 4, 2]
ACTIVATIONS = ["relu", "tanh", "identity"]
LOSS = "squared_error"
LEARNING_RATE = 0.01
OPTIMIZER = {"name": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
def forward(W, b, x):
    h1 = np.maximum(0, x.dot(W[0].T) + b[0])
    h2 = np.tanh(h1.dot(W[1].T) + b[1])
    return h1, h2, h2.dot(W[2].T) + b[2]
def step(W, b, x, y, state):
    h1, h2, out = forward(W, b, x)
    n = x.shape[0]
    d3 = 2.0 * (out - y) / n
    d2 = d3.dot(W[2]) * (1 - h2 ** 2)
    d1 = d2.dot(W[1]) * (h1 > 0)
    dW = [d1.T.dot(x), d2.T.dot(h1), d3.T.dot(h2)]
    db = [d1.sum(0), d2.sum(0), d3.sum(0)]
    if "m" not in state:
        state["t"] = 0
        state["m"] = [np.zeros_like(p) for p in W + b]
        state["v"] = [np.zeros_like(p) for p in W + b]
    state["t"] += 1
    t = state["t"]
    new = []
    for i, (p, g) in enumerate(zip(W + b, dW + db)):
        state["m"][i] = 0.9 * state["m"][i] + 0.1 * g
        state["v"][i] = 0.999 * state["v"][i] + 0.001 * g * g
        mh = state["m"][i] / (1 - 0.9 ** t)
        vh = state["v"][i] / (1 - 0.999 ** t)
        new.append(p - LEARNING_RATE * mh / (np.sqrt(vh) + 1e-8))
    return new[:3], new[3:]
"""
ADAMW = (
    ADAM.replace('"adam"', '"adamw"')
    .replace('"epsilon": 1e-8}', '"epsilon": 1e-8, "weight_decay": 0.1}')
    .replace("(np.sqrt(vh) + 1e-8))", "(np.sqrt(vh) + 1e-8) - LEARNING_RATE * 0.1 * p)")
)


def changed(program: str, *changes: str) -> str:
    """The program with texts replaced: each of the changes is followed by what takes its place."""
    for text, other in zip(changes[::2], changes[1::2], strict=True):
        assert text in program, text
        program = program.replace(text, other)
    return program


def verdict(program: str, seed: int = 0) -> Verdict:
    """The verdict on the text of a program, which is run in this process."""
    space: dict[str, Any] = {}
    exec(program, space)
    assignment = Assignment.from_constants({name: space[name] for name in CONSTANTS if name in space})
    rng = np.random.default_rng(seed)
    given = following(assignment, *parameters(assignment, rng), mini_batches(assignment, rng))
    state: dict[Any, Any] = {}
    found = []
    for each in given:
        with np.errstate(all="ignore"):
            returned = space["step"](copied(each.W), copied(each.b), each.x.copy(), each.y.copy(), state)
        named = [{f"{kind}{l}": array for l, array in enumerate(returned[i], 1)} for i, kind in PLACES[: len(returned)]]
        found.append(Result(named[0] | named[1], {k: v for part in named[2:] for k, v in part.items()}))
    return recognise(Case.of(assignment, given, found))


PLACES = ((0, "W"), (1, "b"), (2, "W"), (3, "b"))
