/**
 * Minimises wᵀQw − 2bᵀw over the probability simplex (w ≥ 0, Σw = 1), exactly, by trying every support: fine for the
 * handful of members of a blend (2^k − 1 small linear systems), and free of iteration limits.
 * @param q symmetric positive definite, row-major, shape (k, k)
 * @param b shape (k,)
 * @returns w, shape (k,)
 */
export function minimiseOnSimplex(q: Float64Array, b: Float64Array): Float64Array {
  const k = b.length;
  let best = new Float64Array(k).fill(1 / k);
  let lowest = Number.POSITIVE_INFINITY;
  for (let support = 1; support < 1 << k; support++) {
    const members = Array.from({ length: k }, (_, i) => i).filter((i) => (support >> i) & 1);
    const solution = equalityConstrained(q, b, k, members);
    if (!solution || solution.some((weight) => weight < 0)) continue;
    const weights = new Float64Array(k);
    for (const [position, member] of members.entries()) weights[member] = solution[position]!;
    const value = objective(q, b, weights);
    if (value < lowest) {
      lowest = value;
      best = weights;
    }
  }
  return best;
}

function objective(q: Float64Array, b: Float64Array, w: Float64Array): number {
  const k = w.length;
  let value = 0;
  for (let i = 0; i < k; i++) {
    value -= 2 * b[i]! * w[i]!;
    for (let j = 0; j < k; j++) value += w[i]! * q[i * k + j]! * w[j]!;
  }
  return value;
}

/** Lagrange conditions on one support: Q w + λ1 = b, 1ᵀw = 1. */
function equalityConstrained(
  q: Float64Array,
  b: Float64Array,
  k: number,
  members: readonly number[],
): number[] | null {
  const n = members.length;
  const rows = members.map((i) => [...members.map((j) => q[i * k + j]!), 1, b[i]!]);
  rows.push([...members.map(() => 1), 0, 1]);
  const solved = gaussianElimination(rows);
  return solved ? solved.slice(0, n) : null;
}

/** Solves the augmented system by elimination with partial pivoting; null if singular. */
function gaussianElimination(rows: number[][]): number[] | null {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    const pivotRow = rows[pivot]!;
    if (Math.abs(pivotRow[column]!) < 1e-300) return null;
    rows[pivot] = rows[column]!;
    rows[column] = pivotRow;
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / pivotRow[column]!;
      for (let j = column; j <= n; j++) rows[row]![j]! -= factor * pivotRow[j]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
