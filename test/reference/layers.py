"""The forward pass of a small network, from the same list of layers that test/golden.ts reads."""

from types import SimpleNamespace

import jax.numpy as jnp
from jax import lax, nn

ACTIVATIONS = {
    "relu": nn.relu,
    "relu6": nn.relu6,
    "leakyRelu": lambda x: nn.leaky_relu(x, 0.2),
    "elu": nn.elu,
    "selu": nn.selu,
    "tanh": jnp.tanh,
    "sigmoid": nn.sigmoid,
    "softplus": nn.softplus,
    "softsign": nn.soft_sign,
    "swish": nn.swish,
    "mish": nn.mish,
    "gelu": lambda x: nn.gelu(x, approximate=False),
}

NHWC = ("NHWC", "HWIO", "NHWC")
"""How tfjs lays out images, kernels and images again."""

BREAKS = {"relu": (0,), "relu6": (0, 6), "leakyRelu": (0,), "elu": (0,), "selu": (0,), "softsign": (0,), "prelu": (0,)}
"""Where the first or the second derivative jumps, and with it the Hessian."""


def forward(network, params, mode="inference", seen=lambda kind, entering: None):
    """Logits [batch, classes], and what each named layer puts out, its activation included.

    `seen` is shown what enters every activation and every layer, inner ones included, and of what kind each is.
    """
    context = SimpleNamespace(values={**network.constants, **params}, mode=mode, seen=seen)
    x, features = jnp.asarray(network.x), {}
    for layer in network.layers:
        x = through([layer], x, context)
        if "name" in layer:
            features[layer["name"]] = x
    return x, features


def through(layers, x, context):
    for layer in layers:
        context.seen(layer["op"], x)
        x = OPS[layer["op"]](layer, x, context)
        if "activation" in layer:
            context.seen(layer["activation"], x)
            x = ACTIVATIONS[layer["activation"]](x)
    return x


def part(layer, name, context):
    return context.values[f"{layer['name']}/{name}"]


def dense(layer, x, context):
    return x @ part(layer, "kernel", context) + part(layer, "bias", context)


def conv2d(layer, x, context):
    z = convolution(x, part(layer, "kernel", context), (layer["stride"],) * 2)
    return z + part(layer, "bias", context) if layer["bias"] else z


def depthwise(layer, x, context):
    """The kernel is [height, width, channels, multiplier]."""
    kernel, channels = part(layer, "kernel", context), x.shape[-1]
    return convolution(x, kernel.reshape(*kernel.shape[:2], 1, -1), (1, 1), feature_group_count=channels)


def convolution(x, kernel, strides, **more):
    return lax.conv_general_dilated(x, kernel, strides, "SAME", dimension_numbers=NHWC, **more)


def conv2d_transpose(layer, x, context):
    """The kernel is [height, width, channels out, channels in]: that of the convolution whose adjoint this is."""
    kernel, strides = part(layer, "kernel", context), (layer["stride"],) * 2
    z = lax.conv_transpose(x, kernel, strides, "SAME", dimension_numbers=NHWC, transpose_kernel=True)
    return z + part(layer, "bias", context)


def batch_norm(layer, x, context):
    """In training mode by the mean and the biased variance of the batch, else by constants."""
    axes = tuple(range(x.ndim - 1))
    training = context.mode == "training"
    mean = jnp.mean(x, axes) if training else part(layer, "movingMean", context)
    variance = jnp.var(x, axes) if training else part(layer, "movingVariance", context)
    return normalised(layer, x, mean, variance, context)


def layer_norm(layer, x, context):
    return normalised(layer, x, x.mean(-1, keepdims=True), x.var(-1, keepdims=True), context)


def normalised(layer, x, mean, variance, context):
    z = (x - mean) / jnp.sqrt(variance + layer["epsilon"])
    return z * part(layer, "gamma", context) + part(layer, "beta", context)


def prelu(layer, x, context):
    return jnp.where(x > 0, x, part(layer, "alpha", context) * x)


def windows(x):
    """Windows of 2 by 2 without overlap: [batch, height / 2, width / 2, channels, 4]."""
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).transpose(0, 1, 3, 5, 2, 4).reshape(n, h // 2, w // 2, c, 4)


def embedding(layer, x, context):
    return part(layer, "kernel", context)[x.astype(int)]


def lstm(layer, x, context):
    """The last state of [batch, time, features]; the gates stand in the order of Keras: in, forget, cell, out."""
    h = c = jnp.zeros((x.shape[0], layer["units"]))
    for t in range(x.shape[1]):
        z = x[:, t] @ part(layer, "kernel", context) + h @ part(layer, "recurrentKernel", context)
        i, f, g, o = jnp.split(z + part(layer, "bias", context), 4, -1)
        c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
        h = nn.sigmoid(o) * jnp.tanh(c)
    return h


def attention(layer, x, context):
    """softmax(QKᵀ / √d) V of [batch, time, d]."""
    q, k, v = (x @ part(layer, name, context) for name in ("query", "key", "value"))
    scores = q @ k.swapaxes(1, 2) / jnp.sqrt(x.shape[-1])
    return nn.softmax(scores, -1) @ v


OPS = {
    "dense": dense,
    "conv2d": conv2d,
    "depthwise": depthwise,
    "conv2dTranspose": conv2d_transpose,
    "batchNorm": batch_norm,
    "layerNorm": layer_norm,
    "prelu": prelu,
    "maxPool": lambda _layer, x, _context: windows(x).max(-1),
    "avgPool": lambda _layer, x, _context: windows(x).mean(-1),
    "meanOverTime": lambda _layer, x, _context: x.mean(1),
    "flatten": lambda _layer, x, _context: x.reshape(x.shape[0], -1),
    "embedding": embedding,
    "lstm": lstm,
    "attention": attention,
    "residual": lambda layer, x, context: x + through(layer["layers"], x, context),
}


def distance_to_kink(network, params, mode):
    """How far the nearest input of an activation is from where it bends, and the nearest maximum of a pool from its runner-up.

    A window of which every ReLU is shut has no slope, whichever of its zeros is taken for the largest.
    """
    distances = [jnp.asarray(jnp.inf)]

    def seen(kind, entering):
        distances.extend(jnp.abs(entering - at).min() for at in BREAKS.get(kind, ()))
        if kind == "maxPool":
            second, first = jnp.moveaxis(jnp.sort(windows(entering), -1)[..., -2:], -1, 0)
            distances.append(jnp.where(first > 0, first - second, jnp.inf).min())

    forward(network, params, mode, seen)
    return jnp.stack(distances).min()
