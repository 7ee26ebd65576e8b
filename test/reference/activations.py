"""GELU of steepness β at float64, with its first three derivatives, by JAX from the definition x Φ(βx)."""

import jax
import numpy as np
from jax.scipy.special import erf

from evaluated import evaluated
from networks import dyadic

BETAS = [0.5, 1, 4, 20]


def activations_golden():
    x = dyadic(np.concatenate([np.linspace(-4, 4, 33), np.linspace(-0.25, 0.25, 16)]))
    return {"x": x, "gelu": [{"beta": beta, **derivatives(beta, x)} for beta in BETAS]}


def derivatives(beta, x):
    def gelu(x):
        return x * (1 + erf(beta * x / np.sqrt(2))) / 2

    found, f = {}, gelu
    for name in ("value", "slope", "bend", "third"):
        found[name] = [float(y) for y in evaluated(jax.vmap(f))(x)]
        f = jax.grad(f)
    return found
