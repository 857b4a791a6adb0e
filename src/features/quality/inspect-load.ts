import type { History, Place } from '../../core/history.js';
import type { LoadFinding } from '../../core/load-finding.js';
import { warningKinds } from '../../core/load-mark.js';
import type { Reading } from '../../core/reading.js';
import { findClockChangeFaults } from './clock-changes.js';
import { findCopied } from './copies.js';
import { findCumulative } from './cumulative.js';
import { exchangedRows, findDayMonth } from './day-month.js';
import { findDisplaced } from './displaced.js';
import { findInterpolated, findStuck } from './flat-and-straight.js';
import { gapsOfGrid, gapsOfReadings } from './gaps.js';
import { disbelieve, openInspection, type Inspection, type RowFinding } from './inspection.js';
import { findIgnoredClockChanges, withoutSummerShift } from './ignored-clock-changes.js';
import { findLevelShifts } from './level-shifts.js';
import { gridOfHours, gridsOfReadings, rowsOf, type LoadGrid } from './load-grid.js';
import { findNotPositive } from './not-positive.js';
import { findScaled } from './scaled-stretches.js';
import { findSpikes } from './spikes.js';
import { usualJumps } from './usual-jumps.js';
import { usualLoad } from './usual-load.js';
import { findWrongLevels } from './wrong-levels.js';

/** Share of the values above which a habit is no fault. */
const largePart = 0.3;

/**
 * Looks through a whole series for faults of measurement, conversion and clocks, with what came before and after in view.
 *
 * Loads are compared with the same clock of the days and weeks around, as ratios in a positive series and in MW else. A
 * fault departs from them from one value to the next; heat waves, holidays, storms and slow changes do not, and stay.
 * @param history hours of the series
 * @param readings the same as native readings, ascending; absent: the hours are all there is. Where they change their
 * length, values are looked at one by one as they are, the course of the load by the hour.
 * @returns ascending by start; of a series without faults none
 */
export function inspectLoad(history: History, readings?: readonly Reading[]): LoadFinding[] {
  const { place } = history;
  const { zone } = place;
  const hours = gridOfHours(history.load, zone);
  const native = readings ? gridsOfReadings(readings, zone) : [hours];
  const course = native.length === 1 ? native[0]! : hours;
  const findings = [
    ...(readings ? gapsOfReadings(readings) : gapsOfGrid(hours)),
    ...native.filter((grid) => grid !== course).flatMap((grid) => inspectValues(grid, place)),
    ...inspectCourse(course, place),
  ];
  return findings.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

/** What shows in the values alone. */
function inspectValues(grid: LoadGrid, place: Place): LoadFinding[] {
  const inspection = openInspection(grid, place);
  return valueFindings(inspection).map((found) => toFinding(grid, found));
}

function valueFindings(inspection: Inspection): RowFinding[] {
  const found: RowFinding[] = findCumulative(inspection);
  for (const look of [findClockChangeFaults, findCopied, findStuck, findInterpolated]) {
    const findings = look(inspection).filter((finding) => !isTold(finding, found));
    found.push(...unlessNature(inspection, findings));
  }
  disbelieve(inspection, found);
  return found;
}

function inspectCourse(grid: LoadGrid, place: Place): LoadFinding[] {
  const filed = openInspection(grid, place);
  const values = valueFindings(filed);
  const dayMonth = findDayMonth(filed, usualLoad(grid, filed.levels));
  if (dayMonth.length === 0)
    return [...values, ...courseFindings(filed)].map((found) => toFinding(grid, found));
  // With the dates as they should be, the other faults can be told; they are named where they stand in the file.
  const rows = exchangedRows(grid, dayMonth);
  const exchanged: Inspection = {
    ...filed,
    grid: { ...grid, values: valuesAt(grid.values, rows) },
    levels: valuesAt(filed.levels, rows),
  };
  const found = courseFindings(exchanged).flatMap((finding) => asFiled(finding, rows));
  return [...values, ...dayMonth, ...found].map((each) => toFinding(grid, each));
}

function courseFindings(inspection: Inspection): RowFinding[] {
  const { grid, scale } = inspection;
  const found: RowFinding[] = [];
  const add = (findings: readonly RowFinding[]): void => {
    found.push(...findings);
    disbelieve(inspection, findings);
  };
  const usual = usualLoad(grid, inspection.levels);
  add(unlessNature(inspection, findNotPositive(inspection, usual)));
  add(findScaled(inspection, usual));
  const jumps = usualJumps(inspection.levels, usual, scale.kind, rowsOf(grid, 24));
  add(findSpikes(inspection, usual, jumps));
  add(findWrongLevels(inspection, jumps));
  const shifts = findLevelShifts(inspection, jumps);
  add(shifts.filter(({ kind }) => kind !== 'level-shift'));
  found.push(...shifts.filter(({ kind }) => kind === 'level-shift'));
  const ignored = findIgnoredClockChanges(inspection);
  const steady = { ...inspection, levels: withoutSummerShift(inspection, ignored) };
  return [...found, ...ignored, ...findDisplaced(steady)];
}

/** What a large part of a series does is its nature: zeros of a plant that stands still at night, coarse steps. */
function unlessNature({ grid }: Inspection, findings: RowFinding[]): RowFinding[] {
  const known = grid.values.reduce((n, value) => (Number.isNaN(value) ? n : n + 1), 0);
  const doubted = findings.reduce((n, { from, to }) => n + to - from, 0);
  return doubted > largePart * known ? [] : findings;
}

/** Whether one of the findings covers most of this one. */
function isTold(finding: RowFinding, told: readonly RowFinding[]): boolean {
  return told.some(
    ({ from, to }) =>
      Math.min(to, finding.to) - Math.max(from, finding.from) > 0.5 * (finding.to - finding.from),
  );
}

function valuesAt(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => (row < 0 ? Number.NaN : values[row]!));
}

/** A finding on exchanged dates where its values stand in the file: one for each stretch. Warnings keep the true dates. */
function asFiled(finding: RowFinding, rows: Int32Array): RowFinding[] {
  if (warningKinds.has(finding.kind)) return [finding];
  const parts: RowFinding[] = [];
  for (let row = finding.from; row < finding.to; row++) {
    const from = rows[row]!;
    const last = parts.at(-1);
    if (from < 0) continue;
    if (last?.to === from) parts[parts.length - 1] = { ...last, to: from + 1 };
    else parts.push({ ...finding, from, to: from + 1 });
  }
  return parts;
}

function toFinding({ startMs, stepMs, values }: LoadGrid, found: RowFinding): LoadFinding {
  const part = values.subarray(found.from, found.to);
  return {
    kind: found.kind,
    startMs: startMs + found.from * stepMs,
    endMs: startMs + found.to * stepMs,
    count: part.reduce((n, value) => (Number.isNaN(value) ? n : n + 1), 0) || part.length,
    reason: found.reason,
    factor: found.factor ?? null,
    lateHours: found.lateHours ?? null,
  };
}
