import { isoUtc } from '../core/time.js';
import type { IssueList } from './issue-list.js';
import { firstRows, mapNumbers, numbersOf, type RowColumns } from './load-rows.js';

interface LoadRow {
  readonly line: number;
  readonly instantMs: number;
  /** that of the load first; NaN = missing */
  readonly numbers: readonly number[];
}

/**
 * One row for each interval, ascending. Of rows for the same interval the last value counts; blanks never replace one.
 * Rows that say the same are counted together, rows that differ are listed.
 */
export function oneRowPerInterval(rows: RowColumns, issues: IssueList): RowColumns {
  if (ascends(rows.instantMs)) return rows;
  const merged = emptyLike(rows);
  const [numbers, mergedNumbers] = [numbersOf(rows), numbersOf(merged)];
  let count = 0;
  let same = 0;
  let firstSameLine: number | null = null;
  for (const i of inOrderOfTime(rows.instantMs)) {
    const row = rowAt(rows, numbers, i);
    const previous = count > 0 ? rowAt(merged, mergedNumbers, count - 1) : null;
    if (previous?.instantMs !== row.instantMs) {
      setRow(merged, mergedNumbers, count++, row);
      continue;
    }
    setRow(merged, mergedNumbers, count - 1, mergeRows(previous, row));
    if (!differ(previous, row)) {
      same++;
      firstSameLine ??= row.line;
    } else
      issues.add({
        kind: 'duplicate',
        line: row.line,
        validAtMs: row.instantMs,
        count: 1,
        reason: `${isoUtc(row.instantMs)} again with other values (load ${previous.numbers[0]}, then ${row.numbers[0]}); the last counts`,
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

function rowAt(
  { line, instantMs }: RowColumns,
  numbers: readonly Float64Array[],
  i: number,
): LoadRow {
  return {
    line: line[i]!,
    instantMs: instantMs[i]!,
    numbers: numbers.map((column) => column[i]!),
  };
}

function setRow(rows: RowColumns, numbers: readonly Float64Array[], i: number, row: LoadRow): void {
  rows.line[i] = row.line;
  rows.instantMs[i] = row.instantMs;
  for (const [k, column] of numbers.entries()) column[i] = row.numbers[k]!;
}

function emptyLike(rows: RowColumns): RowColumns {
  const { length } = rows.line;
  return {
    line: new Uint32Array(length),
    instantMs: new Float64Array(length),
    ...mapNumbers(rows, () => new Float64Array(length)),
  };
}

function mergeRows(earlier: LoadRow, later: LoadRow): LoadRow {
  return {
    line: later.line,
    instantMs: later.instantMs,
    numbers: later.numbers.map((value, k) => (Number.isNaN(value) ? earlier.numbers[k]! : value)),
  };
}

/** True if both rows say something about one value and not the same. */
function differ(a: LoadRow, b: LoadRow): boolean {
  return a.numbers.some((value, k) => contradict(value, b.numbers[k]!));
}

function contradict(a: number, b: number): boolean {
  return !Number.isNaN(a) && !Number.isNaN(b) && a !== b;
}
