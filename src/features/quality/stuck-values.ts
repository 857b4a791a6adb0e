/**
 * Runs of one value that are too long for chance, without their first row, which was still measured. Where neighbours
 * are often equal (a small feeder in whole MW) a run must be so long that fewer than 0.001 such runs are to be expected.
 * @param leastRows rows from which a run may count
 * @returns row ranges `[from, to)`, ascending
 */
export function stuckRuns(values: Float64Array, leastRows: number): { from: number; to: number }[] {
  const least = Math.max(leastRows, rowsBeyondChance(values));
  const runs: { from: number; to: number }[] = [];
  for (let from = 0; from < values.length;) {
    let to = from + 1;
    while (to < values.length && values[to] === values[from]) to++;
    if (to - from >= least) runs.push({ from: from + 1, to });
    from = to;
  }
  return runs;
}

function rowsBeyondChance(values: Float64Array): number {
  let pairs = 0;
  let equal = 0;
  for (let i = 1; i < values.length; i++) {
    if (!Number.isFinite(values[i]! - values[i - 1]!)) continue;
    pairs++;
    if (values[i] === values[i - 1]) equal++;
  }
  if (equal === 0) return 2;
  return Math.ceil(1 + Math.log(0.001 / pairs) / Math.log(Math.min(0.999, equal / pairs)));
}
