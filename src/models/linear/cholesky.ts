/**
 * Lower Cholesky factor of a symmetric positive definite matrix, in place of its lower triangle.
 * A pivot that rounding makes non-positive is replaced by a tiny one, so that a redundant column gets no weight.
 * @param matrix row-major, shape (n, n)
 */
export function choleskyInPlace(matrix: Float64Array, n: number): void {
  for (let a = 0; a < n; a++) {
    const rowA = a * n;
    const scale = matrix[rowA + a]!;
    for (let b = 0; b <= a; b++) {
      const rowB = b * n;
      let value = matrix[rowA + b]!;
      for (let j = 0; j < b; j++) value -= matrix[rowA + j]! * matrix[rowB + j]!;
      if (a === b) matrix[rowA + a] = Math.sqrt(Math.max(value, 1e-14 * scale, Number.MIN_VALUE));
      else matrix[rowA + b] = value / matrix[rowB + b]!;
    }
  }
}

/**
 * Solves L Lᵀ x = b.
 * @param factor as `choleskyInPlace` leaves it
 * @param right shape (n,); changed into x and returned
 */
export function solveCholesky(factor: Float64Array, n: number, right: Float64Array): Float64Array {
  for (let a = 0; a < n; a++) {
    let value = right[a]!;
    for (let j = 0; j < a; j++) value -= factor[a * n + j]! * right[j]!;
    right[a] = value / factor[a * n + a]!;
  }
  for (let a = n - 1; a >= 0; a--) {
    const value = right[a]! / factor[a * n + a]!;
    right[a] = value;
    for (let j = 0; j < a; j++) right[j]! -= factor[a * n + j]! * value;
  }
  return right;
}
