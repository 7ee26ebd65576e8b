"""What is true of a network: loss, gradient, curvature, sharpness and the rank of its features, all exact.

JAX differentiates, NumPy does the rest. The Hessian H is dense and comes from forward over reverse differentiation;
the Gauss-Newton matrix is G = Jᵀ H_z J at the logits, of the loss averaged over the batch; NME = H − G.
"""

import jax
import jax.numpy as jnp
import numpy as np

from evaluated import evaluated
from layers import distance_to_kink, forward
from losses import LOSSES
from spectra import spectrum

RHO = 0.05
MARGIN = 1e-3
"""No kink nearer than this, at the weights and at SAM's: there float32 and float64 could take different sides."""


def facts(network, mode):
    def logits(w):
        return forward(network, unflat(network, w), mode)[0]

    def output_loss(z):
        return LOSSES[network.loss](z, network.y)

    def loss(w):
        return output_loss(logits(w))

    @evaluated
    def at(w):
        return jax.value_and_grad(loss)(w), distance_to_kink(network, unflat(network, w), mode)

    @evaluated
    def derivatives(w):
        z, features = forward(network, unflat(network, w), mode)
        return z, features, jax.jacobian(lambda w: logits(w).ravel())(w), jax.hessian(loss)(w)

    w = np.concatenate([p.ravel() for p in network.params.values()])
    (value, g), _ = at(w)
    z, features, j, h = derivatives(w)
    h_z = evaluated(jax.hessian(lambda flat: output_loss(flat.reshape(z.shape))))(z.ravel())
    return {
        "loss": value,
        "outputs": z.ravel(),
        "gradient": g,
        "gradientNorm": np.linalg.norm(g),
        "jacobian": {"timesV": j @ network.v, "transposedTimesU": j.T @ network.u.ravel()},
        **curvature(network, h, j.T @ h_z @ j, g),
        "sam": sharpness(at, w),
        "features": {name: spectrum(features[name]) for name in hidden(network)},
    }


def curvature(network, h, gn, g):
    nme = h - gn
    ghat = g / np.linalg.norm(g)
    return {
        "hessian": {
            **matrix(network, h),
            **dense(network, h),
            "rayleighGradient": ghat @ h @ ghat,
            "timesGradient": h @ ghat,
        },
        "gaussNewton": {**matrix(network, gn), **dense(network, gn)},
        "nme": {
            **matrix(network, nme),
            "alongGradient": np.linalg.norm(nme @ ghat),
            "share": np.linalg.norm(nme) / np.linalg.norm(h),
        },
    }


def matrix(network, a):
    assert np.abs(a - a.T).max() < 1e-12
    eigenvalues = np.linalg.eigvalsh(a)
    return {
        "product": a @ network.v,
        "topEigenvalue": eigenvalues[-1],
        "bottomEigenvalue": eigenvalues[0],
        "eigenvalues": eigenvalues,
        "trace": np.trace(a),
        "frobenius": np.linalg.norm(a),
        "blocks": blocks(network, a),
    }


def dense(network, a):
    """The matrix itself up to its diagonal, row by row, of the networks that ask for it."""
    return {"dense": [row[: i + 1] for i, row in enumerate(a)]} if network.dense else {}


def blocks(network, a):
    """By parameter: the part of the matrix on its diagonal that this parameter has to itself."""
    found, end = {}, 0
    for name, p in network.params.items():
        start, end = end, end + p.size
        block = a[start:end, start:end]
        found[name] = {"topEigenvalue": np.linalg.eigvalsh(block)[-1], "trace": np.trace(block)}
    return found


def sharpness(at, w):
    """SAM's ascent steps ε: ρ g / ‖g‖₂; ρ sign(g), that is p = ∞; ρ w² g / ‖w g‖₂, adaptive. And what is found at w + ε."""
    (value, g), distance = at(w)
    assert np.abs(g[g != 0]).min() > 1e-6, "the sign of a gradient hangs by rounding"

    def ascent(offset):
        (value_there, there), distance_there = at(w + offset)
        nearest = min(distance, distance_there)
        assert nearest > MARGIN, f"a kink at a distance of {nearest}"
        return {
            "rho": RHO,
            "gap": value_there - value,
            "ascentNorm": np.linalg.norm(offset),
            "cosine": g @ there / (np.linalg.norm(g) * np.linalg.norm(there)),
            "gradient": there,
        }

    return {
        "l2": ascent(RHO * g / np.linalg.norm(g)),
        "linf": ascent(RHO * np.sign(g)),
        "adaptive": ascent(RHO * w**2 * g / np.linalg.norm(w * g)),
    }


def hidden(network):
    """The layers with weights but the last."""
    return [layer["name"] for layer in network.layers if "name" in layer][:-1]


def unflat(network, w):
    ends = np.cumsum([p.size for p in network.params.values()])
    parts = jnp.split(w, ends[:-1])
    return {name: part.reshape(p.shape) for (name, p), part in zip(network.params.items(), parts)}
