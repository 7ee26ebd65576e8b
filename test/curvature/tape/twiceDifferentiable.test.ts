import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { derivatives } from '../../../src/curvature/derivatives/derivatives.js';
import { twiceDifferentiable } from '../../../src/curvature/tape/twiceDifferentiable.js';
import { numbers } from '../../conformance/objectiveOf.js';
import { onBackends, start } from '../onBackends.js';

type F = (x: tf.Tensor) => tf.Tensor;

const xs = [0.5, -1];
/** The first three derivatives of tanh, in closed form. */
const tanh = {
  first: xs.map((x) => 1 - Math.tanh(x) ** 2),
  second: xs.map((x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)),
  third: xs.map((x) => (1 - Math.tanh(x) ** 2) * (6 * Math.tanh(x) ** 2 - 2)),
};

const sumOfTanh: F = (x) => tf.sum(tf.tanh(x));
const slope = (f: F): F => tf.grad(f);
/** Of a sum of functions of one element each: their second derivatives. */
const bend = (f: F): F => slope((x) => tf.sum(slope(f)(x)));

/** tanh by a gradient of its own, which reads its result: made before any scope. */
const ownTanh = tf.customGrad((x, save) => {
  const y = tf.tanh(x as tf.Tensor);
  (save as tf.GradSaveFunc)([y]);
  return { value: y, gradFunc: (dy, [y]) => tf.mul(dy, tf.sub(1, tf.square(y!))) };
}) as F;

/** What a step of gradient descent at rate 1 on Σ (d tanh/dx)² leaves of x: x − 2 tanh′ tanh″. */
const stepped = xs.map((x, i) => x - 2 * tanh.first[i]! * tanh.second[i]!);

function step(around: (minimize: () => void) => void, within: <T>(f: () => T) => T): tf.Tensor {
  const x = tf.tidy(() => tf.variable(tf.tensor1d(xs)));
  const optimizer = tf.train.sgd(1);
  try {
    around(() => optimizer.minimize(() => within(() => tf.sum(tf.square(slope(sumOfTanh)(x)))), false, [x]));
    return tf.clone(x);
  } finally {
    tf.dispose([x]);
    optimizer.dispose();
  }
}

/** A Select on a condition that depends on x, a Step, and a rounding: none of them passes a derivative on. */
const branching: F = (x) =>
  tf.sum(tf.mul(tf.where(tf.greater(tf.tanh(x), 0), tf.square(x), tf.tanh(x)), tf.add(tf.step(x), tf.round(x))));
/** By hand: at 0.5 the factor is 1 + 0, at -1 it is 0 - 1. (0.5 rounds to even.) */
const branchingBends = [2, -tanh.second[1]!];

const plainly = <T>(f: () => T): T => f();

/** What is computed inside of a scope, and what it must give. */
const situations: readonly [string, (x: tf.Tensor) => tf.Tensor, readonly number[]][] = [
  ['a first gradient', (x) => twiceDifferentiable(() => slope(sumOfTanh)(x)), tanh.first],
  ['a gradient of a gradient', (x) => twiceDifferentiable(() => bend(sumOfTanh)(x)), tanh.second],
  ['a third derivative', (x) => twiceDifferentiable(() => slope((x) => tf.sum(bend(sumOfTanh)(x)))(x)), tanh.third],
  ['a function without curvature', (x) => twiceDifferentiable(() => bend((x) => tf.sum(tf.mul(x, 3)))(x)), [0, 0]],
  ['branches that pass no derivative on', (x) => twiceDifferentiable(() => bend(branching)(x)), branchingBends],
  [
    'a scope within the scope',
    (x) => twiceDifferentiable(() => twiceDifferentiable(() => bend(sumOfTanh)(x))),
    tanh.second,
  ],
  [
    'an inner scope that has ended, between gradients',
    (x) =>
      twiceDifferentiable(() => {
        twiceDifferentiable(() => tf.dispose(bend(sumOfTanh)(x)));
        return bend(sumOfTanh)(x);
      }),
    tanh.second,
  ],
  [
    'an inner scope that threw, between gradients',
    (x) =>
      twiceDifferentiable(() => {
        expect(() => twiceDifferentiable(failing)).toThrow('inside');
        return bend(sumOfTanh)(x);
      }),
    tanh.second,
  ],
  ['tidy around the scope', (x) => tf.tidy(() => twiceDifferentiable(() => bend(sumOfTanh)(x))), tanh.second],
  ['tidy within the scope', (x) => twiceDifferentiable(() => tf.tidy(() => bend(sumOfTanh)(x))), tanh.second],
  [
    'tidy within the gradient',
    (x) => twiceDifferentiable(() => bend((x) => tf.tidy(() => sumOfTanh(x)))(x)),
    tanh.second,
  ],
  ['a custom gradient made before', (x) => twiceDifferentiable(() => bend((x) => tf.sum(ownTanh(x)))(x)), tanh.second],
  [
    'a custom gradient within a custom gradient',
    (x) => {
      const outer = tf.customGrad((x, save) => {
        (save as tf.GradSaveFunc)([x as tf.Tensor]);
        return {
          value: ownTanh(x as tf.Tensor),
          gradFunc: (dy, [x]) => tf.mul(dy, slope((x) => tf.sum(ownTanh(x)))(x!)),
        };
      }) as F;
      return twiceDifferentiable(() => bend((x) => tf.sum(outer(x)))(x));
    },
    tanh.second,
  ],
  [
    'a function that returns its argument',
    (x) => twiceDifferentiable(() => slope((x) => tf.sum(tf.square(slope((x) => x)(x))))(x)),
    [0, 0],
  ],
  ['a step of an optimizer', () => step((minimize) => twiceDifferentiable(minimize), plainly), stepped],
  ["an optimizer's step around the scope", () => step(plainly, twiceDifferentiable), stepped],
  [
    'a gradient of tfjs around the scope, through branches',
    (x) => slope((x) => twiceDifferentiable(() => tf.sum(slope(branching)(x))))(x),
    branchingBends,
  ],
];

const failing = (): never => {
  throw new Error('inside');
};
const tanhThenFailing: F = (x) => {
  tf.tanh(x);
  return failing();
};

/** Where the function of the scope may throw. */
const failures: readonly [string, (x: tf.Tensor) => unknown][] = [
  ['at once', () => twiceDifferentiable(failing)],
  ['inside of a gradient', (x) => twiceDifferentiable(() => slope(tanhThenFailing)(x))],
  ['inside of a gradient of a gradient', (x) => twiceDifferentiable(() => bend(tanhThenFailing)(x))],
  ['inside of tidy', (x) => twiceDifferentiable(() => tf.tidy(() => slope(tanhThenFailing)(x)))],
  ['inside of a scope within', (x) => twiceDifferentiable(() => twiceDifferentiable(() => slope(tanhThenFailing)(x)))],
  [
    'inside of a custom gradient',
    (x) => {
      const custom = tf.customGrad((x, save) => {
        (save as tf.GradSaveFunc)([x as tf.Tensor]);
        return failing();
      }) as F;
      return twiceDifferentiable(() => slope(custom)(x));
    },
  ],
  [
    'on the way back',
    (x) => {
      const custom = tf.customGrad((x) => ({ value: tf.square(x as tf.Tensor), gradFunc: failing })) as F;
      return twiceDifferentiable(() => slope((x) => custom(tf.tanh(x)))(x));
    },
  ],
  ['inside of the loss of an optimizer', () => step((minimize) => twiceDifferentiable(minimize), failing)],
];

const engine = tf.engine() as unknown as Record<string, unknown> & {
  state: { activeTape: unknown; gradientDepth: number; kernelDepth: number };
};

/** All that a scope changes, and all that it might leave. */
const seen = () => ({
  methods: ['addTapeNode', 'saveTensorsForBackwardMode', 'runKernelFunc', 'customGrad', 'gradients'].map(
    (name) => engine[name],
  ),
  own: Object.keys(engine),
  registry: derivatives.map(({ kernelName }) => tf.getGradient(kernelName)),
  tape: engine.state.activeTape ?? null,
  depths: [engine.state.gradientDepth, engine.state.kernelDepth],
  tensors: tf.memory().numTensors,
});

onBackends(() => {
  let x: tf.Tensor1D;
  beforeAll(() => {
    x = tf.tensor1d(xs);
  });

  test.each(situations)(
    'with %s: derivatives are those of the closed form, and nothing stays changed',
    (_, f, wanted) => {
      const before = seen();
      const found = f(x);
      numbers(found).forEach((d, i) => {
        expect(d).toBeCloseTo(wanted[i]!, 5);
      });
      found.dispose();
      expect(seen()).toEqual(before);
    },
  );

  test.each(failures)('where its function throws %s, nothing stays changed', (_, f) => {
    const before = seen();
    expect(() => f(x)).toThrow('inside');
    expect(seen()).toEqual(before);
  });

  test('under profile, around the scope and within it: derivatives are right, and nothing stays changed', async () => {
    const before = seen();
    const results: tf.Tensor[] = [];
    await tf.profile(() => results.push(twiceDifferentiable(() => bend(sumOfTanh)(x))));
    const within = twiceDifferentiable(() => ({ done: tf.profile(() => results.push(bend(sumOfTanh)(x))) }));
    await within.done;
    expect(results).toHaveLength(2);
    for (const result of results) {
      numbers(result).forEach((d, i) => {
        expect(d).toBeCloseTo(tanh.second[i]!, 5);
      });
    }
    tf.dispose(results);
    expect(seen()).toEqual(before);
  });
});

describe('the scope', () => {
  beforeAll(() => start('cpu'));

  test('names a kernel that cannot be differentiated', () => {
    const product: F = (x) => tf.einsum('i->', tf.square(x));
    expect(() => twiceDifferentiable(() => tf.grad(product)(tf.tensor1d(xs)))).toThrow(
      'no derivative of the kernel Einsum is known',
    );
  });

  test('refuses an asynchronous function, and frees what that recorded', () => {
    const before = seen();
    const asynchronous = () => twiceDifferentiable(async () => slope(sumOfTanh)(tf.tensor1d(xs)));
    expect(() => tf.tidy(() => void asynchronous())).toThrow('f must be synchronous, it returned a promise');
    expect(seen()).toEqual(before);
  });
});
