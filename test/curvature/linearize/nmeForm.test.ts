import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { linearizeComposition } from '../../../src/curvature/linearize/linearizeComposition.js';
import { onBackends } from '../onBackends.js';

const sumOf = ([z]: readonly tf.Tensor[]): tf.Scalar => tf.sum(z!);

onBackends(() => {
  test('a derivative handed on as it is stands for two tensors, and their tangents are told apart', () => {
    const sum = tf.customGrad((a, b) => ({
      value: tf.add(a as tf.Tensor, b as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => [dy, dy],
    }));
    const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([0, 1]))];
    // φ(t) = Σ (a + t)² + exp(b + 2 t), of which φ″ = Σ 2 + 4 exp b.
    const linear = linearizeComposition(() => [sum(tf.square(a), tf.exp(b))], sumOf, [a, b]);
    const v = [tf.ones([2]), tf.fill([2], 2)];
    const { nme, jvp } = linear.nmeForm(v, 0, v.length);
    expect(nme.dataSync()[0]).toBeCloseTo(4 + 4 * (1 + Math.E), 4);
    expect([...jvp[0]!.dataSync()].map((x) => x.toFixed(4))).toEqual([2 + 2, 4 + 2 * Math.E].map((x) => x.toFixed(4)));
    // Of one parameter alone.
    expect(linear.nmeForm(v, 1, 2).nme.dataSync()[0]).toBeCloseTo(4 * (1 + Math.E), 4);
    linear.dispose();
    tf.dispose([a, b, v]);
  });

  test('what a custom gradient reads, and nothing else does, is followed down to the parameters', () => {
    const w = tf.variable(tf.tensor1d([0.5, 1, 2]));
    // Declared: dz/dw = sin w, so that the part of H at fixed ∂ℓ/∂z is diag(cos w).
    const outputs = () => {
      const s = tf.sin(w);
      const declared = tf.customGrad((x, save) => {
        (save as tf.GradSaveFunc)([s]);
        return {
          value: tf.mul(x as tf.Tensor, 3),
          gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0]!),
        };
      });
      return [declared(w)];
    };
    const linear = linearizeComposition(outputs, sumOf, [w]);
    const v = [tf.tensor1d([1, -1, 2])];
    const { nme, jvp } = linear.nmeForm(v, 0, v.length);
    expect(nme.dataSync()[0]).toBeCloseTo(Math.cos(0.5) + Math.cos(1) + 4 * Math.cos(2), 5);
    [Math.sin(0.5), -Math.sin(1), 2 * Math.sin(2)].forEach((x, i) => {
      expect(jvp[0]!.dataSync()[i]).toBeCloseTo(x, 5);
    });
    linear.dispose();
    tf.dispose([w, v]);
  });

  test('a loss that is linear in the outputs has tangents all the same', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const linear = linearizeComposition(() => [tf.square(w)], sumOf, [w]);
    const v = [tf.tensor1d([3, -1])];
    const { hvp, jvp } = linear.hvpAndJvp(v);
    expect([...jvp[0]!.dataSync()]).toEqual([6, -4]);
    expect([...hvp[0]!.dataSync()]).toEqual([6, -2]);
    expect(linear.nmeForm(v, 0, v.length).nme.dataSync()[0]).toBeCloseTo(2 * 9 + 2, 5);
    linear.dispose();
    tf.dispose([w, v, hvp, jvp]);
  });
});
