"""What JAX says of the transformer of the study sam-language, small and without dropout: logits, gradient, and SAM on a fraction."""

import jax
import jax.numpy as jnp
import numpy as np

from evaluated import evaluated
from golden_json import tensor

WORDS, LENGTH, WIDTH, HIDDEN, CLASSES, MAILS = 9, 5, 4, 6, 2, 8
SHAPES = {
    "words": (WORDS, WIDTH),
    "places": (LENGTH, WIDTH),
    "asked": (WIDTH, 3 * WIDTH),
    "mixed": (WIDTH, WIDTH),
    "up": (WIDTH, HIDDEN),
    "down": (HIDDEN, WIDTH),
    "out": (WIDTH, CLASSES),
}
PADDING = 0
EPSILON = 1e-6
RHO = 0.1
FRACTION = 0.25
MARGIN = 1e-3
SEED = 3
"""One at which no unit is near its kink."""


def transformer_golden():
    random = np.random.default_rng(SEED)
    params = {name: np.round(random.normal(0, 0.5, shape) * 256) / 256 for name, shape in SHAPES.items()}
    words = random.integers(1, WORDS, (MAILS, LENGTH))
    for mail, length in enumerate(random.integers(2, LENGTH + 1, MAILS)):
        words[mail, length:] = PADDING
    y = np.eye(CLASSES)[random.integers(0, CLASSES, MAILS)]
    some = int(np.ceil(MAILS * FRACTION))

    def loss(params, words, y):
        return -(y * jax.nn.log_softmax(logits(params, words)[0])).sum(1).mean()

    @evaluated
    def at(params):
        g = jax.grad(loss)(params, words[:some], y[:some])
        norm = jnp.sqrt(sum((x**2).sum() for x in jax.tree.leaves(g)))
        there = jax.tree.map(lambda w, x: w + RHO * x / norm, params, g)
        z, hidden = logits(params, words)
        nearest = jnp.minimum(jnp.abs(hidden).min(), jnp.abs(logits(there, words)[1]).min())
        return {
            "logits": z.ravel(),
            "loss": loss(params, words, y),
            "gradient": jax.grad(loss)(params, words, y),
            "samGradient": jax.grad(loss)(there, words, y),
        }, nearest

    expected, nearest = at(params)
    assert nearest > MARGIN, f"a unit is {nearest} from its kink"
    return {
        "size": dict(words=WORDS, length=LENGTH, width=WIDTH, hidden=HIDDEN, classes=CLASSES),
        "params": {name: tensor(values) for name, values in params.items()},
        "x": tensor(words),
        "y": tensor(y),
        "rho": RHO,
        "fraction": FRACTION,
        "expected": {**expected, "gradient": flat(expected["gradient"]), "samGradient": flat(expected["samGradient"])},
    }


def flat(by_name):
    return np.concatenate([by_name[name].ravel() for name in SHAPES])


def logits(params, words):
    """Of each mail by itself, its padding cut off by what is there; and what the ReLU is given, 1 where a mail has ended."""
    z, hidden = jax.vmap(lambda mail: of_mail(params, mail))(words)
    return z, jnp.where((words != PADDING)[:, :, None], hidden, 1)


def of_mail(params, mail):
    there = mail != PADDING
    h = params["words"][mail] + params["places"]
    h = h + attention(params, normalized(h), there)
    hidden = normalized(h) @ params["up"]
    h = h + jax.nn.relu(hidden) @ params["down"]
    return jnp.where(there[:, None], h, 0).sum(0) / there.sum() @ params["out"], hidden


def attention(params, x, there):
    q, k, v = jnp.split(x @ params["asked"], 3, axis=1)
    scores = jnp.where(there[None, :], q @ k.T / np.sqrt(WIDTH), -jnp.inf)
    return jax.nn.softmax(scores, axis=1) @ v @ params["mixed"]


def normalized(x):
    return x / jnp.sqrt((x**2).mean(1, keepdims=True) + EPSILON)
