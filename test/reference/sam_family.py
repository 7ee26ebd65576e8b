"""What JAX says of SAM's kin on some of the networks: what the optimizer gets from each, and what they report."""

from dataclasses import replace
from math import ceil

import jax
import numpy as np

from evaluated import evaluated
from facts import unflat
from layers import distance_to_kink, forward
from losses import LOSSES
from networks import NETWORKS

MEASURED = ["mlp-tanh", "mlp-gelu", "autoencoder"]
RHO = 0.05
NARROWING = 0.4
"""α of GSAM."""
REUSED = 0.7
"""α of LookSAM."""
LEARNING_RATE = 0.5
"""Of the step of gradient descent between LookSAM's ascent and what is reused of it."""
M = 5
FRACTION = 0.25
MARGIN = 1e-3


def sam_family_golden():
    return {name: sam_family(NETWORKS[name]()) for name in MEASURED}


def sam_family(network):
    w = np.concatenate([p.ravel() for p in network.params.values()])
    at = gradient_of(network)
    kernels = np.concatenate([np.full(p.size, p.ndim > 1) for p in network.params.values()])
    return {
        "rho": RHO,
        "groups": {"m": M, "gradient": in_groups(network, w)},
        "fraction": {"fraction": FRACTION, **on_fraction(network, w)},
        "kernels": of_kernels(at, w, kernels),
        "gsam": gsam(at, w),
        "lookSam": look_sam(at, w),
    }


def gradient_of(network):
    """w to L and ∇L, where no kink is near."""

    @evaluated
    def at(w):
        params = unflat(network, w)
        value = jax.value_and_grad(lambda w: LOSSES[network.loss](forward(network, unflat(network, w))[0], network.y))
        return value(w), distance_to_kink(network, params, "inference")

    def checked(w):
        value, distance = at(w)
        assert distance > MARGIN, f"a kink at a distance of {distance}"
        return value

    return checked


def ascent(g):
    return RHO * g / np.linalg.norm(g)


def orthogonal(v, u):
    return v - (v @ u) / (u @ u) * u


def rows(network, begin, end):
    return replace(network, x=network.x[begin:end], y=network.y[begin:end])


def in_groups(network, w):
    """Groups of M examples at most, as equal as can be, each with an ascent of its own; weighted by their examples."""
    total = len(network.x)
    count = -(-total // M)
    ends = [i * total // count for i in range(count + 1)]

    def of_group(begin, end):
        at = gradient_of(rows(network, begin, end))
        return (end - begin) / total * at(w + ascent(at(w)[1]))[1]

    return sum(of_group(begin, end) for begin, end in zip(ends, ends[1:]))


def on_fraction(network, w):
    """The ascent along the gradient of the first examples, the descent on all."""
    first = rows(network, 0, ceil(FRACTION * len(network.x)))
    loss, g = gradient_of(first)(w)
    return {"loss": loss, "gradient": gradient_of(network)(w + ascent(g))[1]}


def of_kernels(at, w, kernels):
    """Only what has two dimensions or more is moved, by RHO in all."""
    g = at(w)[1]
    return {"gradient": at(w + ascent(np.where(kernels, g, 0)))[1]}


def gsam(at, w):
    g = at(w)[1]
    there = at(w + ascent(g))[1]
    across = orthogonal(g, there)
    return {"alpha": NARROWING, "orthogonalNorm": np.linalg.norm(across), "gradient": there - NARROWING * across}


def look_sam(at, w):
    """An ascent at w, a step of gradient descent along what it gives, and the gradient there with g_v reused."""
    g = at(w)[1]
    there = at(w + ascent(g))[1]
    across = orthogonal(there, g)
    next_g = at(w - LEARNING_RATE * there)[1]
    added = REUSED * np.linalg.norm(next_g) / np.linalg.norm(across) * across
    return {
        "alpha": REUSED,
        "learningRate": LEARNING_RATE,
        "orthogonalNorm": np.linalg.norm(across),
        "reusedNorm": np.linalg.norm(added),
        "gradients": [there, next_g + added],
    }
