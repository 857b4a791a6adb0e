import { isoUtc } from '../core/time.js';
import type { IssueList } from './issue-list.js';
import { firstRows, type RowColumns } from './load-rows.js';

interface LoadRow {
  readonly line: number;
  readonly instantMs: number;
  readonly load: number;
  readonly temperatureC: number;
  readonly temperatureForecastC: number;
}

/**
 * One row for each interval, ascending. Of rows for the same interval the last value counts; blanks never replace one.
 * Rows that say the same are counted together, rows that differ are listed.
 */
export function oneRowPerInterval(rows: RowColumns, issues: IssueList): RowColumns {
  if (ascends(rows.instantMs)) return rows;
  const merged = emptyLike(rows);
  let count = 0;
  let same = 0;
  let firstSameLine: number | null = null;
  for (const i of inOrderOfTime(rows.instantMs)) {
    const row = rowAt(rows, i);
    const previous = count > 0 ? rowAt(merged, count - 1) : null;
    if (previous?.instantMs !== row.instantMs) {
      setRow(merged, count++, row);
      continue;
    }
    setRow(merged, count - 1, mergeRows(previous, row));
    if (!differ(previous, row)) {
      same++;
      firstSameLine ??= row.line;
    } else
      issues.add({
        kind: 'duplicate',
        line: row.line,
        validAtMs: row.instantMs,
        count: 1,
        reason: `${isoUtc(row.instantMs)} again with other values (load ${previous.load}, then ${row.load}); the last counts`,
      });
  }
  if (same > 0)
    issues.add({
      kind: 'duplicate',
      line: firstSameLine,
      validAtMs: null,
      count: same,
      reason: `${same} rows repeat a row before them with the same values`,
    });
  return firstRows(merged, count);
}

function ascends(instantMs: Float64Array): boolean {
  for (let i = 1; i < instantMs.length; i++) if (instantMs[i]! <= instantMs[i - 1]!) return false;
  return true;
}

/** Indices of the rows; those of one instant stay in the order of the file. */
function inOrderOfTime(instantMs: Float64Array): Uint32Array {
  const rows = Uint32Array.from(instantMs, (_, i) => i);
  return instantMs.every((instant, i) => i === 0 || instant >= instantMs[i - 1]!)
    ? rows
    : rows.sort((a, b) => instantMs[a]! - instantMs[b]! || a - b);
}

function rowAt(rows: RowColumns, i: number): LoadRow {
  return {
    line: rows.line[i]!,
    instantMs: rows.instantMs[i]!,
    load: rows.load[i]!,
    temperatureC: rows.temperatureC?.[i] ?? Number.NaN,
    temperatureForecastC: rows.temperatureForecastC?.[i] ?? Number.NaN,
  };
}

function setRow(rows: RowColumns, i: number, row: LoadRow): void {
  rows.line[i] = row.line;
  rows.instantMs[i] = row.instantMs;
  rows.load[i] = row.load;
  if (rows.temperatureC) rows.temperatureC[i] = row.temperatureC;
  if (rows.temperatureForecastC) rows.temperatureForecastC[i] = row.temperatureForecastC;
}

function emptyLike({ line, temperatureC, temperatureForecastC }: RowColumns): RowColumns {
  const column = (): Float64Array => new Float64Array(line.length);
  return {
    line: new Uint32Array(line.length),
    instantMs: column(),
    load: column(),
    temperatureC: temperatureC && column(),
    temperatureForecastC: temperatureForecastC && column(),
  };
}

function mergeRows(earlier: LoadRow, later: LoadRow): LoadRow {
  return {
    line: later.line,
    instantMs: later.instantMs,
    load: laterIfAny(earlier.load, later.load),
    temperatureC: laterIfAny(earlier.temperatureC, later.temperatureC),
    temperatureForecastC: laterIfAny(earlier.temperatureForecastC, later.temperatureForecastC),
  };
}

function laterIfAny(earlier: number, later: number): number {
  return Number.isNaN(later) ? earlier : later;
}

/** True if both rows say something about one value and not the same. */
function differ(a: LoadRow, b: LoadRow): boolean {
  return (
    contradict(a.load, b.load) ||
    contradict(a.temperatureC, b.temperatureC) ||
    contradict(a.temperatureForecastC, b.temperatureForecastC)
  );
}

function contradict(a: number, b: number): boolean {
  return !Number.isNaN(a) && !Number.isNaN(b) && a !== b;
}
