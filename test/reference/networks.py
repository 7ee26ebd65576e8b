"""The small networks of test/golden: layers, data and weights.

Every input is a multiple of 2^-8, so that float32, float64 and decimal notation hold the very same number.
The seeds are chosen so that the checks of facts.py hold.
"""

from dataclasses import dataclass, field
from math import prod

import numpy as np

from described import (
    all_parts,
    attention,
    batch_norm,
    conv,
    conv_transpose,
    dense,
    depthwise,
    embedding,
    layer_norm,
    lstm,
    plain,
    prelu,
    residual,
)


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
    u: np.ndarray
    """A direction among the outputs, [batch, classes]."""
    constants: dict = field(default_factory=dict)
    modes: tuple = ("inference",)
    dense: bool = False
    """Whether the file holds the matrices themselves."""


def dyadic(values):
    return np.round(np.asarray(values, dtype=np.float64) * 256) / 256


def network(name, seed, layers, loss, x_shape, classes, *, words=None, spread=1, **more):
    """Inputs are words, of as many as are given, or else normal with the standard deviation `spread`."""
    random = np.random.default_rng(seed)
    x = random.integers(words, size=x_shape) if words else dyadic(spread * random.normal(size=x_shape))
    y = targets(random, loss, x_shape[0], classes)
    params = {name: dyadic(initial(random, name, shape)) for name, shape in all_parts(layers).items()}
    constants = {
        f"{layer['name']}/{part}": dyadic(low + random.uniform(size=params[f"{layer['name']}/gamma"].shape))
        for layer, _ in layers
        if layer["op"] == "batchNorm"
        for part, low in (("movingMean", -0.5), ("movingVariance", 0.75))
    }
    v = dyadic(random.normal(size=sum(p.size for p in params.values())))
    u = dyadic(random.normal(size=(x_shape[0], classes)))
    return Network(name, [layer for layer, _ in layers], loss, x, y, params, v, u, constants, **more)


def initial(random, name, shape):
    """Matrices and kernels by their fan in; scales about 1, the rest about 0."""
    if len(shape) > 1:
        return random.normal(size=shape) * np.sqrt(1.5 / prod(shape[:-1]))
    return name.endswith("/gamma") + 0.3 * random.normal(size=shape)


def targets(random, loss, examples, classes):
    if loss == "softmaxCrossEntropy":
        return np.eye(classes)[random.integers(classes, size=examples)]
    if loss == "sigmoidCrossEntropy":
        return random.integers(2, size=(examples, classes)).astype(np.float64)
    return dyadic(random.normal(size=(examples, classes)))


def linear_softmax(seed=1):
    return network("linear-softmax", seed, [dense("logits", 12, 4)], "softmaxCrossEntropy", (16, 12), 4)


def mlp_tanh(seed=1):
    layers = [dense("hidden1", 6, 8, "tanh"), dense("hidden2", 8, 6, "tanh"), dense("logits", 6, 4)]
    return network("mlp-tanh", seed, layers, "softmaxCrossEntropy", (16, 6), 4)


def mlp_relu(seed=1):
    layers = [dense("hidden1", 5, 10, "relu"), dense("hidden2", 10, 8, "relu"), dense("logits", 8, 3)]
    return network("mlp-relu", seed, layers, "meanSquaredError", (16, 5), 3)


def mlp_gelu(seed=1):
    layers = [dense("hidden1", 6, 9, "gelu"), dense("hidden2", 9, 7, "sigmoid"), dense("logits", 7, 4)]
    return network("mlp-gelu", seed, layers, "sigmoidCrossEntropy", (16, 6), 4)


def mlp_elu(seed=1):
    layers = [dense("hidden1", 5, 6, "elu"), dense("hidden2", 6, 6, "softplus"), dense("logits", 6, 4)]
    return network("mlp-elu", seed, layers, "softmaxCrossEntropy", (12, 5), 4)


def mlp_relu6(seed=1):
    """On data wide enough that some units are beyond 6."""
    layers = [dense("hidden1", 4, 7, "relu6"), dense("hidden2", 7, 5, "leakyRelu"), dense("logits", 5, 3)]
    return network("mlp-relu6", seed, layers, "softmaxCrossEntropy", (12, 4), 3, spread=4)


def mlp_swish(seed=1):
    layers = [dense("hidden1", 5, 6, "swish"), dense("hidden2", 6, 5, "softsign"), dense("logits", 5, 3)]
    return network("mlp-swish", seed, layers, "logCosh", (12, 5), 3)


def regression(seed=2):
    layers = [dense("hidden1", 4, 5, "selu"), dense("hidden2", 5, 3, "mish"), dense("value", 3, 1)]
    return network("regression", seed, layers, "meanSquaredError", (16, 4), 1, dense=True)


def multi_label(seed=1):
    layers = [dense("hidden", 5, 6), prelu("prelu", 6), dense("hidden2", 6, 5, "tanh"), dense("logits", 5, 5)]
    return network("multi-label", seed, layers, "sigmoidCrossEntropy", (12, 5), 5)


def conv_max_pool(seed=11):
    layers = [conv("conv", 2, 4, "relu"), plain("maxPool"), plain("flatten"), dense("logits", 36, 3)]
    return network("conv-max-pool", seed, layers, "softmaxCrossEntropy", (6, 6, 6, 2), 3)


def conv_batch_norm(seed=1):
    """The convolution has no bias: the batch's mean would take it away, and leave it a gradient of 0."""
    layers = [
        conv("conv", 2, 4, bias=False),
        batch_norm("norm", 4, "softplus"),
        plain("avgPool"),
        plain("flatten"),
        dense("logits", 16, 3),
    ]
    modes = ("inference", "training")
    return network("conv-batch-norm", seed, layers, "softmaxCrossEntropy", (6, 4, 4, 2), 3, modes=modes)


def conv_separable(seed=1):
    layers = [
        depthwise("depthwise", 2, 2),
        conv("pointwise", 4, 3, "swish", size=1),
        plain("avgPool"),
        plain("flatten"),
        dense("logits", 12, 3),
    ]
    return network("conv-separable", seed, layers, "softmaxCrossEntropy", (6, 4, 4, 2), 3)


def autoencoder(seed=1):
    layers = [conv("encoder", 1, 3, "tanh", stride=2), conv_transpose("decoder", 3, 1, stride=2), plain("flatten")]
    return network("autoencoder", seed, layers, "meanSquaredError", (6, 4, 4, 1), 16, dense=True)


def residual_mlp(seed=1):
    block = residual("block", dense("inner1", 5, 6, "tanh"), dense("inner2", 6, 5))
    layers = [dense("hidden", 4, 5, "softplus"), block, dense("logits", 5, 3)]
    return network("residual", seed, layers, "softmaxCrossEntropy", (12, 4), 3)


def lstm_last(seed=1):
    layers = [lstm("lstm", 3, 4), dense("logits", 4, 3)]
    return network("lstm", seed, layers, "softmaxCrossEntropy", (8, 4, 3), 3)


def attention_words(seed=1):
    layers = [
        embedding("embedding", 7, 4),
        residual("block", attention("attention", 4)),
        layer_norm("norm", 4),
        plain("meanOverTime"),
        dense("logits", 4, 3),
    ]
    return network("attention", seed, layers, "softmaxCrossEntropy", (10, 5), 3, words=7)


NETWORKS = {
    made().name: made
    for made in (
        linear_softmax,
        mlp_tanh,
        mlp_relu,
        mlp_gelu,
        mlp_elu,
        mlp_relu6,
        mlp_swish,
        regression,
        multi_label,
        conv_max_pool,
        conv_batch_norm,
        conv_separable,
        autoencoder,
        residual_mlp,
        lstm_last,
        attention_words,
    )
}
