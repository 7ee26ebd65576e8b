"""The models of layers that have golden numbers, by family and title: all that trains in tfjs-layers, small."""

import numpy as np

from layer_numbers import dyadic

BATCH = 3


def layer(kind, name=None, **config):
    return {"name": name or kind, "layer": kind, "config": config}


def dense(units, name, activation=None, **config):
    return layer("dense", name, units=units, **({"activation": activation} if activation else {}), **config)


def head(units=2, activation="softmax"):
    return dense(units, "head", activation)


def node(made, *sources, **more):
    return {**made, "from": list(sources), **more}


def model(inputs, layers, outputs):
    return {"inputs": inputs, "layers": layers, "outputs": outputs}


def values(*shape, scale=1.0, low=None):
    """Normal numbers; or integers from `low`, which may be zeros of a mask."""
    if low is not None:
        return lambda random: random.integers(low, low + scale, size=(BATCH, *shape)).astype(float)
    return lambda random: dyadic(scale * random.normal(size=(BATCH, *shape)))


def case(x, layers, loss="categoricalCrossentropy", mode="inference", **more):
    """A stack of layers on one input, each applied to the one before, unless it says otherwise."""
    return graph(["x"], layers, [layers[-1]["name"]], [loss], [x], mode, **more)


def graph(inputs, layers, outputs, losses, xs, mode="inference", **more):
    """`weighted`: each example weighs what it is told to. `batches`: how often the batch comes; the last time counts."""
    made = {"model": model(inputs, layers, outputs), "x": xs, "losses": losses, "mode": mode}
    return {**made, "weighted": False, "batches": 1, **more}


def in_both_modes(title, make):
    return {f"{title}, in {mode}": make(mode) for mode in ("inference", "training")}


NAMES = "linear relu relu6 hardSigmoid elu selu sigmoid tanh softplus softsign softmax logSoftmax swish mish gelu gelu_new"


def activations():
    return {
        **{f"dense of {name}": case(values(3, scale=2.0), [dense(4, "hidden", name), head()]) for name in NAMES.split()},
        "an activation layer": case(values(3), [dense(4, "hidden"), layer("activation", activation="tanh"), head()]),
        "leakyReLU": case(values(3), [dense(4, "hidden"), layer("leakyReLU", alpha=0.25), head()]),
        "prelu": case(values(3), [dense(4, "hidden"), layer("prelu"), head()]),
        "prelu with a shared axis": case(
            values(4, 2), [layer("conv1d", filters=3, kernelSize=2), layer("prelu", sharedAxes=[1]), layer("flatten"), head()]
        ),
        "an elu layer": case(values(3), [dense(4, "hidden"), layer("elu"), head()]),
        "thresholdedReLU": case(values(3), [dense(5, "hidden"), layer("thresholdedReLU", theta=0.25), head()]),
        "a reLU layer with a ceiling": case(values(3, scale=2.0), [dense(5, "hidden"), layer("reLU", maxValue=1.5), head()]),
        "a hidden softmax layer": case(values(3), [dense(4, "hidden"), layer("softmax"), head()]),
    }


def convolutions():
    conv = dict(kernelSize=2, activation="tanh")
    return {
        "conv1d": case(values(5, 2), [layer("conv1d", filters=2, **conv), layer("flatten"), head()]),
        "conv1d, same and strided": case(
            values(5, 2), [layer("conv1d", filters=2, padding="same", strides=2, **conv), layer("flatten"), head()]
        ),
        "conv2d": case(values(3, 3, 2), [layer("conv2d", filters=2, **conv), layer("flatten"), head()]),
        "conv2d, same and strided, without bias": case(
            values(5, 4, 1),
            [layer("conv2d", filters=2, padding="same", strides=2, useBias=False, **conv), layer("flatten"), head()],
        ),
        "conv2d of gelu on a deeper one": case(
            values(4, 4, 1),
            [
                layer("conv2d", "conv1", filters=2, **conv),
                layer("conv2d", "conv2", filters=2, kernelSize=2, activation="gelu"),
                layer("globalAveragePooling2d"),
                head(),
            ],
        ),
        "conv3d": case(values(3, 3, 2, 1), [layer("conv3d", filters=2, **conv), layer("flatten"), head()]),
        "conv3d, same and strided, on a deeper one": case(
            values(3, 3, 2, 1),
            [
                layer("conv3d", "conv1", filters=2, **conv),
                layer("conv3d", "conv2", filters=1, padding="same", strides=2, **conv),
                layer("flatten"),
                head(),
            ],
        ),
        "conv2dTranspose": case(
            values(2, 2, 2), [layer("conv2dTranspose", filters=2, kernelSize=3, strides=2, activation="tanh"), pool(2), layer("flatten"), head()]
        ),
        "conv2dTranspose, same": case(
            values(2, 3, 1), [layer("conv2dTranspose", filters=1, padding="same", strides=2, **conv), layer("flatten"), head()]
        ),
        "conv2dTranspose on a deeper layer": case(
            values(3), [dense(4, "hidden", "tanh"), layer("reshape", targetShape=[2, 2, 1]), layer("conv2dTranspose", filters=2, **conv), layer("flatten"), head()]
        ),
        "conv3dTranspose": case(
            values(2, 1, 2, 2), [layer("conv3dTranspose", filters=1, strides=1, **conv), layer("flatten"), head()]
        ),
        "conv3dTranspose, same and strided, on a deeper layer": case(
            values(3),
            [dense(4, "hidden", "tanh"), layer("reshape", targetShape=[2, 1, 2, 1]), layer("conv3dTranspose", filters=1, padding="same", strides=2, **conv), layer("flatten"), head()],
        ),
        "separableConv2d": case(values(3, 3, 2), [layer("separableConv2d", filters=2, **conv), layer("flatten"), head()]),
        "separableConv2d, same, with a multiplier": case(
            values(3, 2, 1), [layer("separableConv2d", filters=2, depthMultiplier=2, padding="same", **conv), layer("flatten"), head()]
        ),
        "depthwiseConv2d": case(values(3, 3, 2), [layer("depthwiseConv2d", **conv), layer("flatten"), head()]),
        "depthwiseConv2d, same and strided, with a multiplier": case(
            values(4, 3, 2), [layer("depthwiseConv2d", depthMultiplier=2, strides=2, padding="same", **conv), layer("flatten"), head()]
        ),
        "depthwiseConv2d on a deeper layer": case(
            values(4, 4, 1), [layer("conv2d", filters=2, **conv), layer("depthwiseConv2d", **conv), layer("flatten"), head()]
        ),
    }


def pool(size, kind="averagePooling2d", **config):
    return layer(kind, poolSize=size, **config)


def over_space(rank, *after):
    shape = {1: (6, 1), 2: (4, 4, 1), 3: (3, 3, 3, 1)}[rank]
    return case(values(*shape), [layer(f"conv{rank}d", filters=2, kernelSize=2, activation="tanh", padding="same"), *after, head()])


def pooling():
    flat = layer("flatten")
    return {
        **{f"averagePooling{rank}d": over_space(rank, pool(2, f"averagePooling{rank}d"), flat) for rank in (1, 2, 3)},
        **{f"maxPooling{rank}d": over_space(rank, pool(2, f"maxPooling{rank}d"), flat) for rank in (1, 2, 3)},
        **{
            f"{kind}Pooling{rank}d, same and overlapping": over_space(
                rank, pool(3, f"{kind}Pooling{rank}d", strides=2, padding="same"), flat
            )
            for kind in ("average", "max")
            for rank in (1, 2, 3)
        },
        **{
            f"global{kind}Pooling{rank}d": over_space(rank, layer(f"global{kind}Pooling{rank}d"))
            for kind in ("Average", "Max")
            for rank in (1, 2)
        },
    }


def shapes():
    conv = layer("conv2d", filters=2, kernelSize=2, activation="tanh")
    flat = layer("flatten")
    return {
        "upSampling2d": case(values(3, 3, 1), [conv, layer("upSampling2d", size=[2, 2]), layer("conv2d", "after", filters=1, kernelSize=2, activation="tanh"), flat, head()]),
        "upSampling2d, bilinear": case(
            values(3, 3, 1), [conv, layer("upSampling2d", size=[2, 2], interpolation="bilinear"), layer("conv2d", "after", filters=1, kernelSize=2, activation="tanh"), flat, head()]
        ),
        "zeroPadding2d": case(values(2, 2, 1), [layer("zeroPadding2d", padding=[[1, 0], [1, 1]]), conv, flat, head()]),
        "cropping2D": case(values(4, 4, 1), [conv, layer("cropping2D", cropping=[[1, 0], [0, 1]]), flat, head()]),
        "permute and reshape": case(
            values(2, 3), [dense(4, "hidden", "tanh"), layer("permute", dims=[2, 1]), dense(2, "across", "tanh"), layer("reshape", targetShape=[8]), head()]
        ),
        "repeatVector": case(
            values(3), [dense(2, "hidden", "tanh"), layer("repeatVector", n=3), layer("lstm", units=2, recurrentActivation="sigmoid"), head()]
        ),
        "dense over every position": case(values(2, 3), [dense(4, "hidden", "tanh"), flat, head()]),
        **{kind: merged(kind) for kind in ("add", "average", "multiply", "maximum", "minimum", "concatenate")},
        "dot": merged("dot", axes=-1),
        "dot, normalized": merged("dot", axes=-1, normalize=True),
        "dot of sequences": graph(
            ["x"],
            [
                node(dense(2, "a", "tanh"), "x"),
                node(dense(3, "b", "tanh"), "x"),
                node(layer("dot", axes=[1, 1]), "a", "b"),
                flat,
                head(),
            ],
            ["head"],
            ["categoricalCrossentropy"],
            [values(2, 3)],
        ),
        "a residual network": graph(
            ["x"],
            [
                node(dense(3, "first", "tanh"), "x"),
                node(dense(3, "second"), "first"),
                node(layer("add"), "x", "second"),
                layer("activation", activation="swish"),
                head(),
            ],
            ["head"],
            ["categoricalCrossentropy"],
            [values(3)],
        ),
        "a residual convolution": graph(
            ["x"],
            [
                node(layer("conv2d", "conv1", filters=2, kernelSize=2, padding="same", activation="elu"), "x"),
                layer("conv2d", "conv2", filters=1, kernelSize=2, padding="same"),
                node(layer("add"), "x", "conv2"),
                flat,
                head(),
            ],
            ["head"],
            ["categoricalCrossentropy"],
            [values(3, 2, 1)],
        ),
        "attention": case(values(3, 2), [layer("selfAttention", units=2), layer("globalAveragePooling1d"), head()]),
        "attention on an embedding, with a residual": graph(
            ["x"],
            [
                node(layer("embedding", inputDim=5, outputDim=2, inputLength=3), "x"),
                layer("selfAttention", units=2),
                node(layer("add"), "embedding", "selfAttention"),
                layer("layerNormalization", epsilon=0.125),
                flat,
                head(),
            ],
            ["head"],
            ["categoricalCrossentropy"],
            [values(3, low=0, scale=5)],
        ),
    }


def merged(kind, **config):
    """Two branches that meet; the second twice as deep."""
    layers = [
        node(dense(3, "a", "tanh"), "x"),
        node(dense(2, "b1", "tanh"), "x"),
        dense(3, "b2", "sigmoid"),
        node(layer(kind, **config), "a", "b2"),
        head(),
    ]
    return graph(["x"], layers, ["head"], ["categoricalCrossentropy"], [values(3)])


def normalization():
    flat = layer("flatten")
    batch = layer("batchNormalization", epsilon=0.125)
    return {
        **in_both_modes("batchNormalization of a vector", lambda mode: case(values(3), [dense(3, "hidden"), batch, layer("elu"), head()], mode=mode)),
        **in_both_modes(
            "batchNormalization of an image",
            lambda mode: case(
                values(3, 3, 1), [layer("conv2d", filters=2, kernelSize=2, useBias=False), batch, layer("activation", activation="tanh"), flat, head()], mode=mode
            ),
        ),
        **in_both_modes(
            "batchNormalization of a sequence",
            lambda mode: case(values(4, 2), [layer("conv1d", filters=2, kernelSize=2), batch, layer("activation", activation="tanh"), flat, head()], mode=mode),
        ),
        "layerNormalization": case(values(3), [dense(4, "hidden"), layer("layerNormalization", epsilon=0.125), layer("activation", activation="tanh"), head()]),
        "layerNormalization of a sequence": case(
            values(3, 2), [dense(3, "hidden", "tanh"), layer("layerNormalization", epsilon=0.125), flat, head()]
        ),
        **{
            f"{made['layer']}, in training": case(values(3), [dense(6, "hidden", "tanh"), made, dense(3, "after", "tanh"), head()], mode="training")
            for made in (
                layer("dropout", rate=0.5),
                layer("gaussianNoise", stddev=0.5),
                layer("gaussianDropout", rate=0.25),
                layer("alphaDropout", rate=0.25),
            )
        },
        "two dropouts, in training": case(
            values(3), [dense(6, "hidden", "tanh"), layer("dropout", rate=0.5), dense(5, "after", "tanh"), layer("dropout", "again", rate=0.25), head()], mode="training"
        ),
        "spatialDropout1d, in training": case(
            values(4, 2), [layer("conv1d", filters=4, kernelSize=2, activation="tanh"), layer("spatialDropout1d", rate=0.5), flat, head()], mode="training"
        ),
    }


def recurrence():
    smooth = dict(recurrentActivation="sigmoid")
    steps = values(3, 2)
    return {
        "simpleRNN": case(steps, [layer("simpleRNN", units=2), head()]),
        "lstm": case(steps, [layer("lstm", units=2, **smooth), head()]),
        "lstm of hardSigmoid": case(steps, [layer("lstm", units=2), head()]),
        "gru": case(steps, [layer("gru", units=2, **smooth), head()]),
        "gru of hardSigmoid": case(steps, [layer("gru", units=2), head()]),
        "a stateful lstm on its second batch": case(steps, [layer("lstm", units=2, stateful=True, **smooth), head()], batches=2),
        "a stateful gru under a simpleRNN, on their second batch": case(
            steps,
            [
                layer("gru", units=2, stateful=True, returnSequences=True, **smooth),
                layer("simpleRNN", units=2, stateful=True),
                head(),
            ],
            batches=2,
        ),
        "simpleRNN backwards": case(steps, [layer("simpleRNN", units=2, goBackwards=True), head()]),
        "stacked simpleRNN and gru": case(
            steps, [layer("simpleRNN", units=2, returnSequences=True), layer("gru", units=2, **smooth), head()]
        ),
        "an rnn of stacked cells": case(
            steps, [layer("rnn", cells=[{"layer": "simpleRNNCell", "config": {"units": 2}}, {"layer": "gruCell", "config": {"units": 2, **smooth}}]), head()]
        ),
        "bidirectional lstm": case(steps, [layer("bidirectional", layer={"layer": "lstm", "config": {"units": 2, **smooth}}, mergeMode="concat"), head()]),
        **{
            f"bidirectional simpleRNN, {mode}, at every step": case(
                steps, [layer("bidirectional", layer={"layer": "simpleRNN", "config": {"units": 2, "returnSequences": True}}, mergeMode=mode), layer("flatten"), head()]
            )
            for mode in ("concat", "sum", "ave", "mul")
        },
        "a timeDistributed head": case(
            steps, [layer("simpleRNN", units=3, returnSequences=True), layer("timeDistributed", layer={"layer": "dense", "config": {"units": 2, "activation": "softmax"}})]
        ),
        "a timeDistributed convolution": case(
            values(2, 3, 3, 1),
            [layer("timeDistributed", layer={"layer": "conv2d", "config": {"filters": 1, "kernelSize": 2, "activation": "tanh"}}), layer("flatten"), head()],
        ),
        "convLstm2d": case(values(2, 3, 3, 1), [layer("convLstm2d", filters=1, kernelSize=2, **smooth), layer("flatten"), head()]),
        "convLstm2d, same, of hardSigmoid": case(
            values(2, 2, 2, 1), [layer("convLstm2d", filters=1, kernelSize=2, padding="same"), layer("flatten"), head()]
        ),
        "an embedding": case(values(3, low=0, scale=5), [layer("embedding", inputDim=5, outputDim=2, inputLength=3), layer("flatten"), dense(3, "hidden", "tanh"), head()]),
        "an embedding that masks zeros, and an lstm": case(
            values(4, low=0, scale=4), [layer("embedding", inputDim=4, outputDim=2, maskZero=True, inputLength=4), layer("lstm", units=2, **smooth), head()]
        ),
        "masking, two layers deep": case(
            values(4, 1, low=0, scale=3),
            [layer("masking", maskValue=0), layer("simpleRNN", units=2, returnSequences=True), layer("gru", units=2, **smooth), head()],
        ),
        "lstm with dropout, in training": case(steps, [layer("lstm", units=2, dropout=0.25, recurrentDropout=0.25, **smooth), head()], mode="training"),
        "gru with dropout, in training": case(steps, [layer("gru", units=2, dropout=0.25, recurrentDropout=0.25, **smooth), head()], mode="training"),
        "simpleRNN with dropout, in training": case(steps, [layer("simpleRNN", units=2, dropout=0.25, recurrentDropout=0.25), head()], mode="training"),
    }


LOSSES = {
    "meanSquaredError": "linear",
    "meanAbsoluteError": "linear",
    "meanAbsolutePercentageError": "linear",
    "meanSquaredLogarithmicError": "softplus",
    "squaredHinge": "linear",
    "hinge": "tanh",
    "categoricalHinge": "linear",
    "logcosh": "linear",
    "categoricalCrossentropy": "softmax",
    "sparseCategoricalCrossentropy": "softmax",
    "binaryCrossentropy": "sigmoid",
    "kullbackLeiblerDivergence": "softmax",
    "poisson": "softplus",
    "cosineProximity": "linear",
    "tf.absoluteDifference": "linear",
    "tf.cosineDistance": "tanh",
    "tf.hingeLoss": "linear",
    "tf.huberLoss": "linear",
    "tf.logLoss": "sigmoid",
    "tf.meanSquaredError": "linear",
    "tf.sigmoidCrossEntropy": "linear",
    "tf.softmaxCrossEntropy": "linear",
}
"""Each loss, and what the model ends in."""


def losses():
    end = lambda activation: [dense(3, "hidden", "tanh"), dense(3, "head", activation)]
    return {
        **{loss: case(values(2), end(activation), loss) for loss, activation in LOSSES.items()},
        "meanSquaredError of a sigmoid": case(values(2), end("sigmoid"), "meanSquaredError"),
        "meanSquaredError of a softmax": case(values(2), end("softmax"), "meanSquaredError"),
        "categoricalCrossentropy of a softmax layer": case(values(2), [dense(3, "hidden", "tanh"), dense(3, "head"), layer("softmax")]),
        "categoricalCrossentropy of a softmax activation": case(
            values(2), [dense(3, "hidden", "tanh"), dense(3, "head"), layer("activation", activation="softmax")]
        ),
        "categoricalCrossentropy at every position": case(values(2, 2), end("softmax")),
        "sparseCategoricalCrossentropy at every position": case(values(2, 2), end("softmax"), "sparseCategoricalCrossentropy"),
        "weighted examples": case(values(2), end("softmax"), weighted=True),
        "a penalty on the weights": case(
            values(2),
            [dense(3, "hidden", "tanh", kernelRegularizer={"l2": 0.125}), dense(3, "head", "softmax", biasRegularizer={"l2": 0.25})],
        ),
        "a nested model that ends in a softmax": nested("softmax"),
        "two outputs, two losses": two_outputs(),
        "two outputs, weighted examples": two_outputs(weighted=True),
        "two outputs from one last layer": twins("head"),
        "a last layer that feeds another": reused(),
    }


def nested(activation):
    inner = model(["z"], [dense(3, "inner", "tanh"), dense(3, "last", activation)], ["last"])
    return graph(
        ["x"],
        [node(dense(3, "first", "tanh"), "x"), {"name": "nested", "layer": "model", "model": inner}],
        ["nested"],
        ["categoricalCrossentropy"],
        [values(2)],
    )


def two_outputs(**more):
    layers = [
        node(dense(3, "a", "tanh"), "x1"),
        node(dense(2, "b", "elu"), "x2"),
        node(layer("concatenate"), "a", "b"),
        node(dense(3, "kind", "softmax"), "concatenate"),
        node(dense(2, "size", "sigmoid"), "concatenate"),
    ]
    losses = ["categoricalCrossentropy", "binaryCrossentropy"]
    return graph(["x1", "x2"], layers, ["kind", "size"], losses, [values(2), values(3)], **more)


def twins(name):
    """Hidden and last layer are each applied to two inputs."""
    hidden, last = dense(3, "hidden", "tanh"), dense(3, name, "softmax")
    layers = [
        node(hidden, "x1"),
        node(last, "hidden"),
        node({**hidden, "name": "hidden2"}, "x2", shares="hidden"),
        node({**last, "name": "last2"}, "hidden2", shares=name),
    ]
    losses = ["categoricalCrossentropy"] * 2
    return graph(["x1", "x2"], layers, [name, "last2"], losses, [values(2), values(2)])


def reused():
    """Inside of the network the softmax of the last layer is a part of it."""
    last = dense(3, "last", "softmax")
    layers = [
        node(last, "x"),
        node(dense(3, "between", "tanh"), "last"),
        node({**last, "name": "again"}, "between", shares="last"),
    ]
    return graph(["x"], layers, ["again"], ["categoricalCrossentropy"], [values(3)])


FAMILIES = {
    "activations": activations,
    "convolutions": convolutions,
    "pooling": pooling,
    "shapes": shapes,
    "normalization": normalization,
    "recurrence": recurrence,
    "losses": losses,
}
