import jax
import numpy as np


def evaluated(f):
    """f compiled as one, with NumPy's arrays for values."""
    compiled = jax.jit(f)
    return lambda *arguments: jax.tree.map(np.asarray, compiled(*arguments))
