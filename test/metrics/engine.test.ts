import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Probe } from '../../src/core/watching.js';
import { bottomEigenvalue } from '../../src/metrics/bottomEigenvalue.js';
import type { CurvatureConditions } from '../../src/metrics/curvatureConditions.js';
import { gaussNewtonTopEigenvalue } from '../../src/metrics/gaussNewtonTopEigenvalue.js';
import { gaussNewtonTrace } from '../../src/metrics/gaussNewtonTrace.js';
import { hessianTrace } from '../../src/metrics/hessianTrace.js';
import { nmeAlongGradient } from '../../src/metrics/nmeAlongGradient.js';
import { nmeNorm } from '../../src/metrics/nmeNorm.js';
import { nmeShare } from '../../src/metrics/nmeShare.js';
import { nmeTrace } from '../../src/metrics/nmeTrace.js';
import { rayleighGradient } from '../../src/metrics/rayleighGradient.js';
import { topEigenvalue } from '../../src/metrics/topEigenvalue.js';
import { stepOf } from '../conformance/stepOf.js';
import { type Expected, golden } from '../golden.js';

beforeAll(() => tf.setBackend('cpu'));

const samples = 'exact';
const probes: readonly [name: string, make: (c: CurvatureConditions) => Probe, of: (e: Expected) => number][] = [
  ['topEigenvalue', (c) => topEigenvalue({ ...c, tolerance: 1e-4 }), ({ hessian }) => hessian.topEigenvalue],
  ['bottomEigenvalue', (c) => bottomEigenvalue({ ...c, tolerance: 1e-4 }), ({ hessian }) => hessian.bottomEigenvalue],
  ['rayleighGradient', rayleighGradient, ({ hessian }) => hessian.rayleighGradient],
  ['hessianTrace', (c) => hessianTrace({ ...c, samples }), ({ hessian }) => hessian.trace],
  [
    'gaussNewtonTopEigenvalue',
    (c) => gaussNewtonTopEigenvalue({ ...c, tolerance: 1e-4 }),
    ({ gaussNewton }) => gaussNewton.topEigenvalue,
  ],
  ['gaussNewtonTrace', (c) => gaussNewtonTrace({ ...c, samples }), ({ gaussNewton }) => gaussNewton.trace],
  ['nmeTrace', (c) => nmeTrace({ ...c, samples }), ({ nme }) => nme.trace],
  ['nmeNorm', (c) => nmeNorm({ ...c, samples }), ({ nme }) => nme.frobenius],
  ['nmeShare', (c) => nmeShare({ ...c, samples }), ({ nme }) => nme.share],
  ['nmeAlongGradient', nmeAlongGradient, ({ nme }) => nme.alongGradient],
];

test.each(probes)('%s by finite differences is near the reference, and says which engine it is', (_, make, of) => {
  const { objective, expected, dispose } = golden('mlp-tanh');
  const { step, end } = stepOf(objective);
  const [reading, ...others] = make({ engine: 'finite-difference' }).measure(step);
  expect(reading!.attributes!.engine).toBe('finite-difference');
  expect(Math.abs((reading!.value as number) - of(expected))).toBeLessThan(5e-3 * Math.max(1, Math.abs(of(expected))));
  // Differences are what the self-check compares with.
  expect(others.map(({ name }) => name)).not.toContain('curvature.self_check');
  end();
  dispose();
});

test('probes of both engines in one step keep them apart, and the exact one is still checked', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const { step, ledger, end } = stepOf(objective);
  rayleighGradient({ engine: 'finite-difference' }).measure(step);
  const before = ledger.evaluations();
  const exact = rayleighGradient().measure(step);
  expect(exact.map(({ name }) => name)).toContain('curvature.self_check');
  expect(ledger.evaluations()).toBeGreaterThan(before);
  end();
  dispose();
});
