"""Homework programs as texts: a right one in three styles, and mistakes as changes of its lines."""

import textwrap

HEAD = """
import numpy as np

LAYERS = {layers}
ACTIVATIONS = {activations}
LOSS = {loss!r}
LEARNING_RATE = {rate}
{more}

F = {{
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
    "identity": (lambda z: z, lambda z, a: np.ones_like(z)),
}}

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

F["softmax"] = (softmax, None)
"""

STEP = """
def step(W, b, x, y, state):
    m, L = len(x), len(W)
    a, z = [x], []
    for l in range(L):
        z.append(a[l] @ W[l].T + b[l])
        a.append(F[ACTIVATIONS[l]][0](z[l]))
    if LOSS == "squared_error":
        delta = 2 * (a[-1] - y)
        delta = delta * F[ACTIVATIONS[-1]][1](z[-1], a[-1])
    else:
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

XOR = {"layers": [2, 4, 1], "activations": ["tanh", "sigmoid"], "loss": "binary_cross_entropy", "rate": 0.5}
