"""The study of the neglected part of the Hessian once more, in NumPy at float64: what its `reference` and its tests hold.

    python nme.py [SEEDS]

Every derivative is written out by hand, but that of vᵀHv, which is the second difference of ∇L along v. Data, weights and
noise are of its own draws. Prints means with standard errors over seeds.
"""

import base64
import re
import sys
from pathlib import Path

import numpy as np
from scipy.special import erf

GENERATED = Path(__file__).parents[4] / "adapters/cli/data/digits.gen.ts"
NOISE, LEARNING_RATE, MOMENTUM = 0.2, 0.1, 0.9


def digits():
    """Images [1797, 64] near mean 0, and labels: five bits a pixel, then a byte a label."""
    source = GENERATED.read_text()
    count = int(re.search(r"count = (\d+)", source).group(1))
    data = np.frombuffer(base64.b64decode("".join(re.findall(r"^  '(.*)',$", source, re.M))), np.uint8)
    bits = np.unpackbits(data)[: count * 64 * 5].reshape(count, 64, 5)
    return bits @ (1 << np.arange(4, -1, -1)) / 16 - 0.3, data[-count:].astype(int)


def gelu(beta):
    """φ(x) = x Φ(βx) and its first two derivatives."""

    def activation(x):
        t = beta * x
        distribution, density = (1 + erf(t / np.sqrt(2))) / 2, np.exp(-t * t / 2) / np.sqrt(2 * np.pi)
        return x * distribution, distribution + t * density, beta * (2 - t * t) * density

    return activation


def forward(activation, w, x, v=None):
    """Inputs of the layers, pre-activations and derivatives of activations; the same along v."""
    states, h, moved = [], x, np.zeros_like(x)
    for i, (kernel, bias) in enumerate(w):
        a = h @ kernel + bias
        da = moved @ kernel + h @ v[i][0] + v[i][1] if v else np.zeros_like(a)
        last = i == len(w) - 1
        value, slope, bend = (a, np.ones_like(a), np.zeros_like(a)) if last else activation(a)
        states.append((h, moved, da, slope, bend))
        h, moved = value, slope * da
    return h, moved, states


def backward(w, v, states, z, dz, bends=True):
    """The gradient of a function of the outputs and of how they move along v, by its derivatives z and dz in these."""
    grads = []
    for i in reversed(range(len(w))):
        h, moved, da, slope, bend = states[i]
        a = z * slope + (dz * bend * da if bends else 0)
        d = dz * slope
        grads.append((h.T @ a + moved.T @ d, a.sum(0)))
        z, dz = a @ w[i][0].T + (d @ v[i][0].T if v else 0), d @ w[i][0].T
    return grads[::-1]


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def gradient(activation, w, x, y):
    z, _, states = forward(activation, w, x)
    return backward(w, None, states, (softmax(z) - y) / len(x), np.zeros_like(z))


def product(activation, w, x, y, v, matrix):
    """A v: A = H, H with φ″ = 0, or G."""
    z, dz, states = forward(activation, w, x, v)
    p = softmax(z)
    curved = p * (dz - (p * dz).sum(1, keepdims=True)) / len(x)
    residual = (p - y) / len(x)
    if matrix == "G":
        return backward(w, None, states, curved, np.zeros_like(z))
    return backward(w, v, states, curved, residual, bends=matrix != "flat")


def form_gradient(activation, w, x, y, v, matrix, t=1e-3):
    """∇ vᵀHv = D³L[v, v, ·], and ∇ vᵀGv, with vᵀGv = mean over examples of Σ p dz² − (Σ p dz)²."""
    if matrix == "H":
        there = [gradient(activation, moved(w, s * t, v), x, y) for s in (1, 0, -1)]
        return moved(moved(scaled(there[0], t**-2), t**-2, there[2]), -2 * t**-2, there[1])
    z, dz, states = forward(activation, w, x, v)
    p = softmax(z)
    mean = (p * dz).sum(1, keepdims=True)
    variance = (p * dz * dz).sum(1, keepdims=True) - mean**2
    along_z = p * ((dz - mean) ** 2 - variance) / len(x)
    return backward(w, v, states, along_z, 2 * p * (dz - mean) / len(x))


def moved(w, s, v):
    return [(a + s * c, b + s * d) for (a, b), (c, d) in zip(w, v)]


def scaled(v, s):
    return [(s * a, s * b) for a, b in v]


def inner(u, v):
    return sum((a * c).sum() + (b * d).sum() for (a, b), (c, d) in zip(u, v))


def drawn(random, w, draw):
    return [(draw(random, a.shape), draw(random, b.shape)) for a, b in w]


def normal(random, shape):
    return random.normal(size=shape)


def signs(random, shape):
    return random.choice([-1.0, 1.0], size=shape)


def update(method, strength, activation, w, x, y, random):
    """What the optimizer gets."""
    if method == "noise":
        return gradient(activation, moved(w, np.sqrt(strength), drawn(random, w, normal)), x, y)
    g = gradient(activation, w, x, y)
    if method == "plain":
        return g
    if method.startswith("trace"):
        v = drawn(random, w, signs)
        return moved(g, strength / 2, form_gradient(activation, w, x, y, v, method[-1]))
    direction = scaled(g, 1 / np.sqrt(inner(g, g)))
    if method == "SAM":
        return gradient(activation, moved(w, strength, direction), x, y)
    return moved(g, strength, product(activation, w, x, y, direction, method))


IMAGES, LABELS = digits()


def descended(method, strength, activation, w, parts, learning_rate, random):
    """Momentum over parts (x, y) of the data, its learning rate falling to 0 along half a cosine."""
    velocity = scaled(w, 0)
    for step, (x, y) in enumerate(parts):
        g = update(method, strength, activation, w, x, y, random)
        velocity = moved(g, MOMENTUM, velocity)
        w = moved(w, -learning_rate * (1 + np.cos(np.pi * step / len(parts))) / 2, velocity)
    return w


def trained(method, strength, activation, size, seed):
    """Accuracy on the unseen and on the labels of training, and the traces of H, G and H - G there."""
    examples, hidden, epochs, batch = size
    random = np.random.default_rng([seed, 7])
    order = random.permutation(len(LABELS))
    x, right = IMAGES[order], LABELS[order]
    labels = right.copy()
    wrong = random.permutation(examples)[: round(NOISE * examples)]
    labels[wrong] = (labels[wrong] + random.integers(1, 10, size=len(wrong))) % 10
    y = np.eye(10)[labels]
    widths = [64, *hidden, 10]
    w = [(random.normal(size=(a, b)) * np.sqrt(2 / a), np.zeros(b)) for a, b in zip(widths, widths[1:])]
    orders = np.concatenate([random.permutation(examples).reshape(-1, batch) for _ in range(epochs)])
    w = descended(method, strength, activation, w, [(x[o], y[o]) for o in orders], LEARNING_RATE, random)
    found = forward(activation, w, x)[0].argmax(1)
    seen = slice(0, examples)
    return [(found == right)[examples:].mean(), (found == labels)[seen].mean(), *traces(activation, w, x[seen], y[seen], random)]


def traces(activation, w, x, y, random, samples=10):
    """Hutchinson's estimates, the same directions for each."""
    directions = [drawn(random, w, signs) for _ in range(samples)]
    h, g = ([inner(v, product(activation, w, x, y, v, matrix)) for v in directions] for matrix in "HG")
    return np.mean(h), np.mean(g), np.mean(h) - np.mean(g)


def toy(method):
    """The loss after five steps on all of some data, everything by formulas, that a test repeats."""
    widths = [4, 5, 4, 3]
    w = [
        (np.sin(np.arange(a * b) * 1.7 + i).reshape(a, b) * 0.8, np.cos(np.arange(b) + i) * 0.1)
        for i, (a, b) in enumerate(zip(widths, widths[1:]))
    ]
    x, y = np.sin(np.arange(24) * 0.9).reshape(6, 4), np.eye(3)[np.arange(6) % 3]
    w = descended(method, 0.8, gelu(1), w, [(x, y)] * 5, 0.1, None)
    return -(np.log(softmax(forward(gelu(1), w, x)[0])) * y).sum() / len(x)


SMOOTH, STEEP = gelu(1), gelu(20)
ABLATION = [("plain", 0, SMOOTH)]
ABLATION += [("SAM", 0.8, SMOOTH), ("H", 0.4, SMOOTH), ("H", 0.8, SMOOTH), ("flat", 0.8, SMOOTH)]
ABLATION += [("G", 0.4, SMOOTH), ("G", 0.8, SMOOTH)]
ABLATION += [("plain", 0, STEEP), ("H", 0.8, STEEP)]
TRACES = [("plain", 0, SMOOTH)]
TRACES += [
    (method, variance, SMOOTH)
    for method in ("noise", "trace H", "trace G")
    for variance in (0.01, 0.03, 0.1)
    if (method, variance) != ("trace H", 0.1)
]
EXPERIMENTS = {"ablation": (ABLATION, (250, [64] * 3, 50, 50)), "traces": (TRACES, (250, [64] * 2, 20, 50))}

if __name__ == "__main__":
    print("toy:", *(f"{method} {toy(method):.7f}" for method in ("plain", "SAM", "H", "flat", "G")))
    np.seterr(all="ignore")
    for name, (conditions, size) in EXPERIMENTS.items():
        print(name, "accuracy unseen, seen; tr H, tr G, tr (H - G); of the seeds that stay finite, which is how many")
        for method, strength, activation in conditions:
            found = np.array([trained(method, strength, activation, size, seed) for seed in range(int(sys.argv[1]))])
            finite = found[np.isfinite(found).all(1)]
            accuracies, rest = found[:, :2], finite[:, 2:]
            cells = [*accuracies.T, *rest.T]
            shown = [f"{c.mean():.3f} ± {c.std(ddof=1) / np.sqrt(len(c)):.3f}" if len(c) > 1 else "-" for c in cells]
            steep = " steep" if activation is STEEP else ""
            print(f"{method}{steep} {strength}:", *shown, f"({len(finite)})", flush=True)
