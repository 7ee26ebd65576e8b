"""Every loss, and the ways in which a model ends: in a link, a nested model, several outputs; with weights, a penalty."""

from layer_builders import case, dense, graph, layer, model, node, values

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


def end(activation):
    return [dense(3, "hidden", "tanh"), dense(3, "head", activation)]


def losses():
    return {
        **{loss: case(values(2), end(activation), loss) for loss, activation in LOSSES.items()},
        "meanSquaredError of a sigmoid": case(values(2), end("sigmoid"), "meanSquaredError"),
        "meanSquaredError of a softmax": case(values(2), end("softmax"), "meanSquaredError"),
        "categoricalCrossentropy of a softmax layer": case(
            values(2), [dense(3, "hidden", "tanh"), dense(3, "head"), layer("softmax")]
        ),
        "categoricalCrossentropy of a softmax activation": case(
            values(2), [dense(3, "hidden", "tanh"), dense(3, "head"), layer("activation", activation="softmax")]
        ),
        "categoricalCrossentropy at every position": case(values(2, 2), end("softmax")),
        "sparseCategoricalCrossentropy at every position": case(
            values(2, 2), end("softmax"), "sparseCategoricalCrossentropy"
        ),
        "weighted examples": case(values(2), end("softmax"), weighted=True),
        "a penalty on the weights": case(
            values(2),
            [
                dense(3, "hidden", "tanh", kernelRegularizer={"l2": 0.125}),
                dense(3, "head", "softmax", biasRegularizer={"l2": 0.25}),
            ],
        ),
        "a nested model that ends in a softmax": nested(),
        "two outputs, two losses": two_outputs(),
        "two outputs, weighted examples": two_outputs(weighted=True),
        "two outputs from one last layer": twins(),
        "a last layer that feeds another": reused(),
    }


def nested():
    inner = model(["z"], [dense(3, "inner", "tanh"), dense(3, "last", "softmax")], ["last"])
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


def twins():
    """Hidden and last layer are each applied to two inputs."""
    hidden, last = dense(3, "hidden", "tanh"), dense(3, "head", "softmax")
    layers = [
        node(hidden, "x1"),
        node(last, "hidden"),
        node({**hidden, "name": "hidden2"}, "x2", shares="hidden"),
        node({**last, "name": "last2"}, "hidden2", shares="head"),
    ]
    losses = ["categoricalCrossentropy"] * 2
    return graph(["x1", "x2"], layers, ["head", "last2"], losses, [values(2), values(2)])


def reused():
    """Inside of the network the softmax of the last layer is a part of it."""
    last = dense(3, "last", "softmax")
    layers = [
        node(last, "x"),
        node(dense(3, "between", "tanh"), "last"),
        node({**last, "name": "again"}, "between", shares="last"),
    ]
    return graph(["x"], layers, ["again"], ["categoricalCrossentropy"], [values(3)])
