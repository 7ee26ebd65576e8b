"""Kernels on single elements and on two operands, and losses."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from kernel_cases import POSITIVE, WITHIN_ONE, add, w, x

# Elements one by one.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
for name, function, domain in [
    ("abs", jnp.abs, {}),
    ("acos", jnp.arccos, WITHIN_ONE),
    ("acosh", jnp.arccosh, {"offset": 3.5}),
    ("asin", jnp.arcsin, WITHIN_ONE),
    ("asinh", jnp.arcsinh, {}),
    ("atan", jnp.arctan, {}),
    ("atanh", jnp.arctanh, WITHIN_ONE),
    ("cast", lambda x: x, {}),
    ("clipByValue", lambda x: jnp.clip(x, -0.75, 0.5), {}),
    ("cos", jnp.cos, {}),
    ("cosh", jnp.cosh, {}),
    ("elu", lambda x: jnp.where(x >= 0, x, jnp.expm1(x)), {}),
    ("erf", jax.scipy.special.erf, {}),
    ("exp", jnp.exp, {}),
    ("expm1", jnp.expm1, {}),
    ("identity", lambda x: x, {}),
    ("leakyRelu", lambda x: jnp.where(x > 0, x, 0.125 * x), {}),
    ("log", jnp.log, POSITIVE),
    ("log1p", jnp.log1p, POSITIVE),
    ("logSigmoid", lambda x: -jnp.logaddexp(0, -x), {}),
    ("mish", lambda x: x * jnp.tanh(jnp.logaddexp(0, x)), {}),
    ("neg", lambda x: -x, {}),
    ("reciprocal", lambda x: 1 / x, POSITIVE),
    ("relu", jax.nn.relu, {}),
    ("relu6", jax.nn.relu6, {"scale": 4}),
    ("rsqrt", lax.rsqrt, POSITIVE),
    ("selu", lambda x: SELU_SCALE * jnp.where(x > 0, x, SELU_ALPHA * jnp.expm1(x)), {}),
    ("sigmoid", jax.nn.sigmoid, {}),
    ("sin", jnp.sin, {}),
    ("sinh", jnp.sinh, {}),
    ("softplus", lambda x: jnp.logaddexp(x, 0), {}),
    ("sqrt", jnp.sqrt, POSITIVE),
    ("square", lambda x: x * x, {}),
    ("tan", jnp.tan, WITHIN_ONE),
    ("tanh", jnp.tanh, {}),
]:
    add(name, function, x(9, **domain))

# Two operands, of one shape and broadcast both ways.
for name, function, a, b in [
    ("add", jnp.add, {}, {}),
    ("sub", jnp.subtract, {}, {}),
    ("mul", jnp.multiply, {}, {}),
    ("div", jnp.divide, {}, POSITIVE),
    ("divNoNan", jnp.divide, {}, POSITIVE),
    ("maximum", jnp.maximum, {}, {}),
    ("minimum", jnp.minimum, {}, {}),
    ("pow", jnp.power, POSITIVE, {}),
    ("squaredDifference", lambda a, b: (a - b) ** 2, {}, {}),
    ("atan2", jnp.arctan2, {}, POSITIVE),
    ("prelu", lambda x, alpha: jnp.where(x > 0, x, alpha * x), {}, WITHIN_ONE),
]:
    add(name, function, x(2, 3, **a), w(2, 3, **b))
    add(f"{name}, b broadcast", function, x(2, 3, **a), w(3, **b))
    if name != "prelu":
        add(f"{name}, both broadcast", function, x(2, 1, **a), w(1, 3, **b))

add("addN", lambda a, b, c: a + b + c, x(2, 2), w(2, 2), x(2, 2, seed=3))
add("where", lambda a, b: jnp.where(np.array([[True, False, True], [False, False, True]]), a, b), x(2, 3), w(2, 3))
add("where, broadcast", lambda a, b: jnp.where(np.array([True, False, True]), a, b), x(2, 1), w(2, 3))
add("x to the second", lambda x: x**2, x(3))
add("pow of 0", lambda x: (x * np.array([0.0, 1.0, 0.0])) ** 2, x(3))
add("pow of 0 to the first", lambda x: (x * np.array([0.0, 1.0, 0.0])) * x, x(3))

# Losses.
LABELS = np.eye(2, 4)
add("softmaxCrossEntropy", lambda z: -jnp.sum(LABELS * jax.nn.log_softmax(z)) / 2, x(2, 4))
add("sigmoidCrossEntropy", lambda z: jnp.mean(jnp.logaddexp(0, z) - LABELS * z), x(2, 4))
add("cosineDistance", lambda z: jnp.mean(1 - jnp.sum(LABELS * z, axis=1)), x(2, 4))
