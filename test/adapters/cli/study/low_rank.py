"""The teacher and student of the study low-rank once more, in NumPy at float64: what its `reference` and its tests hold.

    python low_rank.py

Prints a training of few steps from weights told by a formula, then means with standard errors over seeds, by rho.
"""

import numpy as np

D, UNITS, EXAMPLES, TEST_EXAMPLES, STDDEV = 3, 100, 20, 1000, 0.3
STEPS, LEARNING_RATE, RHOS, SEEDS = 2000, 0.1, (0, 0.1, 0.2), 40
VARIANCE, CORRELATION = 0.9999, 0.999


def with_one(x):
    return np.concatenate([x, np.ones((len(x), 1))], axis=1)


def sphere(random, count):
    x = random.normal(size=(count, D))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def lesson(random):
    w = random.normal(size=(D, D))
    w /= np.linalg.norm(w, axis=0)
    b, a, c = random.normal(size=D), np.sign(random.normal(size=D)), random.normal()
    sets = sphere(random, EXAMPLES), sphere(random, TEST_EXAMPLES)
    return [(with_one(x), np.maximum(x @ w + b, 0) @ a + c) for x in sets]


def gradient(weights, x, y):
    """Of (f(x) - y)^2 for one example."""
    w, a, c = weights
    z = x @ w
    slope = 2 * (np.maximum(z, 0) @ a + c - y)
    return np.outer(x, slope * a * (z > 0)), slope * np.maximum(z, 0), slope


def train(weights, xs, ys, order, rho):
    """Gradient descent, one example a step; in the first half of the steps on the gradient at w + rho g / |g|."""
    for step, k in enumerate(order):
        grads = gradient(weights, xs[k], ys[k])
        if rho > 0 and step < len(order) / 2:
            norm = np.sqrt(sum((g**2).sum() for g in map(np.asarray, grads)))
            grads = gradient([w + rho * g / max(norm, 1e-12) for w, g in zip(weights, grads)], xs[k], ys[k])
        weights = [w - LEARNING_RATE * g for w, g in zip(weights, grads)]
    return weights


def error(weights, x, y):
    w, a, c = weights
    return ((np.maximum(x @ w, 0) @ a + c - y) ** 2).mean()


def rank(features):
    energy = np.linalg.svd(features, compute_uv=False) ** 2
    return int((np.cumsum(energy) < VARIANCE * energy.sum()).sum() + 1) if energy.sum() > 0 else 0


def distinct(features):
    """Of each pair that goes together, the earlier is left out."""
    active = features[:, (features > 0).any(0)]
    if active.shape[1] < 2:
        return active.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = np.triu(np.abs(np.corrcoef(active.T)) > CORRELATION, 1)
    return int((~alike.any(1)).sum())


def taught(seed, rho):
    (x, y), unseen = lesson(np.random.default_rng([seed, 1]))
    random = np.random.default_rng([seed, 2])
    weights = [STDDEV * random.normal(size=shape) for shape in ((D + 1, UNITS), UNITS, ())]
    order = np.random.default_rng([seed, 3]).integers(EXAMPLES, size=STEPS)
    weights = train(weights, x, y, order, rho)
    features = np.maximum(x @ weights[0], 0)
    active = int((features > 0).any(0).sum())
    return rank(features), active, distinct(features), error(weights, x, y), error(weights, *unseen)


def small():
    """Six units and four examples, eleven steps; every number told by a formula."""
    w = 0.6 * np.sin(1 + np.arange(24.0)).reshape(4, 6)
    a, c = 0.6 * np.cos(np.arange(6.0)), np.float64(0.1)
    x, y = np.cos(np.arange(12.0)).reshape(4, 3), np.sin(2 * np.arange(4.0))
    order = [0, 1, 2, 3, 1, 0, 3, 2, 2, 1, 0]
    return train([w, a, c], with_one(x), y, order, 0.2)


if __name__ == "__main__":
    w, a, c = small()
    print("small: w", np.round(w, 6).tolist(), "a", np.round(a, 6).tolist(), "c", round(float(c), 6))
    found = {rho: np.array([taught(seed, rho) for seed in range(SEEDS)]) for rho in RHOS}
    print(f"{SEEDS} seeds: rank, active, distinct units, error on what was seen and on other examples")
    for rho, values in found.items():
        spread = values.std(0, ddof=1)
        shown = (f"{m:.4g} (one {s:.2g}, mean {s / np.sqrt(SEEDS):.2g})" for m, s in zip(values.mean(0), spread))
        print(f"rho {rho}:", "  ".join(shown))
    share = found[0.2][:, 1] / found[0][:, 1]
    print(f"active units at 0.2 over those at 0: {share.mean():.3f} +- {share.std(ddof=1) / np.sqrt(SEEDS):.3f},")
    print(f"at most 0.8 for {(share <= 0.8).mean():.3f} of the seeds; rank lower for {(found[0.2][:, 0] < found[0][:, 0]).mean():.3f}")
