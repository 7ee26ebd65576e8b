"""What NumPy says of the rank of weights and of Gram matrices, and of the activity of units, for some of the networks."""

import numpy as np

from evaluated import evaluated
from facts import hidden, unflat
from layers import forward
from low_rank import knn_error
from networks import NETWORKS

MEASURED = ["mlp-tanh", "mlp-relu", "conv-max-pool"]
THRESHOLDS = [0, 0.25]
CORRELATION = 0.8
NEIGHBOURS = 5


def rank_family_golden():
    return {name: rank_family(NETWORKS[name]()) for name in MEASURED}


def rank_family(network):
    w = np.concatenate([p.ravel() for p in network.params.values()])
    features = evaluated(lambda w: forward(network, unflat(network, w), "inference")[1])(w)
    return {
        "weights": {name: weight_rank(p) for name, p in network.params.items() if p.ndim > 1},
        "features": {name: of_features(features[name], network.y) for name in hidden(network)},
    }


def weight_rank(kernel):
    """Of the matrix [inputs, out]; s are its singular values, p = s / Σs."""
    s = np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)
    return {"effectiveRank": effective_rank(s), "stableRank": np.sum(s**2) / s[0] ** 2}


def of_features(features, y):
    phi = np.asarray(features).reshape(features.shape[0], -1)
    return {
        "gramEffectiveRank": effective_rank(np.linalg.svd(phi @ phi.T, compute_uv=False)),
        "activity": [activity(phi, threshold) for threshold in THRESHOLDS],
        **({"neighbours": of_neighbours(phi, y.argmax(1))} if (y.sum(1) == 1).all() else {}),
    }


def of_neighbours(phi, classes):
    return {"k": NEIGHBOURS, "error": knn_error(phi, classes, phi, classes, NEIGHBOURS, left_out=True)}


def effective_rank(values):
    p = values[values > 1e-12 * values[0]]
    p = p / p.sum()
    return np.exp(-np.sum(p * np.log(p)))


def activity(phi, threshold):
    assert np.abs(np.abs(phi) - threshold)[np.abs(phi) > 0].min() > 1e-5, "a unit is on by rounding"
    active = phi[:, (np.abs(phi) > threshold).any(0)]
    return {
        "threshold": threshold,
        "correlation": CORRELATION,
        "active": active.shape[1],
        "dead": phi.shape[1] - active.shape[1],
        "density": (phi > threshold).mean(),
        "distinct": distinct(active),
    }


def distinct(phi):
    """As the authors' code has it: the first unit that goes with any other is deleted, until none does."""
    assert np.ptp(phi, axis=0).min() > 0
    correlation = np.atleast_2d(np.corrcoef(phi.T)) - np.eye(phi.shape[1])
    assert np.abs(np.abs(correlation) - CORRELATION).min() > 1e-5, "a pair is alike by rounding"
    i = 0
    while i != len(correlation):
        if (np.abs(correlation[i]) > CORRELATION).any():
            correlation = np.delete(np.delete(correlation, i, axis=0), i, axis=1)
        else:
            i += 1
    return len(correlation)
