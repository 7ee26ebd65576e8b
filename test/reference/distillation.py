"""(1 − α) CE(labels, softmax z) + α τ² CE(softmax(t / τ), softmax(z / τ)), averaged over the batch, and its gradient in z."""

import jax
import numpy as np
from jax import nn

from evaluated import evaluated
from golden_json import tensor
from losses import softmax_cross_entropy
from networks import dyadic


def distillation_golden():
    random = np.random.default_rng(7)
    teacher, student = (dyadic(random.normal(size=(8, 5)) * 3) for _ in range(2))
    labels = np.eye(5)[random.integers(5, size=8)]
    return {
        "teacher": tensor(teacher),
        "student": tensor(student),
        "labels": tensor(labels),
        "cases": {
            f"temperature {tau}, weight {alpha}": case(teacher, student, labels, tau, alpha)
            for tau in (1, 4)
            for alpha in (0.3, 1)
        },
    }


def case(teacher, student, labels, tau, alpha):
    def loss(z):
        soft = softmax_cross_entropy(z / tau, nn.softmax(teacher / tau))
        return (1 - alpha) * softmax_cross_entropy(z, labels) + alpha * tau**2 * soft

    value, gradient = evaluated(jax.value_and_grad(loss))(student)
    return {"temperature": tau, "weight": alpha, "loss": value, "gradient": gradient.ravel()}
