"""vᵀHv and vᵀGv of every network as functions of the weights, each with its gradient: a third derivative, by JAX.

Of some networks tr H and tr G too, dense and so without a direction v.
"""

import jax
import jax.numpy as jnp
import numpy as np

from evaluated import evaluated
from facts import unflat
from layers import forward
from losses import LOSSES
from networks import NETWORKS


TRACED = ["mlp-relu", "mlp-gelu"]


def curvature_forms_golden():
    return {name: forms(made(), name in TRACED) for name, made in NETWORKS.items()}


def forms(network, traced):
    def logits(w):
        return forward(network, unflat(network, w), "inference")[0]

    def output_loss(z):
        return LOSSES[network.loss](z, network.y)

    def along(f, x, v):
        """The derivative of f at x along v."""
        return jax.jvp(f, (x,), (v,))[1]

    def hessian(w):
        return along(lambda w: along(lambda w: output_loss(logits(w)), w, network.v), w, network.v)

    def gauss_newton(w):
        z, moved = jax.jvp(logits, (w,), (network.v,))
        return along(lambda z: jnp.vdot(jax.grad(output_loss)(z), moved), z, moved)

    def hessian_trace(w):
        return jnp.trace(jax.hessian(lambda w: output_loss(logits(w)))(w))

    def gauss_newton_trace(w):
        z = logits(w)
        j = jax.jacobian(lambda w: logits(w).ravel())(w)
        h_z = jax.hessian(lambda flat: output_loss(flat.reshape(z.shape)))(z.ravel())
        return jnp.vdot(j, h_z @ j)

    w = np.concatenate([p.ravel() for p in network.params.values()])
    found = {"hessian": form(hessian, w), "gaussNewton": form(gauss_newton, w)}
    if traced:
        found["traces"] = {"hessian": form(hessian_trace, w), "gaussNewton": form(gauss_newton_trace, w)}
    return found


def form(f, w):
    value, gradient = evaluated(jax.value_and_grad(f))(w)
    return {"value": value, "gradient": gradient}
