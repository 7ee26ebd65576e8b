import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { extremesAndTraces } from '../../../src/curvature/extremesAndTraces.js';
import { inRange } from '../../../src/curvature/linearize/inRange.js';
import { linearizeComposition } from '../../../src/curvature/linearize/linearizeComposition.js';
import { dot } from '../../../src/linalg/dot.js';
import { wide } from '../../reference/wide.js';
import { numbersOf } from '../derivatives/kernels/golden.js';
import { onBackends, start } from '../onBackends.js';

const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

onBackends(() => {
  test.each(['of operations', 'of layers'] as const)('%s: products in fewer coordinates are those of JAX', (made) => {
    const { objective, v, every, hessian, nme, dispose } = wide(made);
    const curvature = curvatureOf(objective);
    const forms = curvature.parts!.forms.within!(inRange)!;
    // 6 rows pass through w1, of which x is not moved, and through w2.
    expect(forms.dimension).toBe(256 + 256 + 6 * 256 + 2 * 6 * 256 + 256 * 3);
    const z = forms.into(v);
    let slope = 0;
    const operator = forms.hessian(({ outputs, slopes }) => {
      slope = dot(outputs, slopes);
    });
    const product = operator.apply(z);
    const hv = forms.out(product);
    expect(Math.abs(norm(hv) / hessian.norm - 1)).toBeLessThan(5e-6);
    hessian.product.forEach((x, i) => {
      expect(Math.abs(hv[i * every]! - x) / hessian.norm).toBeLessThan(5e-6);
    });
    const scale = norm(v) * hessian.norm;
    expect(Math.abs(dot(z, product) - hessian.form) / scale).toBeLessThan(5e-6);
    expect(Math.abs(slope - (hessian.form - nme.form)) / scale).toBeLessThan(5e-6);
    const whole = forms.nme(z, [0]);
    expect(Math.abs(whole.nme - nme.form) / scale).toBeLessThan(5e-6);
    expect(Math.abs(dot(whole.tangent.outputs, whole.tangent.slopes) - slope) / scale).toBeLessThan(5e-6);
    // By sections, too: without what lies between them.
    const dense = curvature.parts!.forms.nme(v, [0, 3, 4]);
    expect(Math.abs(forms.nme(z, [0, 3, 4]).nme - dense.nme) / scale).toBeLessThan(5e-6);
    curvature.dispose();
    dispose();
  });

  test('there and back they are an isometry onto what H gives', () => {
    const { objective, v, dispose } = wide();
    const curvature = curvatureOf(objective);
    const forms = curvature.parts!.forms.within!(inRange)!;
    const product = curvature.hessian.apply(v);
    const z = forms.into(product);
    expect(Math.abs(norm(z) / norm(product) - 1)).toBeLessThan(5e-6);
    const back = forms.out(z);
    expect(norm(back.map((x, i) => x - product[i]!)) / norm(product)).toBeLessThan(5e-6);
    curvature.dispose();
    dispose();
  });

  test('the ends are those of JAX to 1 %, and the traces within 4 standard errors', () => {
    const { objective, hessian, nme, topEigenvalue, bottomEigenvalue, dispose } = wide();
    const curvature = curvatureOf(objective);
    const found = extremesAndTraces(curvature, { random: random(2), tolerance: 1e-3 });
    expect(Math.abs(found.top.value / topEigenvalue - 1)).toBeLessThan(0.001);
    expect(Math.abs(found.bottom.value - bottomEigenvalue) / topEigenvalue).toBeLessThan(0.001);
    const exact = { hessian: hessian.trace, nme: nme.trace, gaussNewton: hessian.trace - nme.trace };
    for (const part of ['hessian', 'gaussNewton', 'nme'] as const) {
      const { value, standardError } = found.traces[part];
      expect(Math.abs(value - exact[part])).toBeLessThan(4 * standardError + 1e-5 * hessian.trace);
      expect(standardError).toBeLessThan(0.03 * found.traces.hessian.value);
    }
    // `next` is in weight space, and a start for the next search.
    expect(found.next).toHaveLength(curvature.dimension);
    const again = extremesAndTraces(curvature, { random: random(3), start: found.next });
    expect(again.top.products).toBeLessThan(found.top.products);
    expect(Math.abs(again.top.value / topEigenvalue - 1)).toBeLessThan(0.01);
    curvature.dispose();
    dispose();
  });

  test('weights that read the same features each have a space of their own', () => {
    const draw = (shape: number[], seed: number) => numbersOf({ shape, seed, scale: 1 / 16 });
    const x = draw([4, 8], 1) as tf.Tensor2D;
    const [first, a, b] = [
      [8, 256],
      [256, 256],
      [256, 256],
    ].map((shape, i) => tf.variable(draw(shape, 2 + i))) as [
      tf.Variable<tf.Rank.R2>,
      tf.Variable<tf.Rank.R2>,
      tf.Variable<tf.Rank.R2>,
    ];
    const outputs = () => {
      const h = tf.tanh(tf.matMul(x, first)) as tf.Tensor2D;
      return [tf.sum(tf.mul(tf.tanh(tf.matMul(h, a)), tf.sigmoid(tf.matMul(h, b))), 1)];
    };
    const linear = linearizeComposition(outputs, ([z]) => tf.mean(tf.square(z!)) as tf.Scalar, [first, a, b]);
    const within = linear.within!(inRange)!;
    expect(within.shapes).toHaveLength(1 + 2 + 2);
    const v = [first, a, b].map(({ shape }, i) => draw(shape, 7 + i));
    const z = within.into(v);
    const [hv, found] = [linear.hvp(v), within.out(within.hvpAndJvp(z).hvp)];
    hv.forEach((product, i) => {
      const [known, own] = [product, found[i]!].map((t) => Float64Array.from(t.dataSync())) as [
        Float64Array,
        Float64Array,
      ];
      expect(norm(own.map((x, k) => x - known[k]!)) / norm(known)).toBeLessThan(5e-6);
    });
    const [known] = linear.nmeForm(v, 0, 3).nme.dataSync();
    expect(within.nmeForm(z, 0, 3).nme.dataSync()[0]! / known!).toBeCloseTo(1, 5);
    linear.dispose();
    tf.dispose([x, first, a, b]);
  });

  test('nothing is left behind', () => {
    const { objective, dispose } = wide();
    const before = tf.memory().numTensors;
    const curvature = curvatureOf(objective);
    extremesAndTraces(curvature, { random: random(2) });
    curvature.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(() => curvature.parts!.forms.within!(inRange)).toThrow('the record is disposed of');
    dispose();
  });
});

describe('where a weight has no such space there is none', async () => {
  await start('cpu');
  const loss = ([z]: readonly tf.Tensor[]) => tf.mean(tf.square(z!)) as tf.Scalar;
  const [square, wideOne] = [tf.ones([256, 256]) as tf.Tensor2D, tf.ones([256, 1]) as tf.Tensor2D];
  const rows = (n: number) => tf.ones([n, 256]) as tf.Tensor2D;
  const product = (x: tf.Tensor2D, w: tf.Tensor2D) => tf.tanh(tf.matMul(x, w)) as tf.Tensor2D;

  test.each<[string, tf.Tensor2D, (w: tf.Tensor2D) => tf.Tensor, boolean]>([
    ['one product, of few rows', square, (w) => product(rows(4), w), true],
    ['more rows than half its width', square, (w) => product(rows(129), w), false],
    ['a small weight', wideOne, (w) => product(rows(4), w), false],
    ['a transposed product', square, (w) => tf.tanh(tf.matMul(rows(4), w, false, true)), false],
    ['two products', square, (w) => product(product(rows(4), w), w), false],
    ['a product and a sum', square, (w) => tf.add(tf.sum(product(rows(4), w)), tf.sum(tf.square(w))), false],
    ['a product from the left', square, (w) => tf.tanh(tf.matMul(w, tf.ones([256, 4]) as tf.Tensor2D)), false],
  ])('%s', (_, value, output, isThere) => {
    const w = tf.variable(value);
    const { within, dispose } = linearizeComposition(() => [output(w as tf.Tensor2D)], loss, [w]);
    expect(within!(inRange) !== undefined).toBe(isThere);
    dispose();
    w.dispose();
  });
});
