"""The small networks of test/golden: layers, data and weights.

Every input is a multiple of 2^-8, so that float32, float64 and decimal notation hold the very same number.
The seeds are chosen so that the checks of facts.py hold.
"""

from dataclasses import dataclass, field
from math import prod

import numpy as np


@dataclass(frozen=True)
class Network:
    name: str
    layers: list
    loss: str
    x: np.ndarray
    y: np.ndarray
    params: dict
    v: np.ndarray
    """A direction in weight space, flat, in the order of `params`."""
    constants: dict = field(default_factory=dict)
    modes: tuple = ("inference",)


def dyadic(values):
    return np.round(np.asarray(values, dtype=np.float64) * 256) / 256


def dense(name, inputs, outputs, activation=None):
    layer = {"op": "dense", "name": name, **({"activation": activation} if activation else {})}
    return layer, {"kernel": (inputs, outputs), "bias": (outputs,)}


def conv(name, inputs, outputs, activation=None, bias=True):
    layer = {"op": "conv2d", "name": name, "bias": bias, **({"activation": activation} if activation else {})}
    return layer, {"kernel": (3, 3, inputs, outputs), **({"bias": (outputs,)} if bias else {})}


def batch_norm(name, channels, activation):
    layer = {"op": "batchNorm", "name": name, "epsilon": 0.001, "activation": activation}
    return layer, {"gamma": (channels,), "beta": (channels,)}


def plain(op):
    return {"op": op}, {}


def network(name, seed, layers, loss, x_shape, classes, **more):
    random = np.random.default_rng(seed)
    x = dyadic(random.normal(size=x_shape))
    y = targets(random, loss, x_shape[0], classes)
    params = {
        f"{layer['name']}/{part}": dyadic(initial(random, part, shape))
        for layer, parts in layers
        for part, shape in parts.items()
    }
    constants = {
        f"{layer['name']}/{part}": dyadic(low + random.uniform(size=layer_parts["gamma"]))
        for layer, layer_parts in layers
        if layer["op"] == "batchNorm"
        for part, low in (("movingMean", -0.5), ("movingVariance", 0.75))
    }
    v = dyadic(random.normal(size=sum(p.size for p in params.values())))
    return Network(name, [layer for layer, _ in layers], loss, x, y, params, v, constants, **more)


def initial(random, part, shape):
    if part == "kernel":
        return random.normal(size=shape) * np.sqrt(1.5 / prod(shape[:-1]))
    return (part == "gamma") + 0.3 * random.normal(size=shape)


def targets(random, loss, examples, classes):
    if loss == "softmaxCrossEntropy":
        return np.eye(classes)[random.integers(classes, size=examples)]
    if loss == "sigmoidCrossEntropy":
        return random.integers(2, size=(examples, classes)).astype(np.float64)
    return dyadic(random.normal(size=(examples, classes)))


def linear_softmax():
    return network("linear-softmax", 1, [dense("logits", 12, 4)], "softmaxCrossEntropy", (16, 12), 4)


def mlp_tanh():
    layers = [dense("hidden1", 6, 8, "tanh"), dense("hidden2", 8, 6, "tanh"), dense("logits", 6, 4)]
    return network("mlp-tanh", 1, layers, "softmaxCrossEntropy", (16, 6), 4)


def mlp_relu():
    layers = [dense("hidden1", 5, 10, "relu"), dense("hidden2", 10, 8, "relu"), dense("logits", 8, 3)]
    return network("mlp-relu", 1, layers, "meanSquaredError", (16, 5), 3)


def conv_max_pool():
    layers = [conv("conv", 2, 4, "relu"), plain("maxPool"), plain("flatten"), dense("logits", 36, 3)]
    return network("conv-max-pool", 11, layers, "softmaxCrossEntropy", (6, 6, 6, 2), 3)


def conv_batch_norm():
    """The convolution has no bias: the batch's mean would take it away, and leave it a gradient of 0."""
    layers = [
        conv("conv", 2, 4, bias=False),
        batch_norm("norm", 4, "softplus"),
        plain("avgPool"),
        plain("flatten"),
        dense("logits", 16, 3),
    ]
    modes = ("inference", "training")
    return network("conv-batch-norm", 1, layers, "softmaxCrossEntropy", (6, 4, 4, 2), 3, modes=modes)


def mlp_gelu():
    layers = [dense("hidden1", 6, 9, "gelu"), dense("hidden2", 9, 7, "sigmoid"), dense("logits", 7, 4)]
    return network("mlp-gelu", 1, layers, "sigmoidCrossEntropy", (16, 6), 4)


NETWORKS = {
    made().name: made for made in (linear_softmax, mlp_tanh, mlp_relu, conv_max_pool, conv_batch_norm, mlp_gelu)
}
