import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../../../../adapters/cli/study/simplicity/fit.js';
import { identities } from '../../../../adapters/cli/study/simplicity/identities.js';
import { images } from '../../../../adapters/cli/study/simplicity/images.js';
import { endToEnd, linearNetwork } from '../../../../adapters/cli/study/simplicity/linearNetwork.js';
import { PRODUCTS_SIZE, products } from '../../../../adapters/cli/study/simplicity/products.js';
import { training } from '../../../../adapters/cli/study/simplicity/training.js';
import { memory } from '../../../../adapters/exporters/memory.js';
import { random } from '../../../../src/core/random.js';

beforeAll(() => tf.setBackend('cpu'));

/** Means over draws, and the spread of one, as simplicity.py prints them: network by network, what it is and its depth. */
test.each([
  ['linear, normal', 1, [25.559], [0.33]],
  ['linear, normal', 2, [21.161], [0.37]],
  ['linear, normal', 4, [15.654], [0.499]],
  ['linear, normal', 8, [10.182], [0.627]],
  ['linear, normal', 16, [6.072], [0.681]],
  ['linear, uniform', 4, [15.867], [0.456]],
  ['ReLU, normal', 1, [27.103, 14.455], [0.165, 0.33]],
  ['ReLU, normal', 4, [15.657, 3.463], [1.725, 0.809]],
])(
  'the effective ranks of a random network, %s, of depth %s are those of NumPy',
  async (network, depth, expected, spread) => {
    const draws = 16;
    const { quantities, measure } = products({ ...PRODUCTS_SIZE, draws });
    const found = await measure({ network, depth }, { seed: 3, sinks: [] });
    const ranks = quantities.map(({ name }) => found[name]).filter((rank) => rank !== undefined);
    expect(ranks).toHaveLength(expected.length);
    ranks.forEach((rank, i) => {
      expect(Math.abs(rank - expected[i]!)).toBeLessThan((4 * spread[i]!) / Math.sqrt(draws));
    });
  },
);

/** A momentum optimizer of tfjs 4.22 forgets one scalar when it is disposed of. */
const FORGOTTEN = 1;

test('the identities hold at any seed, and leave no tensor', async () => {
  const { conditions, measure } = identities();
  const before = tf.memory().numTensors;
  for (const condition of conditions) {
    for (const seed of [0, 11]) {
      const { error } = await measure(condition, { seed, sinks: [] });
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

test('a seed gives the same numbers, another seed others, and no tensor is left', async () => {
  const before = tf.memory().numTensors;
  const at = async (seed: number) => toy.measure({ rank: 1, depth: 2 }, { seed, sinks: [] });
  const first = await at(1);
  expect(await at(1)).toEqual(first);
  expect(await at(2)).not.toEqual(first);
  expect(tf.memory().numTensors).toBe(before + 3 * FORGOTTEN);
});

test('watching it changes nothing, and streams loss and effective rank of the product', async () => {
  const kept = memory();
  const condition = { rank: 1, depth: 2 };
  const watched = await toy.measure(condition, { seed: 1, sinks: [kept] });
  expect(watched).toEqual(await toy.measure(condition, { seed: 1, sinks: [] }));
  expect(kept.values('train.loss').length).toBeGreaterThan(5);
  expect(kept.values('weights.effective_rank').at(-1)).toBeCloseTo(watched['weights.effective_rank']!, 0);
});

test('a network of factors is measured as the one that it collapses to, and leaves no tensor', async () => {
  const { measure, conditions } = images({ examples: 20, epochs: 1, depths: [2] });
  const before = tf.memory().numTensors;
  const found = await measure(conditions[0]!, { seed: 4, sinks: [] });
  expect(found['collapse.error']).toBeLessThan(1e-5);
  expect(found['weights.effective_rank']).toBeGreaterThan(1);
  expect(found['weights.effective_rank']).toBeLessThanOrEqual(32);
  // Shares of 1,777 and of 20 digits.
  expect(found['test.accuracy']! * 1777).toBeCloseTo(Math.round(found['test.accuracy']! * 1777), 2);
  expect(found['train.accuracy']! * 20).toBeCloseTo(Math.round(found['train.accuracy']! * 20), 4);
  expect(tf.memory().numTensors).toBe(before + FORGOTTEN);
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
