import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../../../../adapters/cli/study/simplicity/fit.js';
import { identities } from '../../../../adapters/cli/study/simplicity/identities.js';
import { endToEnd, linearNetwork } from '../../../../adapters/cli/study/simplicity/linearNetwork.js';
import { PRODUCTS_SIZE, products } from '../../../../adapters/cli/study/simplicity/products.js';
import { training } from '../../../../adapters/cli/study/simplicity/training.js';
import { memory } from '../../../../adapters/exporters/memory.js';
import { random } from '../../../../src/core/random.js';

beforeAll(() => tf.setBackend('cpu'));

/** Means of 640 draws of 32 × 32 Gaussian factors in NumPy at float64, and the spread of a draw. */
test.each([
  [1, 25.577, 0.33],
  [2, 21.163, 0.4],
  [4, 15.666, 0.5],
  [8, 10.282, 0.63],
  [16, 6.085, 0.7],
])('the effective rank of a product of %s Gaussian factors is that of NumPy', (depth, expected, spread) => {
  const draws = 16;
  const { measure } = products({ ...PRODUCTS_SIZE, draws });
  const found = measure({ network: 'linear, normal', depth }, { seed: 3, sinks: [] });
  expect(Math.abs(found['weights.effective_rank']! - expected)).toBeLessThan((4 * spread) / Math.sqrt(draws));
});

/** The same in NumPy: 200 draws of 256 Gaussian inputs, ReLU after each factor, nothing centred. */
test.each([
  [1, [27.101, 14.449], [0.172, 0.347]],
  [4, [15.893, 3.579], [1.781, 0.847]],
])('the ranks of what %s ReLU layers put out are those of NumPy', (depth, expected, spread) => {
  const draws = 8;
  const { measure } = products({ ...PRODUCTS_SIZE, draws });
  const found = measure({ network: 'ReLU, normal', depth }, { seed: 3, sinks: [] });
  const ranks = [found['features.effective_rank']!, found['gram.effective_rank']!];
  ranks.forEach((rank, i) => {
    expect(Math.abs(rank - expected[i]!)).toBeLessThan((4 * spread[i]!) / Math.sqrt(draws));
  });
});

/** A momentum optimizer of tfjs 4.22 forgets one scalar when it is disposed of. */
const FORGOTTEN = 1;

test('the identities hold at any seed, and leave no tensor', () => {
  const { conditions, measure } = identities();
  const before = tf.memory().numTensors;
  for (const condition of conditions) {
    for (const seed of [0, 11]) {
      const { error } = measure(condition, { seed, sinks: [] });
      expect(error, condition.identity as string).toBeLessThan(1e-5);
    }
  }
  // Two seeds trained a network each.
  expect(tf.memory().numTensors).toBe(before + 2 * FORGOTTEN);
});

test('one linear layer ends at W₀ + X⁺(Y − XW₀)', () => {
  tf.tidy(() => {
    // Orthogonal rows of length 2: X⁺ = Xᵀ/4.
    const x = tf.tensor2d([
      [2, 0, 0],
      [0, 1.2, 1.6],
    ]);
    const y = tf.tensor2d([
      [1, 0, 3],
      [0, 2, -1],
    ]);
    const [w] = linearNetwork(random(5), 3, 1);
    const start = w!.clone();
    const { residual } = fit([w!], { x, y }, []);
    const expected = start.add(tf.matMul(x, y.sub(tf.matMul(x, start)), true).div(4));
    // XW − Y is what is left, twice as large as W is away; ‖Y‖² = 15.
    const away = w!.sub(expected).norm().dataSync()[0]!;
    expect(residual).toBeLessThan(1e-4);
    expect(away).toBeCloseTo(Math.sqrt(residual * 15) / 2, 5);
    w!.dispose();
  });
});

const toy = training({ dimension: 4, examples: 3, ranks: [1], depths: [1, 2] });

test('a seed gives the same numbers, another seed others, and no tensor is left', () => {
  const before = tf.memory().numTensors;
  const at = (seed: number) => toy.measure({ rank: 1, depth: 2 }, { seed, sinks: [] });
  expect(at(1)).toEqual(at(1));
  expect(at(1)).not.toEqual(at(2));
  expect(tf.memory().numTensors).toBe(before + 4 * FORGOTTEN);
});

test('watching it changes nothing, and streams loss and effective rank of the product', () => {
  const kept = memory();
  const condition = { rank: 1, depth: 2 };
  const watched = toy.measure(condition, { seed: 1, sinks: [kept] });
  expect(watched).toEqual(toy.measure(condition, { seed: 1, sinks: [] }));
  expect(kept.values('train.loss').length).toBeGreaterThan(5);
  expect(kept.values('weights.effective_rank').at(-1)).toBeCloseTo(watched['weights.effective_rank']!, 0);
});

test('the product of the weights is the one matrix that the network is', () => {
  tf.tidy(() => {
    const weights = [
      tf.tensor2d([
        [1, 2],
        [0, 1],
      ]),
      tf.tensor2d([
        [0, 1],
        [1, 0],
      ]),
    ];
    expect([...endToEnd(weights).dataSync()]).toEqual([2, 1, 1, 0]);
  });
});
