import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import type { Objective } from '../../src/core/objective.js';
import type { Probe } from '../../src/core/watching.js';
import { bottomEigenvalue } from '../../src/metrics/bottomEigenvalue.js';
import type { EigenvalueOptions } from '../../src/metrics/eigenvalueProbe.js';
import { gaussNewtonTopEigenvalue } from '../../src/metrics/gaussNewtonTopEigenvalue.js';
import { penaltyTopEigenvalue } from '../../src/metrics/penaltyTopEigenvalue.js';
import { rayleighGradient } from '../../src/metrics/rayleighGradient.js';
import { sharpnessStability } from '../../src/metrics/sharpnessStability.js';
import { topEigenvalue } from '../../src/metrics/topEigenvalue.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { runLedger, stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { type Expected, golden, goldenNames } from '../golden.js';

const members = [
  { make: bottomEigenvalue, name: 'hessian.bottom_eigenvalue', of: (e: Expected) => e.hessian.bottomEigenvalue },
  {
    make: gaussNewtonTopEigenvalue,
    name: 'gauss_newton.top_eigenvalue',
    of: (e: Expected) => e.gaussNewton.topEigenvalue,
  },
] as const;

for (const { make, name, of } of members) {
  testProbe({
    name,
    make: (conditions) => make({ tolerance: 1e-6, maxProducts: 200, ...conditions }),
    networks: ['mlp-tanh', 'conv-max-pool'],
    expected: ({ expected }) => [{ name, value: of(expected), attributes: { engine: 'exact' } }],
    tolerance: 5e-5,
  });
}

describe.each(goldenNames)('as they stop by default, on %s', (name) => {
  const { objective, expected, dispose } = golden(name);
  afterAll(dispose);
  const { topEigenvalue: top, bottomEigenvalue: bottom } = expected.hessian;
  const largest = Math.max(Math.abs(top), Math.abs(bottom));
  const error = (probe: Probe, known: number) => Math.abs((value(probe, objective) as number) - known) / largest;

  test('the top errs by 1 % at most', () => {
    expect(error(topEigenvalue(), top)).toBeLessThan(0.01);
  });

  test('the bottom, amid its neighbours, errs by 1 % at most', () => {
    expect(error(bottomEigenvalue(), bottom)).toBeLessThan(0.01);
  });
});

/** A loss ½ Σ cᵢ wᵢ², whose Hessian has the cᵢ for eigenvalues, at w = (at, …). */
const bowl = (curvatures: readonly number[], at = 1): Objective => {
  const w = tf.variable(tf.fill([curvatures.length], at));
  return objectiveOf([w], () => tf.mul(tf.square(w), tf.tensor1d(curvatures.map((c) => c / 2))));
};

const value = (probe: Probe, ...step: Parameters<typeof stepOf>) => probe.measure(stepOf(...step).step)[0]?.value;

test('bottomEigenvalue of a bowl is its smallest curvature, not the smallest in size', () => {
  expect(value(bottomEigenvalue(), bowl([3, -7, 1]))).toBeCloseTo(-7, 4);
  expect(value(bottomEigenvalue(), bowl([3, 0.5, 1]))).toBeCloseTo(0.5, 4);
});

test('both ends of a spectrum are looked for in one space: the second asks for what is missing', () => {
  const curvatures = Array.from({ length: 80 }, (_, i) => i / 40 - 1);
  const [ledger, alone] = [runLedger(), runLedger()];
  const { step } = stepOf(bowl(curvatures), 1, ledger);
  expect(topEigenvalue({ tolerance: 1e-4 }).measure(step)[0]!.value).toBeCloseTo(1 - 1 / 40, 3);
  const before = ledger.evaluations();
  expect(bottomEigenvalue({ tolerance: 1e-4 }).measure(step)[0]!.value).toBeCloseTo(-1, 3);
  const second = ledger.evaluations() - before;
  value(rayleighGradient(), bowl(curvatures), 1, alone); // The self-check.
  const checked = alone.evaluations();
  value(bottomEigenvalue({ tolerance: 1e-4 }), bowl(curvatures), 1, alone);
  expect(second).toBeLessThan((alone.evaluations() - checked) / 2);
});

test('bottomEigenvalue begins where it ended', () => {
  const curvatures = Array.from({ length: 60 }, (_, i) => i / 60 - 2 * Number(i === 7));
  const [ledger, probe] = [runLedger(), bottomEigenvalue()];
  value(probe, bowl([1]), 1, ledger); // The self-check.
  const [first, again] = [1, 2].map(() => {
    const before = ledger.evaluations();
    expect(value(probe, bowl(curvatures, 0), 1, ledger)).toBeCloseTo(7 / 60 - 2, 2);
    return ledger.evaluations() - before;
  });
  expect(again).toBeLessThan(first!);
});

test.each([topEigenvalue, bottomEigenvalue])(
  'an eigenvalue whose products did not suffice says that it has not converged',
  (make) => {
    const objective = bowl(Array.from({ length: 40 }, (_, i) => i));
    const found = (options: EigenvalueOptions) => make(options).measure(stepOf(objective).step).slice(0, 2);
    for (const { attributes } of found({ tolerance: 1e-5, maxProducts: 3 })) expect(attributes!.converged).toBe(false);
    for (const { attributes } of found({})) expect(attributes).toEqual({ engine: 'exact' });
  },
);

describe('sharpnessStability', () => {
  const at = (kind: string, learningRate: number, momentum?: number, nesterov?: boolean) =>
    value(sharpnessStability(), bowl([10, 1]), 1, runLedger(), { kind, learningRate, momentum, nesterov });

  test('is λ_max over 2/η for SGD, over 2(1 + β)/η for heavy-ball momentum', () => {
    expect(at('SGD', 0.1)).toBeCloseTo(10 / 20, 5);
    expect(at('Momentum', 0.1, 0.9, false)).toBeCloseTo(10 / 38, 5);
  });

  test('measures nothing for adaptive optimizers, and where the loop tells none', () => {
    for (const kind of ['Adam', 'RMSProp', 'Adagrad', 'Adadelta', 'Adamax']) expect(at(kind, 0.1)).toBeUndefined();
    expect(value(sharpnessStability(), bowl([10, 1]))).toBeUndefined();
  });

  const optimizers = [
    { name: 'SGD', make: (rate: number) => tf.train.sgd(rate), momentum: undefined, nesterov: undefined },
    { name: 'heavy ball', make: (rate: number) => tf.train.momentum(rate, 0.8), momentum: 0.8, nesterov: false },
    { name: 'Nesterov', make: (rate: number) => tf.train.momentum(rate, 0.8, true), momentum: 0.8, nesterov: true },
  ];

  test.each(optimizers)('of 0.9 and 1.1 are either side of what $name of tfjs is stable at', (optimizer) => {
    const { make, momentum, nesterov } = optimizer;
    const [kind, unit] = [make(1).getClassName(), 10];
    const stability = (learningRate: number) =>
      value(sharpnessStability(), bowl([unit]), 1, runLedger(), { kind, learningRate, momentum, nesterov }) as number;
    const perRate = stability(1);
    for (const [wanted, grows] of [
      [0.9, false],
      [1.1, true],
    ] as const) {
      const w = tf.variable(tf.scalar(1));
      const descent = make(wanted / perRate);
      for (let i = 0; i < 80; i++) descent.minimize(() => tf.mul(unit / 2, tf.square(w)), false, [w]);
      if (grows) expect(Math.abs(w.dataSync()[0]!)).toBeGreaterThan(1e3);
      else expect(Math.abs(w.dataSync()[0]!)).toBeLessThan(1e-3);
    }
  });

  test('shares the search with topEigenvalue', () => {
    const { step, ledger } = stepOf(bowl([10, 1]), 1, runLedger(), { kind: 'SGD', learningRate: 0.1 });
    topEigenvalue().measure(step);
    const before = ledger.evaluations();
    expect(sharpnessStability().measure(step)[0]!.value).toBeCloseTo(0.5, 5);
    expect(ledger.evaluations()).toBe(before);
  });
});

test('gaussNewtonTopEigenvalue needs outputs, and says so', () => {
  expect(gaussNewtonTopEigenvalue().needs?.outputs).toBe(true);
  expect(() => value(gaussNewtonTopEigenvalue(), bowl([1]))).toThrow('needs the outputs of the model');
});

test('penaltyTopEigenvalue measures nothing where there is no penalty', () => {
  const { objective, dispose } = golden('linear-softmax');
  expect(penaltyTopEigenvalue().measure(stepOf(objective).step)).toEqual([]);
  dispose();
});

test.each([topEigenvalue, bottomEigenvalue, gaussNewtonTopEigenvalue, penaltyTopEigenvalue, sharpnessStability])(
  '%o refuses options that make no sense',
  (make) => {
    expect(() => make({ tolerance: 0 })).toThrow('tolerance must be positive and finite, got 0');
    expect(() => make({ maxProducts: 1.5 })).toThrow('maxProducts must be a positive integer, got 1.5');
    expect(() => make({ until: 'sure' as never })).toThrow("until must be 'residual' or 'error', got sure");
    expect(() => make({ engine: 'fast' as never })).toThrow("engine must be 'exact' or 'finite-difference', got fast");
  },
);
