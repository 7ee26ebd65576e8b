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

    w = np.concatenate([p.ravel() for p in network.params.values()])
    g = evaluated(jax.grad(loss))(w)
    features = evaluated(lambda w: forward(network, unflat(network, w), mode)[1])(w)
    return {
        "loss": evaluated(loss)(w),
        "outputs": evaluated(logits)(w).ravel(),
        "gradient": g,
        "gradientNorm": np.linalg.norm(g),
        **curvature(evaluated(jax.hessian(loss))(w), gauss_newton(logits, output_loss, w), g, network.v),
        "sam": sharpness(loss, w, g, lambda w: distance_to_kink(network, unflat(network, w), mode)),
        "features": {name: spectrum(features[name]) for name in hidden(network)},
    }


def curvature(h, gn, g, v):
    nme = h - gn
    ghat = g / np.linalg.norm(g)
    eigenvalues = np.linalg.eigvalsh(h)
    return {
        "hessian": {
            **matrix(h, v),
            "bottomEigenvalue": eigenvalues[0],
            "eigenvalues": eigenvalues,
            "rayleighGradient": ghat @ h @ ghat,
            "timesGradient": h @ ghat,
        },
        "gaussNewton": matrix(gn, v),
        "nme": {
            **matrix(nme, v),
            "alongGradient": np.linalg.norm(nme @ ghat),
            "share": np.linalg.norm(nme) / np.linalg.norm(h),
        },
    }


def matrix(a, v):
    assert np.abs(a - a.T).max() < 1e-12
    return {
        "product": a @ v,
        "topEigenvalue": np.linalg.eigvalsh(a)[-1],
        "trace": np.trace(a),
        "frobenius": np.linalg.norm(a),
        "diagonal": np.diag(a),
    }


def gauss_newton(logits, output_loss, w):
    def flat_logits(w):
        return logits(w).ravel()

    z = evaluated(logits)(w)
    j = evaluated(jax.jacobian(flat_logits))(w)
    h_z = evaluated(jax.hessian(lambda flat: output_loss(flat.reshape(z.shape))))(z.ravel())
    return j.T @ h_z @ j


def sharpness(loss, w, g, distance_to_kink):
    """SAM's ascent steps ε: ρ g / ‖g‖₂; ρ sign(g), that is p = ∞; ρ w² g / ‖w g‖₂, adaptive. And what is found at w + ε."""
    assert np.abs(g[g != 0]).min() > 1e-6, "the sign of a gradient hangs by rounding"
    value, gradient, distance = (evaluated(f) for f in (loss, jax.grad(loss), distance_to_kink))

    def ascent(offset):
        nearest = min(distance(w), distance(w + offset))
        assert nearest > MARGIN, f"a kink at a distance of {nearest}"
        there = gradient(w + offset)
        return {
            "rho": RHO,
            "gap": value(w + offset) - value(w),
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
