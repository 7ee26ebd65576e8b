import { readGolden, type Values } from './readGolden.js';

/** What low_rank.py says of features. */
export interface LowRank {
  /** The same features, in another order, turned, or with units that are never on. */
  readonly versions: Readonly<Record<'plain' | 'permuted' | 'rotated' | 'withZeros', Version>>;
  /** Of the plain ones, by centring. */
  readonly singularValues: Readonly<Record<'columns' | 'rows' | 'none', readonly number[]>>;
  readonly neighbours: {
    readonly known: Classified;
    readonly asked: Classified;
    readonly errors: readonly { readonly k: number; readonly againstKnown: number; readonly leftOut: number }[];
  };
}

interface Version {
  readonly features: Values;
  /** As the text counts them, and its code. */
  readonly ranks: Readonly<Record<'text' | 'deep' | 'twoLayer', number>>;
}

export interface Classified {
  readonly features: Values;
  readonly classes: readonly number[];
}

export const lowRank = readGolden<LowRank>('low-rank');
