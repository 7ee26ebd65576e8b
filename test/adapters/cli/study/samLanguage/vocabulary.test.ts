import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { LENGTH, type Mail } from '../../../../../adapters/cli/study/samLanguage/mails.js';
import { PADDING, UNKNOWN, vocabulary } from '../../../../../adapters/cli/study/samLanguage/vocabulary.js';

beforeAll(() => tf.setBackend('cpu'));

const mail = (text: string): Mail => ({ words: text.split(' '), spam: false });
const seen = [mail('a b b c'), mail('a b'), mail('a d c')];

function encoded(known: ReturnType<typeof vocabulary>, text: string): number[] {
  const rows = known.encode([mail(text)]);
  const values = [...rows.dataSync()];
  expect(rows.shape).toEqual([1, LENGTH]);
  rows.dispose();
  return values;
}

test('words of two mails or more are known, the commonest first, of the others nothing', () => {
  const known = vocabulary(seen, 10);
  expect(known.size).toBe(5);
  const filled = Array(LENGTH - 5).fill(PADDING);
  expect(encoded(known, 'a b c d e')).toEqual([2, 3, 4, UNKNOWN, UNKNOWN, ...filled]);
});

test('there are at most as many numbers as asked for', () => {
  const known = vocabulary(seen, 3);
  expect(known.size).toBe(3);
  expect(encoded(known, 'a b').slice(0, 3)).toEqual([2, UNKNOWN, PADDING]);
});

test('the order of the mails does not matter', () => {
  expect(encoded(vocabulary(seen.toReversed(), 10), 'a b c')).toEqual(encoded(vocabulary(seen, 10), 'a b c'));
});
