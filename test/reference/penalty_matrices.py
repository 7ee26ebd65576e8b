"""What stands for H ĝ in the update of a gradient penalty, of the networks without a kink: G ĝ, and H ĝ with φ″ = 0 in every activation."""

from unittest.mock import patch

import jax
import numpy as np

import layers
from evaluated import evaluated
from facts import unflat
from losses import LOSSES
from networks import NETWORKS

MEASURED = ["mlp-tanh", "mlp-gelu", "mlp-swish", "conv-batch-norm", "residual"]


def penalty_matrices_golden():
    return {name: matrices(NETWORKS[name]()) for name in MEASURED}


def matrices(network):
    def logits(w):
        return layers.forward(network, unflat(network, w))[0]

    def output_loss(z):
        return LOSSES[network.loss](z, network.y)

    def along(f, x, v):
        """The derivative of f at x along v."""
        return jax.jvp(f, (x,), (v,))[1]

    def gauss_newton(w, v):
        z, pull = jax.vjp(logits, w)
        return pull(along(jax.grad(output_loss), z, along(logits, w, v)))[0]

    def hessian():
        """Made anew each time, since JAX remembers how it has once traced a function."""
        return evaluated(lambda w, v: along(jax.grad(lambda w: output_loss(logits(w))), w, v))

    w = np.concatenate([p.ravel() for p in network.params.values()])
    g = evaluated(jax.grad(lambda w: output_loss(logits(w))))(w)
    ghat = g / np.linalg.norm(g)
    flattened = {name: flat(activation) for name, activation in layers.ACTIVATIONS.items()}
    found = {"hessian": hessian()(w, ghat), "gaussNewton": evaluated(gauss_newton)(w, ghat)}
    with patch.object(layers, "ACTIVATIONS", flattened):
        return {**found, "flatActivations": hessian()(w, ghat)}


def flat(activation):
    """The same function and slope; the slope is a constant to whoever differentiates it."""
    slope = jax.grad(lambda x: activation(x).sum())

    @jax.custom_jvp
    def flattened(x):
        return activation(x)

    @flattened.defjvp
    def _(primals, tangents):
        (x,), (dx,) = primals, tangents
        return flattened(x), jax.lax.stop_gradient(slope(x)) * dx

    return flattened
