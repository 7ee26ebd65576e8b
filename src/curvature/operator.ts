/** A symmetric matrix on weight space, known by its products. */
export interface Operator {
  readonly dimension: number;
  /** Of one product, in gradient evaluations. */
  readonly cost: number;
  /** v ↦ A v */
  apply(v: Float64Array): Float64Array;
}
