/**
 * L⁻¹ of G + shift · I = L Lᵀ, the lower triangle of each, row by row.
 *
 * Where rounding has made G indefinite by more than the shift, a square of the diagonal of L is the shift, and L that of
 * a matrix nearby.
 *
 * Work: n³ / 3 multiplications.
 *
 * @param gram `[n, n]`, row by row.
 */
export function inverseCholesky(gram: ArrayLike<number>, n: number, shift: number): Float64Array {
  const factor = cholesky(gram, n, shift);
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / factor[j * n + j]!;
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += factor[i * n + k]! * inverse[k * n + j]!;
      inverse[i * n + j] = -sum / factor[i * n + i]!;
    }
  }
  return inverse;
}

function cholesky(gram: ArrayLike<number>, n: number, shift: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * n + j]! + (i === j ? shift : 0);
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      factor[i * n + j] = i === j ? Math.sqrt(Math.max(sum, shift)) : sum / factor[j * n + j]!;
    }
  }
  return factor;
}
