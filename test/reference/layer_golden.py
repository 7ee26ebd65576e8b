"""What is true of small models of Keras layers: loss, gradient, H v and G v of the data loss, exact.

G = Jᵀ H_z J at the logits: a softmax or sigmoid that a model ends in belongs to its loss. Weights, data and v are multiples
of 2^-6. The seed of each case is the first at which no layer is nearer than MARGIN to a kink.
"""

import itertools

import jax
import jax.numpy as jnp
import numpy as np

from evaluated import evaluated
from golden_json import tensor
from layer_activations import ACTIVATIONS
from layer_graph import Scope, run, without_links
from layer_losses import total_loss
from layer_numbers import direction, draw, is_trained

MARGIN = 4e-3


def layer_golden(cases):
    return {title: case_golden(case) for title, case in cases.items()}


def case_golden(case):
    shapes = shapes_of(case)
    # In the order of the weights, for JAX sorts what it is handed by name.
    trained = {path: shape for path, shape in shapes["weights"].items() if is_trained(path)}
    facts = evaluated(lambda numbers, v: facts_at(case, trained, numbers, v))
    for seed in itertools.count(1):
        numbers = draw(case, shapes, seed)
        v = direction(numbers["weights"], seed)
        expected = facts(numbers, v)
        if expected.pop("nearestKink") > MARGIN:
            break
    assert np.abs(expected["hessian"]).max() > 1e-6, "a case without curvature"
    return {
        "model": case["model"],
        "losses": case["losses"],
        "mode": case["mode"],
        "x": [tensor(x) for x in numbers["x"]],
        "y": [tensor(y) for y in numbers["y"]],
        **({"exampleWeights": [tensor(w) for w in numbers["exampleWeights"]]} if "exampleWeights" in numbers else {}),
        "weights": by_layer(numbers["weights"]),
        "v": tensor(v),
        "expected": {name: rounded(value) for name, value in expected.items()},
    }


def shapes_of(case):
    """Of the weights, by path and in the order in which Keras lists them, as a forward pass asks for them; of the outputs."""
    weights = {}

    def read(path, shape):
        weights[path] = shape
        return jnp.ones(shape)

    xs = [x(np.random.default_rng(0)) for x in case["x"]]
    outputs = jax.eval_shape(lambda xs: run(case["model"], xs, read, Scope(False)), xs)
    return {"weights": weights, "outputs": [y.shape for y in outputs]}


def facts_at(case, trained, numbers, v):
    """`trained`: the shape of each parameter, in the order of the flat vectors."""
    model, links = without_links(case["model"])
    scope = Scope(case["mode"] == "training")

    def logits(w, scope):
        weights = {**numbers["weights"], **unflat(w, trained)}
        for _ in range(case["batches"]):
            zs = run(model, numbers["x"], lambda path, _shape: weights[path], scope)
        return zs

    def output_loss(zs, scope):
        ps = [ACTIVATIONS[link](z) for link, z in zip(links, zs)]
        return total_loss(case["losses"], numbers["y"], ps, numbers.get("exampleWeights"), scope)

    def quiet():
        return Scope(scope.training)

    w = jnp.concatenate([numbers["weights"][path].ravel() for path in trained])
    value = output_loss(logits(w, scope), scope)
    zs, jv = jax.jvp(lambda w: logits(w, quiet()), (w,), (v,))
    _, transposed = jax.vjp(lambda w: logits(w, quiet()), w)
    h_z_jv = jax.jvp(jax.grad(lambda zs: output_loss(zs, quiet())), (zs,), (jv,))[1]
    gradient, product = jax.jvp(jax.grad(lambda w: output_loss(logits(w, quiet()), quiet())), (w,), (v,))
    return {
        "nearestKink": scope.nearest_kink(),
        "loss": value,
        "gradient": gradient,
        "hessian": product,
        "gaussNewton": transposed(h_z_jv)[0],
    }


def unflat(w, shapes):
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    return {path: part.reshape(shape) for part, (path, shape) in zip(jnp.split(w, ends[:-1]), shapes.items())}


def by_layer(weights):
    layers = {}
    for path, values in weights.items():
        layers.setdefault(path.split("/")[0], []).append(tensor(values))
    return layers


def rounded(values):
    """Eight significant digits of the largest: float32 has seven."""
    values = np.asarray(values)
    digits = 8 - int(np.floor(np.log10(np.abs(values).max() or 1)))
    return np.round(values, digits).tolist()
