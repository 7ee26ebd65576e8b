import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { compose } from '../../src/core/compose.js';
import { gradient } from '../../src/core/gradient.js';
import { innermost } from '../../src/core/innermost.js';
import type { Intervention } from '../../src/core/intervention.js';
import { openLedger } from '../../src/core/ledger.js';
import type { Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { gaussNewtonTracePenalty } from '../../src/interventions/gaussNewtonTracePenalty.js';
import { gradientPenalty } from '../../src/interventions/gradientPenalty.js';
import { hessianTracePenalty } from '../../src/interventions/hessianTracePenalty.js';
import { l2 } from '../../src/interventions/l2.js';
import { sam } from '../../src/interventions/sam.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';
import { flat, golden } from '../golden.js';
import { curvatureForms } from '../reference/curvatureForms.js';
import { seededOnCpu } from './seededOnCpu.js';

const penalties = [
  ['hessianTracePenalty', hessianTracePenalty, 'penalty.hessian_trace'],
  ['gaussNewtonTracePenalty', gaussNewtonTracePenalty, 'penalty.gauss_newton_trace'],
] as const;

for (const [name, penalty] of penalties) {
  testIntervention({ name, make: () => penalty(0.1, { samples: 2 }), zero: () => penalty(0), calls: 1 });
}

seededOnCpu();

const reported = (found: ReturnType<typeof gradient>, name: string): number =>
  numbers(found.report![name]!() as tf.Tensor)[0]!;

/** z = w³, ℓ(z) = ½ Σ z²: the curvature is diagonal, so that vᵀAv is tr A for every v of signs. */
function cubes(w: tf.Variable): Objective {
  const outputs = () => [tf.pow(w, 3)];
  const outputLoss = ([z]: readonly tf.Tensor[]) => tf.mul<tf.Scalar>(0.5, tf.sum(tf.square(z!)));
  return { ...objectiveOf([w], () => outputLoss(outputs())), outputs, outputLoss };
}

describe('on ½ Σ w⁶, whose H is diag(15 w⁴) and whose G is diag(9 w⁴)', () => {
  let w: tf.Variable;
  let objective: Objective;
  beforeEach(() => {
    w = tf.variable(tf.tensor1d([1, -0.5]));
    objective = cubes(w);
  });
  /** 3 w⁵ + (λ/2) 4 c w³ */
  const expected = (lambda: number, c: number) => [1, -0.5].map((w) => 3 * w ** 5 + (lambda / 2) * 4 * c * w ** 3);
  const check = (intervention: Intervention, wanted: readonly number[]): void => {
    const { grads } = intervention(gradient)(objective);
    numbers(grads[w.name]).forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 4));
  };

  test.each([1, 3])(
    'the penalties of traces give the gradients of L + (λ/2) tr H and L + (λ/2) tr G, by %i directions',
    (samples) => {
      check(hessianTracePenalty(0.2, { samples }), expected(0.2, 15));
      check(gaussNewtonTracePenalty(0.2, { samples }), expected(0.2, 9));
    },
  );

  test('they hand on L, and report (λ/2) tr H and (λ/2) tr G', () => {
    const sum = 1 + 1 / 16;
    const [ofHessian, ofGaussNewton] = [hessianTracePenalty(0.2), gaussNewtonTracePenalty(0.2)].map((p) =>
      p(gradient)(objective),
    );
    for (const { loss } of [ofHessian!, ofGaussNewton!]) expect(numbers(loss)[0]).toBeCloseTo(0.5 * (1 + 1 / 64), 6);
    expect(reported(ofHessian!, 'penalty.hessian_trace')).toBeCloseTo(0.1 * 15 * sum, 5);
    expect(reported(ofGaussNewton!, 'penalty.gauss_newton_trace')).toBeCloseTo(0.1 * 9 * sum, 5);
  });

  test('other penalties are in the gradient and not in the trace, inside or outside', () => {
    const whole = expected(0.2, 15).map((g, i) => g + 5 * [1, -0.5][i]!);
    check(compose(hessianTracePenalty(0.2), l2(5)), whole);
    check(compose(l2(5), hessianTracePenalty(0.2)), whole);
  });

  test('sam ascends without them, on either side, and they still report', () => {
    const length = Math.hypot(3, 3 / 32);
    const there = [1, -0.5].map((w) => w + (0.1 * 3 * w ** 5) / length);
    const wanted = there.map((w) => 3 * w ** 5 + 0.1 * 4 * 15 * w ** 3);
    const inside = compose(sam({ rho: 0.1 }), hessianTracePenalty(0.2));
    check(inside, wanted);
    check(compose(hessianTracePenalty(0.2), sam({ rho: 0.1 })), wanted);
    expect(reported(inside(gradient)(objective), 'penalty.hessian_trace')).toBeCloseTo(0.1 * 15 * (1 + 1 / 16), 5);
  });

  test.each([
    ['hessianTracePenalty', hessianTracePenalty, 1, 23 / 3],
    ['hessianTracePenalty', hessianTracePenalty, 4, 71 / 3],
    ['gaussNewtonTracePenalty', gaussNewtonTracePenalty, 1, 10 / 3],
    ['gaussNewtonTracePenalty', gaussNewtonTracePenalty, 4, 25 / 3],
  ] as const)('%s counts what it takes for its directions', (_, penalty, samples, evaluations) => {
    const ledger = openLedger(
      () => 0,
      () => {},
    );
    penalty(1, { samples })(innermost(objective, gradient, ledger).gradient)(objective);
    expect(ledger.evaluations()).toBeCloseTo(evaluations, 9);
  });

  test('a second penalty of derivatives is refused', () => {
    expect(() => compose(hessianTracePenalty(1), gradientPenalty(1))(gradient)(objective)).toThrow(
      'gradientPenalty: there must be one penalty of derivatives in a run, got another around it',
    );
  });
});

/** L = ½(abx − y)² at a = 0.7, b = −1.3, x = 2, y = 0.5, where H has −11.68 beside its diagonal, and G −3.64. */
describe('on ½(abx − y)²', () => {
  const [a, b, x, y] = [0.7, -1.3, 2, 0.5];
  const product = (): { params: tf.Variable[]; objective: Objective } => {
    const params = [a, b].map((value) => tf.variable(tf.scalar(value)));
    const outputs = () => [tf.mul(tf.mul(params[0]!, params[1]!), x)];
    const outputLoss = ([z]: readonly tf.Tensor[]) => tf.mul<tf.Scalar>(0.5, tf.square(tf.sub(z!, y)));
    return { params, objective: { ...objectiveOf(params, () => outputLoss(outputs())), outputs, outputLoss } };
  };
  const off = { hessian: x * (2 * a * b * x - y), gaussNewton: x * x * a * b };
  const trace = x * x * (a * a + b * b);

  test.each([
    ['hessianTracePenalty', hessianTracePenalty, 'penalty.hessian_trace', off.hessian, 2 * x * x],
    ['gaussNewtonTracePenalty', gaussNewtonTracePenalty, 'penalty.gauss_newton_trace', off.gaussNewton, x * x],
  ] as const)(
    '%s meets tr ± 2 A_ab as the signs of its direction are, and the gradient of that',
    (_, penalty, name, beside, moves) => {
      const { params, objective } = product();
      const step = penalty(2)(gradient);
      const seen = new Set<number>();
      for (let i = 0; i < 12; i++) {
        const found = step({ ...objective, step: i });
        const value = reported(found, name);
        const sign = value > trace ? Math.sign(beside) : -Math.sign(beside);
        seen.add(sign);
        expect(value).toBeCloseTo(trace + 2 * sign * beside, 4);
        const plain = [(a * b * x - y) * b * x, (a * b * x - y) * a * x];
        const pull = [2 * x * x * a + 2 * sign * moves * b, 2 * x * x * b + 2 * sign * moves * a];
        params.forEach((p, k) => expect(numbers(found.grads[p.name])[0]).toBeCloseTo(plain[k]! + pull[k]!, 4));
      }
      expect(seen).toEqual(new Set([1, -1]));
    },
  );

  test('a step has one direction, and the random stream of training decides which', () => {
    const { objective } = product();
    const values = (seed: number): number[] => {
      vi.mocked(Math.random).mockImplementation(random(seed));
      const step = hessianTracePenalty(2)(gradient);
      return [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5].map((i) =>
        reported(step({ ...objective, step: i }), 'penalty.hessian_trace'),
      );
    };
    const [first, again, other] = [values(1), values(1), values(2)];
    first!.forEach((value, i) => expect(value).toBe(first![i - (i % 2)]));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

test.each(penalties)('on average %s is (λ/2) of the trace, within 4 standard errors', (name, penalty, reportedAs) => {
  const network = golden('mlp-gelu');
  const trace = network.expected[name === 'hessianTracePenalty' ? 'hessian' : 'gaussNewton'].trace;
  const step = penalty(2, { samples: 5 })(gradient);
  const values = Array.from({ length: 40 }, (_, i) =>
    tf.tidy(() => reported(step({ ...network.objective, step: i }), reportedAs)),
  );
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  expect(Math.abs(mean - trace)).toBeLessThan(4 * Math.sqrt(variance / values.length));
  network.dispose();
});

/** How fast the trace rises along its own gradient, where that is longest. */
describe.each(['mlp-relu', 'mlp-gelu'] as const)('on the network %s', (name) => {
  test.each(penalties)(
    '%s adds on average (λ/2) ∇tr of JAX at float64, within 4 standard errors',
    (_, penalty, reportedAs) => {
      const network = golden(name);
      const { expected, objective } = network;
      const { gradient: rise } =
        curvatureForms[name].traces![reportedAs === 'penalty.hessian_trace' ? 'hessian' : 'gaussNewton'];
      const along = (vector: readonly number[]): number => vector.reduce((sum, x, i) => sum + x * rise[i]!, 0);
      const step = penalty(2, { samples: 5 })(gradient);
      const rises = Array.from({ length: 40 }, (_, i) =>
        tf.tidy(() => {
          const { grads } = step({ ...objective, step: i });
          return along(flat(objective.params.map((p) => grads[p.name]!))) - along(expected.gradient);
        }),
      );
      const mean = rises.reduce((a, b) => a + b) / rises.length;
      const variance = rises.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (rises.length - 1);
      expect(Math.abs(mean - along(rise))).toBeLessThan(4 * Math.sqrt(variance / rises.length));
      // The bound tells the trace from none.
      expect(Math.abs(mean)).toBeGreaterThan(4 * Math.sqrt(variance / rises.length));
      network.dispose();
    },
  );
});

test('gaussNewtonTracePenalty says what an objective without outputs lacks', () => {
  const w = tf.variable(tf.scalar(1));
  expect(() => gaussNewtonTracePenalty(1)(gradient)(objectiveOf([w], () => tf.square(w)))).toThrow(
    'gaussNewtonTracePenalty: the objective must have outputs and outputLoss; give them to minimize',
  );
  expect(gaussNewtonTracePenalty(1).needs).toEqual({ outputs: true });
});

test.each(penalties)('%s refuses a strength below 0 and samples that are none', (name, penalty) => {
  expect(() => penalty(-1)).toThrow(`${name}: strength must be >= 0, got -1`);
  expect(() => penalty(1, { samples: 0 })).toThrow(`${name}: samples must be a whole number >= 1, got 0`);
  expect(() => penalty(1, { samples: 1.5 })).toThrow(`${name}: samples must be a whole number >= 1, got 1.5`);
});
