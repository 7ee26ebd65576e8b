"""Cases of kernels by name: the inputs, as `numbers` in kernels.py takes them, and what is computed of them."""

CASES = {}


def x(*shape, seed=1, **domain):
    return {"shape": list(shape), "seed": seed, **domain}


def w(*shape, **domain):
    return x(*shape, seed=2, **domain)


def add(name, function, *inputs):
    CASES[name] = (list(inputs), function)


POSITIVE = {"offset": 2.5}
WITHIN_ONE = {"scale": 0.375}
