import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { gaussNewtonTrace } from '../../src/metrics/gaussNewtonTrace.js';
import { hessianTrace } from '../../src/metrics/hessianTrace.js';
import { nmeNorm } from '../../src/metrics/nmeNorm.js';
import { nmeShare } from '../../src/metrics/nmeShare.js';
import { nmeTrace } from '../../src/metrics/nmeTrace.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { type Expected, golden } from '../golden.js';

// Unit vectors give the exact value, at the price of a product for each of the weights: 52 and 138 of them.
const probes = [
  {
    make: hessianTrace,
    name: 'hessian.trace',
    network: 'linear-softmax',
    expected: ({ hessian }: Expected) => hessian.trace,
  },
  {
    make: gaussNewtonTrace,
    name: 'gauss_newton.trace',
    network: 'linear-softmax',
    expected: ({ gaussNewton }: Expected) => gaussNewton.trace,
  },
  { make: nmeTrace, name: 'nme.trace', network: 'mlp-tanh', expected: ({ nme }: Expected) => nme.trace },
  { make: nmeNorm, name: 'nme.norm', network: 'mlp-tanh', expected: ({ nme }: Expected) => nme.frobenius },
  { make: nmeShare, name: 'nme.share', network: 'mlp-tanh', expected: ({ nme }: Expected) => nme.share },
] as const;

for (const { make, name, network, expected } of probes) {
  testProbe({
    name,
    make: (conditions) => make({ samples: 'exact', ...conditions }),
    networks: [network],
    expected: (known) => [{ name, value: expected(known.expected), attributes: { engine: 'exact' } }],
    tolerance: 2e-5,
  });

  test(`${name} by random directions lies within 4 of its standard errors`, () => {
    const { objective, expected: known, dispose } = golden('mlp-gelu');
    const { step, end } = stepOf(objective);
    const { value, standardError } = make({ samples: 64 }).measure(step)[0]!;
    expect(standardError).toBeGreaterThan(0);
    expect(Math.abs((value as number) - expected(known))).toBeLessThan(4 * standardError!);
    end();
    dispose();
  });

  test.each([0, 1, 2.5, NaN])(`${name} refuses %s samples`, (samples) => {
    expect(() => make({ samples })).toThrow(`samples must be an integer of at least 2, or 'exact', got ${samples}`);
  });
}

test('the trace probes of a step share record and directions: tr NME is tr H − tr G', () => {
  const { objective, dispose } = golden('mlp-gelu');
  const { step, ledger, end } = stepOf(objective);
  const value = (probe: ReturnType<typeof nmeTrace>) => probe.measure(step)[0]!.value as number;
  const h = value(hessianTrace({ samples: 5 }));
  const before = ledger.evaluations();
  const [g, n] = [value(gaussNewtonTrace({ samples: 5 })), value(nmeTrace({ samples: 5 }))];
  expect(ledger.evaluations()).toBe(before);
  expect(n).toBeCloseTo(h - g, 4);
  value(hessianTrace({ samples: 6 }));
  expect(ledger.evaluations() - before).toBeCloseTo((6 * 8) / 3, 10);
  end();
  dispose();
});

test('probes on one fixed set share record and directions, whether or not they were given it in one object', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const { step, ledger, end } = stepOf(objective);
  const { x, y } = objective.batch!;
  const [h, g, nme] = [hessianTrace, gaussNewtonTrace, nmeTrace].map(
    (make) => make({ samples: 3, on: { x, y } }).measure(step)[0]!.value as number,
  );
  expect(h! - g!).toBeCloseTo(nme!, 5);
  const evaluations = ledger.evaluations();
  nmeNorm({ samples: 3, on: { x, y } }).measure(step);
  expect(ledger.evaluations()).toBe(evaluations);
  end();
  dispose();
});

const layerOf = (name: string): string => name.slice(0, name.lastIndexOf('/'));

test.each([
  [hessianTrace, 'hessian'],
  [gaussNewtonTrace, 'gaussNewton'],
  [nmeTrace, 'nme'],
] as const)('%o by layer and by parameter is the trace of each block, at the cost of the whole', (make, matrix) => {
  const { name, objective, expected, dispose } = golden('mlp-tanh');
  const { step, ledger, end } = stepOf(objective);
  const { blocks, trace } = expected[matrix];
  make({ samples: 'exact' }).measure(step);
  const before = ledger.evaluations();
  const readings = (by: 'layer' | 'parameter') => make({ samples: 'exact', by }).measure(step);
  const ofParameters = readings('parameter');
  const ofLayers = readings('layer');
  expect(ledger.evaluations()).toBe(before);
  expect(ofParameters).toHaveLength(objective.params.length);
  for (const { value, attributes } of ofParameters) {
    const [, block] = Object.entries(blocks).find(([known]) => String(attributes!.parameter).endsWith(known))!;
    expect(value).toBeCloseTo(block.trace, 5);
  }
  const layers = [...new Set(Object.keys(blocks).map(layerOf))];
  expect(ofLayers).toHaveLength(layers.length);
  for (const [i, layer] of layers.entries()) {
    const own = Object.entries(blocks).filter(([known]) => layerOf(known) === layer);
    expect(String(ofLayers[i]!.attributes!.layer)).toMatch(new RegExp(`^${name}.*${layer}$`));
    expect(ofLayers[i]!.value).toBeCloseTo(
      own.reduce((sum, [, block]) => sum + block.trace, 0),
      5,
    );
  }
  expect(ofLayers.reduce((sum, { value }) => sum + (value as number), 0)).toBeCloseTo(trace, 4);
  end();
  dispose();
});

test('a block by random directions lies within 4 of its standard errors', () => {
  const { objective, expected, dispose } = golden('mlp-gelu');
  const { step, end } = stepOf(objective);
  for (const { value, standardError, attributes } of hessianTrace({ samples: 64, by: 'parameter' }).measure(step)) {
    const known = Object.entries(expected.hessian.blocks).find(([name]) =>
      String(attributes?.parameter).endsWith(name),
    );
    if (!known) continue; // The self-check.
    expect(Math.abs((value as number) - known[1].trace)).toBeLessThan(4 * standardError! + 1e-5);
  }
  end();
  dispose();
});

test('samples are drawn until the standard error is reached, and no more than are allowed', () => {
  const { objective, dispose } = golden('linear-softmax');
  const { step, ledger, end } = stepOf(objective);
  hessianTrace({ samples: 2 }).measure(step); // With the record, and the self-check.
  const spent = (standardError: number) => {
    const before = ledger.evaluations();
    const { value, standardError: reached } = hessianTrace({ samples: 400, standardError }).measure(step)[0]!;
    return { samples: ((ledger.evaluations() - before) * 3) / 8, relative: reached! / (value as number) };
  };
  const [loose, tight, never] = [0.2, 0.05, 1e-9].map(spent);
  expect(loose!.relative).toBeLessThan(0.2);
  expect(tight!.relative).toBeLessThan(0.05);
  expect(loose!.samples).toBeLessThan(tight!.samples);
  expect(tight!.samples).toBeLessThan(400);
  expect(never!.samples).toBeCloseTo(400, 6);
  end();
  dispose();
});

test.each([hessianTrace, gaussNewtonTrace, nmeTrace, nmeNorm, nmeShare])(
  '%o refuses a standard error that is none',
  (make) => {
    expect(() => make({ standardError: 0 })).toThrow('standardError must be positive and finite, got 0');
  },
);

test('a trace refuses blocks of anything but layers and parameters', () => {
  expect(() => nmeTrace({ by: 'unit' as never })).toThrow(
    "nmeTrace: by must be 'layer' or 'parameter', got unit; leave it out for the whole",
  );
});

test('hessianTrace needs no outputs; the others do, and say so', () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const { step } = stepOf(objectiveOf([w], () => tf.pow(w, 3)));
  expect(hessianTrace({ samples: 'exact' }).measure(step)[0]!.value).toBeCloseTo(18, 4);
  for (const probe of [gaussNewtonTrace(), nmeTrace(), nmeNorm(), nmeShare()]) {
    expect(probe.needs?.outputs).toBe(true);
    expect(() => probe.measure(step)).toThrow('needs the outputs of the model');
  }
});
