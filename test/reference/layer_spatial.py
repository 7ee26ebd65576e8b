"""Layers over space: convolutions by XLA, pooling and padding by slices. Channels come last."""

import itertools

import jax.numpy as jnp
import numpy as np
from jax import lax

from layer_activations import activate

LETTERS = {1: "W", 2: "HW", 3: "DHW"}


def each(value, rank):
    return [value] * rank if isinstance(value, int) else list(value)


def convolve(x, kernel, strides, padding, groups=1):
    rank = x.ndim - 2
    letters = LETTERS[rank]
    numbers = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    return lax.conv_general_dilated(
        x, kernel, strides, padding.upper(), dimension_numbers=numbers, feature_group_count=groups
    )


def finish(config, z, read, scope):
    if config.get("useBias", True):
        z = z + read("bias", [z.shape[-1]])
    return activate(config.get("activation", "linear"), z, scope)


def conv(rank):
    def layer(config, x, read, scope):
        size, strides = each(config["kernelSize"], rank), each(config.get("strides", 1), rank)
        kernel = read("kernel", [*size, x.shape[-1], config["filters"]])
        return finish(config, convolve(x, kernel, strides, config.get("padding", "valid")), read, scope)

    return layer


def conv_transpose(rank):
    def layer(config, x, read, scope):
        size, strides = each(config["kernelSize"], rank), each(config.get("strides", 1), rank)
        kernel = read("kernel", [*size, config["filters"], x.shape[-1]])
        z = scattered(x, kernel, strides, config.get("padding", "valid"))
        return finish(config, z, read, scope)

    return layer


def scattered(x, kernel, strides, padding):
    """Every pixel adds its multiple of the kernel to the image, `stride` apart; 'same' cuts the margin off."""
    size, spatial = kernel.shape[:-2], x.shape[1:-1]
    full = [(n - 1) * s + max(k, s) for n, s, k in zip(spatial, strides, size)]
    z = jnp.zeros([x.shape[0], *full, kernel.shape[-2]])
    for at in itertools.product(*map(range, size)):
        places = tuple(slice(a, a + (n - 1) * s + 1, s) for a, n, s in zip(at, spatial, strides))
        z = z.at[(slice(None), *places)].add(x @ kernel[at].T)
    if padding == "valid":
        return z
    before = [max(k - s, 0) // 2 for k, s in zip(size, strides)]
    return z[(slice(None), *(slice(b, b + n * s) for b, n, s in zip(before, spatial, strides)))]


def depthwise(x, kernel, strides, padding):
    """One filter for each channel and multiplier, the multipliers of a channel side by side."""
    channels = x.shape[-1]
    grouped = kernel.reshape(*kernel.shape[:-2], 1, -1)
    return convolve(x, grouped, strides, padding, channels)


def depthwise_conv(config, x, read, scope):
    size, strides = each(config["kernelSize"], 2), each(config.get("strides", 1), 2)
    kernel = read("depthwise_kernel", [*size, x.shape[-1], config.get("depthMultiplier", 1)])
    return finish(config, depthwise(x, kernel, strides, config.get("padding", "valid")), read, scope)


def separable_conv(config, x, read, scope):
    size, strides = each(config["kernelSize"], 2), each(config.get("strides", 1), 2)
    channels = x.shape[-1] * config.get("depthMultiplier", 1)
    kernel = read("depthwise_kernel", [*size, x.shape[-1], config.get("depthMultiplier", 1)])
    pointwise = read("pointwise_kernel", [1, 1, channels, config["filters"]])
    z = depthwise(x, kernel, strides, config.get("padding", "valid")) @ pointwise[0, 0]
    return finish(config, z, read, scope)


def windows(config, x, rank, fill):
    """The elements of each window, `[..., elements]`, and which of them lie inside of the image."""
    size = each(config.get("poolSize", 2), rank)
    strides = each(config.get("strides") or size, rank)
    spatial = x.shape[1:-1]
    if config.get("padding", "valid") == "same":
        counts = [-(-n // s) for n, s in zip(spatial, strides)]
        missing = [max((c - 1) * s + k - n, 0) for c, s, k, n in zip(counts, strides, size, spatial)]
    else:
        counts = [(n - k) // s + 1 for n, k, s in zip(spatial, size, strides)]
        missing = [0] * rank
    around = [(0, 0), *((m // 2, m - m // 2) for m in missing), (0, 0)]

    def cut(image):
        elements = []
        for at in itertools.product(*map(range, size)):
            places = tuple(slice(a, a + (c - 1) * s + 1, s) for a, c, s in zip(at, counts, strides))
            elements.append(image[(slice(None), *places)])
        return jnp.stack(elements, -1)

    inside = cut(np.pad(np.ones(x.shape), around))
    return cut(jnp.pad(x, around, constant_values=fill)), inside


def max_pool(rank):
    def layer(config, x, _read, scope):
        values, _ = windows(config, x, rank, -1e3)
        return largest(values, -1, scope)

    return layer


def average_pool(rank):
    def layer(config, x, _read, _scope):
        values, inside = windows(config, x, rank, 0.0)
        return values.sum(-1) / inside.sum(-1)

    return layer


def largest(values, axis, scope):
    ordered = jnp.sort(values, axis)
    scope.kink(jnp.take(ordered, -1, axis) - jnp.take(ordered, -2, axis))
    return values.max(axis)


def global_max(axes):
    def layer(_config, x, _read, scope):
        flat = x.reshape(x.shape[0], -1, x.shape[-1])
        assert x.ndim == len(axes) + 2
        return largest(flat, 1, scope)

    return layer


def up_sample(config, x, _read, _scope):
    rows, columns = each(config.get("size", 2), 2)
    if config.get("interpolation", "nearest") == "nearest":
        return jnp.repeat(jnp.repeat(x, rows, 1), columns, 2)
    return along(along(x, 1, rows), 2, columns)


def along(x, axis, factor):
    """Linear interpolation at i / factor, as tfjs resizes with neither corners aligned nor centres at a half."""
    n = x.shape[axis]
    at = np.arange(n * factor) / factor
    low = np.floor(at).astype(int)
    high = np.minimum(np.ceil(at).astype(int), n - 1)
    share = (at - low).reshape([-1 if i == axis else 1 for i in range(x.ndim)])
    return jnp.take(x, low, axis) * (1 - share) + jnp.take(x, high, axis) * share


def zero_pad(config, x, _read, _scope):
    return jnp.pad(x, [(0, 0), *config["padding"], (0, 0)])


def crop(config, x, _read, _scope):
    (top, bottom), (left, right) = config["cropping"]
    return x[:, top : x.shape[1] - bottom, left : x.shape[2] - right]


SPATIAL_LAYERS = {
    **{f"conv{rank}d": conv(rank) for rank in (1, 2, 3)},
    **{f"conv{rank}dTranspose": conv_transpose(rank) for rank in (2, 3)},
    "depthwiseConv2d": depthwise_conv,
    "separableConv2d": separable_conv,
    **{f"maxPooling{rank}d": max_pool(rank) for rank in (1, 2, 3)},
    **{f"averagePooling{rank}d": average_pool(rank) for rank in (1, 2, 3)},
    "globalMaxPooling1d": global_max([1]),
    "globalMaxPooling2d": global_max([1, 2]),
    "globalAveragePooling1d": lambda _config, x, _read, _scope: x.mean(1),
    "globalAveragePooling2d": lambda _config, x, _read, _scope: x.mean((1, 2)),
    "upSampling2d": up_sample,
    "zeroPadding2d": zero_pad,
    "cropping2D": crop,
}
