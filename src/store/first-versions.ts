import type { Knex } from 'knex';
import { sliceColumns, toReadings, type ReadingColumns } from '../core/reading-columns.js';
import { availability, availabilityOfRow } from './availability.js';
import { insertRows } from './insert-rows.js';
import { columnsOf, keyOf, stageOf, type ReadingTable } from './reading-table.js';
import type { Reception, Series } from './store.js';

/** fewer are inserted one by one, and so are those about a longer hole */
const leastInStretch = 50;
const longestHole = 100;

/**
 * Inserts readings of intervals that none is stored of.
 * Those that follow each other go to SQLite as one JSON list, and as whole numbers, which JSON carries exactly: three
 * times as fast as bound values.
 * @param readings ascending by start
 */
export async function insertFirstVersions(
  transaction: Knex.Transaction,
  target: ReadingTable,
  series: Series,
  readings: ReadingColumns,
  reception: Reception,
): Promise<void> {
  for (let from = 0; from < readings.startMs.length;) {
    const to = endOfStretch(readings, from);
    const stretch = sliceColumns(readings, from, to);
    const scale = to - from < leastInStretch ? null : wholeNumberScale(stretch.value);
    if (scale === null) await insertOneByOne(transaction, target, series, stretch, reception);
    else await insertStretch(transaction, target, series, stretch, reception, scale);
    from = to;
  }
}

/** The end of the readings that are of one length and lie on one grid without a long hole. */
function endOfStretch({ startMs, minutes }: ReadingColumns, from: number): number {
  const stepMs = (minutes[from] ?? 0) * 60_000;
  let to = from + 1;
  for (; to < startMs.length && minutes[to] === minutes[from]; to++) {
    const steps = ((startMs[to] ?? 0) - (startMs[to - 1] ?? 0)) / stepMs;
    if (steps !== 1 && (steps > longestHole || !Number.isInteger(steps))) break;
  }
  return to;
}

const scales = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** The least power of ten by which all values become whole numbers and come back exactly; null if there is none. */
function wholeNumberScale(values: Float64Array): number | null {
  let k = 0;
  for (const value of values) {
    while (k < scales.length && !isExact(value, scales[k]!)) k++;
    if (k === scales.length) return null;
  }
  // A greater scale may lose what a smaller one kept.
  const scale = scales[k]!;
  return values.every((value) => isExact(value, scale)) ? scale : null;
}

function isExact(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return whole / scale === value && Number.isSafeInteger(whole);
}

async function insertStretch(
  transaction: Knex.Transaction,
  target: ReadingTable,
  series: Series,
  stretch: ReadingColumns,
  reception: Reception,
  scale: number,
): Promise<void> {
  const [first] = toReadings(sliceColumns(stretch, 0, 1));
  if (!first) return;
  const known = availabilityOfRow(series, first, reception);
  const stepMs = first.minutes * 60_000;
  const key = Object.values(keyOf(target, series.id));
  const stage = stageOf(target, reception);
  await transaction.raw(
    `insert into ${target.table} (${columnsOf(target).join(', ')})
     select ${key.map(() => '?').join(', ')}, ? + key * ?, 1, ?, value / ${scale}.0, min(? + key * ?, ?), ?${', ?'.repeat(stage.length)}
     from json_each(?) where value is not null`,
    [
      ...key,
      first.startMs,
      stepMs,
      first.minutes,
      known.firstMs,
      known.stepMs,
      known.latestMs,
      known.assumed,
      ...stage,
      wholeNumbers(stretch, stepMs, scale),
    ],
  );
}

/** JSON list of one value for each interval of the stretch, `null` for those in holes. */
function wholeNumbers({ startMs, value }: ReadingColumns, stepMs: number, scale: number): string {
  const cells: (number | null)[] = [];
  for (const [i, start] of startMs.entries()) {
    const k = (start - (startMs[0] ?? 0)) / stepMs;
    while (cells.length < k) cells.push(null);
    cells.push(Math.round((value[i] ?? 0) * scale));
  }
  return JSON.stringify(cells);
}

async function insertOneByOne(
  transaction: Knex.Transaction,
  target: ReadingTable,
  series: Series,
  readings: ReadingColumns,
  reception: Reception,
): Promise<void> {
  const key = Object.values(keyOf(target, series.id));
  const stage = stageOf(target, reception);
  const rows = toReadings(readings).map((reading) => {
    const { availableAtMs, assumed } = availability(series, reading, null, reception);
    return [
      ...key,
      reading.startMs,
      1,
      reading.minutes,
      reading.value,
      availableAtMs,
      assumed,
      ...stage,
    ];
  });
  await insertRows(transaction, target.table, columnsOf(target), rows);
}
