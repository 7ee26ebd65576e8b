import { expect, test } from 'vitest';
import { gradientNorm } from '../../src/metrics/gradientNorm.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { golden, goldenNames } from '../golden.js';

testProbe({
  name: 'gradientNorm',
  make: gradientNorm,
  networks: goldenNames,
  expected: ({ expected }) => [{ name: 'gradient.norm', value: expected.gradientNorm }],
  tolerance: 2e-6,
  conditional: false,
});

test('gradientNorm costs nothing more where the step has the plain gradient', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const { step, ledger } = stepOf(objective);
  gradientNorm().measure(step);
  expect(ledger.evaluations()).toBe(1);
  dispose();
});
