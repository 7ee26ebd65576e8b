"""What NumPy says of features: their singular values and ranks, as "SAM leads to low-rank features" and its code count them,
and how their nearest neighbours err.
"""

import numpy as np

from golden_json import tensor
from networks import dyadic

MARGIN = 1e-5
"""No count hangs by less: there float32 and float64 could differ."""

SETTINGS = {
    "text": ("columns", 0.99),
    "deep": ("rows", 0.99),
    "twoLayer": ("none", 0.9999),
}


def low_rank_golden():
    random = np.random.default_rng(5)
    features = decaying(random, 40, 12)
    rotation = np.linalg.qr(random.normal(size=(12, 12)))[0]
    versions = {
        "plain": features,
        "permuted": features[random.permutation(40)],
        "rotated": np.float32(features @ rotation).astype(np.float64),
        "withZeros": np.insert(features, [0, 5, 12], 0, axis=1),
    }
    known = {name: {"features": tensor(phi), "ranks": ranks(phi)} for name, phi in versions.items()}
    # A mean over the features of an example is no notion of a rotation, nor of a wider layer.
    for name in ("permuted", "rotated", "withZeros"):
        assert all(known[name]["ranks"][of] == known["plain"]["ranks"][of] for of in ("text", "twoLayer"))
    return {
        "versions": known,
        "singularValues": {centering: singular_values(features, centering) for centering in ("columns", "rows", "none")},
        "neighbours": neighbours(random),
    }


def decaying(random, examples, units):
    """Singular values that halve from one to the next, about a mean that is large."""
    u = np.linalg.qr(random.normal(size=(examples, units)))[0]
    v = np.linalg.qr(random.normal(size=(units, units)))[0]
    return dyadic(16 * (u * 0.5 ** np.arange(units)) @ v.T + 4 * random.normal(size=units))


def singular_values(phi, centering):
    means = {"columns": phi.mean(0), "rows": phi.mean(1, keepdims=True), "none": 0}
    return np.linalg.svd(phi - means[centering], compute_uv=False)


def ranks(phi):
    return {name: rank(singular_values(phi, centering), share) for name, (centering, share) in SETTINGS.items()}


def rank(s, share):
    """As the authors' code has it, #{cumsum(s²) <= share Σs²} + 1; not for s = 0, of which it makes the largest rank."""
    held = np.cumsum(s**2) / np.sum(s**2)
    assert np.abs(held - share).min() > MARGIN, "a rank hangs by rounding"
    return int(np.sum(held <= share)) + 1


def neighbours(random):
    """Three classes about three directions, of any length; the error of the k nearest, as the authors' code counts it."""
    classes = {"known": random.integers(3, size=40), "asked": random.integers(3, size=24)}
    directions = random.normal(size=(3, 6))
    sets = {
        name: dyadic((directions[of] + random.normal(size=(of.size, 6))) * random.uniform(0.5, 4, size=(of.size, 1)))
        for name, of in classes.items()
    }
    return {
        **{name: {"features": tensor(phi), "classes": classes[name]} for name, phi in sets.items()},
        "errors": [
            {
                "k": k,
                "againstKnown": knn_error(sets["asked"], classes["asked"], sets["known"], classes["known"], k),
                "leftOut": knn_error(sets["known"], classes["known"], sets["known"], classes["known"], k, left_out=True),
            }
            for k in (1, 4, 10)
        ],
    }


def knn_error(asked, asked_classes, known, known_classes, k, left_out=False):
    """Share of examples that are not of the class most common among the k of the largest cosine, the lowest of several.

    Of equally near ones the earlier is nearer; a row of zeros is as near to all as a right angle.
    """
    cosines = unit(asked) @ unit(known).T
    if left_out:
        np.fill_diagonal(cosines, -np.inf)
    order = np.sort(-cosines, axis=1)
    gaps = order[:, k] - order[:, k - 1]
    assert (gaps[gaps > 0] > MARGIN).all(), "a neighbour is near by rounding"
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    votes = np.array([np.bincount(known_classes[near]).argmax() for near in nearest])
    return np.mean(votes != asked_classes)


def unit(phi):
    lengths = np.linalg.norm(phi, axis=1, keepdims=True)
    return phi / np.where(lengths > 0, lengths, 1)
