"""numpy: the same update, everything over the time steps in one matrix product. usage: numpy_update.py STEPS [check]"""
import os
import sys
import time

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np

M, T = int(os.environ["CHARRNN_HIDDEN"]), 25
steps, check = int(sys.argv[1]), len(sys.argv) > 2
eta, clip, epsilon = np.float32(1 / M if check else 0.1), np.float32(5), np.float32(1e-8)

with open(os.environ["CHARRNN_TEXT"], "rb") as file:
    characters = np.frombuffer(file.read(), np.uint8)
distinct, text = np.unique(characters, return_inverse=True)
K = len(distinct)


def draw(count):
    """The weights that peer.h draws."""
    state, values = 42, np.empty(count, np.float32)
    mask = (1 << 64) - 1

    def uniform():
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) & mask
        return ((state >> 11) + 0.5) / 9007199254740992.0

    for i in range(count):
        radius = np.sqrt(-2 * np.log(uniform()))
        values[i] = 0.01 * radius * np.cos(6.283185307179586 * uniform())
    return values


weights = draw(M * M + 2 * M * K)
W = weights[: M * M].reshape(M, M).copy()
U = weights[M * M : M * M + M * K].reshape(M, K).T.copy()  # by column
V = weights[M * M + M * K :].reshape(K, M).copy()
b, c = np.zeros(M, np.float32), np.zeros(K, np.float32)
sums = [np.zeros_like(parameter) for parameter in (W, V, b, c)]
U2 = np.zeros_like(U)
h, dz = np.zeros((T + 1, M), np.float32), np.zeros((T, M), np.float32)


def adagrad(parameter, total, gradient):
    gradient = np.clip(gradient, -clip, clip)
    total += gradient * gradient
    parameter -= eta * gradient / np.sqrt(total + epsilon)


def update(x, y):
    for t in range(T):
        h[t + 1] = np.tanh(W @ h[t] + U[x[t]] + b)
    logits = h[1:] @ V.T + c
    logits -= logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    total = p.sum(axis=1, keepdims=True)
    rows = np.arange(T)
    loss = float((np.log(total[:, 0]) - logits[rows, y]).sum())
    p /= total
    p[rows, y] -= 1
    dh = p @ V
    slope = 1 - h[1:] * h[1:]
    carried = np.zeros(M, np.float32)
    for t in range(T - 1, -1, -1):
        dz[t] = (dh[t] + carried) * slope[t]
        carried = dz[t] @ W
    for parameter, total, gradient in zip((W, V, b, c), sums, (dz.T @ h[:T], p.T @ h[1:], dz.sum(axis=0), p.sum(axis=0))):
        adagrad(parameter, total, gradient)
    for k in np.unique(x):
        total = U2[k]
        adagrad(U[k], total, dz[x == k].sum(axis=0))
    h[0] = h[T]
    return loss


position, begin, loss = 0, time.perf_counter(), 0.0
for step in range(steps):
    if position + T + 1 > len(text):
        position = 0
        h[0] = 0
    loss = update(text[position : position + T], text[position + 1 : position + T + 1])
    position += T
print(f"{loss:.6f}" if check else f"{(time.perf_counter() - begin) / steps * 1e6:.3f}")
