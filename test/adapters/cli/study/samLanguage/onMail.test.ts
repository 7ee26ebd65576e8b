import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { identities } from '../../../../../adapters/cli/study/samLanguage/identities.js';
import { onMail } from '../../../../../adapters/cli/study/samLanguage/onMail.js';
import { memory } from '../../../../../adapters/exporters/memory.js';

beforeAll(() => tf.setBackend('cpu'));

const toy = onMail({
  train: [
    { mails: 32, steps: 3 },
    { mails: 64, steps: 9 },
  ],
  test: 64,
  words: 50,
  width: 4,
});
const at = (mails: number, method: string, seed = 1) => toy.measure({ mails, method }, { seed, sinks: [] });

test('the identities hold at any seed, and leave no tensor', async () => {
  const { conditions, measure, judge } = identities();
  const before = tf.memory().numTensors;
  const found = new Map<unknown, number[]>();
  for (const condition of conditions) {
    for (const seed of [0, 11]) {
      const { error } = await measure(condition, { seed, sinks: [] });
      found.set(condition.identity, [...(found.get(condition.identity) ?? []), error!]);
    }
  }
  const values = (_: string, { identity }: (typeof conditions)[number]) => found.get(identity)!;
  const failing = () => expect.fail('identities are judged by their values');
  const criteria = judge({ values, mean: failing, difference: failing });
  expect(criteria.map(({ name, passed }) => [name, passed])).toEqual(
    conditions.map(({ identity }) => [identity, true]),
  );
  expect(tf.memory().numTensors).toBe(before);
});

test('a seed gives the same numbers, another seed others, and no tensor is left', async () => {
  const before = tf.memory().numTensors;
  const first = await at(32, 'SAM');
  expect(await at(32, 'SAM')).toEqual(first);
  expect(await at(32, 'SAM', 2)).not.toEqual(first);
  expect(tf.memory().numTensors).toBe(before);
});

test('SAM has had its time when it has taken its steps, the others go on', async () => {
  const [full, quarter, plain] = [await at(64, 'SAM'), await at(64, 'SAM, f = 1/4'), await at(64, 'Adam')];
  expect(full['equal_time.loss']).toBe(full['equal_steps.loss']);
  expect(quarter['equal_time.loss']).not.toBe(quarter['equal_steps.loss']);
  expect(plain['equal_time.loss']).not.toBe(plain['equal_steps.loss']);
  for (const found of [full, quarter, plain]) {
    // Shares of 64 mails.
    expect((found['equal_steps.accuracy']! * 64) % 1).toBeCloseTo(0, 4);
    expect(Object.keys(found)).toEqual(toy.quantities.map(({ name }) => name));
  }
});

test('watching it changes nothing, and streams the loss and what SAM says of itself', async () => {
  const kept = memory();
  const watched = await toy.measure({ mails: 32, method: 'SAM, f = 1/4' }, { seed: 1, sinks: [kept] });
  expect(watched).toEqual(await at(32, 'SAM, f = 1/4'));
  expect(kept.values('train.loss')[0]).toBeGreaterThan(0);
  expect(kept.values('sam.ascent_norm')[0]).toBeCloseTo(0.15, 5);
  expect(kept.values('gradient.evaluations')[0]).toBe(1.25);
});
