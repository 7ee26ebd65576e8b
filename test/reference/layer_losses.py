"""The losses of tfjs-layers by example `[batch]`, and those of tf.losses, which are one number. By Keras' formulas, of what
the model puts out: probabilities where it ends in a softmax or a sigmoid. `scope` is told the distance to each kink."""

import jax.numpy as jnp
from jax import nn

from layer_spatial import largest


def absolute(d, scope):
    scope.kink(d)
    return jnp.abs(d)


def hinge(y, p, scope):
    scope.kink(1 - y * p)
    return jnp.maximum(0, 1 - y * p)


def categorical_hinge(y, p, scope):
    inside = 1 + largest((1 - y) * p, -1, scope) - (y * p).sum(-1)
    scope.kink(inside)
    return jnp.maximum(0, inside)


def log_cosh(d):
    return jnp.logaddexp(d, -d) - jnp.log(2.0)


def cross_entropy(y, p):
    return -(y * jnp.log(p / p.sum(-1, keepdims=True))).sum(-1)


def binary_cross_entropy(y, p):
    return -(y * jnp.log(p) + (1 - y) * jnp.log(1 - p))


def unit(x):
    return x / jnp.sqrt((x**2).sum(-1, keepdims=True))


def huber(d, scope):
    scope.kink(jnp.abs(d) - 1)
    return jnp.where(jnp.abs(d) < 1, d**2 / 2, jnp.abs(d) - 0.5)


LOSSES = {
    "meanSquaredError": lambda y, p, _: ((p - y) ** 2).mean(-1),
    "meanAbsoluteError": lambda y, p, scope: absolute(p - y, scope).mean(-1),
    "meanAbsolutePercentageError": lambda y, p, scope: 100 * absolute((y - p) / jnp.abs(y), scope).mean(-1),
    "meanSquaredLogarithmicError": lambda y, p, _: ((jnp.log1p(p) - jnp.log1p(y)) ** 2).mean(-1),
    "squaredHinge": lambda y, p, scope: (hinge(y, p, scope) ** 2).mean(-1),
    "hinge": lambda y, p, scope: hinge(y, p, scope).mean(-1),
    "categoricalHinge": categorical_hinge,
    "logcosh": lambda y, p, _: log_cosh(p - y).mean(-1),
    "categoricalCrossentropy": lambda y, p, _: cross_entropy(y, p),
    "sparseCategoricalCrossentropy": lambda y, p, _: cross_entropy(nn.one_hot(y[..., 0].astype(int), p.shape[-1]), p),
    "binaryCrossentropy": lambda y, p, _: binary_cross_entropy(y, p).mean(-1),
    "kullbackLeiblerDivergence": lambda y, p, _: (y * jnp.log(jnp.maximum(y, 1e-7) / p)).sum(-1),
    "poisson": lambda y, p, _: (p - y * jnp.log(p + 1e-7)).mean(-1),
    "cosineProximity": lambda y, p, _: -(unit(y) * unit(p)).sum(-1),
    "tf.absoluteDifference": lambda y, p, scope: absolute(p - y, scope).mean(),
    "tf.cosineDistance": lambda y, p, _: (1 - (y * p).sum(-1)).mean(),
    "tf.hingeLoss": lambda y, p, scope: hinge(2 * y - 1, p, scope).mean(),
    "tf.huberLoss": lambda y, p, scope: huber(p - y, scope).mean(),
    "tf.logLoss": lambda y, p, _: -(y * jnp.log(p + 1e-7) + (1 - y) * jnp.log(1 - p + 1e-7)).mean(),
    "tf.meanSquaredError": lambda y, p, _: ((p - y) ** 2).mean(),
    "tf.sigmoidCrossEntropy": lambda y, z, _: (jnp.logaddexp(z, 0) - y * z).mean(),
    "tf.softmaxCrossEntropy": lambda y, z, _: -(y * nn.log_softmax(z)).sum(-1).mean(),
}


def total_loss(names, ys, ps, weights, scope):
    """The mean of the sum of the losses of all outputs, as `fit` takes it."""
    losses = [LOSSES[name](y, p, scope) for name, y, p in zip(names, ys, ps)]
    return jnp.mean(sum(losses if weights is None else (loss * w for loss, w in zip(losses, weights))))
