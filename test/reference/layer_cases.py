"""The models of layers that have golden numbers, by family and title: all that trains in tfjs-layers, small."""

from layer_builders import case, dense, head, layer, values
from layer_cases_graphs import shapes
from layer_cases_losses import losses
from layer_cases_space import convolutions, pooling
from layer_cases_time import recurrence

NAMES = (
    "linear relu relu6 hardSigmoid elu selu sigmoid tanh softplus softsign softmax logSoftmax swish mish gelu gelu_new"
)


def activations():
    return {
        **{
            f"dense of {name}": case(values(3, scale=2.0), [dense(4, "hidden", name), head()]) for name in NAMES.split()
        },
        "an activation layer": case(values(3), [dense(4, "hidden"), layer("activation", activation="tanh"), head()]),
        "leakyReLU": case(values(3), [dense(4, "hidden"), layer("leakyReLU", alpha=0.25), head()]),
        "prelu": case(values(3), [dense(4, "hidden"), layer("prelu"), head()]),
        "prelu with a shared axis": case(
            values(4, 2),
            [layer("conv1d", filters=3, kernelSize=2), layer("prelu", sharedAxes=[1]), layer("flatten"), head()],
        ),
        "an elu layer": case(values(3), [dense(4, "hidden"), layer("elu"), head()]),
        "thresholdedReLU": case(values(3), [dense(5, "hidden"), layer("thresholdedReLU", theta=0.25), head()]),
        "a reLU layer with a ceiling": case(
            values(3, scale=2.0), [dense(5, "hidden"), layer("reLU", maxValue=1.5), head()]
        ),
        "a hidden softmax layer": case(values(3), [dense(4, "hidden"), layer("softmax"), head()]),
    }


def in_both_modes(title, make):
    return {f"{title}, in {mode}": make(mode) for mode in ("inference", "training")}


def normalization():
    flat = layer("flatten")
    batch = layer("batchNormalization", epsilon=0.125)
    return {
        **in_both_modes(
            "batchNormalization of a vector",
            lambda mode: case(values(3), [dense(3, "hidden"), batch, layer("elu"), head()], mode=mode),
        ),
        **in_both_modes(
            "batchNormalization of an image",
            lambda mode: case(
                values(3, 3, 1),
                [
                    layer("conv2d", filters=2, kernelSize=2, useBias=False),
                    batch,
                    layer("activation", activation="tanh"),
                    flat,
                    head(),
                ],
                mode=mode,
            ),
        ),
        **in_both_modes(
            "batchNormalization of a sequence",
            lambda mode: case(
                values(4, 2),
                [layer("conv1d", filters=2, kernelSize=2), batch, layer("activation", activation="tanh"), flat, head()],
                mode=mode,
            ),
        ),
        "layerNormalization": case(
            values(3),
            [
                dense(4, "hidden"),
                layer("layerNormalization", epsilon=0.125),
                layer("activation", activation="tanh"),
                head(),
            ],
        ),
        "layerNormalization of a sequence": case(
            values(3, 2), [dense(3, "hidden", "tanh"), layer("layerNormalization", epsilon=0.125), flat, head()]
        ),
        **{
            f"{made['layer']}, in training": case(
                values(3), [dense(6, "hidden", "tanh"), made, dense(3, "after", "tanh"), head()], mode="training"
            )
            for made in (
                layer("dropout", rate=0.5),
                layer("gaussianNoise", stddev=0.5),
                layer("gaussianDropout", rate=0.25),
                layer("alphaDropout", rate=0.25),
            )
        },
        "two dropouts, in training": case(
            values(3),
            [
                dense(6, "hidden", "tanh"),
                layer("dropout", rate=0.5),
                dense(5, "after", "tanh"),
                layer("dropout", "again", rate=0.25),
                head(),
            ],
            mode="training",
        ),
        "spatialDropout1d, in training": case(
            values(4, 2),
            [
                layer("conv1d", filters=4, kernelSize=2, activation="tanh"),
                layer("spatialDropout1d", rate=0.5),
                flat,
                head(),
            ],
            mode="training",
        ),
    }


FAMILIES = {
    "activations": activations,
    "convolutions": convolutions,
    "pooling": pooling,
    "shapes": shapes,
    "normalization": normalization,
    "recurrence": recurrence,
    "losses": losses,
}
