import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { compose } from '../../src/core/compose.js';
import type { Intervention } from '../../src/core/intervention.js';
import type { GradientFn, Json } from '../../src/core/objective.js';

const zero: GradientFn = () => ({ loss: tf.scalar(0), grads: {} });

/** Keeps one value, which it begins with, and takes whatever is restored. */
const keeping = (name: string, value: Json): Intervention => {
  return () => {
    let kept = value;
    const part: GradientFn = zero.bind(null);
    part.state = () => kept;
    part.restore = (saved) => {
      kept = saved;
    };
    return Object.defineProperty(part, 'name', { value: name });
  };
};

const stateless =
  (name: string): Intervention =>
  () =>
    Object.defineProperty(zero.bind(null), 'name', { value: name });

const identity: Intervention = (next) => next;

test('the state of a composition is that of its parts, by name, first outermost', () => {
  const composed = compose(keeping('a', 1), stateless('b'), compose(keeping('c', [2]), keeping('d', { e: 3 })))(zero);
  expect(composed.state!()).toEqual([
    { name: 'a', state: 1 },
    { name: 'b', state: null },
    {
      name: 'compose',
      state: [
        { name: 'c', state: [2] },
        { name: 'd', state: { e: 3 } },
      ],
    },
  ]);
});

test('each part takes its own back', () => {
  const [first, second] = [1, 2].map((k) => compose(keeping('a', k), compose(keeping('a', -k), stateless('b')))(zero));
  second!.restore!(first!.state!());
  expect(second!.state!()).toEqual(first!.state!());
});

test('an intervention that does nothing leaves no place in the state', () => {
  const saved = compose(identity, keeping('a', 1), identity)(zero).state!();
  const other = compose(keeping('a', 2))(zero);
  other.restore!(saved);
  expect(other.state!()).toEqual([{ name: 'a', state: 1 }]);
});

test.each([
  ['fewer', ['a'], ['a', 'b']],
  ['more', ['a', 'b'], ['a']],
  ['others', ['a'], ['b']],
  ['the same in another order', ['a', 'b'], ['b', 'a']],
])('a state of %s interventions is refused, and both sides are named', (_, theirs, ours) => {
  const make = (names: string[]) => compose(...names.map((name) => keeping(name, 0)))(zero);
  expect(() => make(ours).restore!(make(theirs).state!())).toThrow(
    `the state is of the interventions [${theirs.join(', ')}], this run has [${ours.join(', ')}]; pass the same`,
  );
});
