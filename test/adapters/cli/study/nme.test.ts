import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../../../../adapters/cli/study/digits/fit.js';
import { ablation, UPDATES } from '../../../../adapters/cli/study/nme/ablation.js';
import { identities } from '../../../../adapters/cli/study/nme/identities.js';
import { measured } from '../../../../adapters/cli/study/nme/measured.js';
import { network } from '../../../../adapters/cli/study/nme/network.js';
import { traces } from '../../../../adapters/cli/study/nme/traces.js';
import { trained } from '../../../../adapters/cli/study/nme/trained.js';
import { memory } from '../../../../adapters/exporters/memory.js';
import { betaGelu } from '../../../../src/activations/betaGelu.js';
import type { Objective } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import { gradientPenalty } from '../../../../src/interventions/gradientPenalty.js';
import { secondDerivativeDensity } from '../../../../src/metrics/secondDerivativeDensity.js';

beforeAll(() => tf.setBackend('cpu'));

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
  expect(tf.memory().numTensors).toBe(before);
});

const TOY = { examples: 20, hidden: [5], epochs: 1, batchSize: 10 };
const toys = [ablation({ ...TOY, rhos: [0.4] }), traces({ ...TOY, variances: [0.001, 0.003, 0.01] })] as const;

test.each(toys)(
  'every condition of $name is measured, the same again at the same seed, and leaves no tensor',
  async (experiment) => {
    const { conditions, quantities, measure } = experiment;
    const seen = new Set<string>();
    for (const condition of conditions) {
      const before = tf.memory().numTensors;
      const first = await measure(condition, { seed: 1, sinks: [] });
      for (const name of Object.keys(first)) seen.add(name);
      expect(await measure(condition, { seed: 1, sinks: [] })).toEqual(first);
      expect(tf.memory().numTensors).toBe(before + 2 * FORGOTTEN);
    }
    expect(seen).toEqual(new Set(quantities.map(({ name }) => name)));
  },
);

test.each(toys)('watching $name changes nothing, and streams loss and traces', async ({ conditions, measure }) => {
  const kept = memory();
  const condition = conditions.at(-1)!;
  const watched = await measure(condition, { seed: 1, sinks: [kept] });
  expect(watched).toEqual(await measure(condition, { seed: 1, sinks: [] }));
  for (const name of ['train.loss', 'gauss_newton.trace', 'nme.trace']) expect(kept.values(name)).not.toHaveLength(0);
});

test('where training diverges accuracies are told, and traces are not', async () => {
  const found = await toys[1].measure({ method: '∇(L + ½σ² vᵀHv)', variance: 1e30 }, { seed: 1, sinks: [] });
  expect(Object.keys(found)).toEqual(['test.accuracy', 'train.accuracy']);
});

test('what is varied makes the difference: weights, data and their order are those of plain training', () => {
  const at = (interventions: Parameters<typeof trained>[2]['interventions'], seed = 1) => {
    let loss = 0;
    const after = (objective: Objective) => {
      loss = objective.loss().dataSync()[0]!;
      return {};
    };
    trained(TOY, { seed, sinks: [] }, { activation: betaGelu(), interventions, after });
    return loss;
  };
  const plain = at([]);
  // So weak a penalty changes nothing that is seen here; another draw would.
  expect(at([gradientPenalty(1e-6)])).toBeCloseTo(plain, 5);
  expect(at([gradientPenalty(0.4)])).not.toBeCloseTo(plain, 5);
  expect(at([], 2)).not.toBeCloseTo(plain, 2);
});

test('the network is the one that its formula says, and its activations can be replaced', () => {
  const { params, on } = network(random(1), [2, 2, 1], (x) => tf.mul(x, x));
  const values = [[[1, 2], [3, 4]], [0.5, -1], [[2], [-1]], [3]]; // biome-ignore format: kernel, bias, kernel, bias
  params.forEach((param, i) => param.assign(tf.tensor(values[i]! as number[], param.shape)));
  const objective = on({ x: tf.tensor2d([[1, -1]]), y: tf.tensor2d([[1]]) });
  // (1, −1) W + b = (−1.5, −3); 2 · 2.25 − 9 + 3 = −1.5.
  expect(objective.outputs!()[0]!.dataSync()[0]).toBeCloseTo(-1.5, 6);
  const flat = objective.withActivations!(
    () => (x) => x,
    () => objective.outputs!()[0]!.dataSync()[0]!,
  );
  expect(flat).toBeCloseTo(2 * -1.5 + 3 + 3, 6);
  tf.dispose([...params]);
});

test('of several layers the mean is told, and what a probe throws is thrown', () => {
  const { params, on } = network(random(1), [2, 3, 3, 2], betaGelu());
  const objective = on({ x: tf.ones([4, 2]), y: tf.tensor2d([[1, 0], [0, 1], [1, 0], [0, 1]]) }); // biome-ignore format: one line
  const name = 'activation.second_derivative_density';
  expect(measured(objective, [secondDerivativeDensity()])).toEqual({ [name]: 1 });
  // Of layers with shares of 0 and 1.
  const halves = objective.withActivations!(
    (activation, layer) => (layer === 'hidden1' ? tf.relu : activation),
    () => measured(objective, [secondDerivativeDensity()]),
  );
  expect(halves).toEqual({ [name]: 0.5 });
  expect(() => measured(objective, [secondDerivativeDensity({ layers: ['nowhere'] })])).toThrow('nowhere');
  tf.dispose([...params]);
});

/** By what the optimizer gets, as nme.py prints it: in NumPy at float64, every derivative by hand. */
test.each([
  ['plain', undefined, 1.080018],
  ['SAM', 'SAM: g(w + ρĝ)', 1.0755294],
  ['H', 'g + ρHĝ', 1.0736967],
  ['H with φ″ = 0', 'g + ρHĝ with φ″ = 0', 1.0721915],
  ['G', 'g + ρGĝ', 1.0707945],
])('five steps by formulas end at the loss that they have in NumPy: %s', (_, update, expected) => {
  const widths = [4, 5, 4, 3];
  const numbers = (count: number, f: (k: number) => number) => Array.from({ length: count }, (_, k) => f(k));
  tf.tidy(() => {
    const { params, on } = network(random(1), widths, betaGelu());
    params.forEach((param, i) => {
      const layer = Math.floor(i / 2);
      const kernel = numbers(param.size, (k) => 0.8 * Math.sin(1.7 * k + layer));
      const bias = numbers(param.size, (k) => 0.1 * Math.cos(k + layer));
      param.assign(tf.tensor(i % 2 === 0 ? kernel : bias, param.shape));
    });
    const x = tf.tensor2d(
      numbers(24, (k) => Math.sin(0.9 * k)),
      [6, 4],
    );
    const y = tf.cast(tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3), 'float32') as tf.Tensor;
    const interventions = update ? [UPDATES[update]!(0.8)] : [];
    const how = { learningRate: 0.1, epochs: 5, batchSize: 6, seed: 1, sinks: [], metrics: [] };
    fit(on, { x, y }, { ...how, interventions, offers: ['outputs', 'activations'] });
    expect(on({ x, y }).loss().dataSync()[0]).toBeCloseTo(expected, 5);
    tf.dispose([...params]);
  });
});
