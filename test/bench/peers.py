"""What PyTorch, curvlinops and PyHessian take for what the bench `curvature` measures: same network, weights, data, threads.

Reads one JSON object from standard input and writes one to standard output; a package that is not installed leaves its
numbers out. Costs are in gradients: the median, over interleaved pairs, of the time over that of a plain gradient.
"""

import base64
import importlib
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

PAIRS = 15


def mlp(x, w1, b1, w2, b2, w3, b3):
    return torch.tanh(torch.tanh(x @ w1 + b1) @ w2 + b2) @ w3 + b3


def convnet(x, w1, b1, w2, b2, w3, b3):
    t = F.max_pool2d(torch.relu(F.conv2d(x, w1, b1, padding="same")), 2)
    t = F.max_pool2d(torch.relu(F.conv2d(t, w2, b2, padding="same")), 2)
    return t.flatten(1) @ w3 + b3


def channels_first(x, params):
    """Images and filters as PyTorch lays them out; the dense layer reads the features in the order it then has."""
    w1, b1, w2, b2, w3, b3 = params
    height = width = int((w3.shape[0] // w2.shape[3]) ** 0.5)
    dense = w3.reshape(height, width, -1, w3.shape[1]).permute(2, 0, 1, 3).reshape(w3.shape)
    filters = [w.permute(3, 2, 0, 1).contiguous() for w in (w1, w2)]
    return x.permute(0, 3, 1, 2).contiguous(), [filters[0], b1, filters[1], b2, dense.contiguous(), b3]


class Network(torch.nn.Module):
    def __init__(self, function, params):
        super().__init__()
        self.function = function
        self.params = torch.nn.ParameterList(torch.nn.Parameter(p) for p in params)

    def forward(self, x):
        return self.function(x, *self.params)


def tensor(given):
    values = bytearray(base64.b64decode(given["base64"]))
    return torch.frombuffer(values, dtype=torch.float32).reshape(given["shape"])


def milliseconds(f):
    start = time.perf_counter()
    f()
    return 1000 * (time.perf_counter() - start)


def in_gradients(gradient, f):
    for _ in range(3):
        gradient()
        f()
    pairs = [(milliseconds(gradient), milliseconds(f)) for _ in range(PAIRS)]
    return statistics.median(other / base for base, other in pairs)


def pytorch(model, loss, x, y, v, gradient):
    params = list(model.parameters())
    recorded = torch.autograd.grad(loss(model(x), y), params, create_graph=True)
    named = dict(model.named_parameters())
    directions = dict(zip(named, v))

    def output(values):
        return torch.func.functional_call(model, values, (x,))

    return {
        "gradientMs": statistics.median(milliseconds(gradient) for _ in range(PAIRS)),
        "recording": in_gradients(
            gradient, lambda: torch.autograd.grad(loss(model(x), y), params, create_graph=True)
        ),
        "hessian": in_gradients(
            gradient, lambda: torch.autograd.grad(recorded, params, grad_outputs=v, retain_graph=True)
        ),
        "jacobian": in_gradients(gradient, lambda: torch.func.jvp(output, (named,), (directions,))),
    }


def curvlinops(model, loss, x, y, v, gradient):
    from curvlinops import GGNLinearOperator, HessianLinearOperator

    def product(operator):
        made = operator(model, loss, list(model.parameters()), [(x, y)], check_deterministic=False)
        return in_gradients(gradient, lambda: made @ v)

    return {"hessian": product(HessianLinearOperator), "gaussNewton": product(GGNLinearOperator)}


def pyhessian(model, loss, x, y, standard_error, gradient):
    """λ_max as it comes, up to 100 products; tr H with as many samples as the standard error asks for, found by a trial."""
    # By its name, for the class of this name hides the module from an import statement.
    library = importlib.import_module("pyhessian.hessian")

    def fresh():
        model.zero_grad(set_to_none=True)
        return library.hessian(model, loss, data=(x, y), cuda=False)

    # A negative tolerance is met by no change: it never stops early.
    trial = fresh().trace(maxIter=20, tol=-1)
    samples = max(2, -int(-statistics.variance(trial) // standard_error**2))

    products = 0
    plain_product = library.hessian_vector_product

    def counted(*arguments):
        nonlocal products
        products += 1
        return plain_product(*arguments)

    found = {}

    def measure():
        record = fresh()
        found["topEigenvalue"] = record.eigenvalues()[0][0]
        values = record.trace(maxIter=samples, tol=-1)
        found["trace"] = statistics.mean(values)
        found["standardError"] = statistics.stdev(values) / len(values) ** 0.5

    library.hessian_vector_product = counted
    measure()
    library.hessian_vector_product = plain_product
    times = [milliseconds(measure) for _ in range(3)]
    model.zero_grad(set_to_none=True)
    ms = statistics.median(times)
    gradients = ms / statistics.median(milliseconds(gradient) for _ in range(PAIRS))
    return {**found, "samples": samples, "topProducts": products - samples, "ms": ms, "gradients": gradients}


def main():
    request = json.load(sys.stdin)
    torch.set_num_threads(request["threads"])
    torch.manual_seed(1)
    x, y = tensor(request["x"]), tensor(request["y"]).argmax(1)
    params = [tensor(p) for p in request["params"]]
    if request["network"] == "convnet":
        x, params = channels_first(x, params)
    model = Network({"mlp": mlp, "convnet": convnet}[request["network"]], params)
    loss = torch.nn.CrossEntropyLoss()
    v = [torch.randn_like(p) for p in model.parameters()]

    def gradient():
        torch.autograd.grad(loss(model(x), y), list(model.parameters()))

    answer = {"loss": loss(model(x), y).item()}
    measured = {
        "pytorch": lambda: pytorch(model, loss, x, y, v, gradient),
        "curvlinops": lambda: curvlinops(model, loss, x, y, v, gradient),
        "pyhessian": lambda: pyhessian(model, loss, x, y, request["standardError"], gradient),
    }
    for name, measure in measured.items():
        try:
            answer[name] = measure()
        except ImportError as error:
            print(f"{name}: {error}", file=sys.stderr)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
