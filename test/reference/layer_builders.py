"""How layer_cases describes a model: see layer_graph.py for what the description means."""

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
