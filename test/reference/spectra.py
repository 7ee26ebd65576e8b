"""The rank of feature matrices, from singular values in float64."""

import numpy as np


def spectrum(features):
    """Of the matrix [batch, units], an example flattened to a row, columns centred; s are its singular values, p = s / Σs.

    rank             smallest k with Σ_{i<=k} s_i² >= 0.99 Σ s²
    spectralEntropy  −Σ p ln p, in nats
    effectiveRank    exp(−Σ p ln p): Roy and Vetterli 2007
    stableRank       Σ s² / max s²
    """
    matrix = np.asarray(features).reshape(features.shape[0], -1)
    centred = matrix - matrix.mean(0)
    s = np.linalg.svd(centred, compute_uv=False)
    share = np.cumsum(s**2) / np.sum(s**2)
    assert np.abs(share - 0.99).min() > 1e-5, "the 99 % rank hangs by rounding"
    p = s[s > 1e-12 * s[0]] / s.sum()
    entropy = -np.sum(p * np.log(p))
    return {
        "rank": int(np.argmax(share >= 0.99)) + 1,
        "effectiveRank": np.exp(entropy),
        "spectralEntropy": entropy,
        "stableRank": np.sum(s**2) / s[0] ** 2,
        "singularValues": s,
    }
