"""The study of the low-rank simplicity bias once more, in NumPy at float64: what its `reference` and its tests hold.

    python simplicity.py

Prints means with standard errors over draws (products, 32 x 32) and over seeds (training, 20 x 20, 15 examples).
"""

import numpy as np

DEPTHS = (1, 2, 4, 8, 16)
WIDTH, INPUTS, DRAWS = 32, 256, 640
D, EXAMPLES, SEEDS = 20, 15, 40
FITTED, SETTLED, MOST_STEPS, LEARNING_RATE, MOMENTUM = 1e-4, 20, 6000, 0.03, 0.9


def effective_rank(values):
    """exp of the entropy of p = values / sum (Roy and Vetterli 2007)."""
    p = values / values.sum()
    p = p[p > 0]
    return np.exp(-(p * np.log(p)).sum())


def singular_values(matrix):
    return np.linalg.svd(matrix, compute_uv=False)


def product_ranks(random):
    """By depth: of normal factors, of uniform ones, of ReLU features and of their Gram matrix."""
    normal = uniform = np.eye(WIDTH)
    features = random.normal(size=(INPUTS, WIDTH))
    ranks = {}
    for depth in range(1, max(DEPTHS) + 1):
        normal = random.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH) @ normal
        uniform = random.uniform(-1, 1, size=(WIDTH, WIDTH)) * np.sqrt(3 / WIDTH) @ uniform
        features = np.maximum(features @ random.normal(size=(WIDTH, WIDTH)) * np.sqrt(2 / WIDTH), 0)
        if depth in DEPTHS:
            s = singular_values(features)
            linear = [effective_rank(singular_values(w)) for w in (normal, uniform)]
            ranks[depth] = [*linear, effective_rank(s), effective_rank(s**2)]
    return ranks


def trained(rank, depth, seed):
    """Effective rank at zero training loss, and the relative test error."""
    random = np.random.default_rng([seed, rank])
    target = random.normal(size=(D, rank)) @ random.normal(size=(rank, D)) / np.sqrt(rank * D)
    x, test = random.normal(size=(EXAMPLES, D)), random.normal(size=(1000, D))
    weights = [random.normal(size=(D, D)) / np.sqrt(D) for _ in range(depth)]
    velocity = [np.zeros((D, D)) for _ in weights]
    y = x @ target
    settled = 0
    for _ in range(MOST_STEPS):
        hidden = [x]
        for w in weights:
            hidden.append(hidden[-1] @ w)
        back = hidden[-1] - y
        settled = settled + 1 if (back**2).sum() < FITTED * (y**2).sum() else 0
        back = back / EXAMPLES
        for i in reversed(range(depth)):
            gradient, back = hidden[i].T @ back, back @ weights[i].T
            velocity[i] = MOMENTUM * velocity[i] + gradient
            weights[i] = weights[i] - LEARNING_RATE / depth * velocity[i]
        if settled == SETTLED:
            break
    found = weights[0] if depth == 1 else np.linalg.multi_dot(weights)
    right = test @ target
    return effective_rank(singular_values(found)), ((test @ found - right) ** 2).sum() / (right**2).sum()


def shown(values):
    """Mean, spread of one, and standard error of the mean, by column."""
    values = np.asarray(values)
    spread = values.std(0, ddof=1)
    return " ".join(
        f"{m:7.3f} (one ± {s:.3f}, mean ± {s / np.sqrt(len(values)):.3f})" for m, s in zip(values.mean(0), spread)
    )


if __name__ == "__main__":
    draws = [product_ranks(np.random.default_rng([5, i])) for i in range(DRAWS)]
    print(f"products, {DRAWS} draws: linear normal, linear uniform, ReLU features, ReLU Gram matrix")
    for depth in DEPTHS:
        print(f"depth {depth:2}  {shown([ranks[depth] for ranks in draws])}")
    print(f"training, {SEEDS} seeds: effective rank, test error; then depth 4 less depth 1")
    for rank in (1, 5, 20):
        found = {depth: np.array([trained(rank, depth, seed) for seed in range(SEEDS)]) for depth in (1, 2, 4)}
        for depth, values in found.items():
            print(f"rank {rank:2}, depth {depth}  {shown(values)}")
        print(f"rank {rank:2}, paired    {shown(found[4] - found[1])}")
