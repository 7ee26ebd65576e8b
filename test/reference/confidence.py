"""How a student's confidence deviates from its teacher's: Nagarajan et al. 2023, arXiv 2301.12923."""

import numpy as np
from jax import nn

from golden_json import tensor
from networks import dyadic

CLIP = 1e-6


def confidence_golden():
    random = np.random.default_rng(5)
    teacher, student = (dyadic(random.normal(size=(40, 5)) * scale) for scale in (2.0, 2.5))
    student = dyadic(0.7 * teacher + 0.5 * student)
    saturated = [teacher.copy(), student.copy()]
    saturated[0][:4] *= 16
    saturated[1][2:9] *= 16
    return {
        "plain": {**logits(teacher, student), "expected": deviation(teacher, student)},
        "saturated": {**logits(*saturated), "expected": deviation(*saturated)},
    }


def logits(teacher, student):
    return {"teacher": tensor(teacher), "student": tensor(student)}


def deviation(teacher, student):
    """c is the teacher's top class; X, Y = ln(u / (1 − u)) of what teacher and student give c, u clipped to [1e-6, 1 − 1e-6].

    The quarters are of the examples, by X. An example counts as clipped if its X or its Y is.
    """
    p, q = np.asarray(nn.softmax(teacher)), np.asarray(nn.softmax(student))
    top = np.argmax(teacher, -1)
    (x, x_clipped), (y, y_clipped) = log_odds(teacher, top), log_odds(student, top)
    order = np.argsort(x)
    quarter = len(x) // 4
    low, high = order[:quarter], order[-quarter:]
    check_margins(x[order], (y - x)[low], quarter)
    slope, intercept = np.polyfit(x, y, 1)
    return {
        "x": x,
        "y": y,
        "slope": slope,
        "intercept": intercept,
        "lowBelowShare": np.mean((y < x)[low]),
        "lowDeviation": np.median((y - x)[low]),
        "highDeviation": np.median((y - x)[high]),
        "agreement": np.mean(top == np.argmax(student, -1)),
        "totalVariation": np.mean(np.abs(p - q).sum(-1) / 2),
        "clippedShare": np.mean(x_clipped | y_clipped),
    }


def log_odds(z, c):
    """z_c − logsumexp of the other classes: u never comes near enough to 1 to lose digits. And where clipping sets in."""
    others = np.where(np.arange(z.shape[1]) == c[:, None], -np.inf, z)
    odds = np.take_along_axis(z, c[:, None], 1)[:, 0] - np.asarray(nn.logsumexp(others, -1))
    bound = np.log((1 - CLIP) / CLIP)
    assert np.abs(np.abs(odds) - bound).min() > 0.1, "the clipped share hangs by rounding"
    return np.clip(odds, -bound, bound), np.abs(odds) > bound


def check_margins(ascending, low, quarter):
    gaps = np.diff(ascending)
    assert min(gaps[quarter - 1], gaps[-quarter]) > 1e-3, "the quarters hang by rounding"
    assert np.abs(low).min() > 1e-3, "the share below hangs by rounding"
