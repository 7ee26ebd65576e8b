import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/instrument.js';
import { compose } from '../../src/core/compose.js';
import type { Intervention, Needs } from '../../src/core/intervention.js';
import type { GradientFn } from '../../src/core/objective.js';

const zero: GradientFn = () => ({ loss: tf.scalar(0), grads: {} });

/** Writes its name on the way in and on the way out. */
const tracing =
  (trace: string[]) =>
  (name: string): Intervention =>
  (next) => {
    const part: GradientFn = (objective) => {
      trace.push(`>${name}`);
      const result = next(objective);
      trace.push(`<${name}`);
      return result;
    };
    part.dispose = () => trace.push(`!${name}`);
    return part;
  };

const run = (make: (named: (name: string) => Intervention) => Intervention): string[] => {
  const trace: string[] = [];
  const composed = make(tracing(trace))(zero);
  composed({ step: 0, params: [], loss: () => tf.scalar(0) });
  composed.dispose?.();
  return trace;
};

test('the first intervention is outermost, and disposing reaches every part', () => {
  expect(run((named) => compose(named('a'), named('b')))).toEqual(['>a', '>b', '<b', '<a', '!a', '!b']);
});

test('composing nothing is the identity', () => {
  expect(compose()(zero)).toBe(zero);
});

test('composing is associative', () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
  fc.assert(
    fc.property(names, names, names, (x, y, z) => {
      const all = (named: (name: string) => Intervention) => [x, y, z].map((part) => part.map(named));
      const flat = run((named) => compose(...all(named).flat()));
      const left = run((named) => {
        const [a, b, c] = all(named);
        return compose(compose(...a!, ...b!), ...c!);
      });
      const right = run((named) => {
        const [a, b, c] = all(named);
        return compose(...a!, compose(...b!, ...c!));
      });
      expect(left).toEqual(flat);
      expect(right).toEqual(flat);
    }),
  );
});

const needing = (needs: Needs): Intervention => Object.assign(((next) => next) as Intervention, { needs });

test('a composition needs what its parts need, and says so only if they do', () => {
  expect(compose()).not.toHaveProperty('needs');
  expect(compose((next) => next)).not.toHaveProperty('needs');
  expect(compose(needing({ outputs: true }), (next) => next, compose(needing({ batch: true }))).needs).toEqual({
    outputs: true,
    batch: true,
  });
});

test('of layers a composition needs all that are named, and any where none is', () => {
  const named = needing({ features: ['a', 'b'], activations: true });
  const others = needing({ features: ['b', 'c'] });
  const any = needing({ features: true });
  expect(compose(named, any, others).needs).toEqual({ features: ['a', 'b', 'c'], activations: true });
  expect(compose(any).needs).toEqual({ features: true });
});

test('a run of a composition whose needs the loop does not meet is refused as it is made', () => {
  const optimizer = tf.train.sgd(0.1);
  const interventions = [compose(needing({ batch: true }))];
  expect(() => instrument(optimizer, { interventions })).toThrow('interventions[0] needs the batch of the step');
  optimizer.dispose();
});
