import { isoUtc } from '../../core/time.js';
import { roundingOf, usualBend } from './flat-and-straight.js';
import type { Inspection, RowFinding } from './inspection.js';
import { rowsOf, type LoadGrid } from './load-grid.js';
import { median } from './median.js';

/** Where the local clock jumps: the first row after it, and by how much it goes forward (back, if negative). */
export interface ClockChange {
  readonly row: number;
  readonly forwardMs: number;
}

export function clockChanges({ localMs, stepMs }: LoadGrid): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let row = 1; row < localMs.length; row++) {
    const forwardMs = localMs[row]! - localMs[row - 1]! - stepMs;
    if (forwardMs !== 0) changes.push({ row, forwardMs });
  }
  return changes;
}

/** A sum of two hours lies between these multiples of the hours beside it. */
const [leastSum, mostSum] = [1.6, 2.5];
const bendOverRounding = 8;

/** Hours around a clock change that were summed, copied, made up or lost. */
export function findClockChangeFaults({ grid, scale }: Inspection): RowFinding[] {
  const hour = rowsOf(grid, 1);
  const straightTells = usualBend(grid.values) >= bendOverRounding * roundingOf(grid.values);
  return clockChanges(grid).flatMap(({ row, forwardMs }) => {
    const hours = [
      { from: row - hour, to: row, name: 'the hour before the change' },
      { from: row, to: row + hour, name: 'the hour after the change' },
    ].filter(({ from, to }) => from >= hour && to + hour <= grid.values.length);
    const at = isoUtc(grid.startMs + row * grid.stepMs);
    const found = (part: { from: number; to: number }, what: string): RowFinding => ({
      kind: 'clock-change',
      from: part.from,
      to: part.to,
      reason: `clock change at ${at}: ${what}`,
    });
    const autumn = forwardMs < 0;
    const [before, after] = hours;
    if (!before || !after) return [];
    const copied = autumn && isSame(grid.values, before.from, after.from, hour);
    // A load that stands still tells nothing.
    if (copied && !isSame(grid.values, before.from - hour, before.from, hour))
      return [found(after, 'both of the doubled hours hold the same value; one is a copy')];
    const sums = autumn
      ? hours.filter((part) => isSum(grid.values, part, before.from, after.to))
      : [];
    return [
      ...sums.map((part) =>
        found(part, `${part.name} is about twice the hours beside it: the sum of both; halve it`),
      ),
      ...hours
        .filter((part) => !sums.includes(part))
        .flatMap((part) => {
          const what = strangeHour(grid.values, part, {
            autumn,
            positive: scale.kind === 'ratio',
            straightTells,
          });
          return what === null ? [] : [found(part, `${part.name} ${what}`)];
        }),
    ];
  });
}

/** Whether an hour is about twice the values before and after both of the doubled hours. */
function isSum(
  values: Float64Array,
  { from, to }: { from: number; to: number },
  first: number,
  end: number,
): boolean {
  const beside = (values[first - 1]! + values[end]!) / 2;
  const ratio = median(values.subarray(from, to)) / beside;
  return beside > 0 && ratio > leastSum && ratio < mostSum;
}

function isSame(values: Float64Array, first: number, second: number, rows: number): boolean {
  let moving = rows > 1 ? 0 : 1;
  for (let k = 0; k < rows; k++) {
    if (values[first + k] !== values[second + k]) return false;
    if (k > 0 && values[first + k] !== values[first]) moving++;
  }
  return moving > 0 && values[first] !== 0;
}

/** What is wrong with one hour, or null; its neighbours must be known. */
function strangeHour(
  values: Float64Array,
  { from, to }: { from: number; to: number },
  {
    autumn,
    positive,
    straightTells,
  }: { autumn: boolean; positive: boolean; straightTells: boolean },
): string | null {
  const hour = to - from;
  const before = values[from - 1]!;
  const after = values[to]!;
  if (!Number.isFinite(before + after)) return null;
  const part = values.subarray(from, to);
  if (part.every((value) => Number.isNaN(value)))
    return autumn ? 'is missing; two hours were read as one' : 'is missing';
  if (part.some((value) => Number.isNaN(value))) return null;
  if (positive && part.every((value) => value === 0)) return 'is zero';
  const slope = (after - before) / (hour + 1);
  const straight = part.every(
    (value, k) => Math.abs(value - before - slope * (k + 1)) <= 1e-9 * Math.abs(value),
  );
  if (!autumn && straightTells && straight && slope !== 0)
    return 'is exactly the mean of the values beside it; it was made up';
  return null;
}
