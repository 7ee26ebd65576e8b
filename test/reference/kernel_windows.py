"""Fused layers, convolutions, pooling, resizing and normalization."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from kernel_cases import POSITIVE, WITHIN_ONE, add, w, x

ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": jax.nn.relu,
    "relu6": jax.nn.relu6,
    "elu": lambda z: jnp.where(z >= 0, z, jnp.expm1(z)),
    "sigmoid": jax.nn.sigmoid,
    "leakyrelu": lambda z: jnp.where(z > 0, z, 0.2 * z),
}
for name, activation in ACTIVATIONS.items():
    add(
        f"fused matMul, {name}",
        lambda a, b, bias, f=activation: f(a @ b + bias),
        *(x(2, 3), w(3, 2), x(2, seed=3)),
    )
    add(
        f"fused conv2d, {name}",
        lambda a, b, bias, f=activation: f(conv(a, b, 1, "SAME") + bias),
        *(x(2, 3, 3, 2), w(2, 2, 2, 2), x(2, seed=3)),
    )
add(
    "fused matMul, prelu",
    lambda a, b, bias, alpha: jnp.where((z := a @ b + bias) > 0, z, alpha * z),
    *(x(2, 3), w(3, 2), x(2, seed=3), x(2, seed=4, **WITHIN_ONE)),
)
for name in ("linear", "relu"):
    add(
        f"fused depthwiseConv2d, {name}",
        lambda a, b, bias, f=ACTIVATIONS[name]: f(depthwise(a, b, 1, "SAME") + bias),
        *(x(2, 3, 3, 2), w(2, 2, 2, 1), x(2, seed=3)),
    )


def conv(image, filter, strides, padding, groups=1):
    sides = image.ndim - 2
    space = "DHW"[-sides:]
    return lax.conv_general_dilated(
        image,
        filter,
        np.broadcast_to(strides, sides),
        padding,
        dimension_numbers=(f"N{space}C", f"{space}IO", f"N{space}C"),
        feature_group_count=groups,
    )


def depthwise(image, filter, strides, padding):
    *size, channels, multiplier = filter.shape
    return conv(image, filter.reshape(*size, 1, channels * multiplier), strides, padding, channels)


def conv_transposed(image, filter, shape, strides, padding):
    """The adjoint of the convolution by this filter, `[height, width, out, in]`."""
    _, back = jax.vjp(lambda y: conv(y, filter, strides, padding), jnp.zeros(shape))
    return back(image)[0]


IMAGE = x(2, 5, 4, 2)
for name, strides, padding, size in [
    ("valid", 1, "VALID", (3, 2)),
    ("same", 1, "SAME", (3, 2)),
    ("same, strides of 2", 2, "SAME", (3, 3)),
    ("valid, strides of 2 and 1", (2, 1), "VALID", (2, 2)),
    ("padded by 1", 1, [(1, 1), (1, 1)], (3, 3)),
    ("padded unevenly", 1, [(1, 0), (0, 2)], (2, 3)),
    ("of one", 1, "VALID", (1, 1)),
]:
    add(f"conv2d, {name}", lambda a, f, s=strides, p=padding: conv(a, f, s, p), IMAGE, w(*size, 2, 2))
    add(f"depthwiseConv2d, {name}", lambda a, f, s=strides, p=padding: depthwise(a, f, s, p), IMAGE, w(*size, 2, 2))
add("conv1d", lambda a, f: conv(a[:, None], f[None], 1, "SAME")[:, 0], x(2, 4, 2), w(3, 2, 2))
add(
    "separableConv2d",
    lambda a, f, g: conv(depthwise(a, f, 1, "SAME"), g, 1, "VALID"),
    *(x(2, 3, 3, 2), w(2, 2, 2, 1), x(1, 1, 2, 2, seed=3)),
)
add(
    "conv2dTranspose",
    lambda a, f: conv_transposed(a, f, (2, 4, 4, 2), 2, "SAME"),
    *(x(2, 2, 2, 2), w(3, 3, 2, 2)),
)
for name, strides, padding, size in [
    ("valid", 1, "VALID", (2, 2, 2)),
    ("same", 1, "SAME", (3, 2, 1)),
    ("same, strides of 2", 2, "SAME", (2, 3, 2)),
    ("valid, strides of 2 and 1", (2, 1, 1), "VALID", (2, 2, 1)),
]:
    add(f"conv3d, {name}", lambda a, f, s=strides, p=padding: conv(a, f, s, p), x(2, 4, 3, 3, 2), w(*size, 2, 2))
add(
    "the adjoint of conv3d in its filter",
    lambda a, dy: jax.vjp(lambda f: conv(a, f, 2, "SAME"), jnp.zeros((2, 3, 2, 2, 1)))[1](dy)[0],
    *(x(2, 4, 3, 3, 2), w(2, 2, 2, 2, 1)),
)
add(
    "conv3dTranspose",
    lambda a, f: conv_transposed(a, f, (2, 4, 4, 4, 1), 2, "SAME"),
    *(x(2, 2, 2, 2, 2), w(2, 2, 2, 1, 2)),
)

# Pooling.


def window(size, strides):
    sides = len(size)
    return (1, *size, 1), (1, *np.broadcast_to(strides, sides), 1)


def padded(padding):
    return padding if isinstance(padding, str) else [(0, 0), *padding, (0, 0)]


def max_pool(image, size, strides, padding):
    return lax.reduce_window(image, -jnp.inf, lax.max, *window(size, strides), padded(padding))


def average_pool(image, size, strides, padding):
    def total(t):
        return lax.reduce_window(t, 0.0, lax.add, *window(size, strides), padded(padding))

    return total(image) / total(jnp.ones_like(image))


POOLED = x(2, 5, 4, 2)
for name, size, strides, padding in [
    ("valid", (2, 2), 2, "VALID"),
    ("valid, overlapping", (3, 2), 1, "VALID"),
    ("same, overlapping", (3, 3), 2, "SAME"),
    ("same, strides of 2 and 1", (2, 3), (2, 1), "SAME"),
    ("same, stride above the window", (2, 2), 3, "SAME"),
    ("padded by 1", (3, 3), 2, [(1, 1), (1, 1)]),
]:
    add(f"maxPool, {name}", lambda a, n=size, s=strides, p=padding: max_pool(a, n, s, p), POOLED)
    add(f"avgPool, {name}", lambda a, n=size, s=strides, p=padding: average_pool(a, n, s, p), POOLED)
add("maxPool of negatives", lambda a: max_pool(a, (2, 2), 2, "VALID"), x(2, 4, 4, 1, offset=-4))
for name, size, strides, padding in [
    ("valid", (2, 2, 2), 2, "VALID"),
    ("same, overlapping", (3, 2, 2), 1, "SAME"),
    ("same, strides of 2", (3, 3, 2), 2, "SAME"),
]:
    add(f"maxPool3d, {name}", lambda a, n=size, s=strides, p=padding: max_pool(a, n, s, p), x(2, 4, 4, 3, 1))
    add(f"avgPool3d, {name}", lambda a, n=size, s=strides, p=padding: average_pool(a, n, s, p), x(2, 4, 4, 3, 1))

# Resizing, by a matrix for the rows and one for the columns.


def at(out, n, align, half):
    i = np.arange(out)
    if half:
        return (i + 0.5) * n / out - 0.5
    return i * ((n - 1) / (out - 1) if align and out > 1 else n / out)


def bilinear(out, n, align, half):
    place = np.maximum(at(out, n, align, half), 0)
    below = np.minimum(np.floor(place).astype(int), n - 1)
    share = place - np.floor(place)
    matrix = np.zeros((out, n))
    matrix[np.arange(out), below] += 1 - share
    matrix[np.arange(out), np.minimum(below + 1, n - 1)] += share
    return matrix


def nearest(out, n, align, half):
    place = at(out, n, align, half)
    place = place + 0.5 if align or half else place
    matrix = np.zeros((out, n))
    matrix[np.arange(out), np.clip(np.floor(place).astype(int), 0, n - 1)] = 1
    return matrix


def resized(image, size, weights, align, half):
    rows, columns = (weights(out, n, align, half) for out, n in zip(size, image.shape[1:3]))
    return jnp.einsum("ph,bhwc,qw->bpqc", rows, image, columns)


for name, weights in [("resizeBilinear", bilinear), ("resizeNearestNeighbor", nearest)]:
    for flags, align, half in [("", False, False), (", corners aligned", True, False), (", half pixel centres", False, True)]:
        for size in [(5, 4), (2, 2)]:
            add(
                f"{name} to {size[0]} × {size[1]}{flags}",
                lambda a, n=size, f=weights, c=align, h=half: resized(a, n, f, c, h),
                x(2, 3, 3, 2),
            )

# Normalization.


def batch_norm(x, mean, variance, offset, scale):
    return (x - mean) / jnp.sqrt(variance + 0.001) * scale + offset


STATISTICS = (x(3, seed=2), x(3, seed=3, **POSITIVE), x(3, seed=4), x(3, seed=5))
add("batchNorm", batch_norm, x(2, 3), *STATISTICS)
add("batchNorm of images", batch_norm, x(2, 1, 2, 3), *STATISTICS)
add("batchNorm, element by element", batch_norm, x(2, 3), *({**s, "shape": [2, 3]} for s in STATISTICS))
add("batchNorm, plain", lambda x, mean, variance: batch_norm(x, mean, variance, 0, 1), x(2, 3), *STATISTICS[:2])


def lrn(x, radius, bias, alpha, beta):
    channels = np.arange(x.shape[-1])
    near = np.abs(channels[:, None] - channels) <= radius
    return x / (bias + alpha * (x**2 @ near.astype(float))) ** beta


add("localResponseNormalization", lambda x: lrn(x, 1, 1.0, 0.5, 0.75), x(2, 1, 2, 4))
add("localResponseNormalization, wide", lambda x: lrn(x, 5, 2.0, 1.0, 0.5), x(2, 1, 1, 3))
