"""The study of sharpness-aware minimization once more, in JAX at float64: what its `reference` and its tests hold.

    python sam.py                toy trials, and means with standard errors over 12 seeds at full size
    python sam.py tune           what learning rates and ρ read right, by which the experiment `tuned` was set

A seed gives the digits, the wrong labels, the first weights and the batches that it gives in the study.
"""

import base64
import re
import sys
from itertools import pairwise
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from scipy.sparse.linalg import LinearOperator, eigsh

jax.config.update("jax_enable_x64", True)

CLASSES, PIXELS, MEAN = 10, 64, 0.3
MOMENTUM, SHARPNESS_RHO = 0.9, 0.5
FULL = {"examples": 500, "hidden": (64, 64), "epochs": 60, "batch_size": 50}
TOY = {"examples": 40, "hidden": (6, 5), "epochs": 3, "batch_size": 10}
TUNED = {"momentum": (0.007, 0), "momentum and SAM": (0.02, 0.4)}
SEEDS, TUNING_SEEDS = range(1000, 1012), range(500, 506)
MASK = 0xFFFFFFFF


def stream(*seeds):
    """src/core/random.ts: mulberry32."""
    state = 0
    for seed in seeds:
        state = ((state ^ seed) * 0x9E3779B1 + 0x7F4A7C15) & MASK

    def draw():
        nonlocal state
        state = (state + 0x6D2B79F5) & MASK
        t = (state ^ (state >> 15)) * (state | 1) & MASK
        t ^= (t + ((t ^ (t >> 7)) * (t | 61) & MASK)) & MASK
        return (t ^ (t >> 14)) / 2**32

    return draw


def shuffled(n, draw):
    order = np.arange(n)
    for i in range(n - 1, 0, -1):
        j = int(draw() * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def digits():
    """The pixels, 0 to 1, and the labels that the program has, read from its source."""
    source = (Path(__file__).parents[4] / "adapters/cli/data/digits.gen.ts").read_text()
    lines = re.findall(r"^\s*'([A-Za-z0-9+/=]+)'", source, re.MULTILINE)
    packed = np.frombuffer(base64.b64decode("".join(lines)), np.uint8)
    count = int(re.search(r"count = (\d+)", source)[1])
    bits = np.unpackbits(packed[:-count])[: count * PIXELS * 5].reshape(count, PIXELS, 5)
    return bits @ (1 << np.arange(5)[::-1]) / 16, packed[-count:].astype(int)


def with_wrong(labels, share, draw):
    wrong = labels.copy()
    for i in shuffled(len(labels), draw)[: round(share * len(labels))]:
        wrong[i] = (labels[i] + 1 + int(draw() * (CLASSES - 1))) % CLASSES
    return wrong


def first_weights(widths, draw):
    """Kernel, bias, kernel, bias, ..."""
    weights = []
    for fan_in, fan_out in pairwise(widths):
        uniform = np.array([draw() for _ in range(fan_in * fan_out)]).reshape(fan_in, fan_out)
        weights += [(2 * uniform - 1) * np.sqrt(6 / fan_in), np.zeros(fan_out)]
    return weights


def logits(weights, x):
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2]):
        x = jax.nn.relu(x @ kernel + bias)
    return x @ weights[-2] + weights[-1]


@jax.jit
def loss(weights, x, y):
    return -jnp.take_along_axis(jax.nn.log_softmax(logits(weights, x)), y[:, None], 1).mean()


@jax.jit
def uphill(weights, x, y, rho):
    g = jax.grad(loss)(weights, x, y)
    norm = jnp.linalg.norm(ravel_pytree(g)[0])
    return jax.tree.map(lambda w, g: w + rho * g / jnp.maximum(norm, 1e-12), weights, g)


@jax.jit
def trained(weights, x, y, batches, learning_rate, rho):
    """Momentum, its learning rate falling to 0 along half a cosine; batches [steps, size]."""

    def step(state, at):
        i, batch = at
        weights, velocity = state
        g = jax.grad(loss)(uphill(weights, x[batch], y[batch], rho), x[batch], y[batch])
        rate = learning_rate * (1 + jnp.cos(jnp.pi * i / len(batches))) / 2
        velocity = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocity, g)
        return (jax.tree.map(lambda w, v: w - rate * v, weights, velocity), velocity), None

    start = (weights, jax.tree.map(jnp.zeros_like, weights))
    return jax.lax.scan(step, start, (jnp.arange(len(batches)), batches))[0][0]


@jax.jit
def hessian_product(weights, x, y, v):
    unflat = ravel_pytree(weights)[1]
    return ravel_pytree(jax.jvp(lambda w: jax.grad(loss)(w, x, y), (weights,), (unflat(v),))[1])[0]


def top_eigenvalue(weights, x, y):
    n = sum(w.size for w in weights)
    product = LinearOperator((n, n), lambda v: np.asarray(hessian_product(weights, x, y, v.ravel())), dtype=float)
    start = np.random.default_rng(0).normal(size=n)
    return float(eigsh(product, 1, which="LA", return_eigenvectors=False, v0=start, tol=1e-6)[0])


def right(weights, x, y):
    return float(np.mean(np.argmax(logits(weights, x), 1) == y))


def solution(seed, noise, learning_rate, rho, examples, hidden, epochs, batch_size):
    """The trained weights, and digits with their labels: those it was trained on and the others."""
    images, labels = digits()
    x = images - MEAN
    order = shuffled(len(labels), stream(seed, 0))
    seen, unseen = order[:examples], order[examples:]
    y = with_wrong(labels[seen], noise, stream(seed, 1))
    weights = first_weights((PIXELS, *hidden, CLASSES), stream(seed, 2))
    draw = stream(seed, 3)
    batches = np.concatenate([shuffled(examples, draw).reshape(-1, batch_size) for _ in range(epochs)])
    return trained(weights, x[seen], y, batches, learning_rate, float(rho)), (x[seen], y), (x[unseen], labels[unseen])


def trial(*setting, **size):
    weights, seen, unseen = solution(*setting, **size)
    here = loss(weights, *seen)
    return {
        "test.accuracy": right(weights, *unseen),
        "train.accuracy": right(weights, *seen),
        "train.loss": float(here),
        "hessian.top_eigenvalue": top_eigenvalue(weights, *seen),
        "sharpness.sam": float(loss(uphill(weights, *seen, SHARPNESS_RHO), *seen) - here),
    }


def shown(values):
    """Mean and standard error of the mean."""
    return f"{np.mean(values):.4f} ± {np.std(values, ddof=1) / np.sqrt(len(values)):.4f}"


def tell(name, trials):
    print(name, {quantity: shown([found[quantity] for found in trials]) for quantity in trials[0]}, flush=True)


def tune(noise):
    for rate in (0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2):
        for rho in (0, 0.1, 0.2, 0.4, 0.8):
            solutions = [solution(seed, noise, rate, rho, **FULL) for seed in TUNING_SEEDS]
            print(rate, rho, shown([right(weights, *unseen) for weights, _, unseen in solutions]), flush=True)


if __name__ == "__main__" and sys.argv[1:] == ["tune"]:
    tune(0.4)
elif __name__ == "__main__":
    for noise, rho in ((0, 0), (0, 0.4), (0.4, 0), (0.4, 0.4)):
        print("toy, seed 3", noise, rho, trial(3, noise, 0.1, rho, **TOY))
    for noise in (0, 0.2, 0.4, 0.6):
        for rho in (0, 0.4):
            tell((noise, rho), [trial(seed, noise, 0.1, rho, **FULL) for seed in SEEDS])
    both = [[trial(seed, 0.4, rate, rho, **FULL) for seed in SEEDS] for rate, rho in TUNED.values()]
    for method, trials in zip(TUNED, both):
        tell(method, trials)
    gains = [sam["test.accuracy"] - plain["test.accuracy"] for plain, sam in zip(*both)]
    print("gain, paired", shown(gains))
