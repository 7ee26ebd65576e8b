"""The forward pass of a model of layers, from the same description that the tests build it from in tfjs-layers.

A node is `{name, layer, config, from}`: `from` names what it is applied to, by default the node before; `shares` names a node
whose layer, and weights, it applies again; a node `model` holds a model of its own.
"""

import copy

import jax.numpy as jnp

from layer_activations import ACTIVATION_LAYERS
from layer_noise import Noise
from layer_plain import MERGE_LAYERS, PLAIN_LAYERS
from layer_recurrent import RECURRENT_LAYERS
from layer_spatial import SPATIAL_LAYERS

LAYERS = {**PLAIN_LAYERS, **ACTIVATION_LAYERS, **SPATIAL_LAYERS, **RECURRENT_LAYERS}
CARRY_MASKS = {"dropout", "activation", "masking"}


class Scope:
    """What a forward pass has besides inputs and weights: its mode, its random numbers, states that layers carry from batch to
    batch, and where it is: the path and the mask of the layer at hand."""

    def __init__(self, training):
        self.training, self.noise, self.kinks, self.carried = training, Noise(), [jnp.inf], {}
        self.path, self.mask = None, None

    def kink(self, distance):
        """Told by a layer how far its inputs are from where its derivatives jump."""
        self.kinks.append(jnp.abs(distance).min())

    def nearest_kink(self):
        return jnp.stack(self.kinks).min()


def run(model, xs, read, scope):
    """Outputs of a model for inputs xs; `read(path, shape)` gives each weight."""
    values = {name: (x, None) for name, x in zip(model["inputs"], xs)}
    before = model["inputs"][0]
    for node in model["layers"]:
        arriving = [values[name] for name in node.get("from", [before])]
        before = node["name"]
        values[before] = apply(node, arriving, read, scope)
    return [values[name][0] for name in model["outputs"]]


def apply(node, arriving, read, scope):
    """A layer, on pairs of a tensor and its mask; gives such a pair."""
    kind, config = node["layer"], node.get("config", {})
    x, mask = arriving[0]
    path = node.get("shares", node["name"])

    def read_here(part, shape):
        return read(f"{path}/{part}", shape)

    if kind == "model":
        return run(node["model"], [x for x, _ in arriving], read_here, scope)[0], None
    if kind == "masking":
        here = (x != config["maskValue"]).any(-1)
        return x * here[..., None], here
    if kind == "timeDistributed":
        return distributed(config["layer"], x, read_here, scope), None
    if kind in MERGE_LAYERS:
        return MERGE_LAYERS[kind](config, [x for x, _ in arriving], read_here, scope), None
    scope.path, scope.mask = path, mask
    y = LAYERS[kind](config, x, read_here, scope)
    if config.get("maskZero"):
        return y, x != 0
    return y, mask if kind in CARRY_MASKS or config.get("returnSequences") else None


def distributed(inner, x, read, scope):
    flat = x.reshape(-1, *x.shape[2:])
    y = LAYERS[inner["layer"]](inner["config"], flat, read, scope)
    return y.reshape(*x.shape[:2], *y.shape[1:])


def without_links(model):
    """The model as far as its logits, and for each output what makes it of them: a final softmax or sigmoid."""
    model = copy.deepcopy(model)
    nodes = {node["name"]: node for node in model["layers"]}
    return model, [unlink(nodes[name]) for name in model["outputs"]]


def unlink(node):
    kind, config = node["layer"], node.get("config", {})
    if kind == "model":
        node["model"], links = without_links(node["model"])
        return links[0]
    if kind == "timeDistributed":
        return unlink(config["layer"])
    if kind == "softmax":
        node.update(layer="activation", config={"activation": "linear"})
        return "softmax"
    if kind in RECURRENT_LAYERS or config.get("activation") not in ("softmax", "sigmoid"):
        return "linear"
    link = config["activation"]
    node["config"] = {**config, "activation": "linear"}
    return link
