"""Recurrent layers, embeddings and masks."""

from layer_builders import case, dense, head, layer, values


def recurrence():
    smooth = dict(recurrentActivation="sigmoid")
    steps = values(3, 2)
    return {
        "simpleRNN": case(steps, [layer("simpleRNN", units=2), head()]),
        "lstm": case(steps, [layer("lstm", units=2, **smooth), head()]),
        "lstm of hardSigmoid": case(steps, [layer("lstm", units=2), head()]),
        "gru": case(steps, [layer("gru", units=2, **smooth), head()]),
        "gru of hardSigmoid": case(steps, [layer("gru", units=2), head()]),
        "a stateful lstm on its second batch": case(
            steps, [layer("lstm", units=2, stateful=True, **smooth), head()], batches=2
        ),
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
            steps,
            [
                layer(
                    "rnn",
                    cells=[
                        {"layer": "simpleRNNCell", "config": {"units": 2}},
                        {"layer": "gruCell", "config": {"units": 2, **smooth}},
                    ],
                ),
                head(),
            ],
        ),
        "bidirectional lstm": case(
            steps,
            [
                layer("bidirectional", layer={"layer": "lstm", "config": {"units": 2, **smooth}}, mergeMode="concat"),
                head(),
            ],
        ),
        **{
            f"bidirectional simpleRNN, {mode}, at every step": case(
                steps,
                [
                    layer(
                        "bidirectional",
                        layer={"layer": "simpleRNN", "config": {"units": 2, "returnSequences": True}},
                        mergeMode=mode,
                    ),
                    layer("flatten"),
                    head(),
                ],
            )
            for mode in ("concat", "sum", "ave", "mul")
        },
        "a timeDistributed head": case(
            steps,
            [
                layer("simpleRNN", units=3, returnSequences=True),
                layer("timeDistributed", layer={"layer": "dense", "config": {"units": 2, "activation": "softmax"}}),
            ],
        ),
        "a timeDistributed convolution": case(
            values(2, 3, 3, 1),
            [
                layer(
                    "timeDistributed",
                    layer={"layer": "conv2d", "config": {"filters": 1, "kernelSize": 2, "activation": "tanh"}},
                ),
                layer("flatten"),
                head(),
            ],
        ),
        "convLstm2d": case(
            values(2, 3, 3, 1), [layer("convLstm2d", filters=1, kernelSize=2, **smooth), layer("flatten"), head()]
        ),
        "convLstm2d, same, of hardSigmoid": case(
            values(2, 2, 2, 1), [layer("convLstm2d", filters=1, kernelSize=2, padding="same"), layer("flatten"), head()]
        ),
        "an embedding": case(
            values(3, low=0, scale=5),
            [
                layer("embedding", inputDim=5, outputDim=2, inputLength=3),
                layer("flatten"),
                dense(3, "hidden", "tanh"),
                head(),
            ],
        ),
        "an embedding that masks zeros, and an lstm": case(
            values(4, low=0, scale=4),
            [
                layer("embedding", inputDim=4, outputDim=2, maskZero=True, inputLength=4),
                layer("lstm", units=2, **smooth),
                head(),
            ],
        ),
        "masking, two layers deep": case(
            values(4, 1, low=0, scale=3),
            [
                layer("masking", maskValue=0),
                layer("simpleRNN", units=2, returnSequences=True),
                layer("gru", units=2, **smooth),
                head(),
            ],
        ),
        "lstm with dropout, in training": case(
            steps, [layer("lstm", units=2, dropout=0.25, recurrentDropout=0.25, **smooth), head()], mode="training"
        ),
        "gru with dropout, in training": case(
            steps, [layer("gru", units=2, dropout=0.25, recurrentDropout=0.25, **smooth), head()], mode="training"
        ),
        "simpleRNN with dropout, in training": case(
            steps, [layer("simpleRNN", units=2, dropout=0.25, recurrentDropout=0.25), head()], mode="training"
        ),
    }
