"""Losses as functions of the logits: value, gradient, and their Hessian on a direction u."""

import jax
import numpy as np

from evaluated import evaluated
from golden_json import tensor
from losses import LOSSES
from networks import dyadic, targets


def loss_golden():
    random = np.random.default_rng(9)
    z, u = (dyadic(random.normal(size=(8, 4)) * scale) for scale in (2.0, 1.0))
    z[0] = [30, -30, 0, 12]
    table = {name: (name, targets(random, name, 8, 4)) for name in LOSSES}
    table["softmaxCrossEntropy, soft labels"] = ("softmaxCrossEntropy", random.multinomial(256, [0.25] * 4, 8) / 256)
    return {
        "z": tensor(z),
        "u": tensor(u),
        "losses": {
            title: {"loss": name, "y": tensor(y), **at(LOSSES[name], z, y, u)} for title, (name, y) in table.items()
        },
    }


def at(loss, z, y, u):
    gradient, product = evaluated(lambda z: jax.jvp(jax.grad(loss), (z, y), (u, np.zeros_like(y))))(z)
    return {"value": evaluated(loss)(z, y), "gradient": gradient.ravel(), "product": product.ravel()}
