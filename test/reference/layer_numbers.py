"""Weights and data of a case, from a seed: multiples of 2^-6, the same number in float32, float64 and decimal notation."""

import numpy as np


def dyadic(values):
    return np.round(np.asarray(values, dtype=np.float64) * 64) / 64


def draw(case, shapes, seed):
    random = np.random.default_rng(seed)
    return {
        "x": [x(random) for x in case["x"]],
        "weights": {path: dyadic(initial(random, path, shape)) for path, shape in shapes["weights"].items()},
        "y": [targets(random, loss, shape) for loss, shape in zip(case["losses"], shapes["outputs"])],
        **(
            {"exampleWeights": [dyadic(random.uniform(0.25, 2, y[:1])) for y in shapes["outputs"]]}
            if case["weighted"]
            else {}
        ),
    }


def direction(weights, seed):
    size = sum(values.size for path, values in weights.items() if is_trained(path))
    return dyadic(np.random.default_rng([seed, 1]).normal(size=size))


def is_trained(path):
    return "moving_" not in path


def initial(random, path, shape):
    part = path.split("/")[-1]
    if part in ("gamma", "moving_variance"):
        return random.uniform(0.75, 1.5, size=shape)
    if part in ("bias", "beta", "moving_mean", "alpha"):
        return 0.3 * random.normal(size=shape)
    fan_in = 1 if part == "embeddings" else np.prod(shape[:-1])
    return random.normal(size=shape) * np.sqrt(1.5 / fan_in)


def one_hot(random, shape):
    return np.eye(shape[-1])[random.integers(shape[-1], size=shape[:-1])]


def bits(random, shape):
    return random.integers(2, size=shape).astype(float)


def signs(random, shape):
    return 2 * bits(random, shape) - 1


def shares(random, shape):
    """Of 64, none of them zero."""
    return (1 + random.multinomial(64 - shape[-1], np.ones(shape[-1]) / shape[-1], shape[:-1])) / 64


TARGETS = {
    "categoricalCrossentropy": one_hot,
    "categoricalHinge": one_hot,
    "tf.softmaxCrossEntropy": one_hot,
    "sparseCategoricalCrossentropy": lambda random, shape: random.integers(shape[-1], size=(*shape[:-1], 1)).astype(
        float
    ),
    "hinge": signs,
    "squaredHinge": signs,
    "kullbackLeiblerDivergence": shares,
    "poisson": lambda random, shape: random.integers(5, size=shape).astype(float),
    "meanSquaredLogarithmicError": lambda random, shape: dyadic(random.uniform(0.25, 3, size=shape)),
    "meanAbsolutePercentageError": lambda random, shape: (
        signs(random, shape) * dyadic(random.uniform(0.5, 2, size=shape))
    ),
    **{loss: bits for loss in ("binaryCrossentropy", "tf.sigmoidCrossEntropy", "tf.logLoss", "tf.hingeLoss")},
}


def targets(random, loss, shape):
    return TARGETS.get(loss, lambda random, shape: dyadic(random.normal(size=shape)))(random, shape)
