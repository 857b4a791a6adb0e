import type { Knex } from 'knex';
import type { Reading } from '../core/reading.js';
import { hourMs, type Interval } from '../core/time.js';
import { keyOf, type ReadingTable } from './reading-table.js';
import type { ReadLoadOptions } from './store.js';

/** Readings of a series, with one in place of those of each hour that is filled. */
export interface CondensedReadings {
  /** the mean of each filled hour, ascending */
  readonly hours: Reading[];
  /** times whose readings must be read one by one; no hour above lies in them */
  readonly others: Interval[];
}

interface HourRow {
  readonly hour: number;
  readonly mean: number;
  readonly readings: number;
  readonly shortest: number;
  readonly longest: number;
  readonly offGrid: number;
}

/** Times closer to each other than this are read at once. */
const apartHours = 48;

/**
 * Lets SQLite take the means of hours: of ten million readings in seconds, where reading them takes minutes and much
 * memory. Only of hours that the newest versions fill exactly, with intervals of one length; those around any other
 * hour are left too, as an interval may reach into the next.
 * @param phaseMs where hours begin within the UTC hour
 */
export async function condenseHours(
  reader: Knex,
  source: ReadingTable,
  seriesId: string,
  options: ReadLoadOptions,
  phaseMs: number,
): Promise<CondensedReadings> {
  const rows = await hourRows(reader, source, seriesId, options, phaseMs);
  const others = around(rows.filter((row) => !isFilled(row)).map(({ hour }) => hour));
  const hours: Reading[] = [];
  let at = 0;
  for (const row of rows) {
    while (at < others.length && others[at]!.endHour <= row.hour) at++;
    const isOther = at < others.length && others[at]!.startHour <= row.hour;
    if (!isOther)
      hours.push({ startMs: row.hour * hourMs + phaseMs, minutes: 60, value: row.mean });
  }
  const toMs = (hour: number): number => hour * hourMs + phaseMs;
  return {
    hours,
    others: others.map(({ startHour, endHour }) =>
      clipped({ startMs: toMs(startHour), endMs: toMs(endHour) }, options.interval),
    ),
  };
}

function isFilled({ readings, shortest, longest, offGrid }: HourRow): boolean {
  return shortest === longest && offGrid === 0 && readings * shortest === 60;
}

interface HourRange {
  readonly startHour: number;
  endHour: number;
}

/** The hours and their neighbours, in few ranges. */
function around(hours: readonly number[]): HourRange[] {
  const ranges: HourRange[] = [];
  for (const hour of hours) {
    const last = ranges.at(-1);
    if (last && hour - 1 - last.endHour < apartHours) last.endHour = hour + 2;
    else ranges.push({ startHour: hour - 1, endHour: hour + 2 });
  }
  return ranges;
}

function clipped(range: Interval, interval: Interval | undefined): Interval {
  return {
    startMs: Math.max(range.startMs, interval?.startMs ?? range.startMs),
    endMs: Math.min(range.endMs, interval?.endMs ?? range.endMs),
  };
}

async function hourRows(
  reader: Knex,
  source: ReadingTable,
  seriesId: string,
  { interval, knownAtMs, stage }: ReadLoadOptions,
  phaseMs: number,
): Promise<HourRow[]> {
  const newest = reader(source.table)
    .where(keyOf(source, seriesId))
    .groupBy('start_ms')
    // SQLite takes the other columns from the row that `max` picks.
    .select({
      start_ms: 'start_ms',
      version: reader.raw('max(version)'),
      minutes: 'interval_minutes',
      value: source.valueColumn,
    });
  if (interval)
    void newest.where('start_ms', '>=', interval.startMs).where('start_ms', '<', interval.endMs);
  if (stage) void newest.where('settlement', stage === 'settlement' ? 1 : 0);
  if (knownAtMs !== undefined) void newest.where('available_at_ms', '<=', knownAtMs);
  return reader
    .from(newest.as('newest'))
    .groupByRaw('1')
    .orderByRaw('1')
    .select<HourRow[]>(
      reader.raw(`cast(floor((start_ms - ?) / ${hourMs}.0) as integer) as hour`, [phaseMs]),
      reader.raw('avg(value) as mean, count(*) as readings'),
      reader.raw('min(minutes) as shortest, max(minutes) as longest'),
      reader.raw('sum((start_ms - ?) % (minutes * 60000) <> 0) as "offGrid"', [phaseMs]),
    );
}
