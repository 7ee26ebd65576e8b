/** Where the vectors of a search are kept, and so where its sums are taken: as numbers in float64, or as tensors of the backend. */
export interface Vectors<V> {
  from(numbers: Float64Array): V;
  numbers(x: V): Float64Array;
  /** qᵢᵀ x, of each vector of those that are gathered too. */
  coordinates(basis: readonly V[], x: V): Float64Array;
  /** Σ weightsᵢ xᵢ, a vector of its own; likewise. */
  combination(weights: ArrayLike<number>, xs: readonly V[]): V;
  /** One in place of some, for sums over a basis; lets go of them. Absent where nothing is gained by it. */
  gathered?(xs: readonly V[]): V;
  /** Lets go of a vector. */
  release(x: V): void;
  /** Lets go of all that have been made. */
  releaseAll(): void;
}
