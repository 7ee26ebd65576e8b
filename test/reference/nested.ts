import { readGolden, type Values } from './readGolden.js';

/** Parameters by name, in the order of w, b, v of tanh(x w + b) v. */
type Params = Readonly<Record<'w' | 'b' | 'v', Values>>;

interface Expected {
  readonly loss: number;
  readonly gradient: Readonly<Record<keyof Params, readonly number[]>>;
}

interface Data {
  readonly x: Values;
  readonly y: Values;
}

/** Gradients through gradients, as nested.py defines them. */
export interface NestedGoldens {
  readonly wganGp: {
    readonly penalty: number;
    readonly params: Params;
    readonly real: Values;
    readonly fake: Values;
    /** ε, one an example. */
    readonly mix: Values;
    readonly expected: Expected;
  };
  readonly maml: {
    readonly rate: number;
    readonly params: Params;
    readonly tasks: readonly { readonly support: Data; readonly query: Data }[];
    readonly expected: Expected;
  };
}

export const nestedGoldens = readGolden<NestedGoldens>('nested');
