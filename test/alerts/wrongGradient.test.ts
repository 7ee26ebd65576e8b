import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, test } from 'vitest';
import { repairWasm } from '../../adapters/backends/repairWasm.js';
import { instrument } from '../../adapters/tfjs/index.js';
import type { InstrumentOptions } from '../../adapters/tfjs/types.js';
import { repairGradients } from '../../src/curvature/checks/repairGradients.js';
import { type Alert, every, gradientNorm, sam, topEigenvalue } from '../../src/index.js';
import { start } from '../curvature/onBackends.js';

type Pool = (image: tf.Tensor4D) => tf.Tensor;

const overBorder: Pool = (image) => tf.avgPool(image, 2, 2, 'same');
const within: Pool = (image) => tf.avgPool(image, 2, 1, 'valid');

/** Two steps on the sum of squares of a pooled image; the alerts that they raise with no rule given. */
async function alertsOf(pool: Pool, options: InstrumentOptions = {}): Promise<Alert[]> {
  const image = tf.variable(tf.randomNormal([1, 3, 3, 1], 0, 1, 'float32', 1) as tf.Tensor4D);
  const optimizer = tf.train.sgd(0.01);
  const alerts: Alert[] = [];
  const run = instrument(optimizer, { metrics: [[gradientNorm(), every(1)]], ...options });
  run.alerts.subscribe((alert) => alerts.push(alert));
  for (let i = 0; i < 2; i++) optimizer.minimize(() => tf.sum(tf.square(pool(image))), false, [image]);
  await run.stop();
  image.dispose();
  return alerts;
}

const named = (kernel: string, backend: string) => ({
  id: 'wrong gradient',
  severity: 'critical',
  state: 'raised',
  message: expect.stringContaining(`TensorFlow.js has a wrong gradient of ${kernel} on ${backend}: call repair`),
  measurement: { name: 'gradient.self_check', step: 0, attributes: { kernel, backend, verdict: 'wrong' } },
});

let undo = (): void => {};
afterEach(() => {
  undo();
  undo = () => {};
});

describe.each(['cpu', 'wasm'] as const)('on %s as tfjs ships it', (backend) => {
  const stock = async () => {
    await start(backend);
    if (backend === 'wasm') {
      repairWasm()();
      undo = () => void repairWasm();
    }
  };

  test('average pooling over a border is a critical alert in any run that is watched, and the kernel is named', async () => {
    await stock();
    expect(await alertsOf(overBorder)).toMatchObject([named('AvgPool', backend)]);
  });

  test('an interpolation with half pixel centers is one, on whichever backend', async () => {
    await stock();
    const half: Pool = (image) => tf.image.resizeBilinear(image, [2, 2], false, true);
    expect(await alertsOf(half)).toMatchObject([named('ResizeBilinear', backend)]);
  });

  test('average pooling within the image is none', async () => {
    await stock();
    expect(await alertsOf(within)).toEqual([]);
  });
});

test('the remedy is the one that helps, and helps', async () => {
  await start('wasm');
  repairWasm()();
  const [alert] = await alertsOf(overBorder);
  expect(alert?.message).toContain('call repairWasm() of sharpstream/node');
  repairWasm();
  expect(await alertsOf(overBorder)).toEqual([]);
  await start('cpu');
  const [other] = await alertsOf(overBorder);
  expect(other?.message).toContain('call repairGradients() of sharpstream/curvature');
  undo = repairGradients();
  expect(await alertsOf(overBorder)).toEqual([]);
});

test('a kernel that is named is named once: the check by differences adds nothing', async () => {
  await start('cpu');
  const metrics = [[topEigenvalue(), every(1)]] as const;
  expect(await alertsOf(overBorder, { metrics })).toMatchObject([named('AvgPool', 'cpu')]);
});

test('a custom gradient that is none of a kernel is found by differences, and says so', async () => {
  await start('cpu');
  const reversed = tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy) => tf.neg(dy) }));
  const alerts = await alertsOf((image) => reversed(image), { metrics: [[topEigenvalue(), every(1)]] });
  expect(alerts).toMatchObject([{ id: 'wrong gradient', measurement: { attributes: { verdict: 'wrong' } } }]);
  expect(alerts[0]!.message).toContain('a custom gradient is yours to mend');
});

test('the weights of a run that tries its gradients are those of one that does not, bit for bit', async () => {
  await start('cpu');
  const weightsAfter = async (instrumented: boolean): Promise<number[]> => {
    const image = tf.variable(tf.randomNormal([1, 3, 3, 1], 0, 1, 'float32', 1) as tf.Tensor4D);
    const optimizer = tf.train.adam(0.1);
    const run = instrumented ? instrument(optimizer, { metrics: [[gradientNorm(), every(1)]] }) : undefined;
    run?.alerts.subscribe();
    for (let i = 0; i < 3; i++) optimizer.minimize(() => tf.sum(tf.square(overBorder(image))), false, [image]);
    await run?.stop();
    const weights = [...image.dataSync()];
    image.dispose();
    return weights;
  };
  expect(await weightsAfter(true)).toEqual(await weightsAfter(false));
});

test('with an intervention that takes several gradients, a kernel is named once', async () => {
  await start('cpu');
  expect(await alertsOf(overBorder, { interventions: [sam()] })).toHaveLength(1);
});
