"""Writes adapters/cli/data/digits.gen.ts: the 1,797 optical digits of scikit-learn, 8 by 8 pixels of 0..16.

Prints what digits.test.ts expects of them.

Run: python test/reference/digits.py, with numpy and scikit-learn (1.9.1 here).
"""

import base64
import json
import pathlib
import textwrap

import numpy as np
from sklearn.datasets import load_digits

ROOT = pathlib.Path(__file__).parents[2]

HEADER = """\
// Made by test/reference/digits.py.
//
// Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository,
// https://doi.org/10.24432/C50P49, licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
// The test part of that set, as scikit-learn distributes it; repacked, values unchanged.

"""


def pack(images: np.ndarray, labels: np.ndarray) -> bytes:
    """Pixels as 5 bits each, the first in the highest bits of a byte; then the labels, one byte each."""
    bits = np.unpackbits(images.astype(np.uint8)[..., None], axis=-1)[..., 3:]
    return np.packbits(bits.ravel()).tobytes() + labels.astype(np.uint8).tobytes()


def expected(images: np.ndarray, labels: np.ndarray) -> dict:
    """By class: how many images, the sum of their pixels, and that sum weighted by each pixel's place (from 1)."""
    places = np.arange(1, 65)
    classes = [images[labels == c].astype(np.int64) for c in range(10)]
    return {
        "counts": [len(c) for c in classes],
        "sums": [int(c.sum()) for c in classes],
        "weighted": [int((c * places).sum()) for c in classes],
    }


def main() -> None:
    images, labels = load_digits(return_X_y=True)
    assert images.shape == (1797, 64) and images.min() == 0 and images.max() == 16
    text = base64.b64encode(pack(images, labels)).decode()
    lines = "\n".join(f"  '{line}'," for line in textwrap.wrap(text, 116))
    module = f"{HEADER}export const count = {len(labels)};\n\n"
    module += "/** Pixels as 5 bits each, the first in the highest bits of a byte; then the labels, one byte each. */\n"
    module += f"export const base64 = [\n{lines}\n].join('');\n"
    (ROOT / "adapters/cli/data/digits.gen.ts").write_text(module)
    print(json.dumps(expected(images, labels)))


if __name__ == "__main__":
    main()
