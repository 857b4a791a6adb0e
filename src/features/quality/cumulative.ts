import { duration, rounded, type Inspection, type RowFinding } from './inspection.js';
import { rowsOf } from './load-grid.js';

/** No load rises for this long without falling once. */
const leastHours = 48;
const leastRising = 0.6;

/** Stretches that only rise, but for resets: the count of a meter instead of its power. */
export function findCumulative({ grid }: Inspection): RowFinding[] {
  const { values } = grid;
  const least = rowsOf(grid, leastHours);
  const stretches: { from: number; to: number; resets: number }[] = [];
  for (let from = 0; from < values.length;) {
    const { to, rising } = risingRun(values, from);
    if (to - from >= least && rising >= leastRising * (to - from - 1)) {
      const last = stretches.at(-1);
      // A counter starts again from a low count; what follows at once belongs to the same stretch.
      if (last && from - last.to <= 1) {
        last.to = to;
        last.resets++;
      } else stretches.push({ from, to, resets: 0 });
    }
    from = to;
  }
  return stretches.map(({ from, to, resets }) => ({
    kind: 'cumulative',
    from,
    to,
    reason: `values rise for ${duration(grid, to - from)} from ${rounded(values[from]!)} to ${rounded(values[to - 1]!)}${resets > 0 ? ` with ${resets} reset${resets > 1 ? 's' : ''}` : ''}: a meter's count, not a load; take the difference of each value and the one before (of a count in MWh, divided by the hours between), and leave out the one at a reset`,
  }));
}

/** Rows from `from` on that never fall; missing ones are passed over. */
function risingRun(values: Float64Array, from: number): { to: number; rising: number } {
  let to = from + 1;
  let rising = 0;
  let last = values[from]!;
  for (; to < values.length; to++) {
    const value = values[to]!;
    if (Number.isNaN(value)) continue;
    if (value < last) break;
    if (value > last) rising++;
    last = value;
  }
  return { to, rising };
}
