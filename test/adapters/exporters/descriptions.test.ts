import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describe } from '../../../adapters/exporters/descriptions.js';
import type { Probe } from '../../../src/core/watching.js';
import * as library from '../../../src/index.js';

/** Every probe of the library: all that its functions make of nothing and that measures something; and those that ask for more. */
function probes(): Probe[] {
  const made = Object.values(library).map((make): unknown => {
    try {
      return (make as () => unknown)();
    } catch {
      return undefined; // Not one that can be made of nothing.
    }
  });
  const on = { x: tf.ones([4, 1]), y: tf.ones([4, 1]) };
  const all = [...made, library.confidence({ teacher: () => tf.ones([4, 2]), on })];
  return all.filter((thing): thing is Probe => Array.isArray((thing as Partial<Probe> | undefined)?.measures));
}

test('everything that a probe measures has a description', () => {
  const names = new Set(probes().flatMap(({ measures }) => measures.map(({ name }) => name)));
  expect(names.size).toBeGreaterThan(40);
  expect([...names].filter((name) => describe(name) === '')).toEqual([]);
});

test('what comes with a metric is described by what it comes with', () => {
  const trace = describe('hessian.trace');
  expect(describe('hessian.trace.standard_error')).toBe(`Standard error: ${trace}`);
  expect(describe('hessian.top_eigenvalue_residual')).toBe(`Relative residual: ${describe('hessian.top_eigenvalue')}`);
  expect(describe('no.such.metric')).toBe('');
  expect(describe('no.such.metric_residual')).toBe('');
});
