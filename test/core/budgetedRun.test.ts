import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/index.js';
import { budget } from '../../src/core/budget.js';
import { createRun } from '../../src/core/createRun.js';
import { gradient } from '../../src/core/gradient.js';
import type { Loop } from '../../src/core/run.js';
import type { Probe, Schedule } from '../../src/core/watching.js';
import { objectiveOf } from '../conformance/objectiveOf.js';

beforeAll(() => tf.setBackend('cpu'));

/** Steps of 1 ms, and a probe that takes ten times as long. */
function costlyRun(schedules: readonly Schedule[], steps: number) {
  let time = 0;
  const loop: Loop = {
    info: { id: 'run', name: 'run', started: 0 },
    offers: { outputs: false, batch: false, features: false, activations: false, loop: 'this loop', remedy: 'none' },
    alerts: [],
    now: () => time,
    within: (_, promise) => promise.then(() => true),
    unnoticed: (_, watch) => watch(),
  };
  const spent: { at: number; total: number }[] = [];
  const probes = schedules.map((_, i): Probe => {
    const name = `costly ${i}`;
    return {
      name,
      measures: [{ name, unit: '1' }],
      measure() {
        time += 10;
        spent.push({ at: time, total: 10 * (spent.length + 1) });
        return [{ name, value: 1 }];
      },
    };
  });
  const run = createRun({ metrics: probes.map((probe, i) => [probe, schedules[i]!] as const) }, loop);
  run.streams.measurements.subscribe();
  const w = tf.variable(tf.scalar(1));
  for (let i = 0; i < steps; i++) {
    const { loss, grads } = run.take((step) => objectiveOf([w], () => tf.square(w), step), gradient);
    tf.dispose([loss, grads]);
    time += 1;
  }
  w.dispose();
  return { spent, wall: time };
}

test('budget(0.05) keeps a probe that costs ten steps within 5 % of the time, from when the first is paid for', () => {
  const { spent, wall } = costlyRun([budget(0.05)], 4000);
  for (const { at, total } of spent.slice(1)) expect(total / at).toBeLessThanOrEqual(0.05);
  const share = spent.at(-1)!.total / wall;
  expect(share).toBeGreaterThan(0.045);
  expect(share).toBeLessThanOrEqual(0.05);
});

test('one budget given to two probes is theirs together', () => {
  const shared = budget(0.05);
  const { spent, wall } = costlyRun([shared, shared], 4000);
  expect(spent.at(-1)!.total / wall).toBeLessThanOrEqual(0.05);
});

test('budget(0.1) holds in a real run, whose probe costs ten steps', async () => {
  const w = tf.variable(tf.ones([64, 64]));
  const optimizer = tf.train.sgd(1e-3);
  const loss = () => tf.mean<tf.Scalar>(tf.square(tf.matMul(w as unknown as tf.Tensor2D, w as unknown as tf.Tensor2D)));
  const costly: Probe = {
    name: 'costly',
    measures: [{ name: 'costly', unit: '1' }],
    measure({ objective }) {
      for (let i = 0; i < 10; i++) tf.tidy(() => void gradient(objective));
      return [{ name: 'costly', value: 1 }];
    },
  };
  const run = instrument(optimizer, { metrics: [[costly, budget(0.1)]] });
  let [spent, measured] = [0, 0];
  run.measurements.subscribe(({ name, value }) => {
    if (name !== 'probe.cost') return;
    spent += value as number;
    measured++;
  });
  const started = performance.now();
  while (measured < 5 || performance.now() - started < 1000) optimizer.minimize(loss, false, [w]);
  const share = spent / (performance.now() - started);
  await run.stop();
  w.dispose();
  // The last measurement may have taken longer than the one before it, on a machine that others use.
  expect(share).toBeLessThan(0.12);
  expect(measured).toBeGreaterThanOrEqual(5);
});
