import * as tf from '@tensorflow/tfjs-core';
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import type { Tangent } from '../../src/curvature/curvature.js';
import { type Curvature, curvatureOf } from '../../src/curvature/curvatureOf.js';
import { linearizeOutputs } from '../../src/curvature/linearize/linearizeOutputs.js';
import { hutchinson } from '../../src/curvature/spectrum/hutchinson.js';
import { lanczos } from '../../src/curvature/spectrum/lanczos.js';
import { rademacher } from '../../src/curvature/spectrum/rademacher.js';
import { norm } from '../../src/curvature/spectrum/weightSpace.js';
import { dot } from '../../src/linalg/dot.js';
import { type Expected, flat, type Golden, type GoldenName, golden, goldenNames } from '../golden.js';
import { eigenvalues } from './matrices.js';
import { onBackends } from './onBackends.js';

/** What a product may be off by, relative to ‖Hv‖: twenty times what float32 leaves of these, 4e-7 at most. */
const BOUND = 5e-6;

const parts = ['hessian', 'gaussNewton', 'nme'] as const;

const cases = [
  ...goldenNames.map((name) => ({ name, mode: 'inference' as const })),
  { name: 'conv-batch-norm' as const, mode: 'training' as const },
];

/** Known column by column on every backend; the others on one, for it takes as many products as there are weights. */
const small: ReadonlySet<GoldenName> = new Set(['linear-softmax', 'regression', 'autoencoder']);

type Case = (typeof cases)[number];

/** ‖a − b‖ over `scale`. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>, scale: number): number =>
  Math.hypot(...Array.from(b, (x, i) => a[i]! - x)) / scale;

function withGolden(name: GoldenName, f: (known: Golden) => void): void {
  const known = golden(name);
  try {
    f(known);
  } finally {
    known.dispose();
  }
}

function withCurvature({ name, mode }: Case, f: (curvature: Curvature, expected: Expected, known: Golden) => void) {
  withGolden(name, (known) => {
    const curvature = curvatureOf(known.objective.withMode!(mode));
    try {
      f(curvature, mode === 'training' ? known.training! : known.expected, known);
    } finally {
      curvature.dispose();
    }
  });
}

/** The eigenvalues of the symmetric part, ascending. */
function eigenvaluesOf(columns: readonly Float64Array[]): number[] {
  const a = new Matrix(columns.map((column) => [...column]));
  return eigenvalues(Matrix.add(a, a.transpose()).div(2));
}

onBackends((backend) => {
  describe.each(cases)('the curvature of $name in $mode mode', (which) => {
    test('has the loss, the gradient and the products of JAX in float64', () =>
      withCurvature(which, (curvature, expected, { v }) => {
        const x = Float64Array.from(v);
        const scale = Math.hypot(...expected.hessian.product);
        const { hessian, parts: split } = curvature;
        const together = split!.split.apply(x);
        expect(distance([curvature.loss], [expected.loss], expected.loss)).toBeLessThan(1e-6);
        expect(distance(curvature.gradient, expected.gradient, expected.gradientNorm)).toBeLessThan(1e-6);
        const alone = { hessian, gaussNewton: split!.gaussNewton, nme: split!.nme };
        for (const part of parts) {
          const { product } = expected[part];
          expect(distance(alone[part].apply(x), product, scale), part).toBeLessThan(BOUND);
          expect(distance(together[part], product, scale), `${part}, split`).toBeLessThan(BOUND);
        }
      }));

    test('has the quadratic forms of JAX, and shows G on the way', () =>
      withCurvature(which, (curvature, expected, { v }) => {
        const x = Float64Array.from(v);
        const { forms } = curvature.parts!;
        const of = (part: (typeof parts)[number]): number => dot(x, Float64Array.from(expected[part].product));
        const scale = norm(x) * Math.hypot(...expected.hessian.product);
        const seen: Tangent[] = [];
        const hessian = forms.hessian((tangent) => seen.push(tangent));
        expect(distance([dot(x, hessian.apply(x))], [of('hessian')], scale)).toBeLessThan(BOUND);
        const { nme, tangent } = forms.nme(x, [0]);
        expect(distance([nme], [of('nme')], scale)).toBeLessThan(BOUND);
        for (const { outputs, slopes } of [...seen, tangent]) {
          expect(distance([dot(outputs, slopes)], [of('gaussNewton')], scale)).toBeLessThan(BOUND);
        }
        // Sections of a parameter each: J is linear, so what they move adds up to the same.
        const each = forms.nme(x, [...curvature.params.keys()]).tangent;
        expect(distance(each.outputs, tangent.outputs, norm(tangent.outputs))).toBeLessThan(BOUND);
      }));

    test('has the products with the Jacobian of JAX', () =>
      withGolden(which.name, ({ objective, expected, training, u, v, unflat }) => {
        const { timesV, transposedTimesU } = (which.mode === 'training' ? training! : expected).jacobian;
        const linear = linearizeOutputs(objective.withMode!(which.mode).outputs!, objective.params);
        tf.tidy(() => {
          const back = linear.vjp([tf.tensor([...u], linear.outputs[0]!.shape)]);
          expect(distance(flat(linear.jvp(unflat(v))), timesV, Math.hypot(...timesV))).toBeLessThan(BOUND);
          expect(distance(flat(back), transposedTimesU, Math.hypot(...transposedTimesU))).toBeLessThan(BOUND);
        });
        linear.dispose();
      }));

    if (backend === 'cpu' || small.has(which.name)) {
      test('is, column by column, symmetric, with every eigenvalue, the trace and the norm of JAX, and G has none below 0', () =>
        withCurvature(which, ({ dimension, parts: both }, expected) => {
          const columns = { hessian: [], gaussNewton: [], nme: [] } as Record<(typeof parts)[number], Float64Array[]>;
          const traces = hutchinson(
            (unit) => {
              const products = both!.split.apply(unit);
              for (const part of parts) columns[part].push(products[part]);
              return products;
            },
            { dimension, samples: 'exact', random: random(2) },
          );
          const scale = expected.hessian.frobenius;
          for (const part of parts) {
            const known = expected[part];
            const a = columns[part];
            expect(Math.abs(traces[part].trace.value - known.trace)).toBeLessThan(BOUND * scale);
            expect(Math.abs(traces[part].norm.value - known.frobenius)).toBeLessThan(BOUND * scale);
            expect(Math.hypot(...a.flatMap((column, i) => [...column].map((x, j) => x - a[j]![i]!)))).toBeLessThan(
              BOUND * scale,
            );
            const found = eigenvaluesOf(a);
            expect(distance(found, known.eigenvalues, scale), part).toBeLessThan(BOUND);
            if (part === 'gaussNewton') expect(found[0]).toBeGreaterThan(-1e-6 * known.topEigenvalue);
            known.dense?.forEach((row, i) => {
              expect(distance(a[i]!.subarray(0, i + 1), row, scale), `row ${i}`).toBeLessThan(BOUND);
            });
          }
        }));
    }

    test('has the top eigenvalues of JAX, to four digits at least', () =>
      withCurvature(which, ({ hessian, parts: both }, expected) => {
        const top = (operator: typeof hessian) => lanczos(operator, { random: random(1), tolerance: 1e-3 });
        const scale = expected.hessian.topEigenvalue;
        const found = top(hessian);
        expect(found.converged).toBe(true);
        expect(Math.abs(found.value - scale) / scale).toBeLessThan(5e-5);
        expect(Math.abs(top(both!.gaussNewton).value - expected.gaussNewton.topEigenvalue) / scale).toBeLessThan(5e-5);
      }));

    // The products are compared above: what is left to chance is the same on every backend.
    if (backend === 'cpu') {
      test('has traces and norms within 4 standard errors', () =>
        withCurvature(which, ({ dimension, parts: both }, expected) => {
          const estimated = hutchinson(both!.split.apply, { dimension, samples: 60, random: random(2) });
          for (const part of parts) {
            const { trace, norm } = estimated[part];
            const slack = BOUND * expected.hessian.frobenius;
            expect(Math.abs(trace.value - expected[part].trace)).toBeLessThan(4 * trace.standardError + slack);
            expect(Math.abs(norm.value - expected[part].frobenius)).toBeLessThan(4 * norm.standardError + slack);
          }
        }));
    }

    test('is symmetric and linear', () =>
      withCurvature(which, ({ dimension, hessian, parts: both }) => {
        const stream = random(3);
        const [u, v] = [rademacher(dimension, stream), rademacher(dimension, stream)];
        for (const { apply } of [hessian, both!.gaussNewton, both!.nme]) {
          const [au, av] = [apply(u), apply(v)];
          const scale = norm(hessian.apply(u)) * norm(v);
          expect(Math.abs(dot(v, au) - dot(u, av)) / scale).toBeLessThan(BOUND);
          const whole = apply(u.map((x, i) => 2 * x - v[i]!));
          const sum = au.map((x, i) => 2 * x - av[i]!);
          expect(distance(whole, sum, norm(hessian.apply(u)))).toBeLessThan(BOUND);
        }
      }));

    test('leaves weights, batch and the count of tensors as they were', () =>
      withGolden(which.name, ({ objective }) => {
        const held = () => [...objective.params, objective.batch!.x as tf.Tensor].map((t) => [...t.dataSync()]);
        const [before, tensors] = [held(), tf.memory().numTensors];
        const curvature = curvatureOf(objective.withMode!(which.mode));
        curvature.parts!.split.apply(new Float64Array(curvature.dimension).fill(1));
        curvature.hessian.apply(new Float64Array(curvature.dimension).fill(1));
        curvature.dispose();
        curvature.dispose();
        expect(held()).toEqual(before);
        expect(tf.memory().numTensors).toBe(tensors);
      }));
  });

  test('of a linear model all is Gauss-Newton: NME is 0, not nearly', () =>
    withCurvature({ name: 'linear-softmax', mode: 'inference' }, ({ parts: both }, _, { v }) => {
      expect([...both!.nme.apply(Float64Array.from(v))].every((x) => x === 0)).toBe(true);
    }));

  test.each<GoldenName>(['conv-batch-norm', 'attention'])(
    'a parameter that %s does not read has a zero block, and the others have theirs',
    (name) =>
      withGolden(name, ({ objective, expected, v }) => {
        const idle = tf.variable(tf.tensor1d([5, 6]));
        const curvature = curvatureOf({ ...objective, params: [idle, ...objective.params] });
        const products = curvature.parts!.split.apply(Float64Array.of(3, 4, ...v));
        for (const part of parts) {
          expect([...products[part].subarray(0, 2)]).toEqual([0, 0]);
          const scale = Math.hypot(...expected.hessian.product);
          expect(distance(products[part].subarray(2), expected[part].product, scale)).toBeLessThan(BOUND);
        }
        curvature.dispose();
        idle.dispose();
      }),
  );
});
