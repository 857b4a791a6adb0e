import { duration, rounded, type Inspection, type RowFinding } from './inspection.js';
import { median } from './median.js';
import type { UsualLoad } from './usual-load.js';

/** Zeros and negative loads in a series that is positive otherwise; a stretch that fits with its sign turned says so. */
export function findNotPositive({ grid, scale }: Inspection, usual: UsualLoad): RowFinding[] {
  if (scale.kind !== 'ratio') return [];
  const { values } = grid;
  const findings: RowFinding[] = [];
  for (let from = 0; from < values.length; from++) {
    if (!(values[from]! <= 0)) continue;
    const negative = values[from]! < 0;
    let to = from + 1;
    while (to < values.length && values[to]! <= 0 && values[to]! < 0 === negative) to++;
    findings.push(
      negative && fitsReversed(values, usual, from, to)
        ? {
            kind: 'reversed-sign',
            from,
            to,
            factor: -1,
            reason: `${duration(grid, to - from)} of negative load of the usual size (${rounded(values[from]!)} MW first); import and export are exchanged`,
          }
        : {
            kind: 'not-positive',
            from,
            to,
            reason: `${negative ? `${rounded(values[from]!)} MW` : 'zero'} for ${duration(grid, to - from)} in a series that is positive; missing values or an outage`,
          },
    );
    from = to - 1;
  }
  return findings;
}

/** Whether −load is within a factor of two of what is usual. */
function fitsReversed(
  values: Float64Array,
  { byWeeks, byDays }: UsualLoad,
  from: number,
  to: number,
): boolean {
  const departures: number[] = [];
  for (let row = from; row < to; row++) {
    const expected = Number.isNaN(byWeeks[row]!) ? byDays[row]! : byWeeks[row]!;
    departures.push(Math.abs(Math.log(-values[row]!) - expected));
  }
  return median(departures) < Math.LN2;
}
