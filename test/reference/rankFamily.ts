import { readGolden } from './readGolden.js';

/** What rank_family.py says of a network. */
export interface RankFamily {
  /** By parameter. */
  readonly weights: Readonly<Record<string, { readonly effectiveRank: number; readonly stableRank: number }>>;
  /** By hidden layer. */
  readonly features: Readonly<Record<string, OfFeatures>>;
}

interface OfFeatures {
  readonly gramEffectiveRank: number;
  /** At a threshold of 0, and at a higher one. */
  readonly activity: readonly UnitActivity[];
  /** The error of the k nearest, each example left out in turn; where targets are classes. */
  readonly neighbours?: { readonly k: number; readonly error: number };
}

export interface UnitActivity {
  readonly threshold: number;
  readonly correlation: number;
  readonly active: number;
  readonly dead: number;
  readonly density: number;
  readonly distinct: number;
}

export const rankFamily =
  readGolden<Readonly<Record<'mlp-tanh' | 'mlp-relu' | 'conv-max-pool', RankFamily>>>('rank-family');
