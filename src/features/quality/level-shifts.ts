import { aboveOrBelow, duration, rounded, type Inspection, type RowFinding } from './inspection.js';
import { rowsOf, sameClockRow } from './load-grid.js';
import { median } from './median.js';
import { unitFactor } from './unit-factors.js';
import type { UsualJumps } from './usual-jumps.js';
import { longestDays } from './wrong-levels.js';

interface Shift {
  /** first row of the new level */
  readonly row: number;
  /** on the scale */
  readonly difference: number;
}

/** A lasting change must show from one row to the next by this share of what a temporary one must. */
const breakShare = 0.5;
const leastShift = { ratio: 0.08, range: 0.25 } as const;

/**
 * Lasting changes of level, from one row to the next, that stand for weeks against the weeks before. Two that cancel
 * within two months are one stretch at a wrong level; a factor between units is told as such, of the shorter side.
 */
export function findLevelShifts(inspection: Inspection, jumps: UsualJumps): RowFinding[] {
  const { grid, scale } = inspection;
  const rows = grid.values.length;
  const shifts = levelShifts(inspection, jumps);
  const findings: RowFinding[] = [];
  for (let i = 0; i < shifts.length; i++) {
    const { row, difference } = shifts[i]!;
    const next = shifts[i + 1];
    const cancels =
      next && Math.abs(difference + next.difference) <= 0.35 * Math.abs(difference) ? next : null;
    const [from, to, sign] = cancels
      ? [row, cancels.row, 1]
      : row < rows / 2
        ? [0, row, -1]
        : [row, rows, 1];
    const unit = scale.kind === 'ratio' ? unitFactor(sign * difference) : null;
    const span = duration(grid, to - from);
    if (unit && (cancels || unit.factor >= 4 || unit.factor <= 0.25))
      findings.push({
        kind: 'wrong-unit',
        from,
        to,
        factor: unit.factor,
        reason: `${span} at ${unit.reason}${cancels ? '' : ', seen from the longer part of the series'}`,
      });
    else if (cancels && to - from <= rowsOf(grid, 24 * longestDays))
      findings.push({
        kind: 'wrong-level',
        from,
        to,
        ...(scale.kind === 'ratio' ? { factor: Math.exp(difference) } : {}),
        reason: `${span} ${aboveOrBelow(scale, difference)} the level before and after, begun and ended from one value to the next`,
      });
    else
      findings.push({
        kind: 'level-shift',
        from: row,
        to: rows,
        ...(scale.kind === 'ratio' ? { factor: Math.exp(difference) } : {}),
        reason: `from here on ${aboveOrBelow(scale, difference)} the weeks before, from one value to the next${unit ? ` (near ${rounded(Math.exp(difference))}: ${unit.reason})` : ''}; it may be real, such as customers or a feeder that came or went, or a change of metering`,
      });
    if (findings.at(-1)?.kind !== 'level-shift' && cancels) i++;
  }
  return findings;
}

function levelShifts(inspection: Inspection, { rises, breakLeast }: UsualJumps): Shift[] {
  const { grid, scale } = inspection;
  const least = Math.max(leastShift[scale.kind], breakShare * breakLeast);
  const apart = rowsOf(grid, 7 * 24);
  const candidates = [...rises.keys()]
    .filter((row) => Math.abs(rises[row]!) >= least)
    .toSorted((a, b) => Math.abs(rises[b]!) - Math.abs(rises[a]!));
  const found: Shift[] = [];
  for (const row of candidates) {
    if (found.some((shift) => Math.abs(shift.row - row) < apart)) continue;
    const difference = lastingChange(inspection, row, rises[row]!, least);
    if (difference !== null) found.push({ row, difference });
  }
  return found.toSorted((a, b) => a.row - b.row);
}

/** Change at `row` against the weeks before that lasts three weeks and was not under way; null if it is none. */
function lastingChange(
  inspection: Inspection,
  row: number,
  rise: number,
  least: number,
): number | null {
  const change = changeOver(inspection, row, 0, 1);
  if (!(change * rise > 0) || Math.abs(change) < least) return null;
  const share = change / rise;
  if (share < 0.5 || share > 2) return null;
  const [before, second, third] = [
    changeOver(inspection, row, -1, 0),
    changeOver(inspection, row, 1, 2),
    changeOver(inspection, row, 2, 3),
  ];
  if (Math.abs(before) > 0.35 * Math.abs(change)) return null;
  // Days just before it stand at the old level, so the new one is no return from a holiday.
  const lasts = [second, third].every((later) => later / change > 0.6 && later / change < 1.6);
  return lasts ? median([change, second, third]) : null;
}

/** Median over weeks `[fromWeek, toWeek)` after `row` of load less the same clock in the three weeks that end at `row`. */
function changeOver(
  { grid, levels }: Inspection,
  row: number,
  fromWeek: number,
  toWeek: number,
): number {
  const week = rowsOf(grid, 7 * 24);
  // Before `row`, the three weeks end a week earlier.
  const back = fromWeek < 0 ? 0 : fromWeek;
  const step = Math.max(1, Math.round(rowsOf(grid, 1)));
  const changes: number[] = [];
  for (let at = row + fromWeek * week; at < row + toWeek * week; at += step) {
    if (at < 0 || at >= levels.length) continue;
    const earlier = [1, 2, 3].map((weeks) => {
      const source = sameClockRow(grid, at, 7 * (weeks + back));
      return source < 0 ? Number.NaN : levels[source]!;
    });
    const change = levels[at]! - median(earlier);
    if (!Number.isNaN(change)) changes.push(change);
  }
  return changes.length < (0.5 * week) / step ? Number.NaN : median(changes);
}
