"""Gradients through gradients: a critic with a gradient penalty, and a meta-gradient through a step of gradient descent."""

import jax
import jax.numpy as jnp
import numpy as np

from golden_json import tensor
from networks import dyadic


def nested_golden():
    random = np.random.default_rng(3)
    return {"wganGp": wgan_gp(random), "maml": maml(random)}


def wgan_gp(random, penalty=10.0):
    """mean D(fake) − mean D(real) + λ mean (‖∂D/∂x̂‖ − 1)², x̂ = ε real + (1 − ε) fake: Gulrajani et al. 2017, arXiv 1704.00028."""
    critic = {"w": normal(random, 2, 3), "b": normal(random, 3), "v": normal(random, 3, 1)}
    real, fake = dyadic(random.normal(size=(4, 2)) + 0.5), dyadic(random.normal(size=(4, 2)) - 0.5)
    mix = dyadic(random.uniform(size=(4, 1)))

    def value(params, x):
        return jnp.tanh(x @ params["w"] + params["b"]) @ params["v"]

    def loss(params):
        slope = jax.grad(lambda x: value(params, x)[0])
        norms = jnp.linalg.norm(jax.vmap(slope)(mix * real + (1 - mix) * fake), axis=1)
        return value(params, fake).mean() - value(params, real).mean() + penalty * ((norms - 1) ** 2).mean()

    return {"penalty": penalty, **tensors(critic, real=real, fake=fake, mix=mix), "expected": expected(loss, critic)}


def maml(random, rate=0.125):
    """Σ over tasks of L(w − η ∇L(w; support); query), L the mean squared error: Finn, Abbeel, Levine 2017, arXiv 1703.03400."""
    network = {"w": normal(random, 1, 4), "b": normal(random, 4), "v": normal(random, 4, 1)}
    tasks = [
        {part: {"x": x, "y": dyadic(np.sin(2 * x + phase))} for part, x in (("support", points(0)), ("query", points(1)))}
        for phase in (0, 1)
    ]

    def error(params, x, y):
        return (((jnp.tanh(x @ params["w"] + params["b"]) @ params["v"]) - y) ** 2).mean()

    def loss(params):
        def of(task):
            slope = jax.grad(error)(params, **task["support"])
            return error({name: w - rate * slope[name] for name, w in params.items()}, **task["query"])

        return sum(map(of, tasks))

    return {
        "rate": rate,
        **tensors(network),
        "tasks": [{part: {k: tensor(v) for k, v in data.items()} for part, data in task.items()} for task in tasks],
        "expected": expected(loss, network),
    }


def normal(random, *shape):
    return dyadic(0.7 * random.normal(size=shape))


def points(offset):
    return dyadic(np.linspace(-1 + offset / 4, 1 - offset / 8, 4)[:, None])


def tensors(params, **data):
    return {"params": {name: tensor(w) for name, w in params.items()}, **{name: tensor(x) for name, x in data.items()}}


def expected(loss, params):
    value, slope = jax.value_and_grad(loss)(params)
    return {"loss": value, "gradient": {name: np.ravel(slope[name]) for name in params}}
