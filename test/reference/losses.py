"""Losses as tfjs reduces them: the mean over the batch, and over the outputs too unless these share one softmax."""

import jax.numpy as jnp
from jax import nn


def softmax_cross_entropy(z, y):
    return -jnp.mean(jnp.sum(y * nn.log_softmax(z), -1))


def sigmoid_cross_entropy(z, y):
    return jnp.mean(nn.softplus(z) - y * z)


def mean_squared_error(z, y):
    return jnp.mean((z - y) ** 2)


def log_cosh(z, y):
    return jnp.mean(z - y + nn.softplus(-2 * (z - y)) - jnp.log(2.0))


LOSSES = {
    "softmaxCrossEntropy": softmax_cross_entropy,
    "sigmoidCrossEntropy": sigmoid_cross_entropy,
    "meanSquaredError": mean_squared_error,
    "logCosh": log_cosh,
}
