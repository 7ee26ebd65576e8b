/** A dense matrix on the host, row by row. */
export interface RowMajor {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array | Float64Array;
}
