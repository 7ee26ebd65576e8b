"""The random numbers of tfjs: each random op seeds J. Baagøe's Alea generator with the text of one draw of Math.random."""

import numpy as np


class Noise:
    """Gives the ops of one forward pass their draws, 1/16, 2/16 and so on."""

    def __init__(self):
        self.drawn = 0

    def seed(self):
        self.drawn += 1
        return repr(self.drawn / 16)

    def uniform(self, shape):
        random = alea(self.seed())
        return np.reshape([random() for _ in range(np.prod(shape))], shape)

    def normal(self, shape):
        """By G. Marsaglia's polar method, both numbers of a pair in turn."""
        random, values = alea(self.seed()), []
        while len(values) < np.prod(shape):
            a, b = 2 * random() - 1, 2 * random() - 1
            s = a * a + b * b
            if 0 < s < 1:
                values += [a * np.sqrt(-2 * np.log(s) / s), b * np.sqrt(-2 * np.log(s) / s)]
        return np.reshape(values[: np.prod(shape)], shape)

    def mask(self, shape, rate):
        """Inverted dropout: 0 with probability `rate`, else 1 / (1 − rate)."""
        return np.floor(self.uniform(shape) + 1 - rate) / (1 - rate)


def alea(seed):
    mash = masher()
    state = [mash(" ") for _ in range(3)]
    state = [s + 1 if s < 0 else s for s in [s - mash(seed) for s in state]]
    carry = 1

    def next_number():
        nonlocal carry
        t = 2091639 * state.pop(0) + carry * 2.0**-32
        carry = int(t)
        state.append(t - carry)
        return state[-1]

    return next_number


def masher():
    n = float(0xEFC8249D)

    def mash(text):
        nonlocal n
        for character in text:
            n += ord(character)
            h = 0.02519603282416938 * n
            n = float(int(h) % 2**32)
            h = (h - n) * n
            n = float(int(h) % 2**32)
            n += (h - n) * 2.0**32
        return (int(n) % 2**32) * 2.0**-32

    return mash
