import { clockChanges, type ClockChange } from './clock-changes.js';
import { misfitsOf, mostHours, partsOfDays, type DayRows } from './day-misfit.js';
import type { Inspection, RowFinding } from './inspection.js';
import { rowsOf, type LoadGrid } from './load-grid.js';

/** Days after a clock change that are compared with the weeks before it; later weekdays have been seen since. */
const days = 6;
const leastDays = 3;

/**
 * A course of the day that comes early in summer ignores daylight saving (or had it applied twice), one that comes late
 * has it the wrong way round. Evidence of a change is ln of the misfit the one way less the other way, less `doubt`: work
 * follows the clock, light the sun, so a sound series leans to the second.
 */
const ways = [
  { summerHours: -1, doubt: 0.15, mostLeft: 1.02 },
  { summerHours: 1, doubt: 0.5, mostLeft: 0.85 },
] as const;
const leastEvidence = 0.5;

interface JudgedChange extends ClockChange {
  readonly evidence: number;
  /** misfit that the displacement leaves, over that without it */
  readonly left: number;
}

/**
 * Series whose course of the day moves by an hour, on the local clock, at clock changes. Those around zero follow the sun,
 * which does so.
 */
export function findIgnoredClockChanges(inspection: Inspection): RowFinding[] {
  const { grid, scale } = inspection;
  if (scale.kind === 'range') return [];
  const hour = rowsOf(grid, 1);
  const changes = clockChanges(grid).filter(
    ({ forwardMs }) => Math.abs(Math.round(forwardMs / grid.stepMs)) === hour,
  );
  const dayRows = partsOfDays(grid);
  const misfits = changes.map((change) => misfitsAfter(inspection, dayRows, change.row));
  return ways.flatMap(({ summerHours, doubt, mostLeft }) => {
    const judged = changes.flatMap((change, i): JudgedChange[] => {
      const misfit = misfits[i];
      if (!misfit) return [];
      const hours = change.forwardMs > 0 ? summerHours : -summerHours;
      const [there, opposite] = [misfit[mostHours + hours]!, misfit[mostHours - hours]!];
      return [
        {
          ...change,
          evidence: Math.log(opposite / there) - doubt,
          left: there / misfit[mostHours]!,
        },
      ];
    });
    const run = strongestRun(judged);
    const left = run.reduce((sum, each) => sum + each.left, 0) / run.length;
    const [first] = run;
    const last = run.at(-1);
    if (!first || !last || left > mostLeft) return [];
    const from = changes.findLast(({ row }) => row < first.row)?.row ?? 0;
    const to = changes.find(({ row }) => row > last.row)?.row ?? grid.values.length;
    return [
      {
        kind: 'ignores-clock-change',
        from,
        to,
        lateHours: summerHours,
        reason: `at ${run.length} clock change${run.length > 1 ? 's' : ''} the course of the day moves by an hour of local time: in summer it comes ${summerHours < 0 ? 'early; the stamps are in a time without daylight saving, or it was taken off twice' : 'late; daylight saving was applied the wrong way round'}. Check the zone of the file`,
      },
    ];
  });
}

/** Levels with the course of summer days moved back to where winter has it. */
export function withoutSummerShift(
  { grid, levels }: Inspection,
  findings: readonly RowFinding[],
): Float64Array {
  const moved = levels.slice();
  const winterMs = winterOffsetMs(grid);
  for (const { from, to, lateHours = 0 } of findings)
    for (let row = from; row < to; row++)
      if (offsetMs(grid, row) > winterMs)
        moved[row] = levels[row + lateHours * rowsOf(grid, 1)] ?? Number.NaN;
  return moved;
}

function offsetMs({ startMs, stepMs, localMs }: LoadGrid, row: number): number {
  return localMs[row]! - startMs - row * stepMs;
}

function winterOffsetMs(grid: LoadGrid): number {
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row < grid.localMs.length; row++) least = Math.min(least, offsetMs(grid, row));
  return least;
}

/** Sum over the first days after a change of the misfit by hours, or null if too few are known. */
function misfitsAfter(
  inspection: Inspection,
  dayRows: readonly DayRows[],
  row: number,
): Float64Array | null {
  const first = dayRows.findIndex(({ to }) => to > row) + 1;
  const known = dayRows
    .slice(first, first + days)
    .map((day) => misfitsOf(inspection, day, () => 0))
    .filter((misfits) => !Number.isNaN(misfits[0]!));
  if (known.length < leastDays) return null;
  return known.reduce((sum, misfits) => sum.map((value, i) => value + misfits[i]!));
}

/** Consecutive changes with the largest sum of evidence (Kadane's algorithm); none if that is too little. */
function strongestRun(changes: readonly JudgedChange[]): readonly JudgedChange[] {
  let [sum, from, best] = [0, 0, leastEvidence];
  let run: readonly JudgedChange[] = [];
  changes.forEach(({ evidence }, i) => {
    if (sum <= 0) [sum, from] = [0, i];
    sum += evidence;
    if (sum >= best) [best, run] = [sum, changes.slice(from, i + 1)];
  });
  return run;
}
