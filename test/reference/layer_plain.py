"""Layers that are neither over space nor over time: dense, normalization, noise, merging, and changes of shape."""

import jax.numpy as jnp
import numpy as np
from jax import nn

from layer_activations import SELU_ALPHA, SELU_SCALE
from layer_spatial import finish, largest


def dense(config, x, read, scope):
    return finish(config, x @ read("kernel", [x.shape[-1], config["units"]]), read, scope)


def embedding(config, x, read, _scope):
    return read("embeddings", [config["inputDim"], config["outputDim"]])[x.astype(int)]


def batch_normalization(config, x, read, scope):
    axes, channels = tuple(range(x.ndim - 1)), [x.shape[-1]]
    gamma, beta = read("gamma", channels), read("beta", channels)
    means, variances = read("moving_mean", channels), read("moving_variance", channels)
    mean, variance = (x.mean(axes), x.var(axes)) if scope.training else (means, variances)
    return (x - mean) / jnp.sqrt(variance + config["epsilon"]) * gamma + beta


def layer_normalization(config, x, read, _scope):
    gamma, beta = read("gamma", [x.shape[-1]]), read("beta", [x.shape[-1]])
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(variance + config["epsilon"]) * gamma + beta


def self_attention(config, x, read, _scope):
    """One head, softmax(q kᵀ / √d) v; the layer is the tests' own."""
    q, k, v = (x @ read(part, [x.shape[-1], config["units"]]) for part in ("query", "key", "value"))
    return nn.softmax(q @ k.swapaxes(1, 2) / np.sqrt(config["units"]), -1) @ v


def in_training(noisy):
    return lambda config, x, _read, scope: noisy(config, x, scope.noise) if scope.training else x


def alpha_dropout(config, x, noise):
    """As tfjs has it: what is dropped becomes −low, where Keras has low."""
    rate, low = config["rate"], -SELU_ALPHA * SELU_SCALE
    kept = noise.uniform(x.shape) >= rate
    a = ((1 - rate) * (1 + rate * low**2)) ** -0.5
    return a * jnp.where(kept, x, -low) - a * low * rate


def gaussian_dropout(config, x, noise):
    return x * (1 + np.sqrt(config["rate"] / (1 - config["rate"])) * noise.normal(x.shape))


def maximum(_config, xs, _read, scope):
    return largest(jnp.stack(xs, -1), -1, scope)


def minimum(_config, xs, _read, scope):
    return -largest(-jnp.stack(xs, -1), -1, scope)


def dot(config, xs, _read, _scope):
    """Sums over one axis of each of two; what is left of both stands in order."""
    a, b = xs
    axes = config["axes"] if isinstance(config["axes"], list) else [config["axes"]] * 2
    axes = [axis % x.ndim for axis, x in zip(axes, xs)]
    if config.get("normalize"):
        a, b = (x / jnp.sqrt((x**2).sum(axis, keepdims=True)) for x, axis in zip(xs, axes))
    left, right = "abc"[: a.ndim], "ade"[: b.ndim]
    left, right = left.replace(left[axes[0]], "z"), right.replace(right[axes[1]], "z")
    result = (left + right[1:]).replace("z", "")
    products = jnp.einsum(f"{left},{right}->{result}", a, b)
    return products if products.ndim > 1 else products[:, None]


def reshape(config, x, _read, _scope):
    return x.reshape(x.shape[0], *config["targetShape"])


PLAIN_LAYERS = {
    "dense": dense,
    "embedding": embedding,
    "batchNormalization": batch_normalization,
    "layerNormalization": layer_normalization,
    "selfAttention": self_attention,
    "dropout": in_training(lambda config, x, noise: x * noise.mask(x.shape, config["rate"])),
    "spatialDropout1d": in_training(
        lambda config, x, noise: x * noise.mask([x.shape[0], 1, x.shape[2]], config["rate"])
    ),
    "gaussianNoise": in_training(lambda config, x, noise: x + config["stddev"] * noise.normal(x.shape)),
    "gaussianDropout": in_training(gaussian_dropout),
    "alphaDropout": in_training(alpha_dropout),
    "flatten": lambda _config, x, _read, _scope: x.reshape(x.shape[0], -1),
    "reshape": reshape,
    "permute": lambda config, x, _read, _scope: x.transpose(0, *config["dims"]),
    "repeatVector": lambda config, x, _read, _scope: jnp.repeat(x[:, None], config["n"], 1),
}

MERGE_LAYERS = {
    "add": lambda _config, xs, _read, _scope: sum(xs),
    "average": lambda _config, xs, _read, _scope: sum(xs) / len(xs),
    "multiply": lambda _config, xs, _read, _scope: jnp.prod(jnp.stack(xs), 0),
    "maximum": maximum,
    "minimum": minimum,
    "concatenate": lambda config, xs, _read, _scope: jnp.concatenate(xs, config.get("axis", -1)),
    "dot": dot,
}
