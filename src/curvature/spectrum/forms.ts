import { dot } from '../../linalg/dot.js';

/** The products of one v, by name. */
export type Products<K extends string> = ((v: Float64Array) => Readonly<Record<K, Float64Array>>) | NamedProducts<K>;

/** The products of one v, by name, and where several vectors are cheaper together, those of several. */
export interface NamedProducts<K extends string> {
  /** The products of one vector. */
  apply(v: Float64Array): Readonly<Record<K, Float64Array>>;
  /** The products of each of several vectors. */
  applyAll?(vs: readonly Float64Array[]): readonly Readonly<Record<K, Float64Array>>[];
}

/** vᵀA v and ‖A v‖² of one v, or their sums over several, by name. */
export type Forms<K extends string> = ReadonlyMap<K, { readonly quadratic: number; readonly square: number }>;

/** Vectors to multiply together where that is cheaper: little is left to save by more, and memory is bounded. */
export const together = (products: Products<string>): number =>
  typeof products !== 'function' && products.applyAll ? 8 : 1;

/** Each vector with its products, as many multiplied together as are cheaper so. */
export function* multiplied<K extends string>(
  products: Products<K>,
  vectors: Iterable<Float64Array>,
): Generator<readonly [Float64Array, Readonly<Record<K, Float64Array>>]> {
  for (const vs of groups(vectors, together(products))) {
    const found = multiply(products, vs);
    for (const [i, v] of vs.entries()) yield [v, found[i]!];
  }
}

/** The forms of each vector. */
export const formsOf = <K extends string>(products: Products<K>, vectors: Iterable<Float64Array>): Forms<K>[] =>
  Array.from(multiplied(products, vectors), ([v, av]) => formsIn(v, av));

/** Sums of forms; empty if there are none. */
export function sumOf<K extends string>(all: readonly Forms<K>[]): Forms<K> {
  const names = [...(all[0]?.keys() ?? [])];
  const over = (name: K, form: 'quadratic' | 'square') => all.reduce((sum, forms) => sum + forms.get(name)![form], 0);
  return new Map(names.map((name) => [name, { quadratic: over(name, 'quadratic'), square: over(name, 'square') }]));
}

function multiply<K extends string>(products: Products<K>, vs: readonly Float64Array[]) {
  if (typeof products === 'function') return vs.map((v) => products(v));
  return products.applyAll ? products.applyAll(vs) : vs.map((v) => products.apply(v));
}

const formsIn = <K extends string>(v: Float64Array, products: Readonly<Record<K, Float64Array>>): Forms<K> =>
  new Map(
    (Object.entries(products) as [K, Float64Array][]).map(([name, av]) => [
      name,
      { quadratic: dot(v, av), square: dot(av, av) },
    ]),
  );

function* groups<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
