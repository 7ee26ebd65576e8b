"""Layers over space: convolutions, poolings, and what changes the size of an image."""

from layer_builders import case, dense, head, layer, values

CONV = dict(kernelSize=2, activation="tanh")


def pool(size, kind="averagePooling2d", **config):
    return layer(kind, poolSize=size, **config)


def convolutions():
    return {
        "conv1d": case(values(5, 2), [layer("conv1d", filters=2, **CONV), layer("flatten"), head()]),
        "conv1d, same and strided": case(
            values(5, 2), [layer("conv1d", filters=2, padding="same", strides=2, **CONV), layer("flatten"), head()]
        ),
        "conv2d": case(values(3, 3, 2), [layer("conv2d", filters=2, **CONV), layer("flatten"), head()]),
        "conv2d, same and strided, without bias": case(
            values(5, 4, 1),
            [layer("conv2d", filters=2, padding="same", strides=2, useBias=False, **CONV), layer("flatten"), head()],
        ),
        "conv2d of gelu on a deeper one": case(
            values(4, 4, 1),
            [
                layer("conv2d", "conv1", filters=2, **CONV),
                layer("conv2d", "conv2", filters=2, kernelSize=2, activation="gelu"),
                layer("globalAveragePooling2d"),
                head(),
            ],
        ),
        "conv3d": case(values(3, 3, 2, 1), [layer("conv3d", filters=2, **CONV), layer("flatten"), head()]),
        "conv3d, same and strided, on a deeper one": case(
            values(3, 3, 2, 1),
            [
                layer("conv3d", "conv1", filters=2, **CONV),
                layer("conv3d", "conv2", filters=1, padding="same", strides=2, **CONV),
                layer("flatten"),
                head(),
            ],
        ),
        "conv2dTranspose": case(
            values(2, 2, 2),
            [
                layer("conv2dTranspose", filters=2, kernelSize=3, strides=2, activation="tanh"),
                pool(2),
                layer("flatten"),
                head(),
            ],
        ),
        "conv2dTranspose, same": case(
            values(2, 3, 1),
            [layer("conv2dTranspose", filters=1, padding="same", strides=2, **CONV), layer("flatten"), head()],
        ),
        "conv2dTranspose on a deeper layer": case(
            values(3),
            [
                dense(4, "hidden", "tanh"),
                layer("reshape", targetShape=[2, 2, 1]),
                layer("conv2dTranspose", filters=2, **CONV),
                layer("flatten"),
                head(),
            ],
        ),
        "conv3dTranspose": case(
            values(2, 1, 2, 2), [layer("conv3dTranspose", filters=1, strides=1, **CONV), layer("flatten"), head()]
        ),
        "conv3dTranspose, same and strided, on a deeper layer": case(
            values(3),
            [
                dense(4, "hidden", "tanh"),
                layer("reshape", targetShape=[2, 1, 2, 1]),
                layer("conv3dTranspose", filters=1, padding="same", strides=2, **CONV),
                layer("flatten"),
                head(),
            ],
        ),
        "separableConv2d": case(
            values(3, 3, 2), [layer("separableConv2d", filters=2, **CONV), layer("flatten"), head()]
        ),
        "separableConv2d, same, with a multiplier": case(
            values(3, 2, 1),
            [layer("separableConv2d", filters=2, depthMultiplier=2, padding="same", **CONV), layer("flatten"), head()],
        ),
        "depthwiseConv2d": case(values(3, 3, 2), [layer("depthwiseConv2d", **CONV), layer("flatten"), head()]),
        "depthwiseConv2d, same and strided, with a multiplier": case(
            values(4, 3, 2),
            [layer("depthwiseConv2d", depthMultiplier=2, strides=2, padding="same", **CONV), layer("flatten"), head()],
        ),
        "depthwiseConv2d on a deeper layer": case(
            values(4, 4, 1),
            [layer("conv2d", filters=2, **CONV), layer("depthwiseConv2d", **CONV), layer("flatten"), head()],
        ),
    }


def over_space(rank, *after):
    shape = {1: (6, 1), 2: (4, 4, 1), 3: (3, 3, 3, 1)}[rank]
    return case(
        values(*shape),
        [layer(f"conv{rank}d", filters=2, kernelSize=2, activation="tanh", padding="same"), *after, head()],
    )


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
