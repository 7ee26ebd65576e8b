"""Kernels one by one: the gradient and a Hessian-vector product of L = Σ r y + ½ Σ s y² in all inputs of y together.

Numbers come from a formula, so that the test makes the very same: see `numbers`. The modules imported for
nothing but it say what each kernel computes.
"""

import jax
import jax.numpy as jnp
import numpy as np

import kernel_arrangements  # noqa: F401
import kernel_elements  # noqa: F401
import kernel_windows  # noqa: F401
from evaluated import evaluated
from kernel_cases import CASES


def kernels_golden():
    return {name: kernel_golden(*case) for name, case in CASES.items()}


def kernel_golden(inputs, function):
    xs = [numbers(**described) for described in inputs]
    vs = [numbers(x.shape, 100 + i) for i, x in enumerate(xs)]

    def loss(*xs):
        ys = function(*xs)
        ys = ys if isinstance(ys, (list, tuple)) else [ys]
        return sum(readout(y, 2 * i) for i, y in enumerate(ys))

    def all_three(*xs):
        gradient = jax.grad(loss, argnums=tuple(range(len(xs))))
        return loss(*xs), *jax.jvp(gradient, xs, tuple(vs))

    value, gradients, products = evaluated(all_three)(*xs)
    return {"inputs": inputs, "value": value, "gradient": flat(gradients), "product": flat(products)}


def readout(y, seed):
    r, s = numbers(y.shape, 200 + seed), numbers(y.shape, 201 + seed)
    return jnp.sum(r * y) + jnp.sum(s * y * y) / 2


def numbers(shape, seed, scale=1, offset=0):
    """Odd multiples of 2^-8 within ±2, all different among 509, scaled and moved; exact in float32."""
    i = np.arange(int(np.prod(shape)))
    cycle = (7919 * (i + 1) + 104729 * seed) % 509
    return ((2 * cycle - 507) / 256 * scale + offset).reshape(shape)


def flat(arrays):
    return np.concatenate([np.ravel(a) for a in arrays])
