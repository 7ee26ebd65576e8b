import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import { LENGTH, type Mail } from './mails.js';

/** Where a mail has ended, and a word that the vocabulary lacks. */
export const PADDING = 0;
export const UNKNOWN = 1;

const RESERVED = 2;

/** Numbers for words: what a network has seen of a language. */
export interface Vocabulary {
  /** Numbers in use, the two reserved ones among them. */
  readonly size: number;
  /** `[mails, length]`, int32: the number of each word, then {@link PADDING}. */
  encode(mails: readonly Mail[]): Tensor2D;
}

/**
 * The words that at least two of these mails have, the commonest first, up to `most` numbers. Of the mails to train on only:
 * what others say is not known beforehand.
 */
export function vocabulary(mails: readonly Mail[], most: number): Vocabulary {
  const counts = new Map<string, number>();
  for (const { words } of mails) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const common = [...counts]
    .filter(([, count]) => count > 1)
    // Of words as common, that of the lesser letter, whatever mail came first.
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most - RESERVED);
  const numbers = new Map(common.map(([word], i) => [word, i + RESERVED]));
  return {
    size: numbers.size + RESERVED,
    encode(mails) {
      const rows = mails.map(({ words }) =>
        Array.from({ length: LENGTH }, (_, i) => (i < words.length ? (numbers.get(words[i]!) ?? UNKNOWN) : PADDING)),
      );
      return tensor2d(rows, [mails.length, LENGTH], 'int32');
    },
  };
}
