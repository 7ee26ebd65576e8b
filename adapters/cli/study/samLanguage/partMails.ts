import { random } from '../../../../src/core/random.js';
import { shuffled } from '../../data/shuffled.js';
import type { Mail } from './mails.js';

/** Mails to train on and others to test on. */
export interface Parts {
  /** Spam and not in turn, so that the first n are a smaller set like it. */
  readonly train: readonly Mail[];
  readonly test: readonly Mail[];
}

/** What two mails may share of the words that either has. */
const MOST_SHARED = 0.5;

/**
 * Draws mails, half of each part spam, by the seed. None to test on is much like one to train on: of the words that either
 * has, they share less than half.
 *
 * @throws RangeError if there are not so many.
 */
export function partMails(all: readonly Mail[], sizes: { train: number; test: number }, seed: number): Parts {
  const order = shuffled(all.length, random(seed));
  const drawn = Array.from(order, (i) => all[i]!);
  const kinds = [true, false].map((spam) => drawn.filter((mail) => mail.spam === spam));
  const half = (part: 'train' | 'test') => sizes[part] / 2;
  const train = inTurn(kinds.map((kind) => kind.slice(0, half('train'))));
  const unlike = unlikeAny(train);
  const test = inTurn(kinds.map((kind) => firstOf(half('test'), kind.slice(half('train')), unlike)));
  for (const part of ['train', 'test'] as const) {
    const found = { train, test }[part].length;
    if (found < sizes[part]) throw new RangeError(`partMails: there are not ${sizes[part]} mails to ${part}`);
  }
  return { train, test };
}

const inTurn = ([a, b]: readonly (readonly Mail[])[]): Mail[] => a!.flatMap((mail, i) => (b![i] ? [mail, b![i]] : []));

function firstOf(count: number, from: readonly Mail[], wanted: (mail: Mail) => boolean): Mail[] {
  const found: Mail[] = [];
  for (const mail of from) {
    if (found.length === count) break;
    if (wanted(mail)) found.push(mail);
  }
  return found;
}

/** Tells whether a mail shares less than {@link MOST_SHARED} with each of these: their words are looked up, not compared. */
function unlikeAny(mails: readonly Mail[]): (mail: Mail) => boolean {
  const sets = mails.map(({ words }) => new Set(words));
  const having = new Map<string, number[]>();
  sets.forEach((set, i) => {
    for (const word of set) {
      const known = having.get(word);
      if (known) known.push(i);
      else having.set(word, [i]);
    }
  });
  return ({ words }) => {
    const own = new Set(words);
    const shared = new Uint16Array(sets.length);
    for (const word of own) for (const i of having.get(word) ?? []) shared[i]!++;
    return sets.every((set, i) => shared[i]! < MOST_SHARED * (own.size + set.size - shared[i]!));
  };
}
