"""The activations of Keras, each with how far it is from its kinks."""

import jax.numpy as jnp
from jax import nn, scipy

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def elu(x, alpha=1.0):
    return jnp.where(x > 0, x, alpha * jnp.expm1(jnp.minimum(x, 0)))


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: jnp.maximum(x, 0),
    "relu6": lambda x: jnp.clip(x, 0, 6),
    "hardSigmoid": lambda x: jnp.clip(0.2 * x + 0.5, 0, 1),
    "elu": elu,
    "selu": lambda x: SELU_SCALE * elu(x, SELU_ALPHA),
    "sigmoid": nn.sigmoid,
    "tanh": jnp.tanh,
    "softplus": lambda x: jnp.logaddexp(x, 0),
    "softsign": lambda x: x / (1 + jnp.abs(x)),
    "softmax": lambda x: nn.softmax(x, -1),
    "logSoftmax": lambda x: nn.log_softmax(x, -1),
    "swish": lambda x: x * nn.sigmoid(x),
    "mish": lambda x: x * jnp.tanh(jnp.logaddexp(x, 0)),
    "gelu": lambda x: x * (1 + scipy.special.erf(x / jnp.sqrt(2.0))) / 2,
    "gelu_new": lambda x: x / 2 * (1 + jnp.tanh(jnp.sqrt(2 / jnp.pi) * (x + 0.044715 * x**3))),
}

KINKS = {
    **{name: (0.0,) for name in ("relu", "elu", "selu", "softsign")},
    "relu6": (0.0, 6.0),
    "hardSigmoid": (-2.5, 2.5),
}
"""Where a first or second derivative jumps."""


def activate(name, x, scope):
    for at in KINKS.get(name, ()):
        scope.kink(x - at)
    return ACTIVATIONS[name](x)


def leaky_relu(config, x, _read, scope):
    scope.kink(x)
    return jnp.where(x > 0, x, config["alpha"] * x)


def prelu(config, x, read, scope):
    scope.kink(x)
    shared = config.get("sharedAxes", ())
    alpha = read("alpha", [1 if axis in shared else n for axis, n in enumerate(x.shape) if axis > 0])
    return jnp.where(x > 0, x, alpha * x)


def thresholded_relu(config, x, _read, scope):
    scope.kink(x - config["theta"])
    return jnp.where(x > config["theta"], x, 0)


def elu_layer(config, x, _read, scope):
    scope.kink(x)
    return elu(x)


def relu_layer(config, x, _read, scope):
    scope.kink(x)
    return jnp.clip(x, 0, config.get("maxValue"))


ACTIVATION_LAYERS = {
    "activation": lambda config, x, _read, scope: activate(config["activation"], x, scope),
    "reLU": relu_layer,
    "leakyReLU": leaky_relu,
    "prelu": prelu,
    "elu": elu_layer,
    "thresholdedReLU": thresholded_relu,
    "softmax": lambda _config, x, _read, _scope: nn.softmax(x, -1),
}
