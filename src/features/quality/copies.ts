import { duration, type Inspection, type RowFinding } from './inspection.js';
import { localDayOf, rowsOf, type LoadGrid } from './load-grid.js';
import { dayMs } from '../../core/time.js';

/** Copies of the days shortly before are looked for from any hour on, of any other day as whole local days. */
const lagDays = [1, 2, 3, 4, 5, 6, 7, 14, 21, 28, 364];
const leastHours = 12;
/** fewer different values in a day tell no copy from chance */
const leastDifferent = 12;

/** Stretches that repeat earlier ones value for value, as gap filling leaves them; the later one is taken for the copy. */
export function findCopied(inspection: Inspection): RowFinding[] {
  const { grid } = inspection;
  const copyOf = new Int32Array(grid.values.length).fill(-1);
  for (const days of lagDays) markRuns(grid, days * rowsOf(grid, 24), copyOf);
  markDays(grid, copyOf);
  return runsOf(grid, copyOf);
}

function markRuns({ values, stepMs }: LoadGrid, lag: number, copyOf: Int32Array): void {
  const least = Math.max(leastDifferent, rowsOf({ stepMs }, leastHours));
  let equal = 0;
  const close = (end: number): void => {
    if (equal >= least && differentValues(values, end - equal, end) >= leastDifferent)
      for (let row = end - equal; row < end; row++) if (copyOf[row]! < 0) copyOf[row] = row - lag;
    equal = 0;
  };
  for (let row = lag; row < values.length; row++) {
    if (values[row] === values[row - lag]) equal++;
    else close(row);
  }
  close(values.length);
}

/** Whole local days that occur a second time. */
function markDays(grid: LoadGrid, copyOf: Int32Array): void {
  const { values } = grid;
  const first = new Map<string, number>();
  for (let from = 0; from < values.length;) {
    const day = localDayOf(grid, from);
    let to = from + 1;
    while (to < values.length && localDayOf(grid, to) === day) to++;
    const whole = to - from >= rowsOf(grid, 23);
    if (whole && copyOf[from]! < 0 && differentValues(values, from, to) >= leastDifferent) {
      const key = values.subarray(from, to).join(' ');
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, from);
      else for (let row = from; row < to; row++) copyOf[row] = earlier + row - from;
    }
    from = to;
  }
}

/** Different values in a stretch; 0 if one is missing. */
function differentValues(values: Float64Array, from: number, to: number): number {
  const part = values.subarray(from, to);
  return part.some((value) => Number.isNaN(value)) ? 0 : new Set(part).size;
}

function runsOf(grid: LoadGrid, copyOf: Int32Array): RowFinding[] {
  const findings: RowFinding[] = [];
  for (let from = 0; from < copyOf.length;) {
    if (copyOf[from]! < 0) {
      from++;
      continue;
    }
    const lag = from - copyOf[from]!;
    const isCopy = (row: number): boolean => {
      const source = copyOf[row]!;
      return source >= 0 && row - source === lag;
    };
    let to = from + 1;
    while (to < copyOf.length && isCopy(to)) to++;
    const days = (lag * grid.stepMs) / dayMs;
    findings.push({
      kind: 'copied',
      from,
      to,
      reason: `${duration(grid, to - from)} repeat the values of ${Math.round(days)} ${days > 1 ? 'days' : 'day'} before one by one; a copy stands in for measurements`,
    });
    from = to;
  }
  return findings;
}
