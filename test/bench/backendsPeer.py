"""Training steps of PyTorch for the bench `backends`: same network, weights, batch, learning rate and threads.

Reads one JSON object on the first line of standard input and answers with one; then, for each line that follows, with the
fastest of some steps, so that it and its peer can take turns.
"""

import json
import sys

import torch
from peers import channels_first, convnet, milliseconds, mlp, tensor

WARM_UP = 5
STEPS = 20
SUMS = 2000


def dispatch_us():
    one = torch.ones(())
    return 1000 * min(milliseconds(lambda: one + one) for _ in range(SUMS))


def main():
    request = json.loads(sys.stdin.readline())
    torch.set_num_threads(request["threads"])
    x, y = tensor(request["x"]), tensor(request["y"]).argmax(1)
    params = [tensor(p) for p in request["params"]]
    if request["network"] == "convnet":
        x, params = channels_first(x, params)
    network = {"mlp": mlp, "convnet": convnet}[request["network"]]
    params = [torch.nn.Parameter(p) for p in params]
    optimizer = torch.optim.SGD(params, lr=request["learningRate"])

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(x, *params), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    def answer(**values):
        print(json.dumps(values), flush=True)

    answer(loss=step(), dispatch=dispatch_us())
    for _ in sys.stdin:
        for _ in range(WARM_UP):
            step()
        answer(ms=min(milliseconds(step) for _ in range(STEPS)))


main()
