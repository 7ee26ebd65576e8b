"""Changes of shape, branches that meet, and attention."""

from layer_builders import case, dense, graph, head, layer, node, values


def shapes():
    conv = layer("conv2d", filters=2, kernelSize=2, activation="tanh")
    flat = layer("flatten")
    return {
        "upSampling2d": case(
            values(3, 3, 1),
            [
                conv,
                layer("upSampling2d", size=[2, 2]),
                layer("conv2d", "after", filters=1, kernelSize=2, activation="tanh"),
                flat,
                head(),
            ],
        ),
        "upSampling2d, bilinear": case(
            values(3, 3, 1),
            [
                conv,
                layer("upSampling2d", size=[2, 2], interpolation="bilinear"),
                layer("conv2d", "after", filters=1, kernelSize=2, activation="tanh"),
                flat,
                head(),
            ],
        ),
        "zeroPadding2d": case(values(2, 2, 1), [layer("zeroPadding2d", padding=[[1, 0], [1, 1]]), conv, flat, head()]),
        "cropping2D": case(values(4, 4, 1), [conv, layer("cropping2D", cropping=[[1, 0], [0, 1]]), flat, head()]),
        "permute and reshape": case(
            values(2, 3),
            [
                dense(4, "hidden", "tanh"),
                layer("permute", dims=[2, 1]),
                dense(2, "across", "tanh"),
                layer("reshape", targetShape=[8]),
                head(),
            ],
        ),
        "repeatVector": case(
            values(3),
            [
                dense(2, "hidden", "tanh"),
                layer("repeatVector", n=3),
                layer("lstm", units=2, recurrentActivation="sigmoid"),
                head(),
            ],
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
