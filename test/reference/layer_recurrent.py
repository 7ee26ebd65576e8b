"""Recurrent layers, one step after the other. A stateful one begins where it ended the batch before: with constants."""

import jax.numpy as jnp
from jax import lax

from layer_activations import activate
from layer_spatial import convolve, each


def dropped(config, name, x, scope, count):
    """A layer drops the same places at every step. tfjs draws a mask for each gate, and uses the first of them."""
    rate = config.get(name, 0)
    if not rate or not scope.training:
        return jnp.ones_like(x)
    return [scope.noise.mask(x.shape, rate) for _ in range(count)][0]


def dense_maps(config, x, read, gates):
    units = config["units"]
    kernel = read("kernel", [x.shape[-1], gates * units])
    recurrent = read("recurrent_kernel", [units, gates * units])
    bias = read("bias", [gates * units])
    return kernel, recurrent, bias


def simple_rnn(config, x, read, scope):
    kernel, recurrent, bias = dense_maps(config, x, read, 1)
    masks = (
        dropped(config, "dropout", x[:, 0], scope, 1),
        dropped(config, "recurrentDropout", zeros(x, config), scope, 1),
    )

    def step(x, states):
        z = (x * masks[0]) @ kernel + (states[0] * masks[1]) @ recurrent + bias
        h = activate(config.get("activation", "tanh"), z, scope)
        return h, [h]

    return step, [zeros(x, config)]


def lstm(config, x, read, scope):
    kernel, recurrent, bias = dense_maps(config, x, read, 4)
    masks = (
        dropped(config, "dropout", x[:, 0], scope, 4),
        dropped(config, "recurrentDropout", zeros(x, config), scope, 4),
    )

    def step(x, states):
        h, c = states
        parts = jnp.split((x * masks[0]) @ kernel + (h * masks[1]) @ recurrent + bias, 4, -1)
        return lstm_step(config, parts, c, scope)

    return step, [zeros(x, config)] * 2


def lstm_step(config, parts, c, scope):
    gate, squash = config.get("recurrentActivation", "hardSigmoid"), config.get("activation", "tanh")
    i, f, o = (activate(gate, parts[k], scope) for k in (0, 1, 3))
    c = f * c + i * activate(squash, parts[2], scope)
    h = o * activate(squash, c, scope)
    return h, [h, c]


def gru(config, x, read, scope):
    """The reset gate acts on the state before it meets its kernel."""
    kernel, recurrent, bias = dense_maps(config, x, read, 3)
    units, gate = config["units"], config.get("recurrentActivation", "hardSigmoid")
    masks = (
        dropped(config, "dropout", x[:, 0], scope, 3),
        dropped(config, "recurrentDropout", zeros(x, config), scope, 3),
    )

    def step(x, states):
        h = states[0] * masks[1]
        z_x, r_x, h_x = jnp.split((x * masks[0]) @ kernel + bias, 3, -1)
        z_h, r_h = jnp.split(h @ recurrent[:, : 2 * units], 2, -1)
        z, r = activate(gate, z_x + z_h, scope), activate(gate, r_x + r_h, scope)
        new = activate(config.get("activation", "tanh"), h_x + (r * h) @ recurrent[:, 2 * units :], scope)
        h = z * h + (1 - z) * new
        return h, [h]

    return step, [zeros(x, config)]


def conv_lstm(config, x, read, scope):
    size, filters = each(config["kernelSize"], 2), config["filters"]
    kernel = read("kernel", [*size, x.shape[-1], 4 * filters])
    recurrent = read("recurrent_kernel", [*size, filters, 4 * filters])
    bias = read("bias", [4 * filters])
    padding = config.get("padding", "valid")

    def step(x, states):
        h, c = states
        z = convolve(x, kernel, (1, 1), padding) + bias + convolve(h, recurrent, (1, 1), "same")
        return lstm_step(config, jnp.split(z, 4, -1), c, scope)

    shape = convolve(x[:, 0], kernel, (1, 1), padding).shape
    return step, [jnp.zeros([*shape[:-1], filters])] * 2


def stacked(config, x, read, scope):
    """The cells of an RNN layer feed each other within a step."""
    cells = [(CELLS[cell["layer"].removesuffix("Cell")], cell["config"]) for cell in config["cells"]]
    made, entering = [], x
    for index, (cell, cell_config) in enumerate(cells):
        step, states = cell(
            cell_config, entering, lambda part, shape, index=index: read(f"cell{index}/{part}", shape), scope
        )
        made.append((step, len(states), states))
        entering = jnp.zeros([*x.shape[:2], cell_config["units"]])

    def step(x, states):
        left, after = list(states), []
        for cell_step, count, _ in made:
            x, new = cell_step(x, left[:count])
            left, after = left[count:], after + new
        return x, after

    return step, [state for _, _, states in made for state in states]


CELLS = {"simpleRNN": simple_rnn, "lstm": lstm, "gru": gru, "convLstm2d": conv_lstm, "rnn": stacked}


def zeros(x, config):
    return jnp.zeros([x.shape[0], config["units"]])


def recurrent_layer(make):
    def layer(config, x, read, scope):
        step, zero = make(config, x, read, scope)
        outputs, states = walk(step, config, x, scope.mask, scope.carried.get(scope.path, zero))
        if config.get("stateful"):
            scope.carried[scope.path] = [lax.stop_gradient(state) for state in states]
        return jnp.stack(outputs, 1) if config.get("returnSequences") else outputs[-1]

    return layer


def walk(step, config, x, mask, states):
    """The outputs of all steps, and the states in the end. A masked step repeats output and states of the one before."""
    outputs, order = [], range(x.shape[1])
    for t in reversed(order) if config.get("goBackwards") else order:
        output, new_states = step(x[:, t], states)
        if mask is not None:
            keep = mask[:, t, None]
            output = jnp.where(keep, output, states[0])
            new_states = [jnp.where(keep, new, old) for new, old in zip(new_states, states)]
        states = new_states
        outputs.append(output)
    return outputs, states


def bidirectional(config, x, read, scope):
    inner, mode = config["layer"], config.get("mergeMode", "concat")
    run = RECURRENT_LAYERS[inner["layer"]]
    ahead = run(inner["config"], x, lambda part, shape: read(f"forward/{part}", shape), scope)
    back = run({**inner["config"], "goBackwards": True}, x, lambda part, shape: read(f"backward/{part}", shape), scope)
    if inner["config"].get("returnSequences"):
        back = back[:, ::-1]
    return MERGES[mode](ahead, back)


MERGES = {
    "concat": lambda a, b: jnp.concatenate([a, b], -1),
    "sum": lambda a, b: a + b,
    "ave": lambda a, b: (a + b) / 2,
    "mul": lambda a, b: a * b,
}

RECURRENT_LAYERS = {
    **{name: recurrent_layer(make) for name, make in CELLS.items()},
    "bidirectional": bidirectional,
}
