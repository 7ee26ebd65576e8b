import type { NamedProducts } from './forms.js';
import type { Operator } from './operator.js';

/** The products of one operator, under a name; several together where the operator offers that. */
export function productsOf<K extends string>(name: K, { apply, applyAll }: Operator): NamedProducts<K> {
  const named = (product: Float64Array) => ({ [name]: product }) as Readonly<Record<K, Float64Array>>;
  return {
    apply: (v) => named(apply(v)),
    ...(applyAll && { applyAll: (vs: readonly Float64Array[]) => applyAll(vs).map(named) }),
  };
}
