"""Layers as the golden files describe them, each with the shapes of its weights by `name/part`."""


def weighted(op, name, activation=None, *, parts, **more):
    layer = {"op": op, "name": name, **({"activation": activation} if activation else {}), **more}
    return layer, {f"{name}/{part}": shape for part, shape in parts.items()}


def plain(op):
    return {"op": op}, {}


def residual(name, *inner):
    layers = [layer for layer, _ in inner]
    return {"op": "residual", "name": name, "layers": layers}, all_parts(inner)


def all_parts(layers):
    return {name: shape for _, parts in layers for name, shape in parts.items()}


def dense(name, inputs, outputs, activation=None):
    return weighted("dense", name, activation, parts={"kernel": (inputs, outputs), "bias": (outputs,)})


def conv(name, inputs, outputs, activation=None, *, bias=True, size=3, stride=1):
    parts = {"kernel": (size, size, inputs, outputs), **({"bias": (outputs,)} if bias else {})}
    return weighted("conv2d", name, activation, parts=parts, bias=bias, stride=stride)


def conv_transpose(name, inputs, outputs, *, stride):
    parts = {"kernel": (3, 3, outputs, inputs), "bias": (outputs,)}
    return weighted("conv2dTranspose", name, parts=parts, stride=stride)


def depthwise(name, channels, multiplier):
    return weighted("depthwise", name, parts={"kernel": (3, 3, channels, multiplier)})


def batch_norm(name, channels, activation):
    return weighted("batchNorm", name, activation, parts=norm_parts(channels), epsilon=0.001)


def layer_norm(name, channels):
    return weighted("layerNorm", name, parts=norm_parts(channels), epsilon=0.001)


def norm_parts(channels):
    return {"gamma": (channels,), "beta": (channels,)}


def prelu(name, units):
    return weighted("prelu", name, parts={"alpha": (units,)})


def embedding(name, words, units):
    return weighted("embedding", name, parts={"kernel": (words, units)})


def lstm(name, inputs, units):
    parts = {"kernel": (inputs, 4 * units), "recurrentKernel": (units, 4 * units), "bias": (4 * units,)}
    return weighted("lstm", name, parts=parts, units=units)


def attention(name, units):
    return weighted("attention", name, parts={part: (units, units) for part in ("query", "key", "value")})
