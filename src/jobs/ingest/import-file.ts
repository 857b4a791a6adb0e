import { LoadcastError } from '../../core/errors.js';
import type { ImportSummary } from '../../core/quality-issue.js';
import type { LoadStage } from '../../core/load-stage.js';
import { endOfReading } from '../../core/reading.js';
import { countReadings, type Readings } from '../../core/reading-columns.js';
import type { LoadFile } from '../../ingest/load-file.js';
import type { Reception, Series, Store } from '../../store/store.js';
import { addCounts } from '../../store/versions.js';
import { assertFewExtras } from './few-extras.js';

export interface ImportOptions {
  /** of the loads; absent = operational */
  readonly stage?: LoadStage | undefined;
  readonly onProgress?: (text: string) => void;
}

/**
 * Writes a load file into a series: loads, temperatures, further inputs, and the temperatures after the last load as a
 * weather run.
 * The same file again changes nothing; a corrected one adds versions; after one that was cut short the same file again
 * completes it. Of a file without load the counts of the summary are those of all that it has.
 * @param atMs now; a replay, which has its own clock, takes its file as known since its intervals ended
 */
export async function importFile(
  store: Store,
  series: Series,
  file: LoadFile<Readings>,
  atMs: number,
  { stage, onProgress }: ImportOptions = {},
): Promise<ImportSummary> {
  const reception: Reception =
    series.kind === 'replay' ? { kind: 'assumed' } : { kind: 'assumed', writtenAtMs: atMs };
  await assertFewExtras(store, series.id, file.extras);
  const counts = await store.writeLoad(series.id, file.load, { ...reception, stage }, (written) =>
    onProgress?.(`${written} of ${countReadings(file.load)} loads stored`),
  );
  let besides = await store.writeTemperature(series.id, file.temperature, reception, (written) =>
    onProgress?.(`${written} of ${countReadings(file.temperature)} temperatures stored`),
  );
  for (const { name, readings } of file.extras) {
    const written = await store.writeExtra(series.id, name, readings, reception, (n) =>
      onProgress?.(`${n} of ${countReadings(readings)} values of "${name}" stored`),
    );
    besides = addCounts(besides, written);
  }
  if (file.futureTemperature.length > 0) {
    const run = await store.writeWeatherRun(series.id, {
      source: 'file',
      runAtMs: file.endMs,
      availableAtMs: series.kind === 'replay' ? file.endMs : atMs,
      readings: file.futureTemperature,
    });
    besides = addCounts(besides, run);
  }
  const hasLoad = file.columns.load !== null;
  const summary: ImportSummary = {
    source: file.source,
    rows: file.rows,
    rejected: file.rejected,
    ...(hasLoad ? counts : besides),
    firstMs: file.firstMs,
    endMs: file.endMs,
    issues: file.issues,
  };
  if (hasLoad && (await holdsNewestLoad(store, series, file)))
    await store.saveSeries({ ...series, resolutionMinutes: file.resolutionMinutes });
  await store.saveImport(series.id, atMs, summary);
  return summary;
}

/** The newest load tells the resolution that a series goes on with. */
async function holdsNewestLoad(
  store: Store,
  series: Series,
  file: LoadFile<Readings>,
): Promise<boolean> {
  if (file.resolutionMinutes === series.resolutionMinutes) return false;
  const span = await store.loadSpan(series.id);
  return span === null || span.lastMs < file.endMs;
}

/**
 * Where the loads of a series end: what a file without load has after it is a forecast.
 * @throws {LoadcastError} NOT_FOUND if it has none yet
 */
export async function endOfLoads(store: Store, { id, name }: Series): Promise<number> {
  const span = await store.loadSpan(id);
  const [last] = span
    ? await store.readLoad(id, { interval: { startMs: span.lastMs, endMs: span.lastMs + 1 } })
    : [];
  if (last) return endOfReading(last);
  throw new LoadcastError(
    'NOT_FOUND',
    `The series "${name}" has no load yet: import its loads first, then what goes with them.`,
  );
}
