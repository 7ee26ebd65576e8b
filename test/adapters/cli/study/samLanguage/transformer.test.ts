import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { mailObjective } from '../../../../../adapters/cli/study/samLanguage/mailObjective.js';
import { transformer } from '../../../../../adapters/cli/study/samLanguage/transformer.js';
import { gradient } from '../../../../../src/core/gradient.js';
import type { Gradient, Objective } from '../../../../../src/core/objective.js';
import { random } from '../../../../../src/core/random.js';
import { microBatch } from '../../../../../src/interventions/microBatch.js';
import { sam } from '../../../../../src/interventions/sam.js';
import { numbers } from '../../../../conformance/objectiveOf.js';
import { distance, flat } from '../../../../golden.js';
import { transformerGolden } from '../../../../reference/transformer.js';

const { size, params, x, y, rho, fraction, expected } = transformerGolden;

let network: ReturnType<typeof transformer>;
let objective: Objective;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  tf.engine().startScope();
  network = transformer(size, random(0));
  Object.values(params).forEach(({ shape, values }, i) => network.params[i]!.assign(tf.tensor(values, shape)));
  const batch = { x: tf.tensor(x.values, x.shape, 'int32'), y: tf.tensor(y.values, y.shape) };
  objective = mailObjective(network, batch, 'inference');
});
afterEach(() => {
  network.dispose();
  tf.engine().endScope();
});

const flatOf = ({ grads }: Gradient): number[] => flat(network.params.map(({ name }) => grads[name]!));

test('the logits, the loss and the gradient of the transformer are those of JAX at float64', () => {
  numbers(objective.outputs!()[0]).forEach((z, i) => expect(z).toBeCloseTo(expected.logits[i]!, 5));
  const result = gradient(objective);
  expect(numbers(result.loss)[0]).toBeCloseTo(expected.loss, 6);
  expect(distance(flatOf(result), expected.gradient)).toBeLessThan(1e-5);
});

test('the optimizer gets of SAM, its ascent on a quarter of the mails, what JAX says', () => {
  const result = sam({ rho, ascentFraction: fraction })(gradient)(objective);
  expect(distance(flatOf(result), expected.samGradient)).toBeLessThan(1e-5);
  // Far from the plain one, so that the ascent is seen.
  expect(distance(expected.gradient, expected.samGradient)).toBeGreaterThan(0.01);
});

test('what stands where a mail has ended changes nothing, and gets no gradient', () => {
  const [words] = network.params;
  const before = numbers(objective.outputs!()[0]);
  const ofPadding = tf.slice(gradient(objective).grads[words!.name]!, 0, 1);
  expect(new Set(numbers(ofPadding))).toEqual(new Set([0]));
  const pad = tf.concat([tf.fill([1, size.width], 7), tf.zeros([size.words - 1, size.width])]);
  words!.assign(tf.add(words!, pad));
  expect(numbers(objective.outputs!()[0])).toEqual(before);
});

test('a word that no mail of the fraction has is not moved by the ascent', () => {
  const [words] = network.params;
  const part = microBatch('test', objective, fraction);
  const read = new Set(numbers(part.batch!.x as tf.Tensor));
  const byWord = tf.sum(tf.abs(gradient(part).grads[words!.name]!), 1);
  const moved = numbers(byWord).flatMap((size, word) => (size > 0 ? [word] : []));
  expect(moved).toEqual([...read].filter((word) => word !== 0).sort());
  expect(read.size).toBeLessThan(size.words);
});

test('words are dropped in training alone', () => {
  // Of few words none may be dropped in one pass, or the same in two.
  const losses = (mode: 'training' | 'inference') => {
    const { loss } = objective.withMode!(mode);
    return new Set(Array.from({ length: 20 }, () => numbers(loss())[0]));
  };
  expect(losses('inference').size).toBe(1);
  expect(losses('training').size).toBeGreaterThan(1);
});

test('weights are those of the seed', () => {
  const weightsOf = (seed: number) => {
    const one = transformer(size, random(seed));
    const values = flat(one.params);
    one.dispose();
    return values;
  };
  expect(weightsOf(4)).toEqual(weightsOf(4));
  expect(weightsOf(4)).not.toEqual(weightsOf(5));
});
