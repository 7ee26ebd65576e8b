"""Reductions, scans, products of matrices, and what moves elements about."""

import jax
import jax.numpy as jnp
import numpy as np

from kernel_cases import add, w, x

# Reductions.
for name, function in [("sum", jnp.sum), ("mean", jnp.mean), ("max", jnp.max), ("min", jnp.min), ("prod", jnp.prod)]:
    add(f"{name} of all", lambda x, f=function: f(x), x(2, 3, 2))
    add(f"{name} of the last", lambda x, f=function: f(x, axis=-1), x(2, 3, 2))
    add(f"{name} of the first, kept", lambda x, f=function: f(x, axis=0, keepdims=True), x(2, 3, 2))
    add(f"{name} of first and last", lambda x, f=function: f(x, axis=(0, 2)), x(2, 3, 2))
HOLES = np.array([[0.0, 1, 1], [0, 1, 0], [1, 1, 1]])
add("prod with zeros", lambda x: jnp.prod(x * HOLES, axis=1), x(3, 3))
add("max of equals", lambda x: jnp.max(jnp.concatenate([x, x]), axis=0), x(2, 3))
add("min of equals", lambda x: jnp.min(jnp.concatenate([x, x]), axis=0), x(2, 3))
add("logSumExp", lambda x: jax.nn.logsumexp(x, axis=1), x(2, 4))
add("softmax", jax.nn.softmax, x(2, 4))
add("logSoftmax", jax.nn.log_softmax, x(2, 4))
add("moments", lambda x: [jnp.mean(x, axis=0), jnp.var(x, axis=0)], x(3, 2))
add("euclidean norm", lambda x: jnp.linalg.norm(x, axis=1), x(2, 4))


def scan(along, axis, exclusive, backward, start):
    def function(x):
        x = jnp.moveaxis(x, axis, -1)
        x = jnp.flip(x, -1) if backward else x
        y = along(jnp.concatenate([jnp.full_like(x[..., :1], start), x[..., :-1]], -1) if exclusive else x, axis=-1)
        return jnp.moveaxis(jnp.flip(y, -1) if backward else y, -1, axis)

    return function


for name, along, start in [("cumsum", jnp.cumsum, 0.0), ("cumprod", jnp.cumprod, 1.0)]:
    for axis in (0, 1, 2):
        add(f"{name} along {axis}", scan(along, axis, False, False, start), x(2, 2, 3))
    add(f"{name}, exclusive", scan(along, 0, True, False, start), x(3, 2))
    add(f"{name}, reverse", scan(along, 0, False, True, start), x(3, 2))
    add(f"{name}, exclusive and reverse", scan(along, 1, True, True, start), x(2, 5))
add("cumprod with zeros", lambda x: jnp.cumprod(x * HOLES, axis=1), x(3, 3))

# What moves elements about.
add("reshape", lambda x: x.reshape(3, 2), x(2, 3))
add("expandDims", lambda x: x[:, None], x(2, 3))
add("squeeze", lambda x: x[:, 0], x(2, 1, 3))
add("transpose", lambda x: x.transpose(2, 0, 1), x(2, 3, 2))
add("reverse", lambda x: jnp.flip(x, (0, 2)), x(2, 3, 2))
add("slice", lambda x: x[1:, :2], x(3, 3))
add("concat", lambda a, b: jnp.concatenate([a, b], 1), x(2, 1), w(2, 2))
add("stack", lambda a, b: jnp.stack([a, b], 1), x(2, 2), w(2, 2))
add("unstack", lambda x: [x[:, 0], x[:, 1]], x(2, 2, 2))
add("split", lambda x: [x[:, :1], x[:, 1:3], x[:, 3:]], x(2, 4))
add("one part of a split", lambda x: x[:, 1:3], x(2, 4))
add("tile", lambda x: jnp.tile(x, (2, 1, 3)), x(1, 2, 2))
add("broadcastTo", lambda x: jnp.broadcast_to(x, (2, 3, 2)), x(3, 1))
add("pad", lambda x: jnp.pad(x, [(1, 0), (0, 2)]), x(2, 2))
add("pad by a constant", lambda x: jnp.pad(x, [(1, 0), (0, 2)], constant_values=0.5), x(2, 2))
add("mirrorPad, reflect", lambda x: jnp.pad(x, [(1, 2), (0, 1)], mode="reflect"), x(3, 2))
add("mirrorPad, symmetric", lambda x: jnp.pad(x, [(3, 2), (1, 2)], mode="symmetric"), x(3, 2))
add("spaceToBatchND", lambda x: to_batch(jnp.pad(x, [(0, 0), (0, 1), (1, 0), (0, 0)])), x(2, 3, 3, 1))
add("batchToSpaceND", lambda x: from_batch(x)[:, :3, 1:], x(8, 2, 2, 1))
add("gather", lambda x: x[np.array([2, 0, 2])], x(3, 2))
add("gather along 1", lambda x: x[:, np.array([[2, 0], [2, 1]])], x(2, 3, 2))
ROWS = np.array([[2, 0, 2], [1, 1, 0]])
add("gather by batches", lambda x: jnp.stack([x[i][ROWS[i]] for i in range(2)]), x(2, 3, 2))
add("gather by batches along 2", lambda x: jnp.stack([x[i][:, ROWS[i]] for i in range(2)]), x(2, 2, 3))
add("unsortedSegmentSum", lambda x: jnp.stack([x[0] + x[2], jnp.zeros(2), x[1]]), x(3, 2))


def to_batch(x):
    """Blocks of 2 × 2: [b, 4, 4, c] to [4 b, 2, 2, c]."""
    return jnp.concatenate([x[:, i::2, j::2] for i in range(2) for j in range(2)])


def from_batch(x):
    """[4 b, 2, 2, c] to [b, 4, 4, c]."""
    return x.reshape(2, 2, -1, 2, 2, x.shape[-1]).transpose(2, 3, 0, 4, 1, 5).reshape(-1, 4, 4, x.shape[-1])


# Products.
for name, shape, other in [("", (2, 3), (3, 2)), (" of batches", (2, 2, 3), (2, 3, 2)), (", broadcast", (1, 2, 3), (2, 3, 2))]:
    turned = lambda s: (*s[:-2], s[-1], s[-2])
    swap = lambda a: jnp.swapaxes(a, -1, -2)
    add(f"matMul{name}", jnp.matmul, x(*shape), w(*other))
    add(f"matMul{name}, a turned", lambda a, b: swap(a) @ b, x(*turned(shape)), w(*other))
    add(f"matMul{name}, b turned", lambda a, b: a @ swap(b), x(*shape), w(*turned(other)))
    add(f"matMul{name}, both turned", lambda a, b: swap(a) @ swap(b), x(*turned(shape)), w(*turned(other)))
add("dot", lambda a, b: a @ b, x(3), w(3))
add("outerProduct", jnp.outer, x(2), w(3))
