"""A network much wider than its batch: what H gives in its weights lies in a small space, and is known in all of it.

z = tanh(h W2 + b2 + h) W3 of h = tanh(x W1 + b1), softmax cross-entropy, the mean over the batch. All inputs are numbers by
the formula of kernels.py.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from scipy.sparse.linalg import LinearOperator, eigsh

from evaluated import evaluated
from kernels import numbers

BATCH, WIDTH, CLASSES = 6, 256, 3
INPUTS = {
    "x": ((BATCH, 320), 6, 1 / 2),
    "b1": ((WIDTH,), 2, 1 / 8),
    "b2": ((WIDTH,), 4, 1 / 8),
    "w1": ((320, WIDTH), 1, 1 / 16),
    "w2": ((WIDTH, WIDTH), 3, 1 / 16),
    "w3": ((WIDTH, CLASSES), 5, 1 / 8),
}
"""Shape, seed and scale: the data, and the parameters in order."""

EVERY = 997
"""Of the numbers of a product, so many lie from one that is told to the next."""


def wide_golden():
    params = {name: numbers(*by) for name, by in INPUTS.items()}
    x = params.pop("x")
    labels = np.eye(CLASSES)[np.arange(BATCH) % CLASSES]
    w, unflat = ravel_pytree(params)
    v = numbers(w.shape, 7, 1 / 64)

    def above(second, p):
        return jnp.tanh(second) @ p["w3"]

    def middle(first, p):
        h = jnp.tanh(first)
        return h @ p["w2"] + p["b2"] + h

    def outputs(p):
        return above(middle(x @ p["w1"] + p["b1"], p), p)

    def cross_entropy(z):
        return -(labels * jax.nn.log_softmax(z)).sum(1).mean()

    def along(d):
        return lambda z: (d * z).sum()

    d = jax.grad(cross_entropy)(outputs(params))
    hessian = evaluated(lambda w, v: jax.jvp(jax.grad(lambda w: cross_entropy(outputs(unflat(w)))), (w,), (v,))[1])
    nme = evaluated(lambda w, v: jax.jvp(jax.grad(lambda w: along(d)(outputs(unflat(w)))), (w,), (v,))[1])

    def trace(loss):
        """Exact. A weight moves one sum of each example: Σ over examples and units of ‖inputs‖² times the curvature along the unit."""
        first = x @ params["w1"] + params["b1"]
        second = middle(first, params)
        of_first = curvatures(lambda a: loss(above(middle(a, params), params)), first)
        of_second = curvatures(lambda a: loss(above(a, params)), second)
        of_third = curvatures(loss, above(second, params))
        h1, h2 = jnp.tanh(first), jnp.tanh(second)
        squares = [(x**2).sum(1) + 1, (h1**2).sum(1) + 1, (h2**2).sum(1)]
        return sum((square[:, None] * of).sum() for square, of in zip(squares, [of_first, of_second, of_third]))

    hv, nv = hessian(w, v), nme(w, v)
    operator = LinearOperator((w.size, w.size), matvec=lambda v: hessian(w, np.ravel(v)), dtype=np.float64)
    ends = eigsh(operator, k=2, which="BE", tol=1e-10, v0=np.asarray(v), return_eigenvectors=False)
    return {
        "inputs": {name: {"shape": list(shape), "seed": seed, "scale": scale} for name, (shape, seed, scale) in INPUTS.items()},
        "v": {"seed": 7, "scale": 1 / 64},
        "every": EVERY,
        "loss": cross_entropy(outputs(params)),
        "hessian": {"product": hv[::EVERY], "norm": np.linalg.norm(hv), "form": v @ hv, "trace": trace(cross_entropy)},
        "nme": {"product": nv[::EVERY], "norm": np.linalg.norm(nv), "form": v @ nv, "trace": trace(along(d))},
        "topEigenvalue": ends.max(),
        "bottomEigenvalue": ends.min(),
    }


def curvatures(f, a):
    """∂²f / ∂a² of each number of a."""
    shape = a.shape

    def one(i):
        unit = jnp.zeros(a.size).at[i].set(1.0).reshape(shape)
        return (jax.jvp(jax.grad(f), (a,), (unit,))[1] * unit).sum()

    return np.asarray(jax.jit(lambda: jax.lax.map(one, jnp.arange(a.size)))()).reshape(shape)
