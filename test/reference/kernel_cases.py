"""What the kernels of TensorFlow.js compute, in JAX: name -> (inputs, function of them)."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

CASES = {}


def x(*shape, seed=1, **domain):
    return {"shape": list(shape), "seed": seed, **domain}


def w(*shape, **domain):
    return x(*shape, seed=2, **domain)


def add(name, function, *inputs):
    CASES[name] = (list(inputs), function)


POSITIVE = {"offset": 2.5}
WITHIN_ONE = {"scale": 0.375}

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

# Reductions.
for name, function in [("sum", jnp.sum), ("mean", jnp.mean), ("max", jnp.max), ("min", jnp.min), ("prod", jnp.prod)]:
    add(f"{name} of all", lambda x, f=function: f(x), x(2, 3, 2))
    add(f"{name} of the last", lambda x, f=function: f(x, axis=-1), x(2, 3, 2))
    add(f"{name} of the first, kept", lambda x, f=function: f(x, axis=0, keepdims=True), x(2, 3, 2))
    add(f"{name} of first and last", lambda x, f=function: f(x, axis=(0, 2)), x(2, 3, 2))
HOLES = np.array([[0.0, 1, 1], [0, 1, 0], [1, 1, 1]])
add("prod with zeros", lambda x: jnp.prod(x * HOLES, axis=1), x(3, 3))
add("max of equals", lambda x: jnp.max(jnp.concatenate([x, x]), axis=0), x(2, 3))
add("min of equals", lambda x: jnp.min(jnp.concatenate([x, x]), axis=0), x(2, 3))
add("logSumExp", lambda x: jax.nn.logsumexp(x, axis=1), x(2, 4))
add("softmax", jax.nn.softmax, x(2, 4))
add("logSoftmax", jax.nn.log_softmax, x(2, 4))
add("moments", lambda x: [jnp.mean(x, axis=0), jnp.var(x, axis=0)], x(3, 2))
add("euclidean norm", lambda x: jnp.linalg.norm(x, axis=1), x(2, 4))


def scan(along, axis, exclusive, backward, start):
    def function(x):
        x = jnp.moveaxis(x, axis, -1)
        x = jnp.flip(x, -1) if backward else x
        y = along(jnp.concatenate([jnp.full_like(x[..., :1], start), x[..., :-1]], -1) if exclusive else x, axis=-1)
        return jnp.moveaxis(jnp.flip(y, -1) if backward else y, -1, axis)

    return function


for name, along, start in [("cumsum", jnp.cumsum, 0.0), ("cumprod", jnp.cumprod, 1.0)]:
    for axis in (0, 1, 2):
        add(f"{name} along {axis}", scan(along, axis, False, False, start), x(2, 2, 3))
    add(f"{name}, exclusive", scan(along, 0, True, False, start), x(3, 2))
    add(f"{name}, reverse", scan(along, 0, False, True, start), x(3, 2))
    add(f"{name}, exclusive and reverse", scan(along, 1, True, True, start), x(2, 5))
add("cumprod with zeros", lambda x: jnp.cumprod(x * HOLES, axis=1), x(3, 3))

# What moves elements about.
add("reshape", lambda x: x.reshape(3, 2), x(2, 3))
add("expandDims", lambda x: x[:, None], x(2, 3))
add("squeeze", lambda x: x[:, 0], x(2, 1, 3))
add("transpose", lambda x: x.transpose(2, 0, 1), x(2, 3, 2))
add("reverse", lambda x: jnp.flip(x, (0, 2)), x(2, 3, 2))
add("slice", lambda x: x[1:, :2], x(3, 3))
add("concat", lambda a, b: jnp.concatenate([a, b], 1), x(2, 1), w(2, 2))
add("stack", lambda a, b: jnp.stack([a, b], 1), x(2, 2), w(2, 2))
add("unstack", lambda x: [x[:, 0], x[:, 1]], x(2, 2, 2))
add("split", lambda x: [x[:, :1], x[:, 1:3], x[:, 3:]], x(2, 4))
add("one part of a split", lambda x: x[:, 1:3], x(2, 4))
add("tile", lambda x: jnp.tile(x, (2, 1, 3)), x(1, 2, 2))
add("broadcastTo", lambda x: jnp.broadcast_to(x, (2, 3, 2)), x(3, 1))
add("pad", lambda x: jnp.pad(x, [(1, 0), (0, 2)]), x(2, 2))
add("pad by a constant", lambda x: jnp.pad(x, [(1, 0), (0, 2)], constant_values=0.5), x(2, 2))
add("mirrorPad, reflect", lambda x: jnp.pad(x, [(1, 2), (0, 1)], mode="reflect"), x(3, 2))
add("mirrorPad, symmetric", lambda x: jnp.pad(x, [(3, 2), (1, 2)], mode="symmetric"), x(3, 2))
add("spaceToBatchND", lambda x: to_batch(jnp.pad(x, [(0, 0), (0, 1), (1, 0), (0, 0)])), x(2, 3, 3, 1))
add("batchToSpaceND", lambda x: from_batch(x)[:, :3, 1:], x(8, 2, 2, 1))
add("gather", lambda x: x[np.array([2, 0, 2])], x(3, 2))
add("gather along 1", lambda x: x[:, np.array([[2, 0], [2, 1]])], x(2, 3, 2))
ROWS = np.array([[2, 0, 2], [1, 1, 0]])
add("gather by batches", lambda x: jnp.stack([x[i][ROWS[i]] for i in range(2)]), x(2, 3, 2))
add("gather by batches along 2", lambda x: jnp.stack([x[i][:, ROWS[i]] for i in range(2)]), x(2, 2, 3))
add("unsortedSegmentSum", lambda x: jnp.stack([x[0] + x[2], jnp.zeros(2), x[1]]), x(3, 2))


def to_batch(x):
    """Blocks of 2 × 2: [b, 4, 4, c] to [4 b, 2, 2, c]."""
    return jnp.concatenate([x[:, i::2, j::2] for i in range(2) for j in range(2)])


def from_batch(x):
    """[4 b, 2, 2, c] to [b, 4, 4, c]."""
    return x.reshape(2, 2, -1, 2, 2, x.shape[-1]).transpose(2, 3, 0, 4, 1, 5).reshape(-1, 4, 4, x.shape[-1])


# Products.
for name, shape, other in [("", (2, 3), (3, 2)), (" of batches", (2, 2, 3), (2, 3, 2)), (", broadcast", (1, 2, 3), (2, 3, 2))]:
    turned = lambda s: (*s[:-2], s[-1], s[-2])
    swap = lambda a: jnp.swapaxes(a, -1, -2)
    add(f"matMul{name}", jnp.matmul, x(*shape), w(*other))
    add(f"matMul{name}, a turned", lambda a, b: swap(a) @ b, x(*turned(shape)), w(*other))
    add(f"matMul{name}, b turned", lambda a, b: a @ swap(b), x(*shape), w(*turned(other)))
    add(f"matMul{name}, both turned", lambda a, b: swap(a) @ swap(b), x(*turned(shape)), w(*turned(other)))
add("dot", lambda a, b: a @ b, x(3), w(3))
add("outerProduct", jnp.outer, x(2), w(3))
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

# Losses.
LABELS = np.eye(2, 4)
add("softmaxCrossEntropy", lambda z: -jnp.sum(LABELS * jax.nn.log_softmax(z)) / 2, x(2, 4))
add("sigmoidCrossEntropy", lambda z: jnp.mean(jnp.logaddexp(0, z) - LABELS * z), x(2, 4))
add("cosineDistance", lambda z: jnp.mean(1 - jnp.sum(LABELS * z, axis=1)), x(2, 4))
