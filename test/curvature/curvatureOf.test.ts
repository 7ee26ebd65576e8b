import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { onBackends } from './onBackends.js';

onBackends(() => {
  test('a record holds the weights as they were when it was made', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.pow(w, 3)));
    w.assign(tf.tensor1d([10, 20]));
    expect([...curvature.hessian.apply(Float64Array.of(1, 1))]).toEqual([6, 12]);
    curvature.dispose();
  });

  test('a loss alone has a Hessian and no parts', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.square(w)));
    expect([...curvature.hessian.apply(Float64Array.of(1, 3))]).toEqual([2, 6]);
    expect(curvature.parts).toBeUndefined();
    curvature.dispose();
  });

  test('a parameter that the loss does not read has a zero block', () => {
    const [w, idle] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([5]))];
    const curvature = curvatureOf(objectiveOf([w, idle], () => tf.pow(w, 2)));
    expect([...curvature.hessian.apply(Float64Array.of(1, 3, 7))]).toEqual([2, 6, 0]);
    expect([...curvature.gradient]).toEqual([2, 4, 0]);
    curvature.dispose();
  });

  test('a loss without curvature has the Hessian zero', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.neg(w)));
    expect([...curvature.hessian.apply(Float64Array.of(1, 3))]).toEqual([0, 0]);
    curvature.dispose();
  });

  test('what is not finite is refused by name, and nothing is left', () => {
    const w = tf.variable(tf.tensor1d([1, 2]), true, 'broken');
    const before = tf.memory().numTensors;
    expect(() => curvatureOf(objectiveOf([w], () => tf.log(tf.neg(w))))).toThrow('the loss is NaN');
    tf.tidy(() => w.assign(tf.tensor1d([1, NaN])));
    expect(() => curvatureOf(objectiveOf([w], () => tf.square(w)))).toThrow('the parameter broken holds a value');
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  test('the penalty stands beside the Hessian of the data, each exactly its own', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const outputs = () => [tf.square(w)];
    const outputLoss = ([z]: readonly tf.Tensor[]) => tf.sum<tf.Scalar>(z!);
    const penalty = () => tf.mul<tf.Scalar>(5, tf.sum(tf.pow(w, 3)));
    const loss = () => tf.add<tf.Scalar>(outputLoss(outputs()), penalty());
    const before = tf.memory().numTensors;
    const curvature = curvatureOf({ step: 0, params: [w], loss, outputs, outputLoss, penalty });
    expect(curvature.loss).toBe(5);
    expect([...curvature.hessian.apply(Float64Array.of(1, 3))]).toEqual([2, 6]);
    expect([...curvature.penalty!.apply(Float64Array.of(1, 3))]).toEqual([30, 180]);
    curvature.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('restricted to some parameters it is their block, the others held fixed', () => {
    const [a, b] = [
      tf.variable(tf.tensor1d([1, 2]), true, 'block/a'),
      tf.variable(tf.tensor1d([3, 4]), true, 'block/b'),
    ];
    const objective = objectiveOf([a, b], () => tf.mul(tf.square(a), tf.square(b)));
    const curvature = curvatureOf(objective, { only: (name) => name === 'block/b' });
    expect(curvature.params).toEqual([b]);
    expect([...curvature.gradient]).toEqual([6, 32]);
    expect([...curvature.hessian.apply(Float64Array.of(1, 1))]).toEqual([2, 8]);
    expect(() => curvatureOf(objective, { only: () => false })).toThrow(
      'curvatureOf: only accepts none of the parameters block/a, block/b',
    );
    curvature.dispose();
    tf.dispose([a, b]);
  });

  test('a curvature disposed of gives no product, and says so', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.square(w)));
    curvature.dispose();
    expect(() => curvature.hessian.apply(Float64Array.of(1, 1))).toThrow(
      'hessian: this curvature is disposed of; take its products before dispose()',
    );
  });

  test('an empty batch is refused', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const batch = { x: tf.zeros([0, 2]), y: tf.zeros([0, 1]) };
    expect(() => curvatureOf({ ...objectiveOf([w], () => tf.square(w)), batch })).toThrow(
      'curvatureOf: the batch must hold an example, got x of shape [0,2]',
    );
  });

  test('a vector of another dimension is refused', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.square(w)));
    expect(() => curvature.hessian.apply(new Float64Array(3))).toThrow('hessian: v must hold 2 numbers, got 3');
    curvature.dispose();
  });
});
