/** A symmetric tridiagonal matrix: its n diagonal values, and the n − 1 beside them. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

/**
 * Turns a symmetric matrix into a tridiagonal one of the same eigenvalues, by n − 2 reflections.
 *
 * Row k, last to first, is reflected onto its last entry: v = x − α e, α = ∓‖x‖, and the block B above it becomes
 * B − v wᵀ − w vᵀ with h = ‖v‖²/2, p = B v / h, w = p − (vᵀp / 2h) v. Only the lower triangle is read.
 *
 * Work: 4/3 n³ operations, n vectors made; about 0.2 s for n = 512.
 *
 * @param matrix `[n, n]`, row by row; its squares must not overflow.
 * @see Householder 1958; Golub, Van Loan 2013, Matrix Computations, § 8.3
 */
export function tridiagonalized(matrix: Float64Array, n: number): Tridiagonal {
  const a = matrix.slice();
  const beside = new Float64Array(Math.max(0, n - 1));
  for (let k = n - 1; k > 0; k--) {
    const v = a.slice(k * n, k * n + k);
    const last = v[k - 1]!;
    const length = Math.sqrt(dot(v, v, k));
    // Nothing but the last entry: reflecting it would only cost digits.
    if (dot(v, v, k - 1) === 0) {
      beside[k - 1] = last;
      continue;
    }
    const alpha = last < 0 ? length : -length;
    beside[k - 1] = alpha;
    v[k - 1] = last - alpha;
    const h = length * (length + Math.abs(last));
    const w = product(a, n, v, k).map((x) => x / h);
    const along = dot(v, w, k) / (2 * h);
    for (let i = 0; i < k; i++) w[i]! -= along * v[i]!;
    subtractBoth(a, n, v, w, k);
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), beside };
}

/** The leading k × k block times v. Each entry of the triangle serves twice, so it is read once. */
function product(a: Float64Array, n: number, v: Float64Array, k: number): Float64Array {
  const p = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    const [row, vi] = [i * n, v[i]!];
    let sum = a[row + i]! * vi;
    for (let j = 0; j < i; j++) {
      const x = a[row + j]!;
      sum += x * v[j]!;
      p[j]! += x * vi;
    }
    p[i]! += sum;
  }
  return p;
}

/** Subtracts v wᵀ + w vᵀ from the lower triangle of the leading k × k block. */
function subtractBoth(a: Float64Array, n: number, v: Float64Array, w: Float64Array, k: number): void {
  for (let i = 0; i < k; i++) {
    const [row, vi, wi] = [i * n, v[i]!, w[i]!];
    for (let j = 0; j <= i; j++) a[row + j]! -= vi * w[j]! + wi * v[j]!;
  }
}

function dot(a: Float64Array, b: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i]! * b[i]!;
  return sum;
}
