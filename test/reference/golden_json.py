"""JSON with a list of numbers on one line, and numbers of ten significant digits, so that the same run gives the same bytes."""

import json

import numpy as np


def golden_json(value, indent=""):
    if isinstance(value, dict):
        inner = indent + "  "
        lines = [f"{inner}{json.dumps(key)}: {golden_json(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[" + ", ".join(json.dumps(item) for item in value) + "]"
    return json.dumps(plain(value))


def plain(value):
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if np.ndim(value):
        return [plain(item) for item in np.asarray(value)]
    return number(float(value))


def number(x):
    """What is smaller than 1e-13 is a zero that was not computed as one."""
    assert np.isfinite(x)
    return 0.0 if abs(x) < 1e-13 else float(f"{x:.10g}")


def tensor(values):
    return {"shape": list(np.shape(values)), "values": exact(values)}


def exact(values):
    """Inputs: all digits, which are few, and the same number in float32."""
    values = np.ravel(values)
    assert np.array_equal(values, values.astype(np.float32).astype(np.float64))
    return [float(x) for x in values]
