# Losses of 300 updates, by Adam or AdaGrad, of a GRU or LSTM with one-hot input, on one chunk with the state carried. Written apart from CharRnn.
import sys
import numpy as np

lines = open(sys.argv[1]).read().splitlines()
cell, layers, m, k, optimizer, eta = lines[0].split()
layers, m, k, eta = int(layers), int(m), int(k), float(eta)
state = np.array(lines[1].split(), float).reshape(layers, -1, m)
x, y = ([int(i) for i in line.split()] for line in lines[2:4])
P = {}
for line in lines[4:]:
    name, shape, *values = line.split()
    P[name] = np.array(values, float).reshape([int(n) for n in shape.split("x")])
sigmoid = lambda a: 1 / (1 + np.exp(-a))
mean, square = {n: np.zeros_like(p) for n, p in P.items()}, {n: np.zeros_like(p) for n, p in P.items()}

for update in range(1, 301):
    G = {n: np.zeros_like(p) for n, p in P.items()}
    inputs, kept = [np.eye(k)[i] for i in x], []
    for l in range(layers):
        p = lambda n: P[f"layer{l}.{n}"]
        h, c, steps, outputs = state[l, 0], state[l, -1], [], []
        for v in inputs:
            if cell == "gru":
                r, z = sigmoid(p("Wr") @ h + p("Ur") @ v + p("br")), sigmoid(p("Wz") @ h + p("Uz") @ v + p("bz"))
                q = p("Wn") @ h + p("cn")
                n = np.tanh(p("Un") @ v + p("bn") + r * q)
                steps.append((v, h, r, z, q, n))
                h = n + z * (h - n)
            elif cell == "gru-before":
                r, z = sigmoid(p("Wr") @ h + p("Ur") @ v + p("br")), sigmoid(p("Wz") @ h + p("Uz") @ v + p("bz"))
                n = np.tanh(p("Wn") @ (r * h) + p("Un") @ v + p("bn"))
                steps.append((v, h, r, z, n))
                h = n + z * (h - n)
            else:
                i, f, o = (sigmoid(p("W" + g) @ h + p("U" + g) @ v + p("b" + g)) for g in "ifo")
                g = np.tanh(p("Wg") @ h + p("Ug") @ v + p("bg"))
                d = f * c + i * g
                steps.append((v, h, c, i, f, g, o, d))
                h, c = o * np.tanh(d), d
            outputs.append(h)
        kept.append((steps, h, c))
        inputs = outputs
    loss, down = 0.0, []
    for t, h in enumerate(inputs):
        a = P["V"] @ h + P["c"]
        e = np.exp(a - a.max())
        e /= e.sum()
        loss -= np.log(e[y[t]])
        e[y[t]] -= 1
        G["V"] += e[:, None] * h[None, :]
        G["c"] += e
        down.append(e @ P["V"])
    print(repr(float(loss)))
    for l in reversed(range(layers)):
        p = lambda n: P[f"layer{l}.{n}"]
        steps, dh, dc, below = kept[l][0], np.zeros(m), np.zeros(m), [None] * len(x)
        for t in reversed(range(len(x))):
            dh = dh + down[t]
            if cell == "gru":
                v, h, r, z, q, n = steps[t]
                dn = dh * (1 - z) * (1 - n * n)
                dz = dh * (h - n) * z * (1 - z)
                dr = dn * q * r * (1 - r)
                G[f"layer{l}.cn"] += dn * r
                direct, parts = dh * z, {"r": (dr, dr, h), "z": (dz, dz, h), "n": (dn * r, dn, h)}
            elif cell == "gru-before":
                v, h, r, z, n = steps[t]
                dn = dh * (1 - z) * (1 - n * n)
                dz = dh * (h - n) * z * (1 - z)
                reset = p("Wn").T @ dn
                dr = reset * h * r * (1 - r)
                # What reset hands to h is in direct; below, Wn's own product goes to r * h and not to h.
                direct, parts = dh * z + reset * r - reset, {"r": (dr, dr, h), "z": (dz, dz, h), "n": (dn, dn, r * h)}
            else:
                v, h, c, i, f, g, o, d = steps[t]
                s = np.tanh(d)
                dd = dc + dh * o * (1 - s * s)
                dc, direct = dd * f, 0
                parts = {"i": dd * g * i * (1 - i), "f": dd * c * f * (1 - f), "g": dd * i * (1 - g * g), "o": dh * s * o * (1 - o)}
                parts = {n: (e, e, h) for n, e in parts.items()}
            below[t], dh = 0, direct
            for n, (left, right, operand) in parts.items():
                G[f"layer{l}.W{n}"] += np.outer(left, operand)
                G[f"layer{l}.U{n}"] += np.outer(right, v)
                G[f"layer{l}.b{n}"] += right
                dh = dh + p("W" + n).T @ left
                below[t] = below[t] + p("U" + n).T @ right
        down = below
    for n in P:
        if optimizer == "adagrad":
            square[n] = square[n] + G[n] ** 2
            P[n] = P[n] - eta * G[n] / np.sqrt(square[n] + 1e-8)
            continue
        mean[n] = 0.9 * mean[n] + 0.1 * G[n]
        square[n] = 0.999 * square[n] + 0.001 * G[n] ** 2
        P[n] = P[n] - eta * (mean[n] / (1 - 0.9 ** update)) / (np.sqrt(square[n] / (1 - 0.999 ** update)) + 1e-8)
    state = np.array([[h] if cell != "lstm" else [h, c] for _, h, c in kept])
