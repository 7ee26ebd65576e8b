"""The forward pass of a small network, from the same list of layers that test/golden.ts reads."""

import jax.numpy as jnp
from jax import lax, nn

ACTIVATIONS = {
    "relu": nn.relu,
    "tanh": jnp.tanh,
    "sigmoid": nn.sigmoid,
    "softplus": nn.softplus,
    "gelu": lambda x: nn.gelu(x, approximate=False),
}


def forward(network, params, mode="inference", seen=lambda layer, entering, leaving: None):
    """Logits [batch, classes], and what each named layer puts out, its activation included.

    `seen` is shown what enters the non-linear part of every layer and what leaves it.
    """
    x, features = jnp.asarray(network.x), {}
    for layer in network.layers:
        entering = LINEAR[layer["op"]](layer, x, {**network.constants, **params}, mode)
        x = ACTIVATIONS[layer["activation"]](entering) if "activation" in layer else entering
        seen(layer, entering, x)
        if "name" in layer:
            features[layer["name"]] = x
    return x, features


def dense(layer, x, values, _mode):
    return x @ values[f"{layer['name']}/kernel"] + values[f"{layer['name']}/bias"]


def conv2d(layer, x, values, _mode):
    kernel = values[f"{layer['name']}/kernel"]
    z = lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return z + values[f"{layer['name']}/bias"] if layer["bias"] else z


def batch_norm(layer, x, values, mode):
    """In training mode by the mean and the biased variance of the batch, else by constants."""
    name, axes = layer["name"], tuple(range(x.ndim - 1))
    training = mode == "training"
    mean = jnp.mean(x, axes) if training else values[f"{name}/movingMean"]
    variance = jnp.var(x, axes) if training else values[f"{name}/movingVariance"]
    normalised = (x - mean) / jnp.sqrt(variance + layer["epsilon"])
    return normalised * values[f"{name}/gamma"] + values[f"{name}/beta"]


def windows(x):
    """Windows of 2 by 2 without overlap: [batch, height / 2, width / 2, channels, 4]."""
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).transpose(0, 1, 3, 5, 2, 4).reshape(n, h // 2, w // 2, c, 4)


LINEAR = {
    "dense": dense,
    "conv2d": conv2d,
    "batchNorm": batch_norm,
    "maxPool": lambda _layer, x, _values, _mode: windows(x).max(-1),
    "avgPool": lambda _layer, x, _values, _mode: windows(x).mean(-1),
    "flatten": lambda _layer, x, _values, _mode: x.reshape(x.shape[0], -1),
}


def distance_to_kink(network, params, mode):
    """How far the nearest ReLU input is from 0, and the nearest maximum of a pool from its runner-up.

    A window of which every ReLU is shut has no slope, whichever of its zeros is taken for the largest.
    """
    distances = [jnp.asarray(jnp.inf)]
    before = [network.x]

    def seen(layer, entering, leaving):
        if layer.get("activation") == "relu":
            distances.append(jnp.abs(entering).min())
        if layer["op"] == "maxPool":
            second, first = jnp.moveaxis(jnp.sort(windows(before[0]), -1)[..., -2:], -1, 0)
            distances.append(jnp.where(first > 0, first - second, jnp.inf).min())
        before[0] = leaving

    forward(network, params, mode, seen)
    return jnp.stack(distances).min()
