"""Writes arrays as NumPy saves them, with the numbers they hold: python numpy_arrays.py > ../adapters/cli/measure/numpy.json"""

import base64
import io
import json

import numpy as np


def saved(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return {
        "npz": base64.b64encode(file.getvalue()).decode(),
        "arrays": {
            name: {"dtype": a.dtype.str, "shape": list(a.shape), "values": [float(v) for v in a.ravel(order="C")]}
            for name, a in arrays.items()
        },
    }


matrix = np.array([[0.5, -1.25, 3.0], [1e-8, 7.0, -2.5]])
cube = np.arange(24).reshape(2, 3, 4)
dtypes = ["<f4", "<f8", ">f4", ">f8", "<i2", "<i4", "<i8", ">i8", "<u2", "<u4", "<u8", "|i1", "|u1"]

print(
    json.dumps(
        {
            "every dtype": saved(np.savez, **{d.strip("<>|") + ("_big" if d[0] == ">" else ""): cube.astype(d) for d in dtypes}),
            "compressed": saved(np.savez_compressed, x=matrix, y=matrix[:, 0]),
            "in Fortran order": saved(np.savez, x=np.asfortranarray(matrix), y=np.asfortranarray(cube).transpose(1, 0, 2)),
            "booleans": saved(np.savez, x=matrix > 0),
            "a scalar and nothing": saved(np.savez, x=np.float32(3.5), y=np.zeros((0, 3))),
        },
        indent=1,
    )
)
