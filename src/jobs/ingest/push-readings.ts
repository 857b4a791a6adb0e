import { LoadcastError } from '../../core/errors.js';
import type { ImportSummary } from '../../core/quality-issue.js';
import { endOfReading, type Reading } from '../../core/reading.js';
import type { ExtraReadings } from '../../core/extra-input.js';
import type { PushedReadings } from '../../core/pushed-readings.js';
import type { Series, Store, WriteCounts } from '../../store/store.js';
import { addCounts } from '../../store/versions.js';
import type { JobServices } from '../job-services.js';
import { assertFewExtras } from './few-extras.js';
import { writeArrivals } from './write-arrivals.js';

/**
 * Stores readings that were sent to a live series. The same ones again change nothing; others of the same interval are
 * a correction.
 * @throws {LoadcastError} CONFLICT for a replay, INVALID_INPUT if readings of one kind overlap, or the extra
 * inputs become too many
 */
export async function pushReadings(
  { store, nowMs }: Pick<JobServices, 'store' | 'nowMs'>,
  series: Series,
  { stage, load, temperature, extras }: PushedReadings,
): Promise<Readonly<Record<'load' | 'temperature' | 'extras', WriteCounts>>> {
  if (series.kind === 'replay')
    throw new LoadcastError(
      'CONFLICT',
      `"${series.name}" is a replay of the past; only live series take readings.`,
    );
  assertApart('load', load);
  assertApart('temperature', temperature);
  for (const { name, readings } of extras) assertApart(`"${name}"`, readings);
  await assertFewExtras(store, series.id, extras);
  const atMs = nowMs();
  const knownLoad = await store.loadSpan(series.id);
  const outcome = {
    load: await writeArrivals(
      (some, reception) => store.writeLoad(series.id, some, { ...reception, stage }),
      load,
      knownLoad,
      atMs,
    ),
    temperature: await writeArrivals(
      (some, reception) => store.writeTemperature(series.id, some, reception),
      temperature,
      await store.temperatureSpan(series.id),
      atMs,
    ),
    extras: await writeExtras(store, series.id, extras, atMs),
  };
  await saveResolution(store, series, load, knownLoad?.lastMs ?? 0);
  if (outcome.load.added + outcome.load.revised > 0)
    await store.saveImport(series.id, atMs, summaryOf(load, outcome.load));
  return outcome;
}

async function writeExtras(
  store: Store,
  seriesId: string,
  extras: readonly ExtraReadings[],
  atMs: number,
): Promise<WriteCounts> {
  let counts: WriteCounts = { added: 0, unchanged: 0, revised: 0 };
  for (const { name, readings } of extras) {
    const written = await writeArrivals(
      (some, reception) => store.writeExtra(seriesId, name, some, reception),
      readings,
      await store.extraSpan(seriesId, name),
      atMs,
    );
    counts = addCounts(counts, written);
  }
  return counts;
}

/** @throws {LoadcastError} SOURCE_FAILED until the first load is there */
export async function awaitPush({ store }: JobServices, series: Series): Promise<null> {
  if (await store.loadSpan(series.id)) return null;
  throw new LoadcastError(
    'SOURCE_FAILED',
    `No load has been sent yet; POST it to /api/v1/series/${series.id}/readings.`,
  );
}

function assertApart(kind: string, readings: readonly Reading[]): void {
  const ascending = readings.toSorted((a, b) => a.startMs - b.startMs);
  for (const [i, next] of ascending.entries()) {
    const before = ascending[i - 1];
    if (before && endOfReading(before) > next.startMs)
      throw new LoadcastError(
        'INVALID_INPUT',
        `Two values of the ${kind} overlap: ${spanText(before)} and ${spanText(next)}.`,
      );
  }
}

function spanText(reading: Reading): string {
  return `${new Date(reading.startMs).toISOString()} of ${reading.minutes} min`;
}

async function saveResolution(
  store: Store,
  series: Series,
  load: readonly Reading[],
  lastKnownMs: number,
): Promise<void> {
  const last = newest(load);
  if (last && last.startMs >= lastKnownMs && last.minutes !== series.resolutionMinutes)
    await store.saveSeries({ ...series, resolutionMinutes: last.minutes });
}

function newest(readings: readonly Reading[]): Reading | null {
  return readings.reduce<Reading | null>(
    (last, each) => (last && last.startMs > each.startMs ? last : each),
    null,
  );
}

function summaryOf(load: readonly Reading[], counts: WriteCounts): ImportSummary {
  const last = newest(load);
  return {
    source: 'HTTP',
    rows: load.length,
    rejected: 0,
    ...counts,
    firstMs: load.reduce((first, { startMs }) => Math.min(first, startMs), Infinity),
    endMs: last && endOfReading(last),
    issues: [],
  };
}
