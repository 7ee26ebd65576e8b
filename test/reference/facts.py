"""What is true of a network: loss, gradient, curvature, sharpness and the rank of its features, all exact.

The Hessian H is dense and comes from forward over reverse differentiation; the Gauss-Newton matrix is
G = Jᵀ H_z J at the logits, of the loss averaged over the batch; NME = H − G.
"""

import jax
import jax.numpy as jnp
import numpy as np

from layers import distance_to_kink, forward
from losses import LOSSES
from spectra import spectrum

RHO = 0.05
MARGIN = 1e-3
"""No kink nearer than this, at the weights and at SAM's: there float32 and float64 could take different sides."""


def facts(network, mode):
    w = flat(network.params)
    loss = jax.jit(lambda w: LOSSES[network.loss](logits(network, w, mode), network.y))
    gradient = jax.jit(jax.grad(loss))
    g = gradient(w)
    check_margin(network, w, mode)
    named = forward(network, network.params, mode)[1]
    return {
        "loss": loss(w),
        "outputs": jnp.ravel(logits(network, w, mode)),
        "gradient": g,
        "gradientNorm": jnp.linalg.norm(g),
        **curvature(network, mode, loss, w, g),
        "sam": {
            form: ascent(network, mode, loss, gradient, w, offset) for form, offset in offsets(w, g).items()
        },
        "features": {name: spectrum(named[name]) for name in hidden(network)},
    }


def curvature(network, mode, loss, w, g):
    h = jax.hessian(loss)(w)
    gn = gauss_newton(network, mode, w)
    nme = h - gn
    ghat = g / jnp.linalg.norm(g)
    return {
        "hessian": {
            **matrix(h, network.v),
            "bottomEigenvalue": jnp.linalg.eigvalsh(h)[0],
            "eigenvalues": jnp.linalg.eigvalsh(h),
            "rayleighGradient": ghat @ h @ ghat,
        },
        "gaussNewton": matrix(gn, network.v),
        "nme": {
            **matrix(nme, network.v),
            "alongGradient": jnp.linalg.norm(nme @ ghat),
            "share": jnp.linalg.norm(nme) / jnp.linalg.norm(h),
        },
    }


def matrix(a, v):
    assert jnp.abs(a - a.T).max() < 1e-12
    return {
        "product": a @ v,
        "topEigenvalue": jnp.linalg.eigvalsh(a)[-1],
        "trace": jnp.trace(a),
        "frobenius": jnp.linalg.norm(a),
        "diagonal": jnp.diag(a),
    }


def gauss_newton(network, mode, w):
    z = logits(network, w, mode)
    j = jax.jacobian(lambda w: logits(network, w, mode).ravel())(w)
    h_z = jax.hessian(lambda z: LOSSES[network.loss](z.reshape(network.y.shape), network.y))(z.ravel())
    return j.T @ h_z @ j


def offsets(w, g):
    """SAM's ascent steps: ρ g / ‖g‖₂; ρ sign(g), that is p = ∞; ρ w² g / ‖w g‖₂, adaptive."""
    assert jnp.where(g == 0, 1, jnp.abs(g)).min() > 1e-6, "the sign of a gradient hangs by rounding"
    return {
        "l2": RHO * g / jnp.linalg.norm(g),
        "linf": RHO * jnp.sign(g),
        "adaptive": RHO * w**2 * g / jnp.linalg.norm(w * g),
    }


def ascent(network, mode, loss, gradient, w, offset):
    check_margin(network, w + offset, mode)
    here, there = gradient(w), gradient(w + offset)
    return {
        "rho": RHO,
        "gap": loss(w + offset) - loss(w),
        "ascentNorm": jnp.linalg.norm(offset),
        "cosine": here @ there / (jnp.linalg.norm(here) * jnp.linalg.norm(there)),
        "gradient": there,
    }


def check_margin(network, w, mode):
    distance = distance_to_kink(network, unflat(network, w), mode)
    assert distance > MARGIN, f"{network.name}: a kink at a distance of {distance}"


def hidden(network):
    """The layers with weights but the last."""
    return [layer["name"] for layer in network.layers if "name" in layer][:-1]


def logits(network, w, mode):
    return forward(network, unflat(network, w), mode)[0]


def flat(params):
    return jnp.concatenate([jnp.ravel(p) for p in params.values()])


def unflat(network, w):
    ends = np.cumsum([p.size for p in network.params.values()])
    parts = jnp.split(w, ends[:-1])
    return {name: part.reshape(p.shape) for (name, p), part in zip(network.params.items(), parts)}
