import { expect, test } from 'vitest';
import { sideEffects } from '../../../adapters/tfjs/sideEffects.js';
import { withRandom } from '../../../adapters/tfjs/withRandom.js';
import { random } from '../../../src/core/random.js';

const draws = (n: number) => (): number[] => Array.from({ length: n }, () => Math.random());

test('later evaluations draw what the first has drawn, and the stream of the user stands still', () => {
  const expected = withRandom(random(3), draws(4));
  withRandom(random(3), () => {
    const effects = sideEffects([]);
    expect(effects.evaluate(draws(3))).toEqual(expected.slice(0, 3));
    expect(effects.evaluate(draws(2))).toEqual(expected.slice(0, 2));
    expect(effects.quietly(draws(3))).toEqual(expected.slice(0, 3));
    expect(Math.random()).toBe(expected[3]);
  });
});

test('a quiet evaluation ahead of the first draws what that will draw, and no more is taken from the stream', () => {
  const expected = withRandom(random(3), draws(4));
  withRandom(random(3), () => {
    const effects = sideEffects([]);
    expect(effects.quietly(draws(2))).toEqual(expected.slice(0, 2));
    expect(effects.quietly(draws(1))).toEqual(expected.slice(0, 1));
    expect(effects.evaluate(draws(3))).toEqual(expected.slice(0, 3));
    expect(effects.quietly(draws(3))).toEqual(expected.slice(0, 3));
    expect(Math.random()).toBe(expected[3]);
  });
});
